"""Two threads begin the same case at the same instant, again and again: a double press, and two workers at the border of a
period of the calendar. One case each time. And two windows of a customer who may have only so many waiting: not one more.

sopan bench start_races [--json] [--rounds N] [--url postgres://…]
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from .apart import measured_apart, on_one

MORE = 3  # cases that may wait beside those of the double presses


def race(rounds: int) -> dict[str, Any]:
    """Runs in its own process on an empty database that DATABASE_URL names."""
    from django.db import connection

    from sopan.catalogue.models import CatalogueEntry, StartRule
    from sopan.core.recurrence import Every, occurrences
    from sopan.engine import starts
    from sopan.engine.models import CalendarMark, Case
    from sopan.people.calendars import calendar_of
    from sopan.people.models import Institution, User

    from .engine_worker import SLUG, setup

    setup(0)
    body, person = Institution.objects.get(), User.objects.get(kind="customer")
    entry = CatalogueEntry.objects.create(institution=body, slug=SLUG, name="Kalibrasi")
    StartRule.objects.create(entry=entry, by="customer", at="visit")
    daily = StartRule.objects.create(entry=entry, by="calendar", every="working_day", at="visit")
    now = datetime.now(UTC)
    body.settings = {**body.settings, "open_applications": rounds + MORE}
    body.save(update_fields=["settings"])

    def press(number: int) -> Any:
        return starts.begin(person, SLUG, at="visit", title="Sama", form_key=f"key-{number}", now=now)

    _together(press, rounds)
    pressed = Case.objects.count()

    def window(number: int) -> Any:
        return starts.begin(
            person, SLUG, at="visit", title="Lain", form_key=f"{threading.get_ident()}-{number}", now=now
        )

    _together(window, rounds)
    filled = Case.objects.count()
    first = now.date() + timedelta(days=2)
    days = occurrences(Every.WORKING_DAY, calendar_of(body), first, first + timedelta(days=2 * rounds + 60))
    CalendarMark.objects.create(rule=daily, upto=days[0].at)

    def tick(number: int) -> Any:
        return starts.follow(StartRule.objects.select_related("entry__institution").get(), now=days[number + 1].at)

    StartRule.objects.filter(by="customer").delete()
    _together(tick, rounds)
    return {
        "database": connection.vendor,
        "rounds": rounds,
        "pressed": pressed,
        "more_than_may_wait": filled - (rounds + MORE),
        "begun_by_calendar": Case.objects.count() - filled,
        "missed": CalendarMark.objects.get().missed,
    }


def _together(act: Callable[[int], Any], rounds: int) -> None:
    """Two threads do each round at once; what one of them raises is raised here."""
    from django.db import connection

    barrier, faults = threading.Barrier(2), []

    def work() -> None:
        try:
            for number in range(rounds):
                barrier.wait()
                act(number)
        except Exception as fault:
            faults.append(fault)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def run(rounds: int, url: str = "") -> dict[str, Any]:
    """Run the races in a process of its own, on SQLite in a temporary folder unless a URL is given."""
    return measured_apart("start_races", "race", rounds, url=url)


def main(arguments: list[str]) -> None:
    on_one("start_races", arguments, sizes={"rounds": 200}, measure=run)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(race(int(sys.argv[2]))))
