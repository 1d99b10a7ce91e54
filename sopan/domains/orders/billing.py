"""Billing providers: who makes the code of a bill, and how a payment gateway reports a payment to us.

``manual``: the treasurer types the code that SIMPONI gave. ``local``: plays the gateway, for bodies that try Sopan out;
it makes codes, and its reports arrive signed like those of a real one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.registry import Registry

from . import rules
from .rules import levy_number

WINDOW = timedelta(minutes=5)  # how old or how far ahead the timestamp of a message may be
MAX_MESSAGE = 4_096  # bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What a provider is asked for: a code for this amount, valid until ``expires_at``."""

    reference: str  # of the order
    payer: str
    amount: Decimal
    expires_at: datetime
    typed: Mapping[str, Any]  # what the treasurer typed


@dataclass(frozen=True, slots=True)
class Issued:
    """What a provider gave: 15 digits, and until when they can be paid."""

    code: str
    expires_at: datetime


class BillingProvider(Protocol):
    """A maker of billing codes. ``issue`` is called before the transaction begins, so it may use the network."""

    key: str

    def issue(self, request: Request, *, now: datetime) -> Issued | Refusal: ...

    def reference(self, text: str) -> str | None:
        """The proof that a payment arrived (NTPN, number of a receipt) as it is stored; None if it cannot be one."""
        ...


providers: Registry[BillingProvider] = Registry("billing provider")


class Manual:
    """The treasurer typed code and expiry from SIMPONI."""

    key = "manual"

    def issue(self, request: Request, *, now: datetime) -> Issued | Refusal:
        code = rules.billing_code(str(request.typed.get("code") or ""))
        if code is None:
            return Refusal("billing-code", _("Kode billing terdiri atas tepat 15 angka."), "code")
        expires_at = request.typed.get("expires_at") or request.expires_at
        if expires_at <= now:
            return Refusal("expiry-past", _("Waktu kedaluwarsa harus di masa depan."), "expires_at")
        return Issued(code, expires_at)

    def reference(self, text: str) -> str | None:
        return rules.ntpn(text)


class Local:
    """Makes codes itself and reports payments by signed messages, as a gateway would."""

    key = "local"

    def issue(self, request: Request, *, now: datetime) -> Issued | Refusal:
        return Issued("9" + "".join(secrets.choice(string.digits) for _digit in range(14)), request.expires_at)

    def reference(self, text: str) -> str | None:
        return rules.ntpn(text)


class RegionalLevy:
    """A levy of a region: the treasurer types the number of the SKRD, and later that of the receipt."""

    key = "retribusi"

    def issue(self, request: Request, *, now: datetime) -> Issued | Refusal:
        number = levy_number(str(request.typed.get("code") or ""))
        if number is None:
            return Refusal("billing-code", _("Isi nomor SKRD seperti tercetak."), "code")
        expires_at = request.typed.get("expires_at") or request.expires_at
        if expires_at <= now:
            return Refusal("expiry-past", _("Waktu kedaluwarsa harus di masa depan."), "expires_at")
        return Issued(number, expires_at)

    def reference(self, text: str) -> str | None:
        return levy_number(text)


providers.add(Manual.key, Manual())
providers.add(Local.key, Local())
providers.add(RegionalLevy.key, RegionalLevy())


def reference(provider: str, text: str) -> str | None:
    """The proof of a payment as the provider of its bill writes it; None if it cannot be one."""
    known = providers.get(provider) or providers[Manual.key]
    return known.reference(text)


def reference_words(provider: str) -> str:
    """What is wrong with a proof of payment that its provider does not know."""
    if provider == RegionalLevy.key:
        return _("Isi nomor kuitansi retribusi seperti tercetak.")
    return _("NTPN terdiri atas tepat 16 huruf besar dan angka.")


# Messages of the gateway ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as a gateway reports it. ``event`` names the report: told twice, it counts once."""

    event: str
    code: str
    amount: Decimal
    ntpn: str
    paid_at: datetime
    channel: str


def gateway_secret() -> bytes:
    """The secret shared with the gateway: GATEWAY_SECRET of the settings, or one derived from the secret key."""
    given = str(getattr(settings, "GATEWAY_SECRET", "") or "")
    return given.encode() if given else salted_hmac("sopan.orders.gateway", "payments", algorithm="sha256").digest()


def sign(body: bytes, *, timestamp: str) -> str:
    """Signature of a message: HMAC-SHA256 over ``timestamp.body``, in hex."""
    return hmac.new(gateway_secret(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(body: bytes, *, timestamp: str, signature: str, now: datetime) -> Refusal | None:
    """Whether a message is from the gateway and of now. ``timestamp`` is in whole seconds since 1970."""
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII) or len(body) > MAX_MESSAGE:
        return Refusal("malformed", _("Pesan tidak dapat dibaca."))
    if not hmac.compare_digest(sign(body, timestamp=timestamp).encode(), signature.encode()):
        return Refusal("bad-signature", _("Tanda tangan pesan salah."))
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return Refusal("stale", _("Pesan sudah usang."))
    return None


def read_payment(body: bytes) -> Payment | Refusal:
    """The payment that a message tells of."""
    wrong = Refusal("malformed", _("Pesan tidak dapat dibaca."))
    try:
        told = json.loads(body)
        paid_at = parse_datetime(str(told["paid_at"]))
        amount = Decimal(str(told["amount"]))
        event, channel = str(told["event"]), str(told.get("channel", ""))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError):
        return wrong
    code, ntpn = rules.billing_code(str(told.get("code", ""))), rules.ntpn(str(told.get("ntpn", "")))
    if code is None or ntpn is None or paid_at is None or paid_at.tzinfo is None or not amount.is_finite():
        return wrong
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", event) or "\x00" in channel:
        return wrong
    return Payment(event, code, amount, ntpn, paid_at, channel[:80])


def payment_message(code: str, *, amount: Decimal, paid_at: datetime, now: datetime) -> tuple[bytes, str, str]:
    """The signed message by which the local gateway reports that a code was paid: body, timestamp, signature."""
    letters = string.ascii_uppercase + string.digits
    body = json.dumps(
        {
            "event": f"local-{code}-{secrets.token_hex(8)}",
            "code": code,
            "amount": str(amount),
            "ntpn": "".join(secrets.choice(letters) for _letter in range(16)),
            "paid_at": paid_at.isoformat(),
            "channel": "Gerbang pembayaran lokal",
        }
    ).encode()
    timestamp = str(int(now.timestamp()))
    return body, timestamp, sign(body, timestamp=timestamp)
