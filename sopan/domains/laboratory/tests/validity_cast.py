"""A control chart of the balance's check weight, with as many points as a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sopan.domains.laboratory.models import ChartPoint, ControlChart, Laboratory
from sopan.domains.laboratory.validity import charts
from sopan.domains.laboratory.validity.charts import Typed
from sopan.people.models import User

from .cast import NOW, Cast

HEAD = {
    "name": "Anak timbangan cek 100 g", "method": "neraca-elektronik", "check_standard": "Anak timbangan cek ATC-1",
    "instrument": "Neraca NA-02", "quantity": "Massa", "unit": "g", "rules": "westgard", "note": "",
}  # fmt: skip
START = NOW - timedelta(days=90)
# Twenty points around 100 g; their standard deviation is 0.1026 mg.
REFERENCE = ("100,0001", "99,9999") * 10


def laboratory(cast: Cast, code: str = "massa-suhu") -> Laboratory:
    return Laboratory.objects.select_related("institution").get(institution=cast.body, code=code)


def chart(cast: Cast, **head: str) -> ControlChart:
    made = charts.set_up(laboratory(cast), head=HEAD | head, by="Yusuf", now=NOW)
    assert isinstance(made, ControlChart), made
    return made


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def add(one: ControlChart, text: str, *, day: int, by: User) -> Any:
    return charts.add_point(one, Typed(text, at(day)), actor=by, by=by.full_name, now=NOW)


def add_all(one: ControlChart, texts: Sequence[str], *, by: User, since: int = 0) -> list[ChartPoint]:
    return [add(one, text, day=day, by=by) for day, text in enumerate(texts, since)]


def limited(cast: Cast, **head: str) -> ControlChart:
    """A chart with 20 points of a reference period and limits from them: mean 100, s 0.0001026."""
    one = chart(cast, **head)
    add_all(one, REFERENCE, by=cast.fajar)
    set_by = {"actor": cast.yusuf, "by": "Yusuf", "now": NOW, "reason": "Masa acuan pertama"}
    done = charts.set_limits(one, first_day=at(0).date(), last_day=at(19).date(), **set_by)
    assert done.version == 1, done
    return one
