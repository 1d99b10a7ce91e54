"""Who may do what with samples, worksheets and papers. None means "not found" to whoever asks.

Independence is asked of persons, not of positions: who tested does not check, and who tested or checked does not sign the
certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.domains.laboratory.access import holding, positions_of, step_doing
from sopan.engine import blind
from sopan.engine.access import Acting, case_for, serving
from sopan.engine.models import Case
from sopan.people.models import User

from .models import Check, Commodity, Competence, Parameter, Reading, Request, Worksheet

KEEPS = "testing.test_result"  # who answers for the results keeps the register
TESTS, SUMS_UP = "testing.worksheet", "testing.recap"
RECORDS, BOOKS_IN = "testing.request", ("testing.book_in", "testing.sample_and_report")
PREFIX = "testing."


def doing(user: User, case: Case, work: str, *, now: datetime) -> Acting | None:
    """As whom a person may do, beside its task, what the step with this work does."""
    step = step_doing(case, work)
    if step is None or user.is_customer or case_for(user, case.pk, now=now) is None:
        return None
    return holding(user, [key for actor in step.actors for key in positions_of(case, actor)], now=now)


def receiver(user: User, case: Case, *, now: datetime) -> Acting | None:
    """As whom a person books in samples that a company brings to a case that only tests: he sums up its results.

    Whoever tests works by the code alone, so he neither sees the letter nor writes it down, whatever else he does; who
    decides on the results does not receive either, which leaves the staff of the section.
    """
    acting = receives(user, case, now=now)
    return acting if acting is not None and case_for(user, case.pk, now=now) is not None else None


def receives(user: User, case: Case, *, now: datetime) -> Acting | None:
    """The same of a case that has not begun yet: asked of the positions alone."""
    held = {}
    for work in (SUMS_UP, TESTS):
        step = step_doing(case, work)
        actors = step.actors if step is not None else ()
        held[work] = holding(user, [key for actor in actors for key in positions_of(case, actor)], now=now)
    return held[SUMS_UP] if held[TESTS] is None and not user.is_customer else None


@dataclass(frozen=True, slots=True)
class Corrector:
    """As whom a person corrects what was booked in: the letter, the samples; None: that part is not his."""

    letter: Acting | None
    samples: Acting | None

    def __bool__(self) -> bool:
        return self.letter is not None or self.samples is not None


def corrector(user: User, request: Request, *, now: datetime) -> Corrector:
    """What a person may correct of a request: who records letters that of the letter, who books samples in that of them.

    Whoever tests the samples, or works without being told whose they are, corrects nothing of them.
    """
    case = request.case
    cases = {one.pk: one for one in (case, *Case.objects.filter(tested_samples__request=request))}
    tests = any(doing(user, one, TESTS, now=now) is not None for one in cases.values())
    if tests or any(blind.is_blind(user, one, now=now) for one in cases.values()):
        return Corrector(None, None)
    if step_doing(case, RECORDS) is None:  # the company brought them: one person books in all of it
        acting = receiver(user, case, now=now)
        return Corrector(acting, acting)
    books = next((key for key in BOOKS_IN if step_doing(case, key) is not None), "")
    return Corrector(doing(user, case, RECORDS, now=now), doing(user, case, books, now=now))


# Independence -----------------------------------------------------------------------------------------------------------


def tested_by(worksheet: Worksheet) -> set[int]:
    """Everybody who tested: who handed in, and who typed any reading, corrected ones too."""
    found = set(Reading.objects.filter(determination__worksheet=worksheet).values_list("person", flat=True))
    return found | ({worksheet.submitted_by_id} if worksheet.submitted_by_id else set())


def may_check(worksheet: Worksheet, *, person_id: int | None) -> Refusal | None:
    """Who tested does not check."""
    if person_id in tested_by(worksheet):
        return Refusal("own-results", _("Anda ikut menguji contoh ini, sehingga tidak dapat memeriksa hasilnya."))
    return None


def may_certify(worksheet: Worksheet, *, person_id: int | None) -> Refusal | None:
    """Who tested or checked does not sign the certificate."""
    if person_id in tested_by(worksheet):
        return Refusal(
            "own-results", _("Anda ikut menguji contoh ini, sehingga tidak dapat menandatangani sertifikatnya.")
        )
    accepted = Check.objects.filter(worksheet=worksheet, decision=Check.Decision.ACCEPTED, person=person_id)
    if accepted.exists():
        text = _("Anda memeriksa hasil uji ini, sehingga tidak dapat menandatangani sertifikatnya.")
        return Refusal("own-check", text)
    return None


def may_test(commodity: Commodity, *, person_id: int | None, on: date) -> Refusal | None:
    """Who tests has been found competent for the commodity on that day."""
    held = Competence.objects.filter(commodity=commodity, person=person_id, valid_from__lte=on)
    if held.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).exists():
        return None
    text = _("Anda belum dinyatakan kompeten menguji %(commodity)s pada tanggal pengujian.")
    return Refusal("not-competent", text % {"commodity": commodity})


# The register -----------------------------------------------------------------------------------------------------------


def tests(user: User, *, now: datetime) -> list[ProcedureVersion]:
    """The procedures with works of this domain in which a person takes part now."""
    return [
        row for row in serving(user, now=now) if any(step.work.startswith(PREFIX) for step in procedure(row.pk).steps)
    ]


def reads_register(user: User, *, now: datetime) -> bool:
    """Whether a person may read commodities, parameters and competences: whoever takes part in testing."""
    return user.is_authenticated and not user.is_customer and bool(tests(user, now=now))


def keeper(user: User, *, now: datetime) -> Acting | None:
    """As whom a person keeps the register: he holds the position that signs test results."""
    if not user.is_authenticated or user.is_customer:
        return None
    for version in tests(user, now=now):
        case = Case(procedure=version, institution_id=version.institution_id)
        step = step_doing(case, KEEPS)
        positions = [key for actor in step.actors for key in positions_of(case, actor)] if step is not None else []
        if (found := holding(user, positions, now=now)) is not None:
            return found
    return None


def commodity_for(user: User, pk: int, *, now: datetime) -> Commodity | None:
    """A commodity of his body, for whoever takes part in testing."""
    found = Commodity.objects.filter(pk=pk, institution=user.institution_id).first()
    return found if found is not None and reads_register(user, now=now) else None


def parameter_for(user: User, pk: int, *, now: datetime) -> Parameter | None:
    """A parameter that this person keeps."""
    found = (
        Parameter.objects.select_related("commodity").filter(pk=pk, commodity__institution=user.institution_id).first()
    )
    return found if found is not None and keeper(user, now=now) is not None else None
