"""Results of a released report are corrected: measured or typed anew, verified and validated by the same rules as before.

The case may be over, so no step of it judges them. The change was asked for by one office and approved by another; when the
last of its results is approved, the amendment gets its number and is printed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.people.models import User

from .. import access
from ..models import Report, ReportChange, WorkOrder
from . import changes, judging

S = WorkOrder.State
VALIDATE = "laboratory.validate_results"
LEVELS = {S.SUBMITTED: 1, S.VERIFIED: 2}


def may_judge(work: WorkOrder, *, actor: User, now: datetime) -> Acting | None:
    """As whom a person judges the corrected results of a work order now, or None: the Penyelia of the laboratory first,
    then who validates in the procedure."""
    level = LEVELS.get(S(work.state))
    if level is None or access.correction_of(work) is None:
        return None
    if level == 1:
        return access.supervises(actor, work, now=now)
    return access.doing(actor, work.item.order.case, VALIDATE, now=now)


def judge(work: WorkOrder, *, accept: bool, reason: str = "", actor: User, now: datetime) -> WorkOrder | Refusal:
    """Accept the corrected results at their level, or give them back. The last acceptance makes the amendment.

    Refusals: not-found, own-results, own-verification, changed, no reason, and what the amendment would miss. Side
    effects: verifications, versions, work order, journal; the amendment with its number, outbox.
    """
    acting = may_judge(work, actor=actor, now=now)
    if acting is None:
        return Refusal("not-found", _("Pekerjaan ini tidak ada."))
    if (fault := engine.reason_fault(reason, required=not accept)) is not None:
        return fault
    level = LEVELS[S(work.state)]
    with transaction.atomic():
        change = access.correction_of(work)
        assert change is not None  # may_judge asked
        change = (
            ReportChange.objects.select_for_update(of=("self",)).select_related("report__order__case").get(pk=change.pk)
        )
        refusal = (
            judging.accept([work], level=level, acting=acting, now=now, reason=reason)
            if accept
            else judging.return_results([work], level=level, reason=reason, acting=acting, now=now)
        )
        data = {"sample": work.item.number, "parameter": work.parameter, "accepted": accept, "reason": reason}
        if refusal is None:
            code = "laboratory.correction_judged"
            engine.note(work.item.order.case_id, acting=acting, code=code, data=data | {"level": level}, now=now)
            refusal = _finish(change, acting=acting, now=now)
        if refusal is not None:
            transaction.set_rollback(True)
            return refusal
    work.refresh_from_db()
    return work


def _finish(change: ReportChange, *, acting: Acting, now: datetime) -> Refusal | None:
    """Make the amendment when all its results are approved; none where the report was revoked meanwhile."""
    left = change.works.exclude(state=S.APPROVED).exists()
    if left or change.amendment_id is not None or change.report.state != Report.State.RELEASED:
        return None
    refusal = changes.amend(change, acting=acting, now=now)
    if refusal is None:
        change.save()
    return refusal
