"""Regular jobs of documents: lists of revoked certificates, and who must be told that his certificate runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sopan.engine import effects
from sopan.engine.models import Effect
from sopan.engine.stepwork import handles
from sopan.people.models import User
from sopan.people.queries import holders_of

from . import revocation
from .models import KeyReminder, SigningKey
from .queries import REMIND_BEFORE, ending_key

REMIND = "documents.remind_key"
DAY = timedelta(days=1)


@effects.periodic("documents.revocations", every=timedelta(hours=1))
def fetch_revocations(now: datetime) -> None:
    """Fetch the lists of revoked certificates that the operator has named."""
    revocation.fetch()


@effects.periodic("documents.key_reminders", every=timedelta(hours=6))
def remind(now: datetime) -> None:
    """Plan a mail for each certificate that runs out in 30, 14, 7 or 1 days and that no other follows; each term once.

    A job that did not run for a while tells the nearest term alone. Side effects: reminders, effects.
    """
    soon = SigningKey.objects.filter(not_after__gt=now, not_after__lte=now + REMIND_BEFORE[0] * DAY)
    for key in soon.filter(person__is_active=True).select_related("person__institution"):
        if ending_key(key.person, now=now) != key:
            continue
        term = min(days for days in REMIND_BEFORE if key.not_after <= now + days * DAY)
        with transaction.atomic():
            _row, new = KeyReminder.objects.get_or_create(key=key, days=term, defaults={"at": now})
            if new:
                for reader in dict.fromkeys([key.person, *_managers(key.person, now)]):
                    Effect.objects.create(
                        institution=key.person.institution,
                        key=REMIND,
                        data={"key": key.pk, "reader": reader.pk},
                        created_at=now,
                        run_after=now,
                    )


@handles(REMIND)
def send_reminder(effect: Effect) -> None:
    """Tell the person, or somebody who manages accounts, by mail. It says nothing of what the person signs."""
    key = SigningKey.objects.select_related("person").get(pk=effect.data["key"])
    reader = User.objects.get(pk=effect.data["reader"])
    with translation.override(reader.language):
        subject = _("Sertifikat elektronik %(name)s segera berakhir") % {"name": key.person.full_name}
        context = {"key": key, "reader": reader, "url": settings.SITE_URL + reverse("signing-keys")}
        body = render_to_string("documents/mail/key_ending.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [reader.email])


def _managers(person: User, now: datetime) -> list[User]:
    return holders_of(person.institution.positions.filter(manages_accounts=True), now)
