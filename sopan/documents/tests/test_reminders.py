"""Who is told that a certificate runs out: 30, 14, 7 and 1 days before, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core import mail
from django.utils import timezone

from sopan.documents import certificates, jobs, operations, queries
from sopan.documents.models import KeyReminder, SigningKey
from sopan.engine import effects
from sopan.people.models import Appointment, Position

from .conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def key(body: SimpleNamespace, settings: object) -> SigningKey:
    """A certificate that runs out in forty days; Siti manages accounts."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    office = Position.objects.create(institution=body.institution, code="admin", name="Admin", manages_accounts=True)
    Appointment.objects.create(position=office, person=body.officer, valid_from=datetime(2026, 1, 2, tzinfo=UTC))
    return given(body, NOW + 40 * DAY)


def given(body: SimpleNamespace, end: datetime) -> SigningKey:
    content = certificates.make_demo_pkcs12(body.head.name, position="K", passphrase="rahasia", now=NOW, end=end)
    added = operations.add_signing_key(body.head, content=content, passphrase="rahasia", now=NOW)
    assert isinstance(added, SigningKey), added
    return added


def told_on(days: int) -> list[str]:
    """To whom mails went when the job ran so many days before the end, several times."""
    mail.outbox.clear()
    now = NOW + (40 - days) * DAY
    with patch.object(timezone, "now", return_value=now):
        for _ in range(3):
            jobs.remind(now)
            effects.run_due()
    return [message.to[0] for message in mail.outbox]


def test_the_person_and_who_manages_accounts_are_told_at_each_term_once(body: SimpleNamespace, key: SigningKey) -> None:
    both = [body.head.email, body.officer.email]
    days = (40, 31, 30, 29, 15, 14, 8, 7, 6, 2, 1, 0)
    assert {day: told_on(day) for day in days} == {day: both if day in (30, 14, 7, 1) else [] for day in days}
    assert sorted(KeyReminder.objects.values_list("days", flat=True)) == [1, 7, 14, 30]


def test_a_job_that_slept_tells_the_nearest_term_alone(key: SigningKey) -> None:
    assert (len(told_on(5)), list(KeyReminder.objects.values_list("days", flat=True))) == (2, [7])


def test_whoever_has_a_new_certificate_is_not_reminded_of_the_old(body: SimpleNamespace, key: SigningKey) -> None:
    given(body, NOW + 700 * DAY)
    assert told_on(7) == []
    assert queries.ending_key(body.head, now=NOW + 33 * DAY) is None


def test_the_mail_tells_the_day_and_nothing_of_documents(key: SigningKey) -> None:
    told_on(7)
    text = mail.outbox[0].body
    assert ("23 Januari 2027" in text, key.serial in text, "rahasia" in text) == (True, True, False)
    assert "https://sopan.example/akun/sertifikat/" in text


def test_somebody_who_left_is_not_reminded(body: SimpleNamespace, key: SigningKey) -> None:
    body.head.is_active = False
    body.head.save()
    assert told_on(7) == []
