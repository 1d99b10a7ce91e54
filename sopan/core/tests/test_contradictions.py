"""The same activity with two different times is found; times that some reading makes equal are not called different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.core.contradictions import Place, agree, contradictions
from sopan.core.durations import parse_duration

WORDS = ("memeriksa", "surat", "konsep", "kepala", "laporan", "barang", "arsip", "staf", "dan", "membuat")
TIMES = (
    "10 menit",
    "1 jam",
    "2 jam",
    "1 hari",
    "1 hari kerja",
    "3 hari",
    "1 minggu",
    "1 bulan",
    "maks 14 hari",
    "Sesuai juknis",
)


def place(slug: str, activity: str, time: str, no: str = "1") -> Place:
    return Place(slug, no, no, activity, "STAF", parse_duration(time))


activities = st.lists(st.sampled_from(WORDS), min_size=3, max_size=6).map(" ".join)
places = st.lists(
    st.builds(place, st.sampled_from("abcdef"), activities, st.sampled_from(TIMES), st.integers(1, 9).map(str)),
    max_size=25,
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("4 jam", "24 jam", False),
        ("60 menit", "1 jam", True),
        ("1 hari", "24 jam", True),  # a day of the calendar
        ("1 hari", "450 menit", True),  # a working day
        ("1 hari", "1 jam", False),
        ("1 - 3 hari", "2 hari", True),
        ("1 - 3 hari", "1 bulan", False),
        ("maks 14 hari", "14 hari", True),
        ("2 menit/berkas", "2 jam", True),  # so much a file says nothing about all of them
        ("2 menit/berkas", "5 menit/berkas", False),
        ("2 menit/berkas", "5 menit/sampel", True),
        ("Sesuai juknis", "1 jam", True),
        ("", "1 jam", True),
    ],
)
def test_times_that_can_be_read_as_the_same_agree(one: str, other: str, same: bool) -> None:
    assert agree(parse_duration(one), parse_duration(other)) == same
    assert agree(parse_duration(other), parse_duration(one)) == same


def test_the_same_activity_with_two_times_is_shown_with_both_rows() -> None:
    rows = [
        place("surat", "Memeriksa konsep surat keluar", "4 jam"),
        place("nota", "Memeriksa  konsep surat keluar.", "24 jam", "7"),
        place("lain", "Membuat laporan bulanan barang", "1 jam"),
    ]
    assert [[(p.slug, p.no) for p in found.places] for found in contradictions(rows)] == [
        [("surat", "1"), ("nota", "7")]
    ]


def test_a_row_that_agrees_with_all_others_stands_in_no_group() -> None:
    rows = [
        place("a", "Memeriksa konsep surat keluar", "4 jam"),
        place("b", "Memeriksa konsep surat keluar", "240 menit"),
        place("c", "Memeriksa konsep surat keluar", "Sesuai juknis"),
    ]
    assert contradictions(rows) == []
    rows.append(place("d", "Memeriksa konsep surat keluar", "1 jam"))
    assert [[p.slug for p in found.places] for found in contradictions(rows)] == [["a", "b", "d"]]


def test_two_rows_of_one_procedure_are_not_a_contradiction_between_procedures() -> None:
    assert (
        contradictions(
            [place("a", "Memeriksa konsep surat", "1 jam"), place("a", "Memeriksa konsep surat", "3 hari", "4")]
        )
        == []
    )


@given(places)
def test_each_row_of_a_group_contradicts_another_of_another_procedure(rows: list[Place]) -> None:
    for found in contradictions(rows):
        for one in found.places:
            assert any(one.slug != other.slug and not agree(one.time, other.time) for other in found.places)


@given(places)
def test_the_order_of_the_rows_decides_nothing(rows: list[Place]) -> None:
    def as_sets(found: list[Place]) -> set[frozenset[Place]]:
        return {frozenset(group.places) for group in contradictions(found)}

    assert as_sets(rows) == as_sets(rows[::-1])


@given(places, activities)
def test_two_rows_in_the_same_words_with_times_far_apart_are_always_found(rows: list[Place], activity: str) -> None:
    planted = [place("x", activity, "5 menit"), place("y", activity, "2 tahun")]
    groups = contradictions([*rows[:10], planted[0], *rows[10:], planted[1]])
    assert any(set(planted) <= set(group.places) for group in groups)
