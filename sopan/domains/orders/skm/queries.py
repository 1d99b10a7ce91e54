"""Surveys of a period and a service, and their index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.people.models import Institution

from .. import rules
from ..models import Survey, SurveyPublication
from ..service import events
from ..service.periods import Period, before
from . import elements
from .index import Index, index, target

TREND = 8  # periods


@dataclass(frozen=True, slots=True)
class Found:
    """The index of a service in a period, and whether enough were asked. ``population``: who was asked at all."""

    period: Period
    index: Index | None
    population: int

    @property
    def target(self) -> int:
        return target(self.population)

    @property
    def enough(self) -> bool:
        return self.index is not None and self.index.respondents >= self.target


def services(institution: Institution) -> list[tuple[str, str]]:
    """The services whose procedure asks the survey: slug and name."""
    found: dict[str, str] = {}
    for version in ProcedureVersion.objects.filter(institution=institution).order_by("pk"):
        proc = procedure(version.pk)
        if any(step.work == "orders.survey" for step in proc.steps):
            found[version.slug] = proc.identity.name
    return sorted(found.items(), key=lambda pair: pair[1])


def surveys(institution: Institution, *, service: str, period: Period) -> Any:
    """The filled surveys of a service in a period, the latest first."""
    begin, end = period.bounds(institution.zone)
    found = Survey.objects.filter(order__institution=institution, at__gte=begin, at__lt=end)
    return found.filter(order__case__procedure__slug=service).order_by("-at", "-pk")


def found(institution: Institution, *, service: str, period: Period) -> Found:
    """The index of a service in a period."""
    answers = surveys(institution, service=service, period=period).values_list("answers", flat=True)
    codes = [question.code for question in elements.questions(institution)]
    return Found(period, index(answers, codes=codes), _population(institution, service, period))


def _population(institution: Institution, service: str, period: Period) -> int:
    """How many orders came to the survey in a period: those who were served and could be asked."""
    begin, end = period.bounds(institution.zone)
    cases: set[int] = set()
    for version in ProcedureVersion.objects.filter(institution=institution, slug=service):
        steps = [step.id for step in procedure(version.pk).steps if step.work == "orders.survey"]
        asked = Task.objects.filter(case__procedure=version, step__in=steps, opened_at__gte=begin, opened_at__lt=end)
        cases |= set(asked.values_list("case_id", flat=True))
    return len(cases)


def trend(institution: Institution, *, service: str, period: Period) -> list[Found]:
    """The periods of the same size up to this one, the oldest first."""
    return [found(institution, service=service, period=one) for one in before(period, TREND)]


def labelled(institution: Institution, result: Index) -> list[dict[str, Any]]:
    """The elements of an index with their words, for tables: label, sum, mean, weighted mean, converted value."""
    names = {question.code: question.label for question in elements.questions(institution)}
    return [
        {
            "code": element.code,
            "label": names[element.code],
            "total": element.total,
            "mean": rules.Decimal(element.mean.numerator) / element.mean.denominator,
            "weighted": rules.Decimal(element.mean.numerator) / element.mean.denominator / len(result.elements),
            "converted": element.converted,
        }
        for element in result.elements
    ]


def published(institution: Institution) -> Sequence[SurveyPublication]:
    """What was published, the latest period first."""
    return list(SurveyPublication.objects.filter(institution=institution).order_by("-period", "service"))


@transaction.atomic
def publish(
    institution: Institution, *, service: str, period: Period, acting: Acting, now: datetime
) -> SurveyPublication | Refusal:
    """Publish the index of a period that is over. Side effects: the publication, an event. Refused a second time."""
    result = found(institution, service=service, period=period)
    names = dict(services(institution))
    if result.index is None or service not in names:
        return Refusal("no-answers", _("Belum ada survei yang terisi pada periode ini."))
    if period.bounds(institution.zone)[1] > now:
        return Refusal("not-over", _("Periode ini belum berakhir, sehingga indeksnya belum dapat diterbitkan."))
    if SurveyPublication.objects.filter(institution=institution, service=service, period=period.key).exists():
        return Refusal("published", _("Indeks periode ini sudah diterbitkan."))
    with translation.override("id"):  # what was published stays as it was, whoever reads it
        words = labelled(institution, result.index)
    rows = [[row["code"], row["label"], row["total"], f"{row['mean']:.4f}", str(row["converted"])] for row in words]
    row = SurveyPublication.objects.create(
        institution=institution,
        service=service,
        service_name=names[service][:200],
        period=period.key,
        value=result.index.value,
        grade=result.index.grade,
        respondents=result.index.respondents,
        population=result.population,
        elements=rows,
        published_at=now,
        published_by_name=acting.name,
    )
    told = {"value": str(row.value), "grade": row.grade, "period": period.key}
    events.record(institution, f"skm:{service}", "skm_published", acting=acting, now=now, **told)
    return row
