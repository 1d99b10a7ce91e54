"""What must be done before a customer may download, asked of the domains: a survey, a payment.

A gate is ``gate(document, user) -> Refusal | None`` and is asked for customers alone.
"""

from __future__ import annotations

from collections.abc import Callable

from sopan.core.flow import Refusal
from sopan.core.registry import Registry
from sopan.people.models import User

from .models import IssuedDocument

Gate = Callable[[IssuedDocument, User], Refusal | None]
_gates: Registry[Gate] = Registry("download gate")


def register(gate: Gate) -> Gate:
    """Register a gate; a decorator. Raises ValueError if it is registered already."""
    return _gates.add(f"{gate.__module__}.{gate.__qualname__}", gate)


def closed(document: IssuedDocument, *, user: User) -> Refusal | None:
    """The first gate that says no."""
    answers = (gate(document, user) for gate in _gates.values())
    return next((answer for answer in answers if answer is not None), None)
