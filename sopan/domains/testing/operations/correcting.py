"""What was booked in is corrected: the old value is kept, with who changed it and why (ISO/IEC 17025:2017, 7.5.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents.models import IssuedDocument
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.people.models import User

from .. import access
from ..models import Correction, Report, Request, Sample

LETTER = ("applicant", "address", "letter_number", "letter_date", "warehouse", "lot", "quantity", "destination")
SAMPLE = ("lot", "quantity", "seal", "condition")
BROUGHT = (*SAMPLE, "received_at")  # when it came was typed, where the company brought it
UNSIGNED = (IssuedDocument.Status.DRAFT, IssuedDocument.Status.AWAITING)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was typed: fields of the letter, and of each sample by its key. ``seen``: the last correction on the page."""

    letter: Mapping[str, Any]
    samples: Mapping[int, Mapping[str, Any]]
    reason: str
    seen: int = 0


def correctable(one: Sample) -> tuple[str, ...]:
    """What was booked of a sample by hand."""
    return BROUGHT if one.origin == Sample.Origin.CUSTOMER else SAMPLE


def settled(request: Request) -> Refusal | None:
    """Why nothing of a request is corrected any more: its certificate is signed, or its results have left the case."""
    issued = Report.objects.filter(case__in=_cases(request), kind=Report.Kind.CERTIFICATE, document__isnull=False)
    if issued.exclude(document__status__in=UNSIGNED).exists():
        return Refusal("issued", _("Sertifikat Mutu sudah terbit, sehingga data contohnya tidak dapat diperbaiki."))
    if not Sample.objects.filter(request=request, received_at__isnull=False).exists():
        return Refusal("not-received", _("Belum ada contoh yang dibukukan."))
    testing = Case.objects.filter(tested_samples__request=request)
    given_up = Case.objects.filter(pk=request.case_id, status__in=(Case.Status.REJECTED, Case.Status.WITHDRAWN))
    if testing.exclude(status__in=(Case.Status.OPEN, Case.Status.HELD)).exists() or given_up.exists():
        return Refusal("over", _("Kasus ini sudah berakhir, sehingga data contohnya tidak dapat diperbaiki."))
    return None


def _cases(request: Request) -> list[Case]:
    """The case in which it was booked, and those that test it."""
    rows = Case.objects.filter(Q(pk=request.case_id) | Q(tested_samples__request=request))
    return list(rows.select_related("procedure", "institution").order_by("pk").distinct())


def correct(request_id: int, changed: Changed, *, actor: User, now: datetime) -> list[Correction] | Refusal:
    """Correct what was booked in. Papers that were printed of it must be printed, and signed, again.

    Refusals: not-found, those of ``settled``, no-reason, seen (somebody else corrected meanwhile), future, letter-date,
    seal (with the field), nothing. Side effects: request, samples, corrections, papers, a journal entry in each case.
    """
    rows = Request.objects.select_related("case__procedure", "institution")
    with transaction.atomic():
        # Cases before their request, as the steps lock them; no step goes on and no paper is signed meanwhile.
        keys = [one.pk for one in _cases(rows.get(pk=request_id))]
        list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        request = rows.select_for_update(of=("self",)).get(pk=request_id)
        may = access.corrector(actor, request, now=now)
        if not may:
            return Refusal("not-found", _("Permohonan ini tidak ada."))
        if (refusal := settled(request)) is not None:
            return refusal
        if (refusal := engine.reason_fault(changed.reason)) is not None:
            return refusal
        if changed.seen != last(request):
            return Refusal("seen", _("Orang lain memperbaiki data ini sementara Anda mengisi. Periksa isinya lagi."))
        held = {one.pk: one for one in request.samples.filter(received_at__isnull=False)}
        found = [
            *(_letter(request, changed.letter) if may.letter is not None else ()),
            *(_samples(request, held, changed.samples) if may.samples is not None else ()),
        ]
        if not found:
            return Refusal("nothing", _("Tidak ada yang berubah."))
        if (refusal := _unreal(request, list(held.values()), found, now=now)) is not None:
            return refusal
        acting = may.samples or may.letter
        assert acting is not None
        return _write(request, held.values(), found, changed.reason.strip(), actor, acting, now)


def printed(request: Request) -> bool:
    """Whether papers were printed of what was booked in."""
    return Report.objects.filter(case__in=_cases(request)).exclude(state=Report.State.STALE).exists()


def last(request: Request) -> int:
    """The key of the last correction of a request; 0 for none."""
    return Correction.objects.filter(request=request).order_by("pk").values_list("pk", flat=True).last() or 0


def _letter(request: Request, typed: Mapping[str, Any]) -> Iterator[Correction]:
    for name in LETTER:
        if name in typed and typed[name] != getattr(request, name):
            yield _changed(request, None, name, getattr(request, name), typed[name])
            setattr(request, name, typed[name])


def _samples(
    request: Request, held: Mapping[int, Sample], typed: Mapping[int, Mapping[str, Any]]
) -> Iterator[Correction]:
    for key, values in typed.items():
        one = held.get(key)
        for name in correctable(one) if one is not None else ():
            if name in values and _text(request, values[name]) != _text(request, getattr(one, name)):
                yield _changed(request, one, name, getattr(one, name), values[name])
                setattr(one, name, values[name])


def _changed(request: Request, sample: Sample | None, name: str, old: Any, new: Any) -> Correction:
    return Correction(
        request=request, sample=sample, what=name, old=_text(request, old)[:300], new=_text(request, new)[:300]
    )


def _text(request: Request, value: Any) -> str:
    """As it is kept: times by the clock of the body, to the minute."""
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(request.institution.zone)):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _unreal(request: Request, samples: list[Sample], found: list[Correction], *, now: datetime) -> Refusal | None:
    """What cannot have been so."""
    for one in samples:
        if one.received_at is not None and one.received_at > now:
            text = _("Waktu penerimaan tidak mungkin di masa depan.")
            return Refusal("future", text, f"received_at_{one.pk}")
        if one.received_at is not None and request.letter_date > request.institution.date_at(one.received_at):
            return Refusal("letter-date", _("Surat ini bertanggal sesudah contohnya diterima."), "letter_date")
    seals = Counter(one.seal.casefold() for one in samples if one.seal)
    twice = [one.sample for one in found if one.what == Correction.What.SEAL and seals[one.new.casefold()] > 1]
    if twice and twice[0] is not None:
        return Refusal("seal", _("Setiap contoh bersegel sendiri."), f"seal_{twice[0].pk}")
    return None


def _write(
    request: Request,
    samples: Iterable[Sample],
    found: list[Correction],
    reason: str,
    actor: User,
    acting: Acting,
    now: datetime,
) -> list[Correction]:
    request.save(update_fields=list(LETTER))
    for one in samples:
        one.save(update_fields=list(BROUGHT))
    for row in found:
        row.reason, row.at, row.person = reason, now, actor
        row.person_name, row.position = acting.name, acting.position
    Correction.objects.bulk_create(found)
    cases = _cases(request)
    Report.objects.filter(case__in=cases).update(state=Report.State.STALE)
    told = [
        {"sample": row.sample.code if row.sample is not None else "", "what": row.what, "old": row.old, "new": row.new}
        for row in found
    ]
    data = {"changes": told, "reason": reason, "names_customer": True}
    for case in cases:
        engine.note(case.pk, acting=acting, code="testing.corrected", data=data, now=now)
    return found
