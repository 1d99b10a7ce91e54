"""What a report must hold (ISO/IEC 17025:2017, 7.8): whole ones pass, and each thing that is taken away is missed by its
own rule alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sopan.domains.laboratory.certificates.rules import RULES, lint
from sopan.domains.laboratory.certificates.snapshot import Snapshot
from sopan.domains.laboratory.certificates.words import STATEMENTS

from .reported import judged, whole

Change = Callable[[Snapshot], Any]


def simple() -> Snapshot:
    """A report of typed values without uncertainty."""
    told = whole(kind="calibration_report")
    for one in told["parts"][0]["tables"][0]["points"]:
        for name in ("U", "k", "p"):
            del one[name]
    told["parts"][0]["equipment"] = [{"text": "Anak timbangan E2"}]
    told["statements"] |= {"simplified": list(STATEMENTS["simplified"])}
    return told


def clauses(told: Snapshot, **options: bool) -> list[str]:
    return [one.clause for one in lint(told, **options)]


@pytest.mark.parametrize("made", [whole, judged, simple])
def test_a_whole_report_misses_nothing(made: Callable[[], Snapshot]) -> None:
    assert clauses(made()) == []


def first(told: Snapshot) -> dict[str, Any]:
    return told["parts"][0]["tables"][0]["points"][0]


REMOVED: list[tuple[str, Change]] = [
    ("7.8.2.1 a", lambda t: t.update(title=[])),
    ("7.8.2.1 a", lambda t: t.update(title=["Sertifikat Kalibrasi", " "])),
    ("7.8.2.1 b", lambda t: t["laboratory"].update(name="")),
    ("7.8.2.1 b", lambda t: t["laboratory"].update(address="")),
    ("7.8.2.1 c", lambda t: t["parts"][0].update(place=" ")),
    ("7.8.2.1 d", lambda t: t.update(number="")),
    ("7.8.2.1 d", lambda t: t["statements"].pop("end")),
    ("7.8.2.1 e", lambda t: t["customer"].update(name="")),
    ("7.8.2.1 e", lambda t: t["customer"].update(address="", contact="")),
    ("7.8.2.1 f", lambda t: t["parts"][0]["method"].update(name=["", ""])),
    ("7.8.2.1 g", lambda t: t["item"]["supplied"].update(name="")),
    ("7.8.2.1 g", lambda t: t["item"].update(number="")),
    ("7.8.2.1 g", lambda t: t["item"].update(condition="")),
    ("7.8.2.1 h", lambda t: t["item"].update(received="")),
    ("7.8.2.1 i", lambda t: t["parts"][0].update(begin="")),
    ("7.8.2.1 i", lambda t: t["parts"][0].update(end="")),
    ("7.8.2.1 j", lambda t: t["statements"].pop("issued")),
    ("7.8.2.1 k", lambda t: t["item"].update(sampled_by="laboratory")),
    ("7.8.2.1 l", lambda t: t["statements"].pop("only")),
    ("7.8.2.1 m", lambda t: t["parts"][0]["tables"][0].update(points=[])),
    ("7.8.2.1 m", lambda t: first(t).update(unit="")),
    ("7.8.2.1 m", lambda t: first(t).update(unit="kg")),  # the page says that of the table, over all its columns
    ("7.8.2.1 m", lambda t: t["parts"][0]["tables"][0].update(unit="")),
    ("7.8.2.1 m", lambda t: first(t).update(indication="")),
    ("7.8.2.1 n", lambda t: t["parts"][0].pop("deviation")),
    ("7.8.2.1 o", lambda t: t.update(authorised_by={})),
    ("7.8.2.1 o", lambda t: t["signed_by"].update(position="")),
    ("7.8.2.1 p", lambda t: t["parts"][0].pop("external")),
    ("7.8.2.1", lambda t: t["statements"].pop("copy")),
    ("7.8.2.2", lambda t: t["statements"].pop("customer_data")),
    ("7.8.2.2", lambda t: t["statements"].pop("as_received")),
    ("7.8.4.1 a", lambda t: first(t).update(U="")),
    ("7.8.4.1 a", lambda t: first(t).update(U="0")),
    ("7.8.4.1 a", lambda t: first(t).update(U="0.00031415")),
    ("7.8.4.1 a", lambda t: first(t).update(k="")),
    ("7.8.4.1 a", lambda t: first(t).update(k="0.5")),
    ("7.8.4.1 a", lambda t: first(t).update(p="95")),
    ("7.8.4.1 a", lambda t: t["statements"].pop("uncertainty")),
    ("7.8.4.1 b", lambda t: t["parts"][0].update(environment=[])),
    ("7.8.4.1 c", lambda t: t["parts"][0].update(equipment=[])),
    ("7.8.4.1 c", lambda t: t["parts"][0]["equipment"][0].update(certificate="")),
    ("7.8.4.1 c", lambda t: t["parts"][0]["equipment"][0].update(traceability="")),
    ("7.8.4.1 c", lambda t: t["statements"].pop("traceability")),
    ("7.8.4.1 d", lambda t: t["parts"][0]["tables"][0].update(stage="as_left")),
    ("7.8.4.1 e", lambda t: (t.update(decision={"rule": "simple", "fraction": "", "text": ""}), first(t).update(has_limit=True))),
    ("7.8.4.3", lambda t: t["parts"][0].update(notes="Disarankan kalibrasi ulang dalam 12 bulan.")),
    ("7.8.4.3", lambda t: first(t).update(note="Next calibration: 2027")),
    ("7.8.4.3", lambda t: t.update(interval={"text": "12 bulan", "agreed": ""})),
    ("7.8.8", lambda t: t.update(amends={"number": "0001/KAL/I/2026", "what": "Nomor seri", "why": "", "sha256": ""})),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "change"), REMOVED, ids=[f"{at} {one[0]}" for at, one in enumerate(REMOVED)])
def test_each_thing_taken_away_is_missed_by_its_own_rule(clause: str, change: Change) -> None:
    told = whole()
    change(told)
    assert clauses(told) == [clause]


OF_STATEMENTS: list[Change] = [
    lambda t: first(t)["conformity"].update(norm=""),
    lambda t: first(t)["conformity"].update(limit=""),
    lambda t: first(t)["conformity"].update(rule="simple"),  # another one than the order's
    lambda t: first(t)["conformity"].update(outcome=""),
]


@pytest.mark.parametrize("change", OF_STATEMENTS)
def test_a_statement_of_conformity_tells_limit_specification_and_the_rule_of_the_order(change: Change) -> None:
    told = judged()
    change(told)
    assert clauses(told) == ["7.8.6.2"]


def test_a_simple_report_says_that_it_is_one() -> None:
    told = simple()
    del told["statements"]["simplified"]
    assert clauses(told) == ["7.8.1.3"]


def test_a_test_report_tells_its_conditions() -> None:
    told = whole(kind="test_report")
    told["parts"][0]["environment"] = []
    assert clauses(told) == ["7.8.3.1 a"]


def test_an_interval_that_was_agreed_may_be_told() -> None:
    assert clauses(whole(interval={"text": "12 bulan", "agreed": "ORD-2026-11-0412"})) == []


def test_before_the_number_is_given_it_is_not_missed() -> None:
    assert clauses(whole(number=""), numbered=False) == []


def test_every_rule_is_tried_here() -> None:
    tried = {clause for clause, _change in REMOVED} | {"7.8.6.2", "7.8.1.3", "7.8.3.1 a"}
    assert {rule.clause for rule in RULES} == tried


def test_what_is_missing_says_clause_and_place() -> None:
    told = whole()
    told["item"]["condition"] = ""
    assert [str(one) for one in lint(told)] == [
        "Identitas atau kondisi alat belum lengkap: kondisi saat diterima (ISO/IEC 17025:2017, 7.8.2.1 g). "
        "Perbaiki di: penerimaan alat."
    ]
