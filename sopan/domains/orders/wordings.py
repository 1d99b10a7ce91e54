"""The words for what orders enter into the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.engine.stepwork import words
from sopan.ui import formats


@words("orders.bill_expired")
def bill_expired(data: Mapping[str, Any]) -> str:
    return _("Kode billing %(bill)s kedaluwarsa") % {"bill": data["bill"]}


@words("orders.payment_reported")
def payment_reported(data: Mapping[str, Any]) -> str:
    told = {"amount": formats.rupiah(data["amount"]), "bill": data["bill"], "ntpn": data["ntpn"]}
    return _("Pembayaran %(amount)s dengan kode %(bill)s dilaporkan, NTPN %(ntpn)s") % told
