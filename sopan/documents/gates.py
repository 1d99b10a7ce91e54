"""What stands before a document, asked of the domains.

A gate is ``gate(document, user) -> Refusal | None``: what a customer must do before he may download, a survey, a payment.
A rule of preview is ``rule(document, user, now) -> bool``: whether one of the staff may read it before it is released.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sopan.core.flow import Refusal
from sopan.core.registry import Registry
from sopan.people.models import User

from .models import IssuedDocument

Gate = Callable[[IssuedDocument, User], Refusal | None]
Preview = Callable[[IssuedDocument, User, datetime], bool]
_gates: Registry[Gate] = Registry("download gate")
_previews: Registry[Preview] = Registry("rule of preview")


def register(gate: Gate) -> Gate:
    """Register a gate; a decorator. Raises ValueError if it is registered already."""
    return _gates.add(f"{gate.__module__}.{gate.__qualname__}", gate)


def closed(document: IssuedDocument, *, user: User) -> Refusal | None:
    """The first gate that says no."""
    answers = (gate(document, user) for gate in _gates.values())
    return next((answer for answer in answers if answer is not None), None)


def preview(rule: Preview) -> Preview:
    """Register a rule of preview; a decorator. Raises ValueError if it is registered already."""
    return _previews.add(f"{rule.__module__}.{rule.__qualname__}", rule)


def may_preview(document: IssuedDocument, *, user: User, now: datetime) -> bool:
    """Whether no rule keeps this member of staff from a document that is not released yet."""
    return all(rule(document, user, now) for rule in _previews.values())
