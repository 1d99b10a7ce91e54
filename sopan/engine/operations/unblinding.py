"""Somebody who works blind is told whose case it is: with a reason, and an entry in the journal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from .. import access, blind
from ..models import Case, Unblinding
from .acts import reason_fault
from .completing import note


def unblind(case_id: int, *, actor: User, reason: str, now: datetime) -> Unblinding | Refusal:
    """Let a person who works blind see whose case it is, from now on. Told before: that is the answer.

    Refusals: not-found (not his case, not blind, or never to be told), reason. Side effects: a row, a journal entry.
    """
    with transaction.atomic():
        if access.case_for(actor, case_id, now=now) is None:
            return Refusal("not-found", _("Kasus ini tidak ada."))
        case = Case.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=case_id)
        before = Unblinding.objects.filter(case=case, person=actor).first()
        if before is not None:
            return before
        acting = access.acting_on_case(actor, case, now=now)
        if acting is None or not blind.may_open(actor, case, now=now):
            return Refusal("not-found", _("Kasus ini tidak ada."))
        if (fault := reason_fault(reason)) is not None:
            return fault
        found = Unblinding.objects.create(
            case=case, person=actor, name=acting.name, position=acting.position, reason=reason.strip(), at=now
        )
        # The reason may name the customer, so who measures is not told it.
        data = {"reason": reason.strip(), "names_customer": True}
        note(case.pk, acting=acting, code="unblinded", data=data, now=now)
    return found
