"""Races on a real database. Run as a script, it makes its own database in the folder SOPAN_DATA and prints JSON."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from typing import Any

from benchmarks.tables import create_tables


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run ``act(0)`` … ``act(count - 1)`` in threads that start together; results in order, exceptions as text."""
    from django.db import connection

    barrier = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(index: int) -> None:
        try:
            barrier.wait()
            results[index] = act(index)
        except Exception as error:
            results[index] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def allocations(count: int) -> list[Any]:
    """The values that ``count`` people get who ask for a number at the same moment."""
    from django.db import transaction

    from sopan.documents import numbers
    from sopan.documents.models import NumberSeries
    from sopan.documents.tests.conftest import NOW, make_body

    body = make_body("antre")
    NumberSeries.objects.create(institution=body.institution, key="race", pattern="{seq}/{yyyy}")

    def one(index: int) -> int:
        with transaction.atomic():
            number = numbers.allocate("race", institution=body.institution, now=NOW, used_for=f"Pesanan {index}")
            return number.value

    return at_once(count, one)


def signatures(count: int) -> list[Any]:
    """What ``count`` windows are told that sign one document at the same moment."""
    from sopan.core.flow import Refusal
    from sopan.documents.models import IssuedDocument, Signature
    from sopan.documents.tests.conftest import make_body
    from sopan.documents.tests.test_operations import give_key, prepared, sign

    body = make_body("antre")
    give_key(body.head)
    document = prepared(body)

    def one(index: int) -> str:
        done = sign(IssuedDocument.objects.get(pk=document.pk), body.head)
        return done.code if isinstance(done, Refusal) else "signed"

    results = at_once(count, one)
    assert Signature.objects.count() == 1
    return results


RACES: dict[str, Callable[[], list[Any]]] = {
    "allocations": lambda: allocations(30),
    "signatures": lambda: signatures(6),
}


def main(name: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "sopan.settings"
    import django

    django.setup()
    create_tables()
    print(json.dumps(RACES[name]()))


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
