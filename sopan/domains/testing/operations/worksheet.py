"""Readings, their corrections, and who checked them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.laboratory.numbers import parse_number, parse_span
from sopan.engine.access import Acting
from sopan.engine.models import Case

from .. import access, payment, queries
from ..calculation import Decision, mean, one_result, outcome_of, printed
from ..models import Check, Determination, Parameter, Reading, Report, Request, Sample, Worksheet

S = Worksheet.State
SHEET = ("tested_from", "tested_to", "place", "temperature", "humidity", "equipment", "deviation")
Key = tuple[int, int, int, str]  # sample, parameter, repetition, name


@dataclass(frozen=True, slots=True)
class Typed:
    """A worksheet as it was typed. ``external``: (sample, parameter) -> report of the laboratory that tested."""

    fields: Mapping[str, Any]
    readings: Mapping[Key, str]
    external: Mapping[tuple[int, int], str]
    reason: str = ""  # why readings that were handed in before are other ones now


def field_of(key: Key) -> str:
    """Name of the input of a reading."""
    return "r_{}_{}_{}_{}".format(*key)


def submit(case: Case, typed: Typed, *, acting: Acting, now: datetime) -> Worksheet | Refusal:
    """Hand in the results of all samples of a case, in the caller's transaction. What was typed is kept as typed; a
    reading that changes after it was handed in keeps the old one with the reason.

    Refusals: no-sample, unpaid ones of ``payment``, not-competent, dates, environment, reading, reason, incomputable,
    external (with the field). Side effects: worksheet, determinations, readings; a printed paper must be printed again.
    """
    request = queries.request_of(case)
    samples = queries.samples_of(case)
    if request is None or not samples:
        return Refusal("no-sample", _("Belum ada contoh yang diuji dalam kasus ini."))
    refusal = payment.refusal_at(request, "work")
    if refusal is None:
        refusal = _unfit(request, typed, acting=acting, now=now)
    if refusal is not None:
        return refusal
    sheet, _made = Worksheet.objects.select_for_update().get_or_create(case=case)
    if sheet.state == S.APPROVED:
        return Refusal("approved", _("Hasil uji ini sudah disetujui."))
    decision = queries.decision_of(request)
    for one in samples:
        for parameter in queries.parameters_of(request.commodity):
            found = _determine(sheet, one, parameter, typed, decision, acting=acting, now=now)
            if isinstance(found, Refusal):
                return found
    for name in SHEET:
        setattr(sheet, name, typed.fields.get(name) or (None if name.startswith("tested") else ""))
    sheet.state, sheet.version = S.SUBMITTED, sheet.version + 1
    sheet.submitted_at, sheet.submitted_by_id, sheet.submitted_by_name = now, acting.person_id, acting.name
    sheet.save()
    Report.objects.filter(case=case).update(state=Report.State.STALE)
    return sheet


def _unfit(request: Request, typed: Typed, *, acting: Acting, now: datetime) -> Refusal | None:
    """Whether the tests can have been done so: on these days, by this person, in this environment."""
    first, last, on = typed.fields.get("tested_from"), typed.fields.get("tested_to"), request.institution.date_at(now)
    if first is None or last is None or last < first or last > on:
        return Refusal("dates", _("Isi tanggal pengujian dari awal sampai akhir, paling akhir hari ini."), "tested_to")
    for day in (first, last):
        if (refusal := access.may_test(request.commodity, person_id=acting.person_id, on=day)) is not None:
            return refusal
    for name in ("temperature", "humidity"):
        if isinstance(wrong := parse_span(str(typed.fields.get(name) or "")), Refusal):
            return Refusal("environment", wrong.message, name)
    return None


def _determine(
    sheet: Worksheet, sample: Sample, parameter: Parameter, typed: Typed, decision: Decision, *, acting: Acting,
    now: datetime,
) -> Determination | Refusal:  # fmt: skip
    found, _made = Determination.objects.get_or_create(
        sample=sample, parameter=parameter, defaults={"worksheet": sheet}
    )
    report = typed.external.get((sample.pk, parameter.pk), "").strip()
    if parameter.subcontracted_to and not report:
        text = _("Isi nomor laporan %(name)s.") % {"name": parameter.subcontracted_to}
        return Refusal("external", text, f"external_{sample.pk}_{parameter.pk}")
    results: list[float] = []
    text = ""
    for repetition in queries.repetitions_asked(parameter):
        read = _read(found, repetition, typed, acting=acting, now=now)
        if isinstance(read, Refusal):
            return read
        if parameter.kind == Parameter.Kind.TEXT:
            text = next(iter(read.values())).text
            continue
        one = one_result(parameter, {name: reading.value or Decimal(0) for name, reading in read.items()})
        if isinstance(one, Refusal):
            first = field_of((sample.pk, parameter.pk, repetition, next(iter(read))))
            return Refusal(one.code, one.message, first)
        results.append(one)
    value = mean(results) if results else None
    if value is not None and abs(value) >= Decimal(10) ** 14:
        return Refusal("incomputable", _("%(name)s: hasilnya terlalu besar.") % {"name": parameter.name})
    found.value, found.external_report = value, report[:150]
    told = printed(parameter, value) if value is not None else text
    found.outcome = outcome_of(parameter, told, decision, repetitions=results)
    found.save()
    return found


def _read(
    found: Determination, repetition: int, typed: Typed, *, acting: Acting, now: datetime
) -> dict[str, Reading] | Refusal:
    """The readings of one repetition, kept; those that changed since they were handed in are corrected."""
    parameter = found.parameter
    held = {one.name: one for one in found.readings.filter(repetition=repetition, current=True)}
    kept: dict[str, Reading] = {}
    for asked in queries.readings_asked(parameter):
        key = (found.sample_id, parameter.pk, repetition, asked["name"])
        text = typed.readings.get(key, "").strip()
        value = None if parameter.kind == Parameter.Kind.TEXT and text else parse_number(text)
        if isinstance(value, Refusal):
            return Refusal("reading", f"{found}: {value.message}", field_of(key))
        before = held.get(asked["name"])
        if before is not None and before.text == text:
            kept[asked["name"]] = before
            continue
        if before is not None and not typed.reason.strip():
            return Refusal("reason", _("Tuliskan alasan mengubah bacaan yang sudah diserahkan."), "correction_reason")
        kept[asked["name"]] = _keep(
            found, repetition, asked["name"], text, value, before, typed, acting=acting, now=now
        )
    return kept


def _keep(
    found: Determination, repetition: int, name: str, text: str, value: Decimal | None, before: Reading | None,
    typed: Typed, *, acting: Acting, now: datetime,
) -> Reading:  # fmt: skip
    if before is not None:
        Reading.objects.filter(pk=before.pk).update(current=False)
    return Reading.objects.create(
        determination=found, repetition=repetition, name=name, text=text[:100], value=value, corrects=before,
        reason=typed.reason.strip()[:500] if before is not None else "", at=now, person_id=acting.person_id,
        person_name=acting.name,
    )  # fmt: skip


def accept(case: Case, *, acting: Acting, now: datetime) -> Worksheet | Refusal:
    """Accept the results, in the caller's transaction: by somebody who did not test. Side effects: worksheet, check."""
    sheet = Worksheet.objects.select_for_update().filter(case=case).first()
    if sheet is None or sheet.state not in (S.SUBMITTED, S.APPROVED):
        return Refusal("not-submitted", _("Hasil uji belum diserahkan."))
    if (refusal := access.may_check(sheet, person_id=acting.person_id)) is not None:
        return refusal
    if sheet.state == S.SUBMITTED:
        sheet.state = S.APPROVED
        sheet.save(update_fields=["state"])
        _say(sheet, Check.Decision.ACCEPTED, "", acting=acting, now=now)
    return sheet


def give_back(case: Case, *, reason: str, acting: Acting, now: datetime) -> Worksheet | Refusal:
    """Give the results back to who tests, in the caller's transaction. Side effects: worksheet, check, papers."""
    sheet = Worksheet.objects.select_for_update().filter(case=case).first()
    if sheet is None:
        return Refusal("not-submitted", _("Hasil uji belum diserahkan."))
    reopen(sheet)
    _say(sheet, Check.Decision.RETURNED, reason, acting=acting, now=now)
    return sheet


def reopen(sheet: Worksheet) -> None:
    """Let the analyst write again; what was printed of it must be printed again. Side effects: worksheet, papers."""
    sheet.state = S.RETURNED
    sheet.save(update_fields=["state"])
    Report.objects.filter(case=sheet.case_id).update(state=Report.State.STALE)


def _say(sheet: Worksheet, decision: str, reason: str, *, acting: Acting, now: datetime) -> None:
    Check.objects.create(
        worksheet=sheet, version=sheet.version, decision=decision, reason=reason, person_id=acting.person_id,
        name=acting.name, position=acting.position, at=now,
    )  # fmt: skip
