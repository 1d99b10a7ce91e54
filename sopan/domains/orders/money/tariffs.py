"""Keeping the tariff: lines with their legal basis, versions by validity, who compared a line with the law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.people.models import Institution
from sopan.ui import formats

from ..models import OrderItem, TariffLine
from ..service import events

FIELDS = (
    *("code", "group", "description", "kind", "kind_name", "measure", "unit", "lower", "upper", "lower_open"),
    *("upper_open", "per", "amount", "revenue", "legal_basis", "source", "valid_from", "valid_to", "note"),
)
FIXED = tuple(name for name in FIELDS if name not in ("valid_to", "note", "source"))  # once an order used the line


def problems(values: Mapping[str, Any]) -> Refusal | None:
    """What is wrong with a line by itself."""
    if not values["legal_basis"].strip():
        return Refusal("basis", _("Isi dasar hukumnya."), "legal_basis")
    if not values["amount"].is_finite() or values["amount"] < 0:
        return Refusal("amount", _("Tarif tidak boleh negatif."), "amount")
    lower, upper = values["lower"], values["upper"]
    if (
        lower is not None
        and upper is not None
        and (lower > upper or (lower == upper and (values["lower_open"] or values["upper_open"])))
    ):
        return Refusal("range", _("Rentang ini kosong: ujungnya sebelum awalnya."), "upper")
    ranged = lower is not None or upper is not None
    if ranged and not (values["measure"].strip() and values["unit"].strip()):
        return Refusal("measure", _("Isi besaran dan satuan yang menentukan rentang."), "measure")
    if values["measure"].strip() and not ranged:
        return Refusal("range", _("Isi sedikitnya satu batas rentang, atau kosongkan besarannya."), "lower")
    if values["valid_to"] is not None and values["valid_to"] < values["valid_from"]:
        return Refusal("dates", _("Hari terakhir tidak boleh sebelum hari pertama."), "valid_to")
    if bool(values["kind"]) != bool(values["kind_name"]):
        return Refusal("kind", _("Isi kode dan nama jenis alat, atau kosongkan keduanya."), "kind_name")
    return None


def _clash(institution: Institution, values: Mapping[str, Any], *, without: int | None) -> Refusal | None:
    """Two versions of one line never hold on the same day."""
    same = TariffLine.objects.filter(institution=institution, code=values["code"]).exclude(pk=without)
    for other in same:
        ends_before = other.valid_to is not None and other.valid_to < values["valid_from"]
        begins_after = values["valid_to"] is not None and other.valid_from > values["valid_to"]
        if not ends_before and not begins_after:
            text = _("Bertumpang tindih dengan versi yang berlaku %(first)s – %(last)s.")
            last = formats.short_date(other.valid_to) if other.valid_to else _("seterusnya")
            return Refusal(
                "overlap", text % {"first": formats.short_date(other.valid_from), "last": last}, "valid_from"
            )
    return None


def overlapping(line: TariffLine, lines: Iterable[TariffLine]) -> list[TariffLine]:
    """Other lines of the same kind in which a value of this line also lies on the same day: told, never settled."""
    return [
        other
        for other in lines
        if other.pk != line.pk
        and line.kind
        and other.kind == line.kind
        and _days_meet(line, other)
        and _ranges_meet(line, other)
    ]


def _days_meet(one: TariffLine, other: TariffLine) -> bool:
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


def _ranges_meet(one: TariffLine, other: TariffLine) -> bool:
    for below, above in ((one, other), (other, one)):
        if below.upper is None or above.lower is None:
            continue
        touching = below.upper == above.lower and not (below.upper_open or above.lower_open)
        if below.upper < above.lower or (below.upper == above.lower and not touching):
            return False
    return True


def used(line: TariffLine) -> bool:
    """Whether an order was priced by this line: then its words and its price stay as they are."""
    return OrderItem.objects.filter(tariff=line).exists()


@transaction.atomic
def save(
    institution: Institution,
    values: Mapping[str, Any],
    *,
    line: TariffLine | None = None,
    acting: Acting,
    now: datetime,
) -> TariffLine | Refusal:
    """Add a line, or change one. Changing it takes its verification away. Side effects: the line, an event.

    Refusals: those of ``problems``, overlap, used (an order was priced by it: end it and make a new version).
    """
    Institution.objects.select_for_update().get(pk=institution.pk)
    wrong = problems(values)
    if wrong is None:
        wrong = _clash(institution, values, without=line.pk if line else None)
    if wrong is not None:
        return wrong
    if line is None:
        row = TariffLine.objects.create(institution=institution, own=True, **{name: values[name] for name in FIELDS})
        told = {"description": row.description, "amount": formats.rupiah(row.amount)}
        events.record(institution, f"tariff:{row.code}", "tariff_added", acting=acting, now=now, **told)
        return row
    row = TariffLine.objects.select_for_update().get(pk=line.pk)
    changed = {
        name: [str(getattr(row, name)), str(values[name])] for name in FIELDS if getattr(row, name) != values[name]
    }
    if not changed:
        return row
    if used(row) and any(name in FIXED for name in changed):
        text = _("Baris ini sudah dipakai pada pesanan. Akhiri berlakunya dan buat versi baru.")
        return Refusal("used", text, next(name for name in changed if name in FIXED))
    for name in changed:
        setattr(row, name, values[name])
    row.own, row.verified, row.verified_by_name, row.verified_on, row.compared_with = True, False, "", None, ""
    row.save()
    told = {"description": row.description, "changes": "; ".join(f"{k}: {a} → {b}" for k, (a, b) in changed.items())}
    events.record(institution, f"tariff:{row.code}", "tariff_changed", acting=acting, now=now, **told)
    return row


@transaction.atomic
def replace(line: TariffLine, values: Mapping[str, Any], *, acting: Acting, now: datetime) -> TariffLine | Refusal:
    """End a line the day before ``values["valid_from"]`` and put a new version of it in its place.

    Side effects: both lines, two events. Refused if the new version does not begin after the old one.
    """
    first: date = values["valid_from"]
    if first <= line.valid_from:
        return Refusal("dates", _("Versi baru harus mulai setelah versi ini mulai berlaku."), "valid_from")
    row = TariffLine.objects.select_for_update().get(pk=line.pk)
    if row.valid_to is None or row.valid_to >= first:
        row.valid_to = first - timedelta(days=1)
        row.own = True
        row.save(update_fields=["valid_to", "own"])
    made = save(row.institution, {**values, "code": row.code}, acting=acting, now=now)
    if isinstance(made, Refusal):
        transaction.set_rollback(True)
        return made
    told = {"description": row.description, "last": str(row.valid_to)}
    events.record(row.institution_id, f"tariff:{row.code}", "tariff_ended", acting=acting, now=now, **told)
    return made


@transaction.atomic
def verify(line: TariffLine, *, compared_with: str, acting: Acting, now: datetime, on: date) -> TariffLine | Refusal:
    """Record that somebody compared a line with a copy of the law. Side effects: the line, an event."""
    if len(compared_with.strip()) < 3:
        return Refusal("compared", _("Sebutkan naskah peraturan yang Anda bandingkan."), "compared_with")
    row = TariffLine.objects.select_for_update().get(pk=line.pk)
    row.verified, row.verified_by_name, row.verified_on = True, acting.name, on
    row.compared_with = compared_with.strip()
    row.own = True
    row.save()
    told = {"description": row.description, "compared": row.compared_with}
    events.record(row.institution_id, f"tariff:{row.code}", "tariff_verified", acting=acting, now=now, **told)
    return row
