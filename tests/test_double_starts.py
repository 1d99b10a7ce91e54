"""Two threads begin the same case, by a double press and by the calendar: one case each time, on both databases."""

from __future__ import annotations

from benchmarks import start_races
from benchmarks.postgresql import temporary_postgresql

ROUNDS = 20


def check(result: dict[str, object]) -> None:
    assert (result["pressed"], result["begun_by_calendar"], result["missed"]) == (ROUNDS, ROUNDS, [])
    assert result["more_than_may_wait"] == 0


def test_a_case_begins_once_on_sqlite() -> None:
    check(start_races.run(ROUNDS))


def test_a_case_begins_once_on_postgresql() -> None:
    with temporary_postgresql(fsync=False) as url:
        check(start_races.run(ROUNDS, url))
