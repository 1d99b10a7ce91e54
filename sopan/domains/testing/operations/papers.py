"""Test Result and Sertifikat Mutu: numbered, printed by the worker, signed, released at the hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sopan.core.flow import Refusal
from sopan.documents import numbers
from sopan.documents import operations as documents
from sopan.documents.models import IssuedDocument, Signature
from sopan.domains.laboratory.queries import is_open
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case, Effect
from sopan.engine.stepwork import Planned
from sopan.people.models import User

from .. import access, payment, queries
from ..certificates import rules, snapshot
from ..models import Handover, Report, Worksheet

K, S = Report.Kind, Report.State
PRINT = "testing.print"  # key of the effect
WORKS = {K.TEST_RESULT: "testing.test_result", K.CERTIFICATE: "testing.certificate"}  # the step that prints
SERIES = {K.TEST_RESULT: "test-result", K.CERTIFICATE: "quality-certificate"}
FAILED = ("fail", "conditionalFail")
FAILED_GOODS, WITHHELD = (
    "failed_goods",
    "no_certificate",
)  # setting: what becomes of goods that do not meet their standard


def unready(case: Case, kind: str, *, person_id: int | None) -> Refusal | None:
    """Why a paper cannot be printed by this person now, whatever it would say."""
    sheet = queries.worksheet_of(case)
    if sheet is None or sheet.state not in (Worksheet.State.SUBMITTED, Worksheet.State.APPROVED):
        return Refusal("not-submitted", _("Hasil uji belum diserahkan."))
    if kind == K.TEST_RESULT:
        return access.may_check(sheet, person_id=person_id)
    result = queries.paper_of(case, K.TEST_RESULT)
    if sheet.state != Worksheet.State.APPROVED or result is None or not is_signed(result):
        return Refusal("no-result", _("Test Result belum ditandatangani."))
    if queries.answer_of(sheet) in FAILED and case.institution.setting(FAILED_GOODS, WITHHELD) == WITHHELD:
        text = _("Hasil uji tidak memenuhi standarnya, sehingga Sertifikat Mutu tidak dapat diterbitkan.")
        return Refusal("not-conforming", text)
    return None


def is_signed(paper: Report) -> bool:
    """Whether the paper as it was printed last is signed."""
    document = paper.document
    good = (IssuedDocument.Status.SIGNED, IssuedDocument.Status.RELEASED)
    return paper.state == S.PRINTED and document is not None and document.status in good


def missing(case: Case, kind: str, *, acting: Acting, now: datetime) -> list[Refusal]:
    """What the paper would miss (ISO/IEC 17025:2017, 7.8)."""
    return rules.refusals(snapshot.take(case, kind, number="", authorises=_authorises(case, kind, acting, now=now)))


def _authorises(case: Case, kind: str, acting: Acting, *, now: datetime) -> Mapping[str, str]:
    if kind == K.CERTIFICATE:
        return snapshot.checked_by(case)
    day = case.institution.date_at(now)
    return {"name": acting.name, "position": acting.position, "on": day.isoformat()}


def plan_printing(case: Case, kind: str, *, actor: User, now: datetime) -> Report | Refusal:
    """Number a paper and ask the worker to print it; its number is kept when it is printed again.

    Refused unless the step that prints it is open and his, and while it would miss what it must hold. Side effects:
    number, paper, draft of the document, journal, outbox.
    """
    work = WORKS[K(kind)]
    acting = access.doing(actor, case, work, now=now)
    if acting is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    with transaction.atomic():
        rows = Case.objects.select_for_update(of=("self",)).select_related("procedure", "institution")
        case = rows.get(pk=case.pk)
        if case.status != Case.Status.OPEN or not is_open(case, work):
            return Refusal("not-open", _("Dokumen ini tidak dapat dicetak sekarang."))
        if (refusal := unready(case, kind, person_id=acting.person_id)) is not None:
            return refusal
        told = snapshot.take(case, kind, number="", authorises=_authorises(case, kind, acting, now=now))
        if lacks := rules.refusals(told):
            return lacks[0]
        paper = _numbered(case, kind, acting=acting, now=now)
        if paper.state == S.PRINTING and Effect.objects.filter(case=case, key=PRINT, status="waiting").exists():
            return paper
        document = _document(paper, told, now=now)
        paper.snapshot, paper.document = {**told, "number": paper.number}, document
        paper.state, paper.fault = S.PRINTING, ""
        paper.save()
        data = {"number": paper.number, "kind": paper.kind}
        effects = (Planned(PRINT, {"paper": paper.pk}),)
        engine.note(case.pk, acting=acting, code="testing.printing", data=data, effects=effects, now=now)
    return paper


def _numbered(case: Case, kind: str, *, acting: Acting, now: datetime) -> Report:
    found = queries.paper_of(case, kind)
    if found is not None:
        return found
    told = f"{K(kind).label} {case}"
    given = numbers.allocate(SERIES[K(kind)], institution=case.institution, now=now, used_for=told, by=acting.name)
    return Report.objects.create(case=case, kind=kind, number=given.text)


def _document(paper: Report, told: Mapping[str, Any], *, now: datetime) -> IssuedDocument:
    """The document to print into: a new version where the one before was signed already."""
    held = paper.document
    if held is not None and held.status in (IssuedDocument.Status.DRAFT, IssuedDocument.Status.AWAITING):
        return held
    given = told["item"]["supplied"]
    # Kept in Indonesian and translated where they are shown.
    facts = {gettext_noop("Komoditi"): given["name"], gettext_noop("Lot"): given["lot"]}
    facts[gettext_noop("Contoh")] = told["item"]["number"]
    return documents.draft(
        institution=paper.case.institution,
        case=paper.case,
        kind=paper.kind,
        number=paper.number,
        title=f"{K(paper.kind).label} {given['name']}",
        language="both" if len(told["languages"]) > 1 else told["languages"][0],
        version=held.version + 1 if held is not None else 1,
        facts={label: text for label, text in facts.items() if text},
        now=now,
    )


def sign(
    case: Case, kind: str, *, person: User, acting: Acting, passphrase: str, shown: str, now: datetime
) -> Report | Refusal:
    """Sign the bytes that were shown. Outside of a transaction. Signed by the same person before: that is the answer.

    Side effects: those of ``documents.sign_document``. Refusals: not-printed, changed, passphrase, and its own.
    """
    paper = queries.paper_of(case, kind)
    if paper is None or paper.document is None or paper.state != S.PRINTED:
        return Refusal("not-printed", _("Cetak dahulu dokumennya, lalu baca hasilnya."))
    if _signed_by(paper, person.pk):
        return paper
    if shown != paper.document.unsigned_sha256:
        return Refusal("changed", _("Dokumen berubah sejak Anda membacanya. Baca lagi."))
    if not passphrase:
        return Refusal("passphrase", _("Tuliskan passphrase sertifikat elektronik Anda."), "passphrase")
    done = documents.sign_document(
        paper.document, person=person, title=acting.position, letter=acting.letter, passphrase=passphrase,
        previewed_sha256=shown, now=now,
    )  # fmt: skip
    return done if isinstance(done, Refusal) else paper


def _signed_by(paper: Report, person_id: int | None) -> bool:
    done = Signature.objects.filter(document=paper.document, person=person_id)
    return is_signed(paper) and done.exists()


def signed(case: Case, kind: str, *, person_id: int | None) -> Report | Refusal:
    """The paper of a case, if this person has signed it as it is now."""
    paper = queries.paper_of(case, kind)
    if paper is None or not _signed_by(paper, person_id):
        return Refusal("not-signed", _("Dokumen ini belum Anda tanda tangani."))
    return paper


def hand_over(case: Case, *, receiver: str, acting: Acting, now: datetime) -> list[str] | Refusal:
    """Release the papers and record who received them, in the caller's transaction; their numbers.

    Refusals: unpaid ones of ``payment``, receiver, not-signed. Side effects: documents, hand-over.
    """
    request = queries.request_of(case)
    refusal = payment.refusal_at(request, "handover") if request is not None else None
    if refusal is not None:
        return refusal
    if not receiver.strip():
        return Refusal("receiver", _("Isi nama penerima."), "receiver")
    found = queries.papers_of(case)
    if {paper.kind for paper in found} != set(K.values) or not all(is_signed(paper) for paper in found):
        return Refusal("not-signed", _("Belum semua dokumen ditandatangani."))
    for paper in found:
        assert paper.document is not None
        if (refused := documents.release(paper.document, now=now)) is not None:
            return refused
    Handover.objects.create(case=case, receiver=receiver.strip()[:150], at=now, by_name=acting.name)
    return [paper.number for paper in found]
