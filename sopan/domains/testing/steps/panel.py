"""This domain's part of the case page, for staff."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.documents import desks
from sopan.domains.orders.queries import open_task
from sopan.engine import blind
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.engine.stepwork import case_panels
from sopan.people.models import User

from .. import access, payment, queries
from ..models import Report, Request
from ..operations import correcting

SEEN_BLIND = ("seal", "condition")  # of a sample, by who tests it without being told whose it is


def panel(case: Case, acting: Acting) -> tuple[str, dict[str, Any]] | None:
    """Request, assignment, sampling, samples, results, papers; None for customers and before there is a request, but for who receives."""
    request = None if acting.is_customer else queries.request_of(case)
    user = User.objects.filter(pk=acting.person_id).first()
    if user is None or acting.is_customer:
        return None
    if request is None:
        return _receiving(case, user)
    sheet, hidden = queries.worksheet_of(case), blind.is_blind(user, case, now=timezone.now())
    own = request.case_id == case.pk
    found = [] if hidden else queries.papers_of(case)
    return "testing/panel.html", {
        "label": _("Contoh dan hasil uji"),
        "request_": request,
        "hidden": hidden,
        "own": own,
        "assignment": queries.assignment_of(request.case_id),
        "sampling": queries.sampling_of(request.case_id),
        "samples": list(request.samples.all()) if own else queries.samples_of(case),
        "corrections": [one for one in queries.corrections_of(request) if not hidden or one.what in SEEN_BLIND],
        "may_correct": _corrects(request, user),
        "sheet": sheet,
        "recap": queries.recap(sheet) if sheet is not None else [],
        "checks": list(sheet.checks.all()) if sheet is not None else [],
        "papers": found,
        "inks": [one for one in found if _by_hand(one, user)],
        "levies": [] if hidden else payment.assessed(request),
    }


def _receiving(case: Case, user: User) -> tuple[str, dict[str, Any]] | None:
    """Before there are samples: the way to book in what a company brings, for who receives it."""
    if access.receiver(user, case, now=timezone.now()) is None or open_task(case, access.TESTS) is None:
        return None
    return "testing/receiving.html", {"label": _("Contoh dan hasil uji"), "case": case}


def _corrects(request: Request, user: User) -> bool:
    """Whether this person may correct now what was booked in."""
    return correcting.settled(request) is None and bool(access.corrector(user, request, now=timezone.now()))


def _by_hand(report: Report, user: User) -> bool:
    """Whether this person may print it for a signature by hand, and upload the scan."""
    document = report.document
    if document is None or not document.awaits or report.state != Report.State.PRINTED:
        return False
    return desks.office_for(user, document, now=timezone.now()) is not None


case_panels.add("testing", panel)
