"""The inbox of a person while a million tasks are open: the query, and the whole page through the web stack.

sopan bench inbox [--json] [--tasks N] [--only sqlite|postgresql] [--pages N]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from functools import partial
from typing import Any

from .apart import measured_apart, on_both
from .tables import create_tables

FILL = {
    "postgresql": [
        "INSERT INTO engine_case (institution_id, procedure_id, number, title, company_id, subject, status, state, tracking,"
        " opened_at, journal_length, journal_head) SELECT %(body)s, %(version)s, 'ORD-' || n, 'Kalibrasi 2 alat', %(company)s,"
        " 'PT Contoh ' || n %% 900, 'open', '{}', 'bench' || n, now(), 0, '' FROM generate_series(1, %(tasks)s) n",
        "INSERT INTO engine_task (institution_id, case_id, binding_id, step, visit, actor, status, opened_at, due_at,"
        " completed_name, completed_position, answer, reason, form_key, paused_minutes)"
        " SELECT %(body)s, c.id, q.pk, q.step, 1, q.actor, 'open', now(), now() - interval '3 days' + (c.id * 7919 %% 20000)"
        " * interval '1 minute', '', '', '', '', '', 0 FROM engine_case c JOIN bench_queue q ON q.place = c.id %% 22",
        "VACUUM ANALYZE",
    ],
    "sqlite": [
        "INSERT INTO engine_case (institution_id, procedure_id, number, title, company_id, subject, status, state, tracking,"
        " opened_at, journal_length, journal_head) WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE"
        " n < %(tasks)s) SELECT %(body)s, %(version)s, 'ORD-' || n, 'Kalibrasi 2 alat', %(company)s,"
        " 'PT Contoh ' || n %% 900, 'open', '{}', 'bench' || n, strftime('%%Y-%%m-%%d %%H:%%M:%%S', 'now'), 0, '' FROM g",
        "INSERT INTO engine_task (institution_id, case_id, binding_id, step, visit, actor, status, opened_at, due_at,"
        " completed_name, completed_position, answer, reason, form_key, paused_minutes)"
        " SELECT %(body)s, c.id, q.pk, q.step, 1, q.actor, 'open', c.opened_at, strftime('%%Y-%%m-%%d %%H:%%M:%%S', 'now',"
        " (c.id * 7919 %% 20000 - 4320) || ' minutes'), '', '', '', '', '', 0"
        " FROM engine_case c JOIN bench_queue q ON q.place = c.id %% 22",
        "ANALYZE",
    ],
}


def measure(tasks: int, pages: int) -> dict[str, Any]:
    """Runs in its own process on an empty database that DATABASE_URL names."""
    from django.test import Client
    from django.utils import timezone

    from sopan.engine import queries
    from sopan.people.models import Appointment, Position, User

    from .engine_worker import make_body

    create_tables()
    make_body()
    fill(tasks)
    # A person with three positions: the case that one query over all queues gets wrong.
    person = User.objects.get(email="cs@bench.example")
    for code in ("bendahara", "penyelia"):
        position = Position.objects.get(code=code)
        Appointment.objects.create(
            position=position, person=person, valid_from=timezone.now() - timezone.timedelta(days=9)
        )
    query = times(lambda: queries.inbox(person, now=timezone.now()), pages)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/tugas/").status_code == 200
    page = times(lambda: client.get("/tugas/"), pages)
    return {"tasks": tasks, "query": query, "page": page}


def fill(tasks: int) -> None:
    from django.db import connection

    from sopan.catalogue.models import ActorBinding, ProcedureVersion
    from sopan.people.models import Company, Institution

    version = ProcedureVersion.objects.get()
    steps = json.loads(version.content)["steps"]
    queue = dict(ActorBinding.objects.values_list("actor", "pk"))
    values = {
        "body": Institution.objects.get().pk,
        "version": version.pk,
        "company": Company.objects.get().pk,
        "tasks": tasks,
    }
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_queue (place integer, pk bigint, step varchar(40), actor varchar(60))")
        for place, step in enumerate(steps):
            actor = step["actors"][0]
            cursor.execute("INSERT INTO bench_queue VALUES (%s, %s, %s, %s)", [place, queue[actor], step["id"], actor])
        for statement in FILL[connection.vendor]:
            names = [part.split(")s")[0] for part in statement.split("%(")[1:]]
            plain = statement
            for name in names:
                plain = plain.replace(f"%({name})s", str(values[name]))
            cursor.execute(plain.replace("%%", "%"))


def times(act: Any, count: int) -> dict[str, float]:
    found = []
    for _ in range(count):
        begin = time.perf_counter()
        act()
        found.append((time.perf_counter() - begin) * 1000)
    cuts = statistics.quantiles(found, n=100)
    return {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "p99_ms": round(cuts[98], 2)}


def of_pages(module: str, *words: object, url: str) -> dict[str, Any]:
    """Measured as in operation, with the files of the pages collected, and with the accounts of a demo."""
    collect = "collectstatic --no-input -v0"
    return measured_apart(module, *words, url=url, before=[collect], SOPAN_DEBUG="0", SOPAN_DEMO="1")


def main(arguments: list[str]) -> None:
    sizes = {"tasks": 1_000_000, "pages": 200}
    on_both("inbox", arguments, sizes=sizes, measure=partial(of_pages, "inbox"), tell=_tell)


def _tell(database: str, found: dict[str, Any]) -> None:
    for what in ("query", "page"):
        row = found[what]
        print(
            f"{database:11} {what:6} p50 {row['p50_ms']:7.2f} ms   p95 {row['p95_ms']:7.2f} ms   p99 {row['p99_ms']:7.2f} ms"
        )


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
