"""Rows that stand for all tests of a module, so that a body is loaded once for them and not once for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from sopan.people.models import Institution, User


@dataclass
class Cast:
    """A body and its people by their first names: ``cast.yusuf``."""

    body: Institution
    people: Mapping[str, User] = field(repr=False)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def copy(self) -> Cast:
        """For one test: what it changes in these objects, no other test sees."""
        return Cast(*deepcopy((self.body, self.people)))


@contextmanager
def standing(blocker: Any) -> Iterator[None]:
    """What is written inside, before the ``yield`` of a fixture of the module, stands until its last test and is undone then.

    Each test undoes what it added itself. Objects in memory are not undone: hand a copy of them to each test. Not for tests with
    ``transaction=True``, which empty the tables.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
