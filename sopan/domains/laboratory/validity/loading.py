"""Control charts, proficiency tests and repeats of an institution from its data file, played by the real operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction

from sopan.core.flow import Refusal
from sopan.people.models import Institution, User

from ..models import ControlChart, Finding, Laboratory
from . import charts, findings, trials
from .charts import Typed

T = TypeVar("T")


@transaction.atomic
def load_validity(institution: Institution, data: Mapping[str, Any], *, now: datetime) -> int:
    """Add what stands under ``validity``, once: an institution that has a chart keeps what it has. How many charts.

    Raises KeyError for a missing name, DoesNotExist for a laboratory or person that is not there, ValueError for what the
    operations refuse.
    """
    if ControlChart.objects.filter(institution=institution).exists():
        return 0
    told = data.get("validity") or {}
    today = institution.date_at(now)
    for row in told.get("charts", ()):
        _chart(institution, row, today=today, now=now)
    for key, record, names in (
        ("proficiency", trials.record_test, trials.TEST_NUMBERS),
        ("repeats", trials.record_repeat, ("first", "second", "limit")),
    ):
        for row in told.get(key, ()):
            by = User.objects.get(email=row["by"])
            on = today + timedelta(days=int(row["day"]))
            typed = {name: str(row.get(name, "")) for name in names}
            words = {**row, "note": row.get("note", "")}
            _done(
                record(
                    _laboratory(institution, row), words=words, typed=typed, on=on, actor=by, by=by.full_name, now=now
                )
            )
    return len(told.get("charts", ()))


def _laboratory(institution: Institution, row: Mapping[str, Any]) -> Laboratory:
    return Laboratory.objects.select_related("institution").get(institution=institution, code=row["laboratory"])


def _chart(institution: Institution, row: Mapping[str, Any], *, today: date, now: datetime) -> None:
    keeper, analyst = (User.objects.get(email=row[name]) for name in ("keeper", "analyst"))
    one = _done(charts.set_up(_laboratory(institution, row), head=row, by=keeper.full_name, now=now))
    days = [
        today + timedelta(days=int(row["from_day"]) + place * int(row["every_days"]))
        for place in range(len(row["points"]))
    ]
    reference = int(row["reference"])
    for place, (day, text) in enumerate(zip(days, row["points"], strict=True), 1):
        taken = datetime.combine(day, time(8, 30), tzinfo=ZoneInfo(institution.zone))
        by = {"actor": analyst, "by": analyst.full_name}
        _done(charts.add_point(one, Typed(str(text), taken), **by, now=taken + timedelta(minutes=10)))
        if place == reference:
            period = {"first_day": days[0], "last_day": day, "reason": row["reason"]}
            _done(charts.set_limits(one, **period, actor=keeper, by=keeper.full_name, now=taken + timedelta(hours=1)))
    if "answer" in row:
        for finding in Finding.objects.filter(point__chart=one):
            _done(findings.answer(finding, **row["answer"], actor=analyst, now=now))
            _done(findings.close(finding, actor=keeper, now=now))


def _done(outcome: T | Refusal | trials.Faults) -> T:
    if isinstance(outcome, Refusal | trials.Faults):
        raise ValueError(str(outcome))
    return outcome
