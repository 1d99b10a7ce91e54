"""Two threads complete one task, again and again: one effect each time. On SQLite, and on PostgreSQL by its own run."""

from __future__ import annotations

import os

from benchmarks import races
from benchmarks.postgresql import temporary_postgresql

ROUNDS = 4 * int(os.environ.get("SOPAN_EXAMPLES", "50"))


def check(result: dict[str, object]) -> None:
    assert result["accepted_once"] == ROUNDS
    assert result["effects"] == ROUNDS
    assert (result["accepted_twice"], result["accepted_never"], result["cases_with_two_entries"]) == (0, 0, 0)
    assert result["refusals"] == {"done-already": ROUNDS}
    assert 0 < result["won_by_first"] < ROUNDS, "there was no race: one of them always won"


def test_double_acts_on_sqlite() -> None:
    check(races.run(ROUNDS))


def test_double_acts_on_postgresql() -> None:
    with temporary_postgresql(fsync=False) as url:
        check(races.run(ROUNDS, url))
