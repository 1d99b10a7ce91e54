"""Numbers: distinct, consecutive, and every value explained."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sopan.documents import numbers
from sopan.documents.models import Number, NumberCounter, NumberSeries

from .conftest import NOW, make_body, race


@pytest.fixture
def series(body: SimpleNamespace) -> NumberSeries:
    return NumberSeries.objects.create(
        institution=body.institution, key="report", pattern="E-LHU {seq:4}/KAL/{roman_month}/{yyyy}"
    )


def give(body: SimpleNamespace, *, now: datetime = NOW, **fields: object) -> Number:
    with transaction.atomic():
        return numbers.allocate("report", institution=body.institution, now=now, used_for="Pesanan 1", **fields)


def test_a_number_follows_the_pattern_of_its_series(body: SimpleNamespace, series: NumberSeries) -> None:
    NumberCounter.objects.create(series=series, scope="2026", began_after=1840, last=1840)
    assert give(body).text == "E-LHU 1841/KAL/XII/2026"


def test_the_year_is_that_of_the_body_and_begins_at_one(body: SimpleNamespace, series: NumberSeries) -> None:
    before_midnight = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23.59 WIB
    after_midnight = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 00.00 WIB, 1 January
    texts = [give(body, now=at).text for at in (before_midnight, before_midnight, after_midnight)]
    assert texts == ["E-LHU 0001/KAL/XII/2026", "E-LHU 0002/KAL/XII/2026", "E-LHU 0001/KAL/I/2027"]


def test_a_rollback_takes_the_number_back(body: SimpleNamespace, series: NumberSeries) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        numbers.allocate("report", institution=body.institution, now=NOW, used_for="x")
        raise RuntimeError
    assert give(body).value == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_needs_a_transaction() -> None:
    body = make_body()
    with pytest.raises(transaction.TransactionManagementError):
        numbers.allocate("report", institution=body.institution, now=NOW, used_for="x")


def test_every_gap_is_explained(body: SimpleNamespace, series: NumberSeries) -> None:
    first, second, third = give(body), give(body, reserve=True), give(body, reserve=True)
    assert numbers.void(second, reason="Salah alat", by="Siti Rahma") is None
    assert numbers.use(third, used_for="Pesanan 3") is None
    Number.objects.filter(pk=first.pk).delete()  # somebody with the database in his hands
    assert [(fate.value, fate.status, fate.explanation) for fate in numbers.explain(series, scope="2026")] == [
        (1, "missing", "Tidak tercatat: register perlu diperiksa."),
        (2, "void", "Salah alat"),
        (3, "used", "Pesanan 3"),
    ]
    assert numbers.explain(series, scope="1999") == []


def test_a_void_number_is_void_once_with_a_reason_and_never_used(body: SimpleNamespace, series: NumberSeries) -> None:
    number = give(body, reserve=True)
    assert numbers.void(number, reason="  ", by="Siti").code == "reason-missing"
    assert numbers.void(number, reason="Ganda", by="Siti") is None
    assert numbers.void(number, reason="Lagi", by="Siti").code == "number-void"
    assert numbers.use(number, used_for="x").code == "number-not-reserved"
    assert give(body).value == 2


def test_two_values_with_one_text_are_refused_by_the_database(body: SimpleNamespace, series: NumberSeries) -> None:
    give(body)
    NumberCounter.objects.update(last=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        give(body)


@pytest.mark.parametrize(
    ("pattern", "needs_seq"),
    [("{nope}/{seq}", True), ("{seq", True), ("no number", True), ("{seq}", False), ("}", False)],
)
def test_a_bad_pattern_is_told(pattern: str, needs_seq: bool) -> None:
    with pytest.raises(ValidationError):
        numbers.check_pattern(pattern, needs_seq=needs_seq)


def test_a_series_is_defined_once_and_may_change_its_look(body: SimpleNamespace, series: NumberSeries) -> None:
    give(body)
    changed = numbers.define_series(body.institution, key="report", pattern="LHU-{seq}", remark="SK 1/2026")
    assert (changed.pk, give(body).text) == (series.pk, "LHU-2")
    with pytest.raises(ValidationError):
        numbers.define_series(body.institution, key="x", pattern="LHU")


@given(st.integers(1, 10**6), st.integers(1, 9), st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))
def test_within_a_year_different_values_give_different_texts(seq: int, width: int, at: datetime) -> None:
    pattern = f"A{{seq:{width}}}/{{mm}}/{{yy}}"
    numbers.check_pattern(pattern, needs_seq=True)
    assert numbers.fill(pattern, at=at, seq=seq) != numbers.fill(pattern, at=at, seq=seq + 1)


@pytest.mark.django_db(transaction=True)
def test_thirty_people_at_once_get_thirty_consecutive_numbers(tmp_path: Path) -> None:
    assert sorted(race("allocations", tmp_path)) == list(range(1, 31))
