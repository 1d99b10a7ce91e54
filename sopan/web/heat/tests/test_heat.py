"""The heat map: what it measures, who sees it, its picture and its spreadsheet."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.engine.models import Case, Task
from sopan.web.heat.measures import Measured, measure
from sopan.web.heat.views import brief
from sopan.web.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


def finished(cast: Cast, step: str, minutes: list[int], *, late: int = 0, visit: int = 1, ago: int = 1) -> None:
    """Finished tasks of a step that took so many minutes; the last ``late`` of them missed their due time."""
    now = timezone.now()
    version = ProcedureVersion.objects.get()
    proc = procedure(version.pk)
    actor = proc.by_id[step].actors[0]
    binding = cast.body.bindings.get(actor=actor)
    for place, took in enumerate(minutes):
        case = Case.objects.create(
            institution=cast.body, procedure=version, tracking=f"{step}-{ago}-{visit}-{place}", opened_at=now
        )
        done = now - timedelta(days=ago)
        Task.objects.create(
            institution=cast.body,
            case=case,
            binding=binding,
            step=step,
            actor=actor,
            visit=visit,
            status=Task.Status.DONE,
            opened_at=done - timedelta(days=1),
            due_at=done + timedelta(hours=-1 if place >= len(minutes) - late else 1),
            completed_at=done,
            worked_minutes=took,
        )


def measured(since: datetime | None = None, until: datetime | None = None) -> dict[str, Measured]:
    version = ProcedureVersion.objects.get()
    found = measure(procedure(version.pk), version_ids=[version.pk], since=since, until=until)
    return {one.step.id: one for one in found}


def test_median_p90_share_and_count_are_those_of_the_tasks(cast: Cast) -> None:
    finished(cast, "1", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], late=3)
    finished(cast, "1", [5], visit=2)
    one = measured()["1"]
    assert (one.count, one.median, one.p90, one.on_time, one.dated, one.repeated) == (11, 50, 90, 8, 11, 1)
    assert one.level == 3
    assert (measured()["2"].count, measured()["2"].median, measured()["2"].level) == (0, None, 0)


@pytest.mark.parametrize(("late", "level"), [(0, 1), (1, 1), (2, 2), (4, 2), (5, 3), (8, 3), (9, 4), (20, 4)])
def test_the_colour_is_the_share_on_time(cast: Cast, late: int, level: int) -> None:
    finished(cast, "2", [30] * 20, late=late)
    assert measured()["2"].level == level


def test_a_step_without_a_standard_or_of_few_tasks_is_grey_with_its_numbers(cast: Cast) -> None:
    finished(cast, "1", [30, 40], late=2)
    assert (measured()["1"].level, measured()["1"].median) == (0, 30)
    finished(cast, "2", [30] * 9)
    Task.objects.filter(step="2").update(due_at=None)
    assert (measured()["2"].level, measured()["2"].median, measured()["2"].share) == (0, 30, None)


def test_only_what_was_finished_in_the_period_counts(cast: Cast) -> None:
    finished(cast, "1", [10] * 4, ago=5)
    finished(cast, "1", [90] * 4, ago=50)
    since = timezone.now() - timedelta(days=30)
    assert (measured(since=since)["1"].median, measured(until=since)["1"].median) == (10, 90)
    assert measured()["1"].count == 8


def test_the_page_tells_numbers_in_symbols_and_beside_them(cast: Cast) -> None:
    finished(cast, "1", [95] * 10, late=5)
    page = cast.client("ana").get(reverse("sop_heat", args=["surat"])).content.decode()
    assert ">1,6 j</text>" in page
    assert 'class="diamond h4"' in page
    assert '<span class="heat h4">50%</span>' in page
    assert "(50% tepat waktu)" in page
    assert "10 langkah selesai" in page


def test_an_empty_period_says_so(cast: Cast) -> None:
    finished(cast, "1", [95] * 10, ago=300)
    page = cast.client("ana").get(reverse("sop_heat", args=["surat"])).content.decode()
    assert "Belum ada langkah yang selesai pada periode ini" in page


@pytest.mark.parametrize(
    "query",
    [
        "periode=xyz",
        "periode=tanggal&dari=x&sampai=9999-99-99",
        "versi=99999999999999999999",
        "periode=tanggal&dari=2026-13-01",
        "periode=tanggal",
    ],
)
def test_odd_addresses_are_answered(cast: Cast, query: str) -> None:
    for name in ("sop_heat", "sop_heat_export"):
        assert cast.client("ana").get(f"{reverse(name, args=['surat'])}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 200), ("citra", 200), ("vera", 404), ("hasan", 404), ("rina", 404), ("", 302)]
)
def test_who_takes_part_or_keeps_the_procedures_sees_it(cast: Cast, who: str, status: int) -> None:
    client = cast.client(who) if who else Client()
    for name in ("sop_heat", "sop_heat_export"):
        assert client.get(reverse(name, args=["surat"])).status_code == status
        assert client.get(reverse(name, args=["tidak-ada"])).status_code == (302 if status == 302 else 404)


def test_the_spreadsheet_has_the_same_numbers(cast: Cast) -> None:
    finished(cast, "1", [10, 20, 30, 40], late=1)
    answer = cast.client("ana").get(reverse("sop_heat_export", args=["surat"]))
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.values]
    line = next(row for row in rows if row[0] == "1")
    assert line[4:] == [4, 20, 40, 3, 4, 75, 0]


def test_the_number_of_queries_does_not_grow_with_the_tasks(cast: Cast) -> None:
    client, url = cast.client("ana"), reverse("sop_heat", args=["surat"])
    asked = []
    for visit, count in ((1, 2), (2, 40)):
        finished(cast, "1", list(range(1, count)), visit=visit)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, "0 m"), (59, "59 m"), (60, "1 j"), (95, "1,6 j"), (450, "1 h"), (4500, "10 h")]
)
def test_times_are_short_enough_for_a_symbol(minutes: int, told: str) -> None:
    assert brief(minutes) == told
