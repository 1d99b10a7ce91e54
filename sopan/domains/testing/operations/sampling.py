"""Request, assignment, sampling, samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents import numbers
from sopan.domains.laboratory.queries import is_open
from sopan.domains.orders.models import Order
from sopan.domains.orders.money import policy
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.people.models import User

from .. import access, queries
from ..models import Assignment, Request, Sample, Sampling

ASSIGNMENT, REPORT, SAMPLE = "sampling-assignment", "sampling-report", "test-sample"  # keys of the number series
RULES = {Order.DecisionRule.NONE, Order.DecisionRule.SIMPLE, Order.DecisionRule.GUARD, Order.DecisionRule.FRACTION}


def record_request(case: Case, values: Mapping[str, Any], *, acting: Acting, now: datetime) -> Request | Refusal:
    """Record what a company asks for, in the caller's transaction; again corrects it while nothing was sampled.

    When it is paid is fixed here by the contract of the company or the setting of the body. Refusals: rule, fraction,
    uncertainty, sampled. Side effect: the request.
    """
    refusal = _unfit(case, values)
    if refusal is not None:
        return refusal
    terms = policy.terms(case.institution, case.company_id or 0, now=now)
    fields = {name: values[name] for name in REQUESTED if name in values}
    if values["decision_rule"] != Order.DecisionRule.FRACTION:
        fields["guard_fraction"] = None
    found, _made = Request.objects.update_or_create(
        case=case,
        defaults={
            **fields,
            "institution_id": case.institution_id,
            "company_id": case.company_id,
            "payment_policy": terms.policy,
            "payment_basis": terms.basis,
            "recorded_at": now,
            "recorded_by_name": acting.name,
        },
    )
    return found


REQUESTED = (
    *(
        "applicant",
        "address",
        "letter_number",
        "letter_date",
        "commodity",
        "warehouse",
        "lot",
        "quantity",
        "destination",
    ),
    *("language", "decision_rule", "guard_fraction"),
)


def _unfit(case: Case, values: Mapping[str, Any]) -> Refusal | None:
    rule, commodity = values["decision_rule"], values["commodity"]
    if rule not in RULES or commodity.institution_id != case.institution_id:
        return Refusal("rule", _("Pilih aturan keputusan dari daftar."), "decision_rule")
    if rule == Order.DecisionRule.FRACTION and not values.get("guard_fraction"):
        return Refusal("fraction", _("Isi bagian r untuk aturan ini."), "guard_fraction")
    if Sample.objects.filter(request__case=case).exists():
        return Refusal("sampled", _("Contohnya sudah diambil, sehingga permohonan tidak dapat diubah."))
    if rule not in (Order.DecisionRule.GUARD, Order.DecisionRule.FRACTION):
        return None
    limited = [one for one in queries.parameters_of(commodity) if one.lower is not None or one.upper is not None]
    without = [one.name for one in limited if one.expanded is None]
    if without:
        text = _("Aturan ini memerlukan ketidakpastian U, yang belum ada untuk: %(names)s.")
        return Refusal("uncertainty", text % {"names": ", ".join(without)}, "decision_rule")
    return None


def propose(request: Request, *, officer: User, planned_on: Any, acting: Acting) -> Assignment | Refusal:
    """Propose who takes the samples and when; changed until the letter is issued. Side effect: the assignment."""
    if getattr(request, "assignment", None) is not None and request.assignment.issued_at is not None:
        return Refusal("issued", _("SPT sudah terbit."))
    if planned_on < request.letter_date:
        return Refusal("planned", _("Tanggal pengambilan mendahului tanggal surat permohonan."), "planned_on")
    found, _made = Assignment.objects.update_or_create(
        request=request,
        defaults={
            "officer": officer,
            "officer_name": officer.full_name,
            "planned_on": planned_on,
            "proposed_by_name": acting.name,
        },
    )
    return found


def issue(request: Request, *, acting: Acting, now: datetime) -> Assignment | Refusal:
    """Issue the letter of assignment with its number, in the caller's transaction; one issued before is kept.

    Side effects: number, assignment.
    """
    found = Assignment.objects.filter(request=request).first()
    if found is None:
        return Refusal("not-proposed", _("Petugas pengambil contoh belum diusulkan."))
    if found.issued_at is None:
        told = f"SPT {request.letter_number}"
        given = numbers.allocate(ASSIGNMENT, institution=request.institution, now=now, used_for=told, by=acting.name)
        found.number, found.issued_at = given.text, now
        found.issued_by_name, found.issued_by_position = acting.name, acting.position
        found.save()
    return found


def may_sample(request: Request, *, person_id: int | None) -> Refusal | None:
    """Samples are taken by the officer whom the issued letter names."""
    found = Assignment.objects.filter(request=request).first()
    if found is None or found.issued_at is None:
        return Refusal("not-issued", _("SPT pengambilan contoh belum terbit."))
    if found.officer_id != person_id:
        text = _("SPT %(number)s menugaskan %(name)s.")
        return Refusal("other-officer", text % {"number": found.number, "name": found.officer_name})
    return None


def sample(
    request: Request, values: Mapping[str, Any], taken: Sequence[Mapping[str, str]], *, acting: Acting, now: datetime
) -> Sampling | Refusal:
    """Record what was done at the warehouse and which samples came of it, in the caller's transaction.

    ``taken``: lot, quantity, seal of each. Refusals: those of ``may_sample``; before-issue, future, ends-first, no-sample,
    seal. Side effects: sampling, samples.
    """
    refusal = may_sample(request, person_id=acting.person_id)
    if refusal is None:
        refusal = _unlikely(request, values, taken, now=now)
    if refusal is not None:
        return refusal
    names = ("place", "begun_at", "ended_at", "method", "lot_size", "increments", "conditions", "deviation", "witness")
    fields = {name: values[name] for name in names} | {"taken_by_id": acting.person_id, "taken_by_name": acting.name}
    found, _made = Sampling.objects.update_or_create(request=request, defaults=fields)
    Sample.objects.filter(request=request, received_at__isnull=True).delete()
    for line, one in enumerate(taken, start=1):
        Sample.objects.create(
            request=request,
            line=line,
            origin=Sample.Origin.US,
            lot=one["lot"],
            quantity=one["quantity"],
            seal=one["seal"],
        )
    return found


def _unlikely(
    request: Request, values: Mapping[str, Any], taken: Sequence[Mapping[str, str]], *, now: datetime
) -> Refusal | None:
    issued = request.assignment.issued_at
    if values["ended_at"] > now:
        return Refusal("future", _("Waktu selesai tidak mungkin di masa depan."), "ended_at")
    if values["ended_at"] < values["begun_at"]:
        return Refusal("ends-first", _("Waktu selesai mendahului waktu mulai."), "ended_at")
    if issued is not None and values["begun_at"] < issued:
        return Refusal("before-issue", _("Pengambilan contoh mendahului terbitnya SPT."), "begun_at")
    if not taken:
        return Refusal("no-sample", _("Isi sedikitnya satu contoh."), "lot_1")
    seals = [one["seal"].casefold() for one in taken]
    if len(set(seals)) < len(seals):
        return Refusal("seal", _("Setiap contoh bersegel sendiri."), "seal_1")
    return None


def report(request: Request, *, acting: Acting, now: datetime) -> Sampling | Refusal:
    """Give the report on the sampling (LPC) its number, in the caller's transaction; one given before is kept.

    Side effects: number, sampling.
    """
    found = Sampling.objects.filter(request=request).first()
    if found is None:
        return Refusal("not-sampled", _("Contoh belum diambil."))
    if found.taken_by_id != acting.person_id:
        return Refusal("other-officer", _("LPC dibuat oleh petugas yang mengambil contoh."))
    if not found.number:
        told = f"LPC {request.letter_number}"
        given = numbers.allocate(REPORT, institution=request.institution, now=now, used_for=told, by=acting.name)
        found.number, found.reported_at = given.text, now
        found.save()
    return found


def book_in(
    request: Request, conditions: Mapping[int, str], *, tested_in: Case | None, acting: Acting, now: datetime
) -> list[Sample] | Refusal:
    """Give the samples of a request their codes, with their condition as received, in the caller's transaction.

    ``tested_in``: the case that goes on to test them; None where another one will. Side effects: numbers, samples.
    """
    found = list(Sample.objects.filter(request=request, received_at__isnull=True).order_by("line"))
    for one in found:
        condition = conditions.get(one.pk, "").strip()
        if not condition:
            return Refusal("condition", _("Isi kondisi contoh saat diterima."), f"condition_{one.pk}")
        _receive(one, condition=condition, tested_in=tested_in, at=now, acting=acting, now=now)
    return list(Sample.objects.filter(request=request).order_by("line"))


def _receive(
    one: Sample, *, condition: str, tested_in: Case | None, at: datetime, acting: Acting, now: datetime
) -> None:
    given = numbers.allocate(
        SAMPLE, institution=one.request.institution, now=now, used_for=f"{one.request.letter_number}: {one.lot}",
        by=acting.name,
    )  # fmt: skip
    one.code, one.condition, one.tested_in = given.text, condition[:250], tested_in
    one.received_at, one.received_by_name = at, acting.name
    one.save()


def bring(
    case: Case, values: Mapping[str, Any], brought: Sequence[Mapping[str, str]], *, acting: Acting, now: datetime
) -> list[Sample] | Refusal:
    """Record the letter of a company that brought its samples, and book them into the case that tests them.

    ``values``: those of ``record_request``, and ``received_at``; ``brought``: lot, quantity, seal ("" = none), condition of
    each. Refusals: chosen, future, letter-date, no-sample, seal, those of ``record_request``. Side effects: request,
    samples, numbers, journal, which names the codes alone.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("institution", "procedure").get(pk=case.pk)
        if queries.samples_of(case) or not is_open(case, access.TESTS):
            return Refusal("chosen", _("Contoh yang diuji dalam kasus ini sudah ditetapkan."))
        if (refusal := _unreal(case, values, brought, now=now)) is not None:
            return refusal
        request = record_request(case, values, acting=acting, now=now)
        if isinstance(request, Refusal):
            return request
        for line, told in enumerate(brought, start=1):
            one = Sample(request=request, line=line, origin=Sample.Origin.CUSTOMER)
            one.lot, one.quantity, one.seal = told["lot"], told["quantity"], told["seal"]
            at, condition = values["received_at"], told["condition"]
            _receive(one, condition=condition, tested_in=case, at=at, acting=acting, now=now)
        found = queries.samples_of(case)
        data = {"samples": [one.code for one in found]}
        engine.note(case.pk, acting=acting, code="testing.brought", data=data, now=now)
    return found


