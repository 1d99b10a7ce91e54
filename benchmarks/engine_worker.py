"""One process of the engine benchmark: ``setup``, ``engine`` or ``floor``. Talks JSON lines with ``engine``."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

from .tables import create_tables

SLUG = "sippt-kalibrasi"
RETURNS = {"7": "5", "13": "12", "16": "14"}
STEPS = [str(n) for n in range(1, 23)]
PAYLOAD = json.dumps({"do": ["complete", "8", "bendahara", ""], "events": [["completed", "8"], ["opened", "9", 1]]})


def answers(case: int, step: str, visit: int) -> str:
    """The path of a case depends on its number alone, so that engine and floor walk the same paths."""
    chance = zlib.crc32(f"ret-{case}-{step}".encode()) / 2**32
    return "tidak" if step in RETURNS and visit == 1 and chance < 0.2 else "ya"


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def timed(first: int, count: int, begin: Callable[[int], Any], step: Callable[..., Any]) -> None:
    """Start ``count`` cases, then play them to their ends, now a step of one, now of another, timing each step.

    Before that a few cases are played that are not counted.
    """
    play(range(first + 5_000_000, first + 5_000_003), begin, step, ready=lambda: None)
    clock = {}

    def ready() -> None:
        say(ready=True)
        sys.stdin.readline()
        clock["began"], clock["cpu"] = time.time(), time.process_time()

    times = play(range(first, first + count), begin, step, ready=ready)
    say(ms=times, begin=clock["began"], end=time.time(), cpu=time.process_time() - clock["cpu"])


def play(
    cases: range, begin: Callable[[int], Any], step: Callable[..., Any], *, ready: Callable[[], None]
) -> list[float]:
    live: list[Any] = [(case, begin(case), "1", {}) for case in cases]
    chance, times = random.Random(cases.start), []
    ready()
    while live:
        place = chance.randrange(len(live))
        case, handle, at, visits = live[place]
        visits[at] = visits.get(at, 0) + 1
        answer = answers(case, at, visits[at])
        clock = time.perf_counter()
        handle = step(handle, at, answer)
        times.append((time.perf_counter() - clock) * 1000)
        if handle is None:
            live[place] = live[-1]
            live.pop()
        else:
            live[place] = case, handle, RETURNS[at] if answer == "tidak" else str(int(at) + 1), visits
    return times


# The engine -----------------------------------------------------------------------------------------------------------


def setup(preload: int) -> None:
    from django.db import connection

    create_tables()
    with connection.cursor() as cursor:
        for statement in floor_schema(connection.vendor).split(";"):
            if statement.strip():
                cursor.execute(statement)
    make_body()
    if preload:
        open_cases(preload)
    say(ready=True)


def make_body() -> None:
    """The institution, its procedure without the forms of the domains, and a person for each position."""
    from dataclasses import replace

    from django.conf import settings

    from sopan.catalogue.models import ActorBinding
    from sopan.catalogue.operations import publish
    from sopan.core.load import load
    from sopan.core.model import Procedure
    from sopan.people.models import Appointment, Company, Institution, Position, User

    body = Institution.objects.create(code="bench", name="Balai", short_name="Balai")
    company = Company.objects.create(institution=body, name="PT Contoh")
    file = settings.PROCEDURES_DIR / "bspji-palembang" / f"{SLUG}.yaml"
    procedure = load(file.read_text(), file=file.name)
    assert isinstance(procedure, Procedure)
    plain = replace(procedure, slug=SLUG, steps=tuple(replace(step, work="") for step in procedure.steps))
    now = datetime.now(UTC)
    publish(plain, institution=body, now=now)
    for actor in plain.actors:
        customer = actor.kind == "customer"
        person = User.objects.create(
            email=f"{actor.id}@bench.example",
            name=actor.name,
            kind="customer" if customer else "staff",
            institution=body,
            company=company if customer else None,
            is_active=True,
        )
        if not customer:
            position = Position.objects.create(institution=body, code=actor.id, name=actor.name)
            ActorBinding.objects.get(slug=SLUG, actor=actor.id).positions.add(position)
            Appointment.objects.create(position=position, person=person, valid_from=now - timedelta(days=1))


# A case waits at the step place % 22; all steps before are done and told in the journal.
OPEN_CASES = (
    "INSERT INTO engine_case (institution_id, procedure_id, number, title, company_id, subject, status, state, tracking,"
    " opened_at, journal_length, journal_head) WITH RECURSIVE g(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM g WHERE"
    " n + 1 < {count}) SELECT {body}, {version}, 'ORD-' || n, 'Kalibrasi', {company}, 'PT Contoh', 'open',"
    ' CAST(\'{{"o": {{"\' || p.step || \'": [1, [], ""]}}, "v": {{"\' || p.step || \'": 1}}}}\' AS {json}), \'pre\' || n,'
    " %s, n % 22, '' FROM g JOIN bench_place p ON p.place = n % 22",
    "INSERT INTO engine_task (institution_id, case_id, binding_id, step, visit, actor, status, opened_at, due_at,"
    " completed_at, completed_name, completed_position, answer, reason, form_key, paused_minutes)"
    " SELECT {body}, c.id, p.queue, p.step, 1, p.actor, CASE WHEN p.place < c.journal_length THEN 'done' ELSE 'open' END,"
    " c.opened_at, c.opened_at, CASE WHEN p.place < c.journal_length THEN c.opened_at END, '', '', '', '', '', 0"
    " FROM engine_case c JOIN bench_place p ON p.place <= c.journal_length",
    "INSERT INTO engine_journalentry (institution_id, case_id, seq, at, code, data, name, position, letter, hash)"
    " SELECT {body}, c.id, p.place + 1, c.opened_at, 'completed', CAST('{payload}' AS {json}), 'Petugas', '', '', '0'"
    " FROM engine_case c JOIN bench_place p ON p.place < c.journal_length",
    "ANALYZE",
)


def open_cases(count: int) -> None:
    """``count`` open cases, each waiting at one of the steps, with a journal entry for each step before."""
    from django.db import connection

    from sopan.catalogue.models import ActorBinding, ProcedureVersion
    from sopan.people.models import Company, Institution

    version = ProcedureVersion.objects.get()
    actor = {step["id"]: step["actors"][0] for step in json.loads(version.content)["steps"]}
    queue = dict(ActorBinding.objects.values_list("actor", "pk"))
    values = {
        "count": count,
        "body": Institution.objects.get().pk,
        "version": version.pk,
        "company": Company.objects.get().pk,
        "json": "jsonb" if connection.vendor == "postgresql" else "text",
        "payload": PAYLOAD,
    }
    now = connection.ops.adapt_datetimefield_value(datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_place (place integer, step varchar(40), queue bigint, actor varchar(60))"
        )
        for place, step in enumerate(STEPS):
            cursor.execute(
                "INSERT INTO bench_place VALUES (%s, %s, %s, %s)", [place, step, queue[actor[step]], actor[step]]
            )
        for statement in OPEN_CASES:
            words = statement.format(**values)
            cursor.execute(words.replace("% 22", "%% 22") if "%s" in words else words, [now] if "%s" in words else None)


def engine(first: int, count: int) -> None:
    from sopan.catalogue.models import ProcedureVersion
    from sopan.engine import operations
    from sopan.people.models import Company, Institution, User

    body, company, version = Institution.objects.get(), Company.objects.get(), ProcedureVersion.objects.get()
    actor = {step["id"]: step["actors"][0] for step in json.loads(version.content)["steps"]}
    person = {user.email.split("@")[0]: user for user in User.objects.select_related("institution")}
    exits = {step["id"]: [way["answer"] for way in step["exits"]] for step in json.loads(version.content)["steps"]}

    def begin(case: int) -> int:
        started = operations.start(
            SLUG, institution=body, actor=person["pelanggan"], company=company, entry="visit", now=datetime.now(UTC)
        )
        return started.tasks.get().pk

    def step(task: int, at: str, answer: str) -> int | None:
        choice = answer if answer in exits[at] else exits[at][0]
        done = operations.complete(
            task,
            actor=person[actor[at]],
            answer=choice,
            reason="Perlu diperbaiki",
            form_key=f"{task}",
            now=datetime.now(UTC),
        )
        if not isinstance(done, operations.Done):
            raise RuntimeError(f"step {at}: {done}")
        return done.opened[0] if done.opened else None

    timed(first, count, begin, step)


# The floor ------------------------------------------------------------------------------------------------------------


def floor_schema(vendor: str) -> str:
    key = (
        "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        if vendor == "postgresql"
        else "integer PRIMARY KEY AUTOINCREMENT"
    )
    text, instant = ("jsonb", "timestamptz") if vendor == "postgresql" else ("text", "datetime")
    return f"""
    CREATE TABLE floor_case (id {key}, title varchar(200), status varchar(10), step smallint, data {text}, updated_at {instant});
    CREATE TABLE floor_task (id {key}, case_id bigint REFERENCES floor_case(id), step smallint, role varchar(32),
      status varchar(10), due_at {instant}, created_at {instant}, completed_at {instant}, completed_by integer, outcome varchar(10));
    CREATE INDEX floor_task_case ON floor_task(case_id);
    CREATE INDEX floor_task_open ON floor_task(role, due_at, id) WHERE completed_at IS NULL;
    CREATE TABLE floor_journal (id {key}, case_id bigint REFERENCES floor_case(id), task_id bigint REFERENCES floor_task(id),
      at {instant}, actor_id integer, action varchar(16), payload {text});
    CREATE INDEX floor_journal_case ON floor_journal(case_id)"""


UPDATE_TASK = (
    "UPDATE floor_task SET status='done', outcome=%s, completed_by=%s, completed_at=%s"
    " WHERE id=%s AND completed_at IS NULL RETURNING case_id"
)
UPDATE_CASE = "UPDATE floor_case SET step=%s, status=%s, updated_at=%s WHERE id=%s"
INSERT_TASK = (
    "INSERT INTO floor_task(case_id,step,role,status,due_at,created_at) VALUES(%s,%s,%s,'open',%s,%s) RETURNING id"
)
INSERT_JOURNAL = "INSERT INTO floor_journal(case_id,task_id,at,actor_id,action,payload) VALUES(%s,%s,%s,%s,%s,%s)"
INSERT_CASE = "INSERT INTO floor_case(title,status,step,data,updated_at) VALUES(%s,'open',1,%s,%s) RETURNING id"


def floor(first: int, count: int) -> None:
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        connection: Any = sqlite3.connect(database["NAME"], isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        floor_steps(
            first, count, lambda q, v: connection.execute(q.replace("%s", "?"), [text(x) for x in v]), "BEGIN IMMEDIATE"
        )
    else:
        import psycopg

        connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
        cursor = connection.cursor()
        floor_steps(first, count, cursor.execute, "BEGIN")


def text(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def floor_steps(first: int, count: int, execute: Callable[..., Any], begin_statement: str) -> None:
    def begin(case: int) -> tuple[int, int]:
        now = datetime.now(UTC)
        case_id = execute(INSERT_CASE, (f"Order {case}", "{}", now)).fetchone()[0]
        return execute(INSERT_TASK, (case_id, 1, "1", now, now)).fetchone()[0], case_id

    def step(handle: tuple[int, int], at: str, answer: str) -> tuple[int, int] | None:
        now = datetime.now(UTC)
        target = RETURNS[at] if answer == "tidak" else str(int(at) + 1)
        execute(begin_statement, ())
        case_id = execute(UPDATE_TASK, (answer, 7, now, handle[0])).fetchone()[0]
        ends = target == "23"
        execute(UPDATE_CASE, (int(target), "closed" if ends else "open", now, case_id))
        opened = None
        if not ends:
            values = (case_id, int(target), target, now + timedelta(minutes=30), now)
            opened = execute(INSERT_TASK, values).fetchone()[0], case_id
        execute(INSERT_JOURNAL, (case_id, handle[0], now, 7, answer, PAYLOAD))
        execute("COMMIT", ())
        return opened

    timed(first, count, begin, step)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "sopan.settings"
    django.setup()
    mode, number, amount = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    {"setup": lambda: setup(amount), "engine": lambda: engine(number, amount), "floor": lambda: floor(number, amount)}[
        mode
    ]()
