"""The interface for domain modules: what a step does beyond a form, and the registries it is found in.

A domain subclasses ``StepWork`` in its ``steps.py``, which its ``AppConfig.ready`` imports. A step of a procedure names
the work by its key; a step without a key is plain: a checklist, the fields of the file, attachments, an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from sopan.core.flow import Refusal
from sopan.core.registry import Registry

if TYPE_CHECKING:
    from .access import Acting
    from .models import Case, Task


@dataclass(frozen=True, slots=True)
class Planned:
    """An effect to be put into the outbox: run after the commit, by the worker, at least once."""

    key: str
    data: Mapping[str, Any] = field(default_factory=dict)
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Result:
    """What a work gives back. ``facts`` go to the journal; ``assign`` hands steps that open next to persons (by id)."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    effects: tuple[Planned, ...] = ()
    assign: Mapping[str, int] = field(default_factory=dict)
    number: str = ""  # new number and title of the case, where the work gives them
    title: str = ""
    subject: str = ""


class StepWork:
    """The work of a step. Subclass, set ``key``, override what differs, decorate with ``@step_works.register``."""

    key: ClassVar[str] = ""
    template: ClassVar[str] = "engine/steps/plain.html"  # the part of the action panel above the answers
    prepares: ClassVar[bool] = False  # has something slow to do before the transaction: see ``prepare``
    bulk: ClassVar[bool] = False  # may be completed for several cases at once, without typing anything

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.Form | None:
        """The form to fill in; ``data`` None for an unbound one. Drafts come as its initial values."""
        return None

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        """More for the template."""
        return {}

    def attachments(self, task: Task) -> Mapping[str, str]:
        """Inputs for files that are kept with the case as soon as they arrive, even if the step cannot be finished yet:
        name of the input -> what the file is for."""
        return {}

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        """Why the step cannot be finished by this person yet, shown before and checked again at the act."""
        return []

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        """Why the task cannot be taken by, or handed to, this person."""
        return None

    def prepare(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Any | Refusal:
        """Slow or outside work before the transaction begins, such as signing; what it gives is ``data["prepared"]``.
        Called if ``prepares`` is set, after access, separation and obstacles have been found good.

        Nothing is locked here: ``perform`` must check again whatever it relies on.
        """
        return None

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        """Do the work in the transaction that completes the task. No network, no PDF: those are effects."""
        return Result()

    def reopened(self, task: Task, *, now: datetime) -> None:
        """Called in the transaction in which the step opens (``task.visit`` counts how often)."""


class Works(Registry[StepWork]):
    def register(self, work: type[StepWork]) -> type[StepWork]:
        self.add(work.key, work())
        return work


# The effect of a plain step that comes to a customer by somebody else's act; its data are ``step`` and ``visit``.
TELL_CUSTOMER = "engine.tell_customer"
EffectHandler = Callable[..., None]
Decision = Callable[["Case", Mapping[str, Any]], str]

step_works = Works("step work")
effect_handlers: Registry[EffectHandler] = Registry("effect handler")
decisions: Registry[Decision] = Registry("named decision")
wordings: Registry[Callable[[Mapping[str, Any]], str]] = Registry("journal wording")
# What numbers a case that begins without one: registered(case, by=, now=) -> number, or "" where it has none for it.
registrations: Registry[Callable[..., str]] = Registry("registration of cases")
# Parts of the case page that a domain brings: panel(case, acting) -> (template, context) or None; ``label`` in the context
# names its tab.
case_panels: Registry[Callable[..., Any]] = Registry("case panel")


def handles(key: str) -> Callable[[EffectHandler], EffectHandler]:
    """Register an effect handler, called as ``handler(effect)`` outside of a transaction; it must be repeatable."""
    return lambda handler: effect_handlers.add(key, handler)


def words(code: str) -> Callable[[Callable[[Mapping[str, Any]], str]], Callable[[Mapping[str, Any]], str]]:
    """Register the wording of a journal code: ``wording(data) -> text`` in the language of the moment."""
    return lambda wording: wordings.add(code, wording)
