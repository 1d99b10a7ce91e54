"""The signing desk of the laboratory: reports that wait for who authorises their results, and for who signs them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents.desks import Paper, Signer, desks
from sopan.documents.models import IssuedDocument, Signature
from sopan.engine import access as engine_access
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case, Task
from sopan.people.models import User

from . import access, queries
from .models import Report
from .operations import changes, reports
from .steps.base import YES

KEY = "laboratory"
VALIDATE = "laboratory.validate_results"
Role = Signature.Role


class ReportDesk:
    """See ``documents.desks.Desk``."""

    def waiting(self, person: User, *, now: datetime) -> Sequence[Paper]:
        """Reports that were laid before the signer and wait for this person, case by case."""
        rows = _laid(person).select_related(
            "document__institution",
            "item__order_item",
            "order__company",
            "order__case__procedure",
            "order__case__company",
        )
        found = list(rows.order_by("order__case", "item__order_item__line"))
        cases = {report.order.case_id: report.order.case for report in found}
        acting: dict[tuple[int, str, bool], Acting | None] = {}
        papers = []
        for report in found:
            assert report.document is not None
            key = (report.order.case_id, report.document.awaits, report.amends_id is not None)
            if key not in acting:
                acting[key] = _acting(person, cases[key[0]], role=key[1], amends=key[2], now=now)
            if (who := acting[key]) is not None and not _measured(report, person, role=key[1]):
                papers.append(_paper(report, who, role=key[1]))
        return papers

    def count(self, person: User, *, now: datetime) -> int:
        """By the same rules as ``waiting``."""
        found = 0
        if signs := engine_access.versions_doing(person, queries.SIGN, now=now):
            laid = _laid(person).filter(order__case__procedure__in=signs).exclude(document__in=_authorised_first())
            rows = laid.values_list("order__case", "order__case__procedure", "amends")
            mine = [row for row in rows if queries.signs_by_rule(person, row[1], now=now)]
            cases = {case: version for case, version, amends in mine if amends is None}
            open_to_him = engine_access.may_do(person, cases, queries.SIGN, now=now)
            found = sum(amends is not None or case in open_to_him for case, _version, amends in mine)
        if validates := engine_access.versions_doing(person, VALIDATE, now=now):
            rows = _laid(person).filter(order__case__procedure__in=validates, document__in=_authorised_first())
            measured = access.measured_works(person).filter(item=OuterRef("item"))
            found += rows.exclude(Exists(measured)).count()
        return found

    def signed(self, papers: Sequence[Paper], *, person: User, now: datetime) -> Refusal | None:
        """Finish the step of the case if these were its last reports; else tell in its journal what was signed."""
        amendments = _amendments(papers)
        for report in amendments:
            refusal = changes.put_in_place(report, acting=_as_told(papers[0], person), now=now)
            if refusal is not None:
                return refusal
        papers = [paper for paper in papers if paper.document.pk not in {one.document_id for one in amendments}]
        return self._signed(papers, person=person, now=now) if papers else None

    def _signed(self, papers: Sequence[Paper], *, person: User, now: datetime) -> Refusal | None:
        case = papers[0].case
        order = queries.order_of(case.pk)
        task = _task(case)
        if papers[0].role == Role.SIGNS and task is not None and reports.all_signed(order, person=person):
            shown = {report.pk: report.document.unsigned_sha256 for report in queries.reports(order) if report.document}
            data = {"passphrase": "", "shown": json.dumps(shown)}
            done = engine.complete(task.pk, actor=person, answer=YES, data=data, now=now)
            return done if isinstance(done, Refusal) else None
        acting = _as_told(papers[0], person)
        told = {"reports": [paper.document.number for paper in papers], "role": papers[0].role}
        with transaction.atomic():
            engine.note(case.pk, acting=acting, code="laboratory.signed_part", data=told, now=now)
        return None

    def office(self, document: IssuedDocument, *, person: User, now: datetime) -> Acting | None:
        """Whoever asks for the signature of the reports prints them and uploads the scans."""
        report = Report.objects.filter(document=document).select_related("order__case__procedure").first()
        return access.doing(person, report.order.case, reports.RENDER, now=now) if report is not None else None

    def signer(self, document: IssuedDocument, *, now: datetime) -> Signer | None:
        """The holder of the position that signs reports."""
        report = Report.objects.filter(document=document).select_related("order__case__procedure").first()
        found = queries.signer(report.order.case, now=now) if report is not None else None
        return Signer(found.person_id, found.person.full_name, found.title) if found is not None else None


def _laid(person: User) -> QuerySet[Report]:
    """The reports of his body that were laid before somebody: their case runs, or they amend a released one."""
    rows = Report.objects.filter(
        state=Report.State.REQUESTED,
        document__status=IssuedDocument.Status.AWAITING,
        order__institution_id=person.institution_id,
    )
    return rows.filter(Q(order__case__status=Case.Status.OPEN) | Q(amends__isnull=False))


def _authorised_first() -> QuerySet[IssuedDocument]:
    """What waits for who authorises its results: ``IssuedDocument.awaits`` as a query."""
    return IssuedDocument.objects.filter(status=IssuedDocument.Status.AWAITING, authorisation=True, authorised_at=None)


def _amendments(papers: Sequence[Paper]) -> list[Report]:
    """The reports among these that amend a released one and carry their last signature now."""
    rows = Report.objects.filter(document__in=[paper.document.pk for paper in papers], amends__isnull=False)
    rows = rows.filter(document__status=IssuedDocument.Status.SIGNED)
    return list(rows.select_related("document", "amends__document", "order"))


def _as_told(paper: Paper, person: User) -> Acting:
    return Acting(person.pk, person.full_name, paper.title, paper.letter, person.institution_id)


def _acting(person: User, case: Case, *, role: str, amends: bool, now: datetime) -> Acting | None:
    """As whom this person signs in this role, or None. What amends a released report waits for no step."""
    if role == Role.AUTHORISES:
        return access.doing(person, case, VALIDATE, now=now)
    task = _task(case)
    signer = queries.signer(case, now=now)
    if amends:
        return engine_access.as_person(person, signer) if signer is not None and signer.person_id == person.pk else None
    if task is None or signer is None or signer.person_id != person.pk:
        return None
    step = access.step_doing(case, queries.SIGN)
    if step is None or engine_access.separated(case.pk, step, person_id=person.pk) is not None:
        return None
    return engine_access.acting_for(person, task, now=now)


def _task(case: Case) -> Task | None:
    """The open task of the step that signs."""
    step = access.step_doing(case, queries.SIGN)
    tasks = Task.objects.filter(case=case, status=Task.Status.OPEN).select_related("case__procedure", "binding")
    return tasks.filter(step=step.id).first() if step is not None else None


def _measured(report: Report, person: User, *, role: str) -> bool:
    """Whether he would authorise what he measured himself."""
    if role != Role.AUTHORISES:
        return False
    return any(person.pk in access.measured_by(work) for work in report.item.work_orders.all())


def _paper(report: Report, acting: Acting, *, role: str) -> Paper:
    assert report.document is not None
    return Paper(
        document=report.document,
        case=report.order.case,
        desk=KEY,
        role=role,
        title=acting.position,
        letter=acting.letter,
        owner=report.order.company.name,
        summary=" · ".join(_summary(report)),
        pages=report.pages,
    )


def _summary(report: Report) -> Iterator[str]:
    """The instrument, and how many points were measured."""
    asked = report.item.order_item
    yield " ".join(part for part in (asked.name, asked.make, asked.type) if part)
    if asked.serial_number:
        yield _("nomor seri %(number)s") % {"number": asked.serial_number}
    points = sum(
        result.observations.count()
        for work in report.item.work_orders.all()
        for result in [queries.current_result(work)]
        if result is not None
    )
    if points:
        yield _("%(count)s titik ukur") % {"count": points}


desks.add(KEY, ReportDesk())
