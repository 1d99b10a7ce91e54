"""What a printed page says is in its own languages, whoever has it printed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from sopan.documents.bilingual import Words

LABELS = {"number": ("Nomor", "Number"), "unit": ("Unit", "Unit")}
ID, EN, BOTH = (Words(languages, LABELS) for languages in (("id",), ("en",), ("id", "en")))


@pytest.fixture(autouse=True, params=["id", "en"])
def who_prints(request: pytest.FixtureRequest) -> Iterator[None]:
    with translation.override(request.param):
        yield


def test_both_languages_stand_side_by_side_and_once_where_they_are_alike() -> None:
    assert ID.labels == {"number": "Nomor", "unit": "Unit"}
    assert EN.labels == {"number": "Number", "unit": "Unit"}
    assert BOTH.labels == {"number": "Nomor / Number", "unit": "Unit"}
    assert BOTH.say(("jalur w = {r} U", "band w = {r} U"), r="0,5") == "jalur w = 0,5 U / band w = 0,5 U"
    assert (BOTH.say(None), [one.language for one in (ID, EN, BOTH)]) == ("", ["id", "en", "both"])


def test_numbers_and_days_are_written_as_the_ruling_language_writes_them() -> None:
    assert [one.number("-1250.30") for one in (ID, EN, BOTH)] == ["−1250,30", "−1250.30", "−1250,30"]
    assert [one.day("2026-05-05") for one in (ID, EN, BOTH)] == ["5 Mei 2026", "5 May 2026", "5 Mei 2026 / 5 May 2026"]
    assert BOTH.day("2026-11-23") == "23 November 2026"


def test_rows_that_have_nothing_to_say_are_left_out() -> None:
    assert BOTH.rows(("number", "7"), ("unit", ID.day(""))) == [("Nomor / Number", "7")]
