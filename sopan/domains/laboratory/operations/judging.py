"""Results are judged twice, by people who did not measure them: first by the Penyelia, then by the Manajer Teknis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting

from .. import access
from ..models import ResultVersion, Verification, WorkOrder
from ..register_queries import doubts
from .results import return_work

S = WorkOrder.State
BEFORE = {1: S.SUBMITTED, 2: S.VERIFIED}
AFTER = {1: S.VERIFIED, 2: S.APPROVED}


def accept(
    works: Iterable[WorkOrder], *, level: int, acting: Acting, now: datetime, reason: str = ""
) -> Refusal | None:
    """Accept the current versions. Refused, to be undone by the caller, if one of them is not for this person, or if a
    standard behind it has become doubtful since and no ``reason`` tells why it may stand (7.10.1 c).

    Side effects: verifications, work orders; at level 2 the versions are approved.
    """
    for work in works:
        refusal = access.may_verify(work, person_id=acting.person_id, level=level)
        if refusal is not None:
            return refusal
        result = work.results.get(version=work.version)
        found = doubts(result)
        if found and not reason.strip():
            text = _("%(work)s: %(doubt)s Kembalikan hasilnya, atau tuliskan alasan mengapa hasil tetap berlaku.")
            return Refusal("standard-in-doubt", text % {"work": work, "doubt": found[0].message}, "reason")
        moved = WorkOrder.objects.filter(pk=work.pk, version=work.version, state=BEFORE[level])
        if not moved.update(state=AFTER[level], remark=""):
            text = _("Keadaan %(work)s sudah berubah. Muat ulang halaman ini.")
            return Refusal("changed", text % {"work": work})
        why = reason.strip() if found else ""
        _record(result, Verification.Decision.ACCEPTED, level=level, acting=acting, now=now, reason=why)
        if level == 2:
            work.results.filter(state=ResultVersion.State.APPROVED).update(state=ResultVersion.State.SUPERSEDED)
            ResultVersion.objects.filter(pk=result.pk).update(state=ResultVersion.State.APPROVED)
    return None


def return_results(
    works: Iterable[WorkOrder], *, level: int, reason: str, acting: Acting, now: datetime
) -> Refusal | None:
    """Give results back with a reason. Refused, to be undone by the caller, if one is not for this person to judge.

    Side effects: verifications, new versions, work orders.
    """
    for work in works:
        refusal = access.may_verify(work, person_id=acting.person_id, level=level)
        if refusal is not None:
            return refusal
        result = work.results.get(version=work.version)
        _record(result, Verification.Decision.RETURNED, level=level, acting=acting, now=now, reason=reason)
        return_work(work, reason=reason, now=now)
    return None


def judge_again(works: Iterable[WorkOrder], *, level: int) -> None:
    """Put accepted work back before a level, when the case itself was sent back to it. Side effects: work, versions."""
    states = {1: (S.VERIFIED, S.APPROVED), 2: (S.APPROVED,)}[level]
    for work in works:
        if work.state in states:
            WorkOrder.objects.filter(pk=work.pk).update(state=BEFORE[level])
            work.results.filter(version=work.version).update(state=ResultVersion.State.SUBMITTED)


def _record(
    result: ResultVersion, decision: str, *, level: int, acting: Acting, now: datetime, reason: str = ""
) -> None:
    Verification.objects.create(
        result=result,
        level=level,
        person_id=acting.person_id,
        name=acting.name,
        position=acting.position,
        decision=decision,
        reason=reason,
        at=now,
    )