def _unreal(
    case: Case, values: Mapping[str, Any], brought: Sequence[Mapping[str, str]], *, now: datetime
) -> Refusal | None:
    """What cannot have been so when the samples came."""
    at = values["received_at"]
    if at > now:
        return Refusal("future", _("Waktu penerimaan tidak mungkin di masa depan."), "received_at")
    if values["letter_date"] > case.institution.date_at(at):
        return Refusal("letter-date", _("Surat ini bertanggal sesudah contohnya diterima."), "letter_date")
    if not brought:
        return Refusal("no-sample", _("Isi sedikitnya satu contoh."), "lot_1")
    seals = [one["seal"].casefold() for one in brought]
    again = next((line for line, one in enumerate(seals) if one and one in seals[:line]), None)
    if again is not None:
        return Refusal("seal", _("Setiap contoh bersegel sendiri."), f"seal_{again + 1}")
    return None


def choose(case: Case, keys: Sequence[int], *, acting: Acting, now: datetime) -> list[Sample] | Refusal:
    """Take samples that were received before into a case that only tests. One request at a time.

    Refusals: none-chosen, taken, mixed. Side effects: samples, journal.
    """
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        found = list(queries.untested(case.institution_id).filter(pk__in=keys))
        if not keys or len(found) != len(set(keys)):
            return Refusal("taken", _("Pilih contoh yang belum diuji dalam kasus lain."))
        if len({one.request_id for one in found} | {one.request_id for one in queries.samples_of(case)}) > 1:
            return Refusal("mixed", _("Satu kasus menguji contoh dari satu permohonan."))
        Sample.objects.filter(pk__in=keys).update(tested_in=case)
        data = {"samples": [one.code for one in found]}
        engine.note(case.pk, acting=acting, code="testing.chosen", data=data, now=now)
    return found
