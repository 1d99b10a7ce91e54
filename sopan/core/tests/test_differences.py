"""Two versions side by side: rows are found again although they were renumbered, words that differ are marked."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from sopan.core.differences import Differences, Row, differences, matched, pieces
from sopan.core.load import load, load_data
from sopan.core.model import Procedure, Step

from .random_procedures import procedures

LETTERS = """
format: 1
identity: {number: SOP 1, name: Surat masuk}
actors: {staf: {name: STAF}, kepala: {name: KEPALA}}
steps:
  - {no: 1, actor: staf, activity: Menerima surat dan mencatat dalam buku agenda, time: 10 menit}
  - no: 2
    actor: kepala
    kind: decision
    activity: Memeriksa isi surat dan memberi disposisi
    time: 1 hari
    exits: {ya: {label: Ya, to: 3}, tidak: {label: Tidak, to: 1}}
  - {no: 3, actor: staf, activity: Menyimpan surat dalam map arsip, time: 5 menit, end: finished}
"""
LONGER = """
format: 1
identity: {number: SOP 1, name: Surat masuk dan keluar}
actors: {staf: {name: STAF UMUM}, kepala: {name: KEPALA}}
steps:
  - {no: 1, actor: staf, activity: Membuka loket penerimaan, time: 5 menit}
  - {no: 2, actor: staf, activity: Menerima surat dan mencatat dalam buku agenda, time: 15 menit}
  - no: 3
    actor: kepala
    kind: decision
    activity: Memeriksa isi surat dan memberi disposisi tertulis
    time: 1 hari
    exits: {ya: {label: Ya, to: 4}, tidak: {label: Tidak, to: 2}}
  - {no: 4, actor: staf, activity: Menyimpan surat dalam map arsip, time: 5 menit, end: finished}
"""


def read(text: str) -> Procedure:
    found = load(text, file="surat.yaml")
    assert isinstance(found, Procedure), found
    return found


def told(found: Differences) -> list[tuple[str, str, str, dict[str, str]]]:
    return [
        (
            row.row.value + (" moved" if row.moved else ""),
            row.old.no if row.old else "",
            row.new.no if row.new else "",
            {change.field: "".join(piece.text for piece in change.new if piece.marked) for change in row.changes},
        )
        for row in found.rows
    ]


def test_a_row_added_at_the_top_leaves_the_others_where_they_were() -> None:
    assert told(differences(read(LETTERS), read(LONGER))) == [
        ("added", "", "1", {}),
        ("changed", "1", "2", {"time": "15", "actors": " UMUM"}),
        ("changed", "2", "3", {"activity": " tertulis"}),  # its ways lead to the same rows under other numbers
        ("changed", "3", "4", {"actors": " UMUM"}),
    ]


def test_the_head_and_the_columns_are_compared_too() -> None:
    found = differences(read(LETTERS), read(LONGER))
    assert [(change.field, "".join(p.text for p in change.new if p.marked)) for change in found.identity] == [
        ("name", " dan keluar")
    ]
    assert [change.field for change in found.actors] == ["actor:staf"]


def test_a_row_that_is_gone_stands_where_it_stood() -> None:
    rows = told(differences(read(LONGER), read(LETTERS)))
    assert [row[:3] for row in rows] == [
        ("removed", "1", ""),
        ("changed", "2", "1"),
        ("changed", "3", "2"),
        ("changed", "4", "3"),
    ]


def test_a_row_that_stands_elsewhere_has_moved() -> None:
    old = read(LETTERS)
    first, second, third = old.steps
    turned = replace(old, steps=(replace(second, sequence=1), replace(first, sequence=2), third))
    rows = told(differences(old, turned))
    assert sorted(row[0] for row in rows) == ["same", "same", "same moved"]


def test_another_goal_is_a_change_of_the_ways_out() -> None:
    old = read(LETTERS)
    steps = list(old.steps)
    ways = (steps[1].exits[0], replace(steps[1].exits[1], to=("2",)))
    steps[1] = replace(steps[1], exits=ways)
    found = differences(old, replace(old, steps=tuple(steps)))
    assert [[change.field for change in row.changes] for row in found.rows] == [[], ["exits"], []]


def test_a_row_rewritten_from_its_first_word_to_its_last_is_found_by_its_id() -> None:
    old = read(LETTERS)
    steps = (*old.steps[:2], replace(old.steps[2], activity="Mengarsipkan"))
    assert matched(old, replace(old, steps=steps)) == {"1": "1", "2": "2", "3": "3"}


@given(procedures())
def test_a_procedure_does_not_differ_from_itself(procedure: Procedure) -> None:
    assert differences(procedure, procedure).empty


@given(procedures(), procedures())
def test_every_row_of_both_stands_in_it_once(old: Procedure, new: Procedure) -> None:
    rows = differences(old, new).rows
    assert [row.new for row in rows if row.new] == list(new.steps)
    assert sorted(row.old.sequence for row in rows if row.old) == [step.sequence for step in old.steps]
    assert all((row.old is None) == (row.row is Row.ADDED) for row in rows)
    assert all((row.new is None) == (row.row is Row.REMOVED) for row in rows)
    pairs = matched(old, new)
    assert len(set(pairs.values())) == len(pairs)


@given(procedures(), procedures())
def test_what_was_added_one_way_was_removed_the_other(old: Procedure, new: Procedure) -> None:
    there, back = differences(old, new).counted(), differences(new, old).counted()
    assert (there["added"], there["removed"]) == (back["removed"], back["added"])


@given(procedures(), st.data())
def test_one_changed_word_is_one_changed_row(procedure: Procedure, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(procedure.steps) - 1))
    steps: list[Step] = list(procedure.steps)
    steps[at] = replace(steps[at], remarks="Catatan baru")
    found = differences(procedure, replace(procedure, steps=tuple(steps)))
    assert [row.new.id for row in found.rows if row.differs and row.new] == [steps[at].id]


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_are_the_texts_and_what_is_not_marked_is_common(old: str, new: str) -> None:
    left, right = pieces(old, new)
    assert "".join(piece.text for piece in left) == old
    assert "".join(piece.text for piece in right) == new
    kept = ["".join(piece.text for piece in side if not piece.marked) for side in (left, right)]
    assert kept[0] == kept[1]


def test_two_long_procedures_of_the_same_words_are_compared_in_bounded_time() -> None:
    def written(word: str) -> Procedure:
        rows = [{"no": str(no), "actor": "a", "activity": f"{word} " * 370 + f"surat {no}"} for no in range(1, 120)]
        rows.append({"no": "120", "actor": "a", "activity": "Selesai", "end": "finished"})
        told = {"format": "1", "identity": {"number": "1", "name": "N"}, "actors": {"a": {"name": "A"}}, "steps": rows}
        found = load_data(told, slug="panjang")
        assert not isinstance(found, list)
        return found[0]

    began = process_time()
    found = differences(written("berkas surat"), written("surat berkas"))
    assert process_time() - began < 20
    assert [(row.old.id, row.new.id) for row in found.rows if row.old and row.new][:2] == [("1", "1"), ("2", "2")]
    assert not any(piece.marked is False for row in found.rows for change in row.changes for piece in change.old)
