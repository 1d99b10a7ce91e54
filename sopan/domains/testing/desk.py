"""The signing desk of testing: Test Results that wait for who checked them, certificates for the head of the body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from sopan.core.flow import Refusal
from sopan.documents.desks import Paper, Signer, desks
from sopan.documents.models import IssuedDocument, Signature
from sopan.domains.laboratory.access import step_doing
from sopan.domains.laboratory.queries import signer, signs_by_rule
from sopan.engine import access as engine_access
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case, Task
from sopan.people.models import User

from . import access, queries
from .certificates.snapshot import SIGNS
from .models import Report
from .steps.base import YES

KEY = "testing"
K = Report.Kind
ANSWERS = {K.TEST_RESULT: YES, K.CERTIFICATE: ""}  # the way on from the step that signs
OFFICES = {K.TEST_RESULT: "testing.certificate", K.CERTIFICATE: "testing.submit_certificate"}  # who sees to the paper


class TestingDesk:
    """See ``documents.desks.Desk``."""

    def waiting(self, person: User, *, now: datetime) -> Sequence[Paper]:
        """What was printed and whose step is open and his, by case."""
        rows = _laid(person).select_related("document__institution", "case__procedure", "case__company")
        rows = rows.order_by("case", "pk")
        found = ((report, _acting(person, report, now=now)) for report in rows)
        return [_paper(report, acting) for report, acting in found if acting is not None]

    def count(self, person: User, *, now: datetime) -> int:
        """Also those that are not paid for yet, or on which he himself worked: he is told of it where he signs."""
        found = 0
        for kind, work in SIGNS.items():
            if versions := engine_access.versions_doing(person, work, now=now):
                laid = _laid(person).filter(kind=kind, case__procedure__in=versions)
                rows = laid.values_list("case", "case__procedure")
                mine = {case: pk for case, pk in rows if signs_by_rule(person, pk, work=work, now=now)}
                found += len(engine_access.may_do(person, mine, work, now=now))
        return found

    def signed(self, signed: Sequence[Paper], *, person: User, now: datetime) -> Refusal | None:
        """Finish the step of each: in a case only one paper waits at a time."""
        for one in signed:
            report = Report.objects.select_related("case__procedure").get(document=one.document)
            task = _task(report)
            if task is None:
                continue
            data = {"passphrase": "", "shown": ""}
            done = engine.complete(task.pk, actor=person, answer=ANSWERS[K(report.kind)], data=data, now=now)
            if isinstance(done, Refusal):
                return done
        return None

    def office(self, document: IssuedDocument, *, person: User, now: datetime) -> Acting | None:
        """Whoever takes the paper on prints it for a signature by hand and uploads the scan, while it says what holds."""
        report = _report(document)
        if report is None or report.state != Report.State.PRINTED:
            return None
        return access.doing(person, report.case, OFFICES[K(report.kind)], now=now)

    def signer(self, document: IssuedDocument, *, now: datetime) -> Signer | None:
        """The holder of the position that signs this kind of paper."""
        report = _report(document)
        found = signer(report.case, work=SIGNS[K(report.kind)], now=now) if report is not None else None
        return Signer(found.person_id, found.person.full_name, found.title) if found is not None else None


def _laid(person: User) -> QuerySet[Report]:
    """What was printed in the open cases of his body and waits for a signature."""
    return Report.objects.filter(
        state=Report.State.PRINTED,
        document__status=IssuedDocument.Status.AWAITING,
        case__status=Case.Status.OPEN,
        case__institution_id=person.institution_id,
    )


def _report(document: IssuedDocument) -> Report | None:
    return Report.objects.select_related("case__procedure").filter(document=document).first()


def _task(report: Report) -> Task | None:
    """The open task of the step that signs this kind of paper."""
    step = step_doing(report.case, SIGNS[K(report.kind)])
    rows = Task.objects.filter(case=report.case, status=Task.Status.OPEN)
    rows = rows.select_related("case__procedure", "case__institution", "binding")
    return rows.filter(step=step.id).first() if step is not None else None


def _acting(person: User, report: Report, *, now: datetime) -> Acting | None:
    """As whom this person signs, or None: the step is his, nothing stands against it, and he is who signs by rule."""
    task, kind = _task(report), K(report.kind)
    by_rule = signer(report.case, work=SIGNS[kind], now=now)
    if task is None or by_rule is None or by_rule.person_id != person.pk:
        return None
    acting = engine_access.acting_for(person, task, now=now)
    step = step_doing(report.case, SIGNS[kind])
    if acting is None or step is None or engine_access.separated(report.case_id, step, person_id=person.pk) is not None:
        return None
    return acting if not engine.work_of(step).obstacles(task, actor=acting, answer=ANSWERS[kind]) else None


def _paper(report: Report, acting: Acting) -> Paper:
    assert report.document is not None
    told = queries.request_of(report.case)
    summary = [report.snapshot["item"]["supplied"]["name"], report.snapshot["item"]["number"]]
    return Paper(
        document=report.document,
        case=report.case,
        desk=KEY,
        role=Signature.Role.SIGNS,
        title=acting.position,
        letter=acting.letter,
        owner=told.applicant if told is not None else "",
        summary=" · ".join(summary),
        pages=report.pages,
    )


desks.add(KEY, TestingDesk())
