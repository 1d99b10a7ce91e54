"""The estimate that a customer sees: when his order will have been served."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sopan.core.forecast import served_at
from sopan.core.load import load
from sopan.core.model import Duration, Procedure, Unit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

TEXT = """
format: 1
identity: {number: SOP 1/UJI, name: Uji}
actors:
  pemohon: {name: PEMOHON, kind: customer}
  petugas: {name: PETUGAS}
  kepala: {name: KEPALA}
steps:
  - {no: 1, actor: pemohon, kind: start, activity: Mengajukan, time: 60 Menit}
  - {no: 2, actor: petugas, kind: decision, activity: Memeriksa, time: 30 Menit, exits: {ya: {label: Ya, to: [3, 4]}, tidak: {label: Tidak, to: 1}}}
  - {no: 3, actor: petugas, activity: Mengukur, time: 120 Menit, next: 5}
  - {no: 4, actor: kepala, activity: Menulis, time: 20 Menit, next: 5}
  - {no: 5, actor: kepala, join: true, activity: Menandatangani, time: 10 Menit}
  - {no: 6, actor: pemohon, activity: Membayar, time: Tidak Dapat Ditentukan}
  - {no: 7, actor: petugas, activity: Menyerahkan, time: 5 Menit}
  - {no: 8, actor: pemohon, kind: end, activity: Menutup, time: 600 Menit}
"""


def procedure() -> Procedure:
    found = load(TEXT, file="uji.yaml")
    assert isinstance(found, Procedure), found
    return found


def by_the_clock(start: datetime, time: Duration) -> datetime | None:
    if not time.bounded or time.amount is None:
        return None
    return start + timedelta(minutes=float(time.amount) * (60 if time.unit is Unit.HOUR else 1))


def minutes(open_steps: dict[str, datetime | None], *, now: datetime = NOW) -> float | None:
    at = served_at(procedure(), open_steps, now=now, reached=by_the_clock)
    return None if at is None else (at - now).total_seconds() / 60


def test_the_times_of_the_staff_add_up_and_of_branches_the_longest_counts() -> None:
    assert minutes({"1": None}) == 30 + 120 + 10 + 5


def test_an_open_step_ends_when_it_is_due() -> None:
    assert minutes({"2": NOW + timedelta(minutes=25)}) == 25 + 120 + 10 + 5


def test_an_overdue_step_ends_now_at_the_earliest() -> None:
    assert minutes({"2": NOW - timedelta(days=3)}) == 120 + 10 + 5


def test_the_customers_time_is_not_ours_to_promise() -> None:
    assert minutes({"6": NOW + timedelta(days=30)}) == 5


def test_both_open_branches_are_waited_for() -> None:
    assert minutes({"3": NOW + timedelta(minutes=10), "4": NOW + timedelta(minutes=50)}) == 50 + 10 + 5


def test_nothing_is_estimated_where_only_the_customer_has_something_to_do() -> None:
    assert minutes({"8": None}) is None
    assert minutes({}) is None


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_later_due_time_never_brings_the_end_forward(first: int, second: int) -> None:
    early, late = sorted((first, second))
    ends = [minutes({"2": NOW + timedelta(minutes=m)}) for m in (early, late)]
    assert ends[0] <= ends[1]
