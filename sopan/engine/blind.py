"""Working blind: in some procedures somebody does his part without being told whose case it is.

A domain says who (``rules``). Pages and lists ask here before they show a case, search one by the name of its customer,
or give a file away. It is asked of the appointments of the moment: whoever also holds a position that deals with the
customer is not blind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q

from sopan.core.registry import Registry
from sopan.people.models import User

from .models import Attachment, Case

# rule(user, now) -> slugs of the procedures in which this member of staff works blind at this moment
Rule = Callable[[User, datetime], Iterable[str]]
rules: Registry[Rule] = Registry("rule of working blind")


def slugs(user: User, *, now: datetime) -> frozenset[str]:
    """The procedures in which this person is not told whose case it is; none for customers."""
    if user.is_customer or not user.is_active:
        return frozenset()
    return frozenset(slug for rule in rules.values() for slug in rule(user, now))


def is_blind(user: User, case: Case, *, now: datetime) -> bool:
    return case.procedure.slug in slugs(user, now=now)


def masked(case: Case) -> Case:
    """The row as it is shown to who works blind: without its customer. Only to show: it must not be saved."""
    case.subject, case.company = "", None
    return case


def mask(cases: Iterable[Case], user: User, *, now: datetime) -> None:
    """Mask those of the cases in which this person works blind."""
    blind = slugs(user, now=now)
    for case in cases:
        if case.procedure.slug in blind:
            masked(case)


def matching(text: str, user: User, *, now: datetime, path: str = "") -> Q:
    """Cases whose number, title or customer holds ``text``; who works blind does not find them by the customer."""
    customer = Q(**{f"{path}subject__icontains": text})
    if blind := slugs(user, now=now):
        customer &= ~Q(**{f"{path}procedure__slug__in": blind})
    return Q(**{f"{path}number__icontains": text}) | Q(**{f"{path}title__icontains": text}) | customer


def gives_away(attachment: Attachment) -> bool:
    """Whether a file tells whose case it is: it came from the customer, or was made for him."""
    return attachment.customer_may_see or (attachment.person is not None and attachment.person.is_customer)
