"""Reports get a number, are printed by the worker, signed, checked and released. A new printing is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sopan.core.flow import Refusal
from sopan.documents import numbers, verification
from sopan.documents import operations as documents
from sopan.documents.models import IssuedDocument, Signature
from sopan.documents.signing import SignatureReport
from sopan.domains.orders.models import Order
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case, Effect
from sopan.engine.stepwork import Planned
from sopan.people.models import User

from .. import access, queries
from ..certificates import rules
from ..certificates import snapshot as snapshots
from ..models import CustodyEvent, Item, Report, Verification, WorkOrder
from .items import log

REPORT = "report"  # key of the number series
KIND = "calibration_report"
RENDER = "laboratory.render_report"  # key of the effect, and of the work of the step
R = Report.State


def unapproved(order: Order) -> list[WorkOrder]:
    """The work on this order that stands in the way of a report."""
    return [work for work in queries.work_orders(order) if work.state != WorkOrder.State.APPROVED]


def incomplete(order: Order) -> list[Refusal]:
    """What the reports of this order would miss (ISO/IEC 17025:2017, 7.8); asked once all results are approved."""
    found: list[Refusal] = []
    for item in queries.items(order):
        if item.has_come:
            found += rules.refusals(snapshots.of_item(item, order=order), numbered=False, about=item.number)
    return found


def number(order: Order, *, acting: Acting, now: datetime) -> list[Report] | Refusal:
    """Give every instrument that came its report number, in the caller's transaction; numbers given before are kept.

    Refused while results are not approved, and while a report would miss what it must hold. Side effects: numbers,
    reports.
    """
    come = [item for item in queries.items(order) if item.has_come]
    if not come or unapproved(order):
        return Refusal("not-approved", _("Belum semua hasil disetujui."))
    missing = incomplete(order)
    if missing:
        return missing[0]
    numbered = set(queries.reports(order).values_list("item_id", flat=True))
    for item in come:
        if item.pk not in numbered:
            used_for = f"E-LHU {order.reference}: {item.number}"
            given = numbers.allocate(REPORT, institution=order.institution, now=now, used_for=used_for, by=acting.name)
            Report.objects.create(order=order, item=item, number=given.text, created_at=now)
    return list(queries.reports(order))


def begin_again(order: Order, *, now: datetime) -> None:
    """Let the reports be printed anew. A signed one stays as it is and is replaced by a new version, which has no
    document yet; the number stays. Side effects: reports."""
    for report in queries.reports(order):
        signed = report.document is not None and report.document.status != IssuedDocument.Status.AWAITING
        if signed and report.document.status != IssuedDocument.Status.DRAFT:
            Report.objects.filter(pk=report.pk).update(state=R.REPLACED)
            Report.objects.create(
                order=order, item=report.item, number=report.number, version=report.version + 1, created_at=now
            )
        else:
            Report.objects.filter(pk=report.pk).update(state=R.NUMBERED)


def plan_printing(order: Order, *, actor: User, now: datetime) -> int | Refusal:
    """Ask the worker to print the reports; how many. Pressed again while it prints, nothing happens.

    Refused unless the step that prints is open and his. Side effects: drafts of documents, reports, journal, outbox.
    """
    case = order.case
    acting = access.doing(actor, case, RENDER, now=now)
    if acting is None:
        return Refusal("not-found", _("Order ini tidak ada."))
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=case.pk)
        if locked.status != Case.Status.OPEN or not queries.is_open(locked, RENDER):
            return Refusal("not-open", _("Laporan order ini tidak dapat dicetak sekarang."))
        found = list(queries.reports(order))
        if _is_printing(locked):
            return 0
        taken = {report.pk: snapshots.take(report) for report in found}
        missing = [refusal for told in taken.values() for refusal in rules.refusals(told)]
        if missing:
            return missing[0]
        for report in found:
            document = report.document or draft_of(order, report, snapshot=taken[report.pk], now=now)
            keep_snapshot(report, taken[report.pk], document=document)
        data = {"reports": [report.number for report in found]}
        effects = (Planned(RENDER, {"order": order.pk}),)
        engine.note(case.pk, acting=acting, code="laboratory.printing", data=data, effects=effects, now=now)
    return len(found)


def keep_snapshot(report: Report, snapshot: snapshots.Snapshot, *, document: IssuedDocument) -> None:
    """Keep what the report says from now on, to be printed by the worker."""
    sha256 = snapshots.fingerprint(snapshot)
    Report.objects.filter(pk=report.pk).update(
        state=R.RENDERING, document=document, fault="", snapshot=snapshot, snapshot_sha256=sha256
    )


def _is_printing(case: Case) -> bool:
    return Effect.objects.filter(case=case, key=RENDER, status=Effect.Status.WAITING).exists()


def draft_of(order: Order, report: Report, *, snapshot: snapshots.Snapshot, now: datetime) -> IssuedDocument:
    """The document of a report, still to be printed."""
    told = snapshot["item"]["supplied"]
    made = " ".join(part for part in (told["make"], told["type"]) if part)
    # Kept in Indonesian and translated where they are shown.
    facts = {gettext_noop("Alat"): told["name"], gettext_noop("Merek, tipe"): made}
    facts[gettext_noop("Nomor seri")] = told["serial"]
    return documents.draft(
        institution=order.institution,
        case=order.case,
        kind=KIND,
        number=report.number,
        title=f"E-LHU {told['name']}",
        language=order.language,
        version=report.version,
        facts={label: text for label, text in facts.items() if text},
        authorisation=order.institution.setting("report_authorisation") == "signature",
        now=now,
    )


def request_signature(order: Order) -> Refusal | None:
    """Lay all printed reports before the signer, in the caller's transaction. Who approved the results is kept as who
    authorised the report, unless he has to sign it himself. Side effects: reports, signatures of authorisation."""
    found = list(queries.reports(order))
    if not found or any(report.state != R.RENDERED for report in found):
        return Refusal("not-rendered", _("Belum semua laporan tercetak."))
    for report in found:
        keep_authorisation(report)
    Report.objects.filter(pk__in=[report.pk for report in found]).update(state=R.REQUESTED)
    return None


def keep_authorisation(report: Report) -> None:
    """Keep who approved the results as who authorised the report. Side effect: a signature by record."""
    accepted = Verification.objects.filter(
        result__work_order__item=report.item, level=2, decision=Verification.Decision.ACCEPTED
    )
    last = accepted.select_related("person").order_by("-at", "-pk").first()
    if last is not None and report.document is not None and not report.document.authorisation:
        documents.record_authorisation(
            report.document, person=last.person, name=last.name, position=last.position, at=last.at
        )


def sign_all(
    order: Order, *, person: User, acting: Acting, passphrase: str, shown: Mapping[int, str], now: datetime
) -> list[str] | Refusal:
    """Sign every report whose shown bytes are still the ones to be signed. Outside of a transaction.

    ``shown`` tells by report the hash that the person was shown. One that he has signed before is left alone, so that
    after a failure in the middle the same press goes on. Side effects: files, documents, signatures. Refusals are
    those of ``documents.sign_document``; a wrong passphrase is told at its field.
    """
    done: list[str] = []
    for report in queries.reports(order):
        document = report.document
        if document is None:
            return Refusal("not-rendered", _("Belum semua laporan tercetak."))
        if shown.get(report.pk) != document.unsigned_sha256:
            return Refusal(
                "changed", _("Laporan %(number)s berubah sejak Anda membacanya. Baca lagi.") % {"number": report}
            )
        if not _signed_by(document, person):
            signature = documents.sign_document(
                document,
                person=person,
                title=acting.position,
                letter=acting.letter,
                passphrase=passphrase,
                previewed_sha256=document.unsigned_sha256,
                now=now,
            )
            if isinstance(signature, Refusal):
                return signature
        done.append(report.number)
    return done


def all_signed(order: Order, *, person: User) -> bool:
    """Whether this person has signed every report as it is now: from the list of what waits for him."""
    found = [report.document for report in queries.reports(order)]
    return bool(found) and all(document is not None and _signed_by(document, person) for document in found)


def _signed_by(document: IssuedDocument, person: User) -> bool:
    done = Signature.objects.filter(document=document, person=person, document_sha256=document.unsigned_sha256)
    return document.status == IssuedDocument.Status.SIGNED and done.exists()


def keep_signed(order: Order, *, person_id: int | None) -> Refusal | None:
    """Record that all reports are signed by this person, in the transaction of the step. Side effects: reports."""
    found = list(queries.reports(order))
    for report in found:
        if report.document is None or report.document.status != IssuedDocument.Status.SIGNED:
            return Refusal("not-signed", _("Laporan %(number)s belum ditandatangani.") % {"number": report})
        if not report.document.signatures.filter(person=person_id).exists():
            return Refusal("other-signer", _("Laporan %(number)s ditandatangani orang lain.") % {"number": report})
    Report.objects.filter(pk__in=[report.pk for report in found]).update(state=R.SIGNED)
    return None


def judged(order: Order) -> dict[int, SignatureReport]:
    """The signature of each report, judged on the stored bytes by the trust roots. Not in a transaction: it reads files."""
    found = queries.reports(order).filter(document__status__in=("signed", "released"))
    return {report.pk: verification.judged(report.document) for report in found if report.document is not None}


def release(order: Order, *, acting: Acting, now: datetime) -> list[str] | Refusal:
    """Let the customer have the reports, and have the instruments fetched, in the caller's transaction.

    Side effects: documents, reports, items, custody events.
    """
    found = list(queries.reports(order))
    for report in found:
        if report.document is None or report.state != R.SIGNED:
            return Refusal("not-signed", _("Laporan %(number)s belum ditandatangani.") % {"number": report})
        refusal = documents.release(report.document, now=now)
        if refusal is not None:
            return refusal
        Report.objects.filter(pk=report.pk).update(state=R.RELEASED)
        if Item.objects.filter(pk=report.item_id, state=Item.State.IN_LABORATORY).update(
            state=Item.State.READY_TO_RETURN
        ):
            log(report.item, CustodyEvent.What.READY, acting=acting, now=now)
    return [report.number for report in found]
