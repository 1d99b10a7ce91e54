"""Starting a case."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from sopan.catalogue.queries import procedure, version_in_force
from sopan.core import flow
from sopan.core.flow import Refusal
from sopan.people.models import Company, Institution, User

from .. import access
from ..models import Case
from ..stepwork import registrations
from .acts import (
    Act,
)


class NoEntry(ValueError):
    """A procedure has no such beginning."""


def start(
    slug: str,
    *,
    institution: Institution,
    actor: User | None,
    entry: str = "",
    company: Company | None = None,
    title: str = "",
    subject: str = "",
    number: str = "",
    start_key: str | None = None,
    assign: Mapping[str, int] | None = None,
    facts: Mapping[str, Any] | None = None,
    after: Case | None = None,
    acting: access.Acting | None = None,
    now: datetime,
) -> Case:
    """Start a case of the version in force at one of its entries; the same ``start_key`` again gives the same case.

    Without a ``number`` it takes that of whoever registers such cases (``stepwork.registrations``).
    ``after`` is the finished case that it goes on from; ``acting`` the position in which ``actor`` starts it. Whether he
    may is asked before (``starts``). Side effects: case, first tasks, journal entry "started". Raises DoesNotExist for a procedure that is not in force, NoEntry
    for a beginning that it has not; ``starts.started`` tells both as refusals.
    """
    if start_key and (before := Case.objects.filter(start_key=start_key).first()):
        return before
    version = version_in_force(slug, institution=institution, now=now)
    acting = acting or (access.as_person(actor, None) if actor else access.system_acting(institution.pk))
    command = flow.Start(entry)
    events = flow.decide(procedure(version.pk), flow.State(), command)
    if isinstance(events, Refusal):
        raise NoEntry(f"{slug} cannot start at {entry!r}: {events.code}")
    case = Case(
        institution=institution,
        procedure=version,
        number=number,
        title=title,
        company=company,
        subject=subject or (company.name if company else ""),
        tracking=secrets.token_urlsafe(16),
        start_key=start_key,
        after=after,
        opened_at=now,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            case.number = case.number or _number(case, by=acting.name, now=now)
            journal = Act(case, version, institution.calendar_revision, acting, now)
            journal.apply(command, events, code="started", data=dict(facts or {}), assign=assign or {})
            journal.write()
    except IntegrityError:
        if start_key and (before := Case.objects.filter(start_key=start_key).first()):
            return before  # two presses at once: the other one was first
        raise
    return case


def _number(case: Case, *, by: str, now: datetime) -> str:
    given = (register(case, by=by, now=now) for register in registrations.values())
    return next((number for number in given if number), "")
