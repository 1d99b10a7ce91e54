"""Who reads a report before it is released: who has a part in it. Its results are nobody else's business yet."""

from __future__ import annotations

from datetime import datetime

from sopan.documents import gates
from sopan.documents.models import IssuedDocument
from sopan.people.models import User

from . import access, queries
from .models import Report
from .operations.reports import RENDER

HANDLING = (RENDER, queries.SIGN, *access.APPROVING)  # who prints, signs, validates and numbers


@gates.preview
def of_report(document: IssuedDocument, user: User, now: datetime) -> bool:
    """Whether a member of staff may read it; documents that are no reports are not asked here."""
    report = Report.objects.filter(document=document).select_related("order__case__procedure").first()
    return report is None or may_read(report, user, now=now)


def may_read(report: Report, user: User, *, now: datetime) -> bool:
    """Who handles reports of the case, and who supervises work on the instrument."""
    if report.state == Report.State.RELEASED:
        return True
    case = report.order.case
    if any(access.doing(user, case, work, now=now) is not None for work in HANDLING):
        return True
    works = report.item.work_orders.select_related("laboratory")
    return any(access.supervises(user, work, now=now) is not None for work in works)
