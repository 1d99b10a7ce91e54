"""The kernel of all numbers: gapless within a scope, and every value can say what became of it.

Patterns are text with tokens, filled in the zone of the institution:
``{yyyy}`` 2026, ``{yy}`` 26, ``{mm}`` 12, ``{roman_month}`` XII, ``{seq}`` 7, ``{seq:4}`` 0007.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Institution

from .models import Number, NumberCounter, NumberSeries

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
TOKEN = re.compile(r"\{([a-z_]+)(?::(\d))?\}")
TOKENS = frozenset({"yyyy", "yy", "mm", "roman_month", "seq"})


def check_pattern(pattern: str, *, needs_seq: bool) -> None:
    """Raise ValidationError for an unknown token, a stray brace, or a pattern whose numbers would all be alike."""
    tokens = [match[1] for match in TOKEN.finditer(pattern)]
    if unknown := sorted(set(tokens) - TOKENS):
        raise ValidationError(_("Tanda tidak dikenal: %(tokens)s") % {"tokens": ", ".join(unknown)})
    if "{" in TOKEN.sub("", pattern) or "}" in TOKEN.sub("", pattern):
        raise ValidationError(_("Kurung kurawal tidak berpasangan."))
    if needs_seq != ("seq" in tokens):
        raise ValidationError(_("Pola nomor harus memuat {seq}; pola lingkup tidak boleh memuatnya."))


def fill(pattern: str, *, at: datetime, seq: int = 0) -> str:
    """Replace the tokens of ``pattern``; ``at`` is already in the zone of the institution."""
    values = {
        "yyyy": f"{at:%Y}",
        "yy": f"{at:%y}",
        "mm": f"{at:%m}",
        "roman_month": ROMAN_MONTHS[at.month - 1],
    }

    def value(match: re.Match[str]) -> str:
        return str(seq).zfill(int(match[2] or 0)) if match[1] == "seq" else values[match[1]]

    return TOKEN.sub(value, pattern)


def define_series(
    institution: Institution, *, key: str, pattern: str, scope: str = "{yyyy}", remark: str = ""
) -> NumberSeries:
    """Create or change a series; numbers already given stay as they are. Raises ValidationError for a bad pattern."""
    check_pattern(pattern, needs_seq=True)
    check_pattern(scope, needs_seq=False)
    fields = {"pattern": pattern, "scope": scope, "remark": remark}
    series, _made = NumberSeries.objects.update_or_create(institution=institution, key=key, defaults=fields)
    return series


def allocate(
    series_key: str,
    *,
    institution: Institution,
    now: datetime,
    used_for: str,
    by: str = "",
    reserve: bool = False,
) -> Number:
    """Give the next number of a series, in the transaction of the caller: a rollback takes the number back.

    Writes the counter (its row stays locked until the transaction ends, so that the next one waits) and a ``Number``.
    ``used_for`` tells people what for; ``by`` is a name. ``reserve`` marks it as reserved: ``use`` or ``void`` follows.
    Raises NumberSeries.DoesNotExist for an unknown series, TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("numbers are allocated in the transaction that uses them")
    series = NumberSeries.objects.get(institution=institution, key=series_key)
    at = now.astimezone(ZoneInfo(institution.zone))
    scope = fill(series.scope, at=at)
    counter, _made = NumberCounter.objects.get_or_create(series=series, scope=scope)
    NumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db()  # our own update: nobody else can have written since
    return Number.objects.create(
        series=series,
        scope=scope,
        value=counter.last,
        text=fill(series.pattern, at=at, seq=counter.last),
        status=Number.Status.RESERVED if reserve else Number.Status.USED,
        used_for=used_for,
        at=now,
        by=by,
    )


def use(number: Number, *, used_for: str) -> Refusal | None:
    """Mark a reserved number as used."""
    changed = Number.objects.filter(pk=number.pk, status=Number.Status.RESERVED).update(
        status=Number.Status.USED, used_for=used_for
    )
    if not changed:
        return Refusal("number-not-reserved", _("Nomor ini tidak sedang dipesan."))
    number.refresh_from_db()
    return None


def void(number: Number, *, reason: str, by: str) -> Refusal | None:
    """Mark a number as void, with a reason. The number stays in the register and is never given again."""
    if not reason.strip():
        return Refusal("reason-missing", _("Tuliskan alasan pembatalan nomor."), "reason")
    changed = (
        Number.objects.filter(pk=number.pk)
        .exclude(status=Number.Status.VOID)
        .update(status=Number.Status.VOID, reason=reason.strip()[:250], by=by)
    )
    if not changed:
        return Refusal("number-void", _("Nomor ini sudah dibatalkan."))
    number.refresh_from_db()
    return None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one value of a series. ``status`` "missing" means the register was tampered with."""

    value: int
    text: str
    status: str
    explanation: str


def explain(series: NumberSeries, *, scope: str) -> list[Fate]:
    """Every value of a scope, in order, with its fate: the register that an assessor asks for."""
    counter = NumberCounter.objects.filter(series=series, scope=scope).first()
    if counter is None:
        return []
    known = {number.value: number for number in Number.objects.filter(series=series, scope=scope)}
    fates = []
    for value in range(counter.began_after + 1, counter.last + 1):
        number = known.get(value)
        if number is None:
            fates.append(Fate(value, "", "missing", _("Tidak tercatat: register perlu diperiksa.")))
        else:
            fates.append(Fate(value, number.text, number.status, number.reason or number.used_for))
    return fates
