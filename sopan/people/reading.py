"""What a page asks again and again of its person is asked of the database once.

The list, the menu and each entry of it all ask which positions somebody holds. The middleware begins a reading for a request
that only reads; what changes something has none, so an act asks anew at its own moment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sopan.people.models import User

Found = TypeVar("Found")
LONGEST = timedelta(minutes=1)  # a page that takes longer asks again


@dataclass(slots=True)
class _Reading:
    since: datetime
    found: dict[Hashable, Any] = field(default_factory=dict)


def begin(person: User, *, now: datetime) -> None:
    """From now on what is asked of this object of the person is kept, until the request is over."""
    person._reading = _Reading(now)


def once(person: User, what: Hashable, ask: Callable[[], Found], *, now: datetime) -> Found:
    """What ``ask`` finds, kept under ``what`` for the request; asked each time outside of one, and for another moment.

    Who gets it must not change it.
    """
    reading: _Reading | None = getattr(person, "_reading", None)
    if reading is None or not reading.since <= now <= reading.since + LONGEST:
        return ask()
    if what not in reading.found:
        reading.found[what] = ask()
    found: Found = reading.found[what]
    return found
