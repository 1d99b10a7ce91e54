"""Reads of the testing domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from sopan.engine.models import Case
from sopan.people.models import Institution

from .calculation import Decision, overall
from .models import (
    Assignment,
    Commodity,
    Correction,
    Determination,
    Parameter,
    Reading,
    Report,
    Request,
    Sample,
    Sampling,
    Worksheet,
)


def request_of(case: Case | int) -> Request | None:
    """The request of a case; in a case that only tests, that of its samples."""
    key = case if isinstance(case, int) else case.pk
    rows = Request.objects.select_related("commodity", "institution", "case__procedure", "company")
    return rows.filter(Q(case=key) | Q(samples__tested_in=key)).order_by("pk").first()


def assignment_of(case: Case | int) -> Assignment | None:
    """The letter of assignment of a case, proposed or issued, with its request."""
    key = case if isinstance(case, int) else case.pk
    return Assignment.objects.select_related("request").filter(request__case=key).first()


def sampling_of(case: Case | int) -> Sampling | None:
    """What happened at the warehouse, with its request."""
    key = case if isinstance(case, int) else case.pk
    return Sampling.objects.select_related("request").filter(request__case=key).first()


def samples_of(case: Case | int) -> list[Sample]:
    """The samples that are tested in a case."""
    key = case if isinstance(case, int) else case.pk
    return list(Sample.objects.filter(tested_in=key).select_related("request__commodity"))


def untested(institution: Institution | int) -> QuerySet[Sample]:
    """Samples that were received and that no case tests yet."""
    key = institution if isinstance(institution, int) else institution.pk
    rows = Sample.objects.filter(request__institution=key, tested_in=None, received_at__isnull=False)
    return rows.select_related("request__commodity").order_by("received_at", "pk")


def corrections_of(request: Request) -> list[Correction]:
    """What was corrected of what was booked in, the oldest first."""
    return list(Correction.objects.filter(request=request).select_related("sample"))


def parameters_of(commodity: Commodity) -> list[Parameter]:
    """What is determined of a commodity now."""
    return list(commodity.parameters.filter(active=True).select_related("commodity"))


def decision_of(request: Request) -> Decision:
    return Decision(request.decision_rule, request.guard_fraction or Decimal(0))


def worksheet_of(case: Case | int) -> Worksheet | None:
    key = case if isinstance(case, int) else case.pk
    return Worksheet.objects.filter(case=key).first()


def determinations_of(worksheet: Worksheet) -> list[Determination]:
    """All determinations of a worksheet, sample by sample, in the order of the parameters."""
    rows = Determination.objects.filter(worksheet=worksheet).select_related("sample", "parameter__commodity")
    return list(rows.order_by("sample__line", "sample", "parameter__place", "pk"))


def current_readings(worksheet: Worksheet) -> dict[tuple[int, int, int, str], Reading]:
    """(sample, parameter, repetition, name) -> the reading that counts."""
    rows = Reading.objects.filter(determination__worksheet=worksheet, current=True).select_related("determination")
    return {(r.determination.sample_id, r.determination.parameter_id, r.repetition, r.name): r for r in rows}


@dataclass(frozen=True, slots=True)
class Recap:
    """What was found of one sample, parameter by parameter (``outcome`` as frozen), with what was corrected."""

    sample: Sample
    rows: list[Determination]

    @property
    def corrections(self) -> list[Reading]:
        found = Reading.objects.filter(determination__in=self.rows, corrects__isnull=False)
        return list(found.select_related("corrects", "determination__parameter").order_by("at", "pk"))


def recap(worksheet: Worksheet) -> list[Recap]:
    """The recap of a worksheet: sample by sample."""
    return list(_by_sample(determinations_of(worksheet)))


def _by_sample(rows: list[Determination]) -> Iterator[Recap]:
    for key in dict.fromkeys(row.sample_id for row in rows):
        own = [row for row in rows if row.sample_id == key]
        yield Recap(own[0].sample, own)


def answer_of(worksheet: Worksheet) -> str:
    """The statement of conformity on all samples together; "" where none was made."""
    return overall(row.outcome for row in determinations_of(worksheet))


def paper_of(case: Case | int, kind: str) -> Report | None:
    key = case if isinstance(case, int) else case.pk
    return Report.objects.select_related("document", "case").filter(case=key, kind=kind).first()


def papers_of(case: Case | int) -> list[Report]:
    key = case if isinstance(case, int) else case.pk
    return list(Report.objects.select_related("document").filter(case=key).order_by("pk"))


def readings_asked(parameter: Parameter) -> list[dict[str, Any]]:
    """The quantities that the analyst reads for each repetition: name, label, unit."""
    if parameter.subcontracted_to or parameter.kind == Parameter.Kind.TEXT or not parameter.readings:
        return [{"name": "hasil", "label": parameter.name, "unit": parameter.unit}]
    return list(parameter.readings)


def repetitions_asked(parameter: Parameter) -> range:
    """How often it is repeated; what comes from another laboratory, or is told in words, is told once."""
    once = parameter.subcontracted_to or parameter.kind == Parameter.Kind.TEXT
    return range(1, 2 if once else parameter.repetitions + 1)
