"""A sheet of 50 points handed in: readings kept, budgets computed, guards asked, results frozen, through the web stack.

sopan bench results [--json] [--rounds N] [--points N]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from typing import Any

from .apart import measured_apart
from .tables import create_tables

WHOLE = ("100,0001", "100,0002", "100,0002", "100,0000", "100,0001", "100,0003")


def measure(rounds: int, points: int) -> dict[str, Any]:
    """Runs in its own process on an empty database of its own."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from sopan.demo.instruments import BALANCE
    from sopan.demo.loading import PASSPHRASE, load_demo_body, load_demo_people
    from sopan.demo.player import Player
    from sopan.domains.laboratory import measuring, readings
    from sopan.domains.laboratory.models import MethodVersion, WorkOrder
    from sopan.domains.laboratory.operations.measuring import choose_method
    from sopan.people.models import User

    create_tables()
    call_command("collectstatic", interactive=False, verbosity=0)
    now = timezone.now()
    body = load_demo_body(now=now)
    load_demo_people(body, now=now)
    player = Player(body, timezone.now, [BALANCE], PASSPHRASE)
    player.order(User.objects.get(email="rina.wulandari@pangan-musi.example"), key="bench")
    player.play_to("14")
    work = WorkOrder.objects.get()
    version = MethodVersion.objects.get(code="neraca-elektronik")
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(work.analyst, "allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("laboratory:sheet", args=[work.pk])
    submits, calculations, pages = [], [], []
    for _round in range(rounds):
        _again(work)
        choose_method(work.pk, version, actor=work.analyst, now=timezone.now())
        post = _post(version, points)
        typed = readings.read(_query(post), work, version)
        calculations.append(_timed(lambda: measuring.calculated(typed.measured, work)))  # noqa: B023 - run at once
        pages.append(_timed(lambda: browser.post(reverse("laboratory:calculate", args=[work.pk]), post)))  # noqa: B023
        answers: list[Any] = []
        submits.append(_timed(lambda: answers.append(browser.post(address, post))))  # noqa: B023
        if answers[0].status_code != 302:
            raise RuntimeError(f"handing in was answered by {answers[0].status_code}")
    work.refresh_from_db()
    kept = work.results.get().points.exclude(row=0).count()
    return {"points": kept, "submit": _told(submits), "recalculate": _told(calculations), "page": _told(pages)}


def _again(work: Any) -> None:
    """The work order as it was before anything was typed."""
    from sopan.domains.laboratory.models import MeasuredPoint, StandardUse, WorkOrder

    StandardUse.objects.filter(result__work_order=work).delete()
    MeasuredPoint.objects.filter(result__work_order=work).delete()
    work.results.all().delete()
    WorkOrder.objects.filter(pk=work.pk).update(state="confirmed", version=0)


def _post(version: Any, points: int) -> dict[str, Any]:
    """A sheet as the browser sends it: loads that the standard weights hold, alone or together."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sopan.domains.laboratory.models import EquipmentCertificate

    loads = sorted({a + b for a in (0, 1, 2, 5, 10, 20, 50, 100, 200) for b in (0, 1, 2, 5, 10, 20, 50, 100) if a != b})
    loads = [load for load in loads if 0 < load <= 220]
    loads = (loads * (points // len(loads) + 1))[:points]
    today = f"{datetime.now(ZoneInfo(version.institution.zone)):%Y-%m-%d}"
    eccentric = {f"s_ecc_{n}": text for n, text in enumerate(WHOLE[:5], 1)}
    return {
        "action": "submit", "measured_from": today, "measured_to": today, "place": "Laboratorium", "temperature_text": "22,3",
        "humidity_text": "52", "unit": "g", "std_weight": EquipmentCertificate.objects.get(equipment__code="STD-M-01").pk,
        "f_resolution": "0,0001", "f_ecc_load": "100", "f_drift_share": "1", "f_buoyancy": "0,5", "f_mpe": "0,001",
        "s_rep": list(WHOLE), **eccentric, "point": [str(load) for load in loads], "note": [""] * points,
        "r_indication_1": [f"{load},0002" for load in loads],
    }  # fmt: skip


def _query(post: dict[str, Any]) -> Any:
    from django.http import QueryDict

    found = QueryDict(mutable=True)
    for name, value in post.items():
        found.setlist(name, value if isinstance(value, list) else [str(value)])
    return found


def _timed(act: Any) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    begin, used = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - begin) * 1000, (time.process_time() - used) * 1000


def _told(times: list[tuple[float, float]]) -> dict[str, float]:
    ordered = sorted(clock for clock, _used in times)
    used = statistics.median(used for _clock, used in times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(p95, 1),
        "max_ms": round(ordered[-1], 1),
        "cpu_ms": round(used, 1),
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="sopan bench results", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = measured_apart("results", options.rounds, options.points, SOPAN_DEMO="1")
    if options.json:
        print(json.dumps(found))
        return
    print(f"{found['points']} points with budgets, SQLite, {options.rounds} rounds")
    for name in ("recalculate", "page", "submit"):
        told = found[name]
        print(
            f"{name:12} median {told['median_ms']:7.1f} ms   p95 {told['p95_ms']:7.1f} ms   CPU {told['cpu_ms']:7.1f} ms"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sopan.settings")
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
