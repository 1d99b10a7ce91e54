"""Writing notices once, and delivering them until they arrive or have failed too often."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.engine.effects import periodic
from sopan.engine.models import Case
from sopan.people.models import Institution, User

from ..models import Delivery, Notice
from . import channels
from .templates import Told

log = logging.getLogger("sopan.notices")
PAUSES = [timedelta(minutes=m) for m in (1, 5, 30, 120, 720)]  # then it is shown as failed
LEASE = timedelta(minutes=2)


def one_line(text: str, *, most: int = 250) -> str:
    """A subject: no line break may begin a header of its own."""
    return " ".join(text.split())[:most]


def letter(person: User, text: str, link: str, sender: str) -> str:
    """A text as it leaves the house: greeting, text, where to go, who writes."""
    greeting = _("Yth. %(name)s,") % {"name": person.full_name}
    return f"{greeting}\n\n{text}\n\n{link}\n\n{sender}\n"


def tell(
    person: User,
    told: Told,
    *,
    institution: Institution,
    key: str,
    dedupe: str,
    link: str,
    case: Case | None = None,
    now: datetime,
) -> Notice | None:
    """Give a notice in the words of the body (``templates.told``); outside it is a letter that leads to its page,
    ``link``. As ``give``."""
    return give(
        person,
        institution=institution,
        case=case,
        key=key,
        dedupe=dedupe,
        subject=told.subject,
        text=told.text,
        language=told.language,
        outside=letter(person, told.outside, settings.SITE_URL + link, institution.name),
        link=link,
        now=now,
    )


@transaction.atomic
def give(
    person: User,
    *,
    institution: Institution,
    key: str,
    dedupe: str,
    subject: str,
    text: str,
    outside: str,
    language: str = "id",
    link: str = "",
    case: Case | None = None,
    now: datetime,
) -> Notice | None:
    """Tell a person something, unless he was told it before (``dedupe``). None if he was.

    ``text`` is for the application, where he is logged in; ``outside`` leaves the house and must hold nothing
    confidential. Side effects: the notice, and a delivery for each channel that the person wants.
    """
    notice, made = Notice.objects.get_or_create(
        person=person,
        dedupe=dedupe[:80],
        defaults={
            "institution": institution,
            "case": case,
            "key": key,
            "subject": one_line(subject),
            "text": text,
            "language": language,
            "link": link[:300],
            "at": now,
        },
    )
    if not made:
        return None
    for channel, address in channels.addresses(person, institution).items():
        Delivery.objects.create(
            notice=notice,
            channel=channel,
            address=address,
            subject=one_line(subject),
            text=outside,
            next_at=now,
        )
    return notice


def deliver(waiting: QuerySet[Delivery], *, now: datetime) -> int:
    """Try the deliveries that are due; how many arrived. Each is claimed first, so that no two workers send it."""
    arrived = 0
    for delivery in list(
        waiting.filter(status=Delivery.Status.WAITING, next_at__lte=now).order_by("next_at", "pk")[:200]
    ):
        mine = Delivery.objects.filter(
            pk=delivery.pk, status=Delivery.Status.WAITING, attempts=delivery.attempts, next_at=delivery.next_at
        )
        if not mine.update(attempts=delivery.attempts + 1, next_at=now + LEASE):
            continue
        arrived += _try(delivery, now=now)
    return arrived


def _try(delivery: Delivery, *, now: datetime) -> int:
    row = Delivery.objects.filter(pk=delivery.pk)
    try:
        channels.send(delivery)
    except Exception as fault:  # whatever a channel raises: it is kept, shown and tried again
        attempts = delivery.attempts + 1
        last = attempts > len(PAUSES)
        log.warning("delivery %s failed, attempt %s: %s", delivery.pk, attempts, type(fault).__name__)
        row.update(
            status=Delivery.Status.FAILED if last else Delivery.Status.WAITING,
            next_at=now + PAUSES[min(attempts, len(PAUSES)) - 1],
            error=f"{type(fault).__name__}: {fault}"[:500],
        )
        return 0
    row.update(status=Delivery.Status.SENT, sent_at=now, error="")
    return 1


@periodic("orders.deliver_notices", every=timedelta(minutes=1))
def deliver_due(now: datetime) -> None:
    """Deliver what is due, and what failed before."""
    deliver(Delivery.objects.select_related("notice__institution"), now=now)


def deliver_now(notices: list[Notice]) -> None:
    """Deliver what was just written; what fails waits for the regular job."""
    found = Delivery.objects.filter(notice__in=notices).select_related("notice__institution")
    deliver(found, now=max([timezone.now(), *(notice.at for notice in notices)]))


def unread(person: User) -> int:
    """How many notices a person has not read, at most 100."""
    return Notice.objects.filter(person=person, read_at__isnull=True)[:100].count()


def read_all(person: User, *, now: datetime) -> int:
    """Mark everything as read."""
    return Notice.objects.filter(person=person, read_at__isnull=True).update(read_at=now)


def try_again(delivery_id: int, *, institution: Institution, now: datetime) -> bool:
    """Put a failed delivery back to the beginning of its tries."""
    failed = Delivery.objects.filter(pk=delivery_id, status=Delivery.Status.FAILED, notice__institution=institution)
    return failed.update(status=Delivery.Status.WAITING, attempts=0, next_at=now) == 1
