"""The heat map of a procedure over a hundred thousand finished tasks: its one query, with the quantiles.

sopan bench heat [--json] [--tasks N] [--only sqlite|postgresql]
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from datetime import timedelta
from functools import partial
from typing import Any

from .apart import measured_apart, on_both
from .tables import create_tables

ROUNDS = 9


def measure(tasks: int) -> dict[str, Any]:
    """Runs in its own process on an empty database that DATABASE_URL names."""
    from django.utils import timezone

    from sopan.catalogue.models import ActorBinding, ProcedureVersion
    from sopan.catalogue.queries import procedure
    from sopan.engine.models import Case, Task
    from sopan.web.heat.measures import measure as heat

    from .engine_worker import make_body

    create_tables()
    make_body()
    now, dice = timezone.now(), random.Random(1)
    version = ProcedureVersion.objects.select_related("institution").get()
    proc = procedure(version.pk)
    queues = dict(ActorBinding.objects.values_list("actor", "pk"))
    cases = [
        Case(institution=version.institution, procedure=version, tracking=f"bench{place}", opened_at=now)
        for place in range(-(-tasks // len(proc.steps)))
    ]
    Case.objects.bulk_create(cases, batch_size=500)
    made = []
    for case in cases:
        for step in proc.steps:
            done = now - timedelta(days=dice.random() * 400)
            took = int(dice.expovariate(1 / 200))
            times = {"opened_at": done, "completed_at": done, "due_at": done + timedelta(hours=dice.uniform(-1, 3))}
            made.append(
                Task(
                    institution=version.institution,
                    case=case,
                    binding_id=queues[step.actors[0]],
                    step=step.id,
                    actor=step.actors[0],
                    status=Task.Status.DONE,
                    worked_minutes=took,
                    **times,
                )
            )
    Task.objects.bulk_create(made, batch_size=500)
    found = {"tasks": len(made)}
    for name, since in (("all", None), ("90 days", now - timedelta(days=90))):
        spent = []
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            heat(proc, version_ids=[version.pk], since=since, until=None)
            spent.append((time.perf_counter() - begin) * 1000)
        found[name] = round(statistics.median(spent), 1)
    return found


def main(arguments: list[str]) -> None:
    on_both("heat", arguments, sizes={"tasks": 100_000}, measure=partial(measured_apart, "heat"), tell=_tell)


def _tell(database: str, found: dict[str, Any]) -> None:
    print(f"{database}: {found['tasks']} tasks, all {found['all']:.0f} ms, 90 days {found['90 days']:.0f} ms")


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
