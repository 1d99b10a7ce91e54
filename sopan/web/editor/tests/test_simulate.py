"""Trying a draft out: the steps that are open, who gets them, until when; nothing that is sent breaks it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Institution
from sopan.web.editor.simulate import Act, Trial, entries, play, read_acts

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08.00 WIB
TEXT = """
format: 1
identity: {number: 1, name: Rapat}
actors: {a: {name: Staf}, b: {name: Kepala}, c: {name: Tamu, kind: outside}}
steps:
  - {no: 1, actor: a, activity: Menyiapkan, time: 30 menit, next: [2, 3], kind: start}
  - {no: 2, actor: b, activity: Memeriksa, time: 1 jam, next: 4}
  - {no: 3, actor: c, activity: Mengirim, time: "∞", next: 4, entry: kiriman}
  - {no: 4, actors: [b, a], participation: all, join: true, activity: Memutuskan, kind: decision, time: 2 jam,
     exits: {ya: {label: Setuju, end: finished}, tidak: {label: Ulang, to: 1}}}
"""


@pytest.fixture
def body(db: None) -> Institution:
    return Institution.objects.create(code="balai", name="Balai")


def procedure() -> Procedure:
    found = load(TEXT, file="rapat.yaml")
    assert isinstance(found, Procedure), found
    return found


def trial(body: Institution, *acts: Act, entry: str = "") -> Trial:
    return play(procedure(), acts, entry=entry, institution=body, now=MONDAY)


def open_(found: Trial) -> list[tuple[str, str, list[str]]]:
    return [(one.step.no, one.actor.name, [label for _, label in one.answers]) for one in found.open]


def test_it_begins_at_the_first_step_with_its_due_time(body: Institution) -> None:
    found = trial(body)
    assert open_(found) == [("1", "Staf", [""])]
    assert found.open[0].due == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert found.states == {"1": "now"}


def test_branches_a_join_and_several_actors(body: Institution) -> None:
    found = trial(body, ("1", "a", ""))
    assert open_(found) == [("2", "Kepala", [""]), ("3", "Tamu", [""])]
    found = trial(body, ("1", "a", ""), ("2", "b", ""))
    assert open_(found) == [("3", "Tamu", [""])] and [step.no for step in found.waiting] == ["4"]
    done = [("1", "a", ""), ("2", "b", ""), ("3", "c", "")]
    assert open_(trial(body, *done)) == [("4", "Staf", [""])]
    assert open_(trial(body, *done, ("4", "a", ""))) == [("4", "Kepala", ["Setuju", "Ulang"])]
    end = trial(body, *done, ("4", "a", ""), ("4", "b", "ya"))
    assert (end.outcome, end.open, len(end.done)) == ("finished", [], 5)
    again = trial(body, *done, ("4", "a", ""), ("4", "b", "tidak"))
    assert open_(again) == [("1", "Staf", [""])] and again.open[0].round == 2


def test_another_entry(body: Institution) -> None:
    assert entries(procedure()) == {"": "1", "kiriman": "3"}
    assert open_(trial(body, entry="kiriman")) == [("3", "Tamu", [""])]
    assert open_(trial(body, entry="tidak ada")) == [("1", "Staf", [""])]


@pytest.mark.parametrize("act", [("9", "a", ""), ("1", "b", ""), ("2", "b", ""), ("1", "", "x"), ("", "", "")])
def test_an_act_that_is_not_possible_ends_the_list(body: Institution, act: Act) -> None:
    found = trial(body, act, ("1", "a", ""))
    assert (found.acts, open_(found)) == ([], [("1", "Staf", [""])])


@pytest.mark.parametrize(
    ("data", "want"),
    [(None, []), ("x", []), ([["1", "a", ""], 7, ["2", "b", ""]], [("1", "a", "")]), ([["1", "a"]], []), ([[1, "a", ""]], []), ([["1", "a", ""]] * 900, [("1", "a", "")] * 300)],
    ids=["none", "text", "mixed", "short", "number", "many"],
)  # fmt: skip
def test_whatever_is_sent_as_acts_is_read(data: Any, want: list[Act]) -> None:
    assert read_acts(data) == want
