"""Monitoring each half year, evaluation each year: of a period that there is, that has begun, in which the version held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sopan.catalogue import appraisals
from sopan.catalogue.models import Appraisal, ProcedureVersion
from sopan.catalogue.operations import publish
from sopan.core.flow import Refusal
from sopan.people.models import Appointment, Institution, Position, User

from .test_publishing import letters

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SINCE = datetime(2026, 6, 30, 16, 59, tzinfo=UTC)  # 23.59 WIB of 30 June


@pytest.fixture
def version(db: None) -> ProcedureVersion:
    body = Institution.objects.create(code="balai", name="Balai Contoh", short_name="Balai")
    position = Position.objects.create(institution=body, code="mutu", name="Manajer Mutu", reviews_procedures=True)
    person = User.objects.create_user(
        "rudi@balai.example", "rahasia-sekali", name="Rudi", kind="staff", institution=body, is_active=True
    )
    Appointment.objects.create(position=position, person=person, valid_from=NOW - timedelta(days=900))
    return publish(letters(), institution=body, now=NOW, effective_from=SINCE)


def appraise(version: ProcedureVersion, kind: str, period: str, *, now: datetime = NOW) -> str:
    answers = {one.id: ("ya", "") for one in appraisals.questions(version.institution).of(kind)}
    done = appraisals.appraise(
        version, kind=kind, period=period, actor=User.objects.get(), answers=answers, conclusion="Tetap", now=now
    )
    return done.code if isinstance(done, Refusal) else "done"


@pytest.mark.parametrize(
    ("kind", "period", "told"),
    [
        ("monitoring", "2026-2", "done"),
        ("monitoring", "2026-1", "done"),  # in force on its last evening
        ("monitoring", "2025-2", "period"),  # before the version was in force
        ("monitoring", "2027-1", "period"),  # not begun
        ("monitoring", "2026-3", "period"),
        ("monitoring", "2026-01", "period"),
        ("monitoring", "2026", "period"),
        ("monitoring", "", "period"),
        ("evaluation", "2026", "done"),
        ("evaluation", "2025", "period"),
        ("evaluation", "2027", "period"),
        ("evaluation", "2026-1", "period"),
        ("evaluation", "\uff12\uff10\uff12\uff16", "period"),  # digits of another script
        ("evaluation", "9" * 300, "period"),
    ],
)
def test_only_a_period_of_its_kind_in_which_the_version_held(
    version: ProcedureVersion, kind: str, period: str, told: str
) -> None:
    assert appraise(version, kind, period) == told
    assert Appraisal.objects.count() == (told == "done")


def test_a_period_has_one_form_and_the_second_is_told(version: ProcedureVersion) -> None:
    assert [appraise(version, "evaluation", "2026") for _ in range(2)] == ["done", "made"]
    assert Appraisal.objects.count() == 1


def test_a_version_that_has_ended_is_appraised_for_its_own_time_alone(version: ProcedureVersion) -> None:
    publish(letters(edition="2"), institution=version.institution, now=NOW)
    version.refresh_from_db()
    assert appraise(version, "evaluation", "2026", now=NOW + timedelta(days=60)) == "done"
    assert appraise(version, "evaluation", "2027", now=NOW + timedelta(days=60)) == "period"


def test_what_is_due_names_those_that_held_in_the_period(version: ProcedureVersion) -> None:
    def due(kind: str, period: str) -> list[ProcedureVersion]:
        return [one.version for one in appraisals.due(version.institution, kind=kind, period=period, now=NOW)]

    assert due("monitoring", "2026-1") == due("monitoring", "2026-2") == [version]
    assert due("monitoring", "2025-2") == due("evaluation", "2025") == []
