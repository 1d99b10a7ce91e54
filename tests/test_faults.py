"""Processes are killed at random moments, the database is restarted: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import faults
from benchmarks.postgresql import restart, temporary_postgresql

pytestmark = pytest.mark.faults
ROOT = Path(__file__).resolve().parent.parent


def test_sixty_kills_lose_and_double_nothing() -> None:
    nothing_is_lost_or_doubled(faults.run(60, seed=20261121), kills=60)


def test_two_hundred_kills_lose_and_double_nothing() -> None:
    nothing_is_lost_or_doubled(faults.run(200, seed=20261121), kills=200)


def nothing_is_lost_or_doubled(found: dict[str, Any], *, kills: int) -> None:
    assert sum(found["kills"].values()) == kills
    assert min(found["kills"].values()) > kills // 4
    assert found["verify"] == []
    assert found["finished"] == found["cases"] > 0  # how many there are depends on the machine
    assert (found["effects"]["waiting"], found["effects"]["failed"]) == (0, 0)
    assert found["tried_again"] > 0 or kills < 200, "no kill ever hit a worker at work"
    # One instrument an order: each must have left just one of everything.
    assert set(found["each_once"].values()) == {found["cases"]}, found["each_once"]
    assert found["gaps"] == {}


SCRIPT = """
import django, json, sys
django.setup()
from benchmarks.tables import create_tables
from django.utils import timezone
from sopan.engine.models import Effect, Schedule
from sopan.people.models import Institution
if sys.argv[1] == "prepare":
    create_tables()
    Institution.objects.create(code="balai", name="Balai", short_name="Balai")
if sys.argv[1] == "plan":
    body, now = Institution.objects.get(), timezone.now()
    Effect.objects.create(institution=body, key="no.such.handler", created_at=now, run_after=now)
if sys.argv[1] == "count":
    print(json.dumps([Effect.objects.filter(attempts__gt=0).count(), Schedule.objects.count()]))
"""


def script(env: dict[str, str], act: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, act], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def tried(env: dict[str, str]) -> int:
    return json.loads(script(env, "count"))[0]


def wait_until_tried(env: dict[str, str], effects: int) -> None:
    for _ in range(40):
        if tried(env) >= effects:
            return
        time.sleep(0.5)
    raise AssertionError(f"the worker tried {tried(env)} effects instead of {effects}")


def test_the_worker_survives_a_restart_of_the_database(tmp_path: Path) -> None:
    with temporary_postgresql(fsync=False) as url:
        env = {**os.environ, "DATABASE_URL": url, "SOPAN_DATA": str(tmp_path), "SECRET_KEY": "x"}
        env["DJANGO_SETTINGS_MODULE"] = "sopan.settings"
        script(env, "prepare")
        worker = subprocess.Popen(
            [sys.executable, "-m", "sopan", "worker"], env=env, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            script(env, "plan")
            wait_until_tried(env, 1)
            restart(url)
            script(env, "plan")
            wait_until_tried(env, 2)
            assert worker.poll() is None
        finally:
            worker.terminate()
            assert worker.wait(20) == 0
