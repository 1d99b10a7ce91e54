"""Working blind: in some procedures somebody does his part without being told whose case it is.

A domain says who (``rules``), until when, and whether he may be told all the same, with a record of it
(``operations.unblind``). Pages and lists ask here before they show a case, search one by the name of its customer, or give a
file away. It is asked of the appointments of the moment: whoever also holds a position that deals with the customer is not
blind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from sopan.core.registry import Registry
from sopan.people import reading
from sopan.people.models import User

from .models import Attachment, Case, Unblinding


@dataclass(frozen=True, slots=True)
class Blind:
    """A procedure in which somebody works blind. ``opens``: whether he may be told whose this case is, with a record of it
    (None: never). ``over``: keys of the cases in which it is over (None: it never is)."""

    slug: str
    opens: Callable[[Case], bool] | None = None
    over: QuerySet[Case, int] | None = None


# rule(user, now) -> where this member of staff works blind at this moment
Rule = Callable[[User, datetime], Iterable[Blind]]
rules: Registry[Rule] = Registry("rule of working blind")


def _held(user: User, *, now: datetime) -> dict[str, Blind]:
    """By procedure; where two rules speak of one, the one that never lets him know."""
    if not user.is_authenticated or user.is_customer or not user.is_active:
        return {}
    return reading.once(user, "blind", lambda: _asked(user, now), now=now)


def _asked(user: User, now: datetime) -> dict[str, Blind]:
    found = [one for rule in rules.values() for one in rule(user, now)]
    return {one.slug: one for one in sorted(found, key=lambda one: one.opens is None)}


def slugs(user: User, *, now: datetime) -> frozenset[str]:
    """The procedures in which this person may not be told whose case it is; none for customers."""
    return frozenset(_held(user, now=now))


def hidden(user: User, *, now: datetime, path: str = "") -> Q | None:
    """The cases of which this person is not told whose they are; None where there are none for him."""
    held = _held(user, now=now)
    always = [slug for slug, one in held.items() if one.opens is None and one.over is None]
    parts = [Q(**{f"{path}procedure__slug__in": always})] if always else []
    for one in held.values():
        if one.slug in always:
            continue
        part = Q(**{f"{path}procedure__slug": one.slug})
        if one.opens is not None:
            part &= ~Q(**{f"{path}pk__in": Unblinding.objects.filter(person=user).values("case")})
        if one.over is not None:
            part &= ~Q(**{f"{path}pk__in": one.over})
        parts.append(part)
    return None if not parts else _any(parts)


def _any(parts: Iterable[Q]) -> Q:
    found = Q()
    for part in parts:
        found |= part
    return found


def is_blind(user: User, case: Case, *, now: datetime) -> bool:
    """Whether this person is not told whose case it is."""
    one = _held(user, now=now).get(case.procedure.slug)
    if one is None:
        return False
    if one.opens is None and one.over is None:
        return True
    found = hidden(user, now=now)
    return found is not None and Case.objects.filter(found, pk=case.pk).exists()


def may_open(user: User, case: Case, *, now: datetime) -> bool:
    """Whether this person works blind in this case, and may be told whose it is with a record of it."""
    one = _held(user, now=now).get(case.procedure.slug)
    return one is not None and one.opens is not None and is_blind(user, case, now=now) and one.opens(case)


def masked(case: Case) -> Case:
    """The row as it is shown to who works blind: without its customer. Only to show: it must not be saved."""
    case.subject, case.company = "", None
    return case


def mask(cases: Iterable[Case], user: User, *, now: datetime) -> None:
    """Mask those of the cases in which this person works blind."""
    held = _held(user, now=now)
    rows = [case for case in cases if case.procedure.slug in held] if held else []
    found = hidden(user, now=now) if rows else None
    if found is None:
        return
    if all(held[case.procedure.slug].opens is None and held[case.procedure.slug].over is None for case in rows):
        unseen = {case.pk for case in rows}
    else:
        unseen = set(Case.objects.filter(found, pk__in={case.pk for case in rows}).values_list("pk", flat=True))
    for case in rows:
        if case.pk in unseen:
            masked(case)


def matching(text: str, user: User, *, now: datetime, path: str = "") -> Q:
    """Cases whose number, title or customer holds ``text``; who works blind does not find them by the customer."""
    found = Q(**{f"{path}sought__contains": text.lower()})
    if not text.isascii():  # SQLite has left such letters as they were written
        found |= Q(**{f"{path}sought__contains": text})
    if (unseen := hidden(user, now=now, path=path)) is None:
        return found
    named = Q(**{f"{path}number__icontains": text}) | Q(**{f"{path}title__icontains": text})
    return found & (~unseen | named)


def gives_away(attachment: Attachment) -> bool:
    """Whether a file tells whose case it is: it came from the customer, or was made for him."""
    return attachment.customer_may_see or (attachment.person is not None and attachment.person.is_customer)
