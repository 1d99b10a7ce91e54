"""Two people complete the same task at the same instant, again and again: one effect each time, the other is told.

sopan bench races [--json] [--rounds N] [--url postgres://…]
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from typing import Any

from .apart import measured_apart, on_one


def race(rounds: int) -> dict[str, Any]:
    """Runs in its own process on an empty database that DATABASE_URL names."""
    from django.db import connection
    from django.db.models import Count

    from sopan.engine import operations
    from sopan.engine.models import JournalEntry, Task
    from sopan.people.models import Company, Institution, User

    from .engine_worker import SLUG, setup

    setup(0)
    body, company = Institution.objects.get(), Company.objects.get()
    first = User.objects.get(kind="customer")
    second = User.objects.create(
        email="second@bench.example", name="Kedua", kind="customer", institution=body, company=company, is_active=True
    )
    now = datetime.now(UTC)
    tasks = [
        operations.start(SLUG, institution=body, actor=first, company=company, entry="visit", now=now).tasks.get().pk
        for _ in range(rounds)
    ]
    together = threading.Barrier(2)
    answers: dict[str, list[Any]] = {"first": [], "second": []}

    def press(name: str, person: User) -> None:
        for task in tasks:
            together.wait()
            answers[name].append(operations.complete(task, actor=person, form_key=name, now=datetime.now(UTC)))
        connection.close()

    people = [threading.Thread(target=press, args=pair) for pair in (("first", first), ("second", second))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    pairs = list(zip(answers["first"], answers["second"], strict=True))
    accepted = [sum(isinstance(answer, operations.Done) for answer in pair) for pair in pairs]
    refused = [answer.code for pair in pairs for answer in pair if not isinstance(answer, operations.Done)]
    twice = JournalEntry.objects.filter(code="completed").values("case").annotate(n=Count("pk")).filter(n__gt=1).count()
    return {
        "database": connection.vendor,
        "rounds": rounds,
        "accepted_once": accepted.count(1),
        "accepted_twice": accepted.count(2),
        "accepted_never": accepted.count(0),
        "refusals": {code: refused.count(code) for code in set(refused)},
        "won_by_first": sum(isinstance(pair[0], operations.Done) for pair in pairs),
        "effects": Task.objects.filter(step="2", status="open").count(),
        "cases_with_two_entries": twice,
    }


def run(rounds: int, url: str = "") -> dict[str, Any]:
    """Run the race in a process of its own, on SQLite in a temporary folder unless a URL is given."""
    return measured_apart("races", rounds, url=url)


def main(arguments: list[str]) -> None:
    on_one("races", arguments, sizes={"rounds": 1_000}, measure=run)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(race(int(sys.argv[1]))))
