"""Two threads complete one task, a thousand times: a thousand effects. On SQLite, and on PostgreSQL by its own run."""

from __future__ import annotations

from benchmarks import races
from benchmarks.postgresql import temporary_postgresql

ROUNDS = 1_000


def check(result: dict[str, object]) -> None:
    assert result["accepted_once"] == ROUNDS
    assert result["effects"] == ROUNDS
    assert (result["accepted_twice"], result["accepted_never"], result["cases_with_two_entries"]) == (0, 0, 0)
    assert result["refusals"] == {"done-already": ROUNDS}
    assert 0 < result["won_by_first"] < ROUNDS, "there was no race: one of them always won"


def test_a_thousand_double_acts_on_sqlite() -> None:
    check(races.run(ROUNDS))


def test_a_thousand_double_acts_on_postgresql() -> None:
    with temporary_postgresql(fsync=False) as url:
        check(races.run(ROUNDS, url))
