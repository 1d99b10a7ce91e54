"""The channels outside: how a text reaches an address. A channel raises what it likes when it fails; it is tried again."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail

from sopan.core.registry import Registry
from sopan.people.models import Institution, User
from sopan.ui import formats

from ..models import Delivery

log = logging.getLogger("sopan.notices")


class MessageProvider(Protocol):
    """Somebody who delivers short messages. ``send`` raises where the message was not taken."""

    key: str

    def send(self, *, to: str, text: str) -> None: ...


providers: Registry[MessageProvider] = Registry("message provider")


class Log:
    """Writes that there is a message, and not what it says: for bodies without a contract with a provider."""

    key = "log"

    def send(self, *, to: str, text: str) -> None:
        log.info("a message of %s characters to %s…", len(text), to[:5])


providers.add(Log.key, Log())


def whatsapp_provider(institution: Institution) -> MessageProvider | None:
    """The provider of the body's setting ``whatsapp_provider``; None where it has none."""
    return providers.get(str(institution.setting("whatsapp_provider", "none")))


def addresses(person: User, institution: Institution) -> dict[str, str]:
    """Where a person wants to be told outside of the application: channel -> address."""
    choice = getattr(person, "notice_choice", None)
    found: dict[str, str] = {}
    if choice is None or choice.email:
        found[Delivery.Channel.EMAIL] = person.email
    digits = formats.digits_of(person.phone)
    if choice is not None and choice.whatsapp and len(digits) >= 8 and whatsapp_provider(institution) is not None:
        found[Delivery.Channel.WHATSAPP] = f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}"
    return found


def send(delivery: Delivery) -> None:
    """Hand one delivery to its channel. Raises whatever the channel raises."""
    if delivery.channel == Delivery.Channel.EMAIL:
        send_mail(delivery.subject, delivery.text, settings.DEFAULT_FROM_EMAIL, [delivery.address])
        return
    provider = whatsapp_provider(delivery.notice.institution)
    if provider is None:
        raise LookupError("the body has no message provider")
    provider.send(to=delivery.address, text=f"{delivery.subject}\n\n{delivery.text}")
