"""The tariff as a spreadsheet, out and in: the same columns, every row checked before any is written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.people.models import Institution
from sopan.ui import excel

from .. import rules
from ..models import Revenue, TariffLine
from ..service import events
from . import tariffs

# Head of the column, name of the field; heads are Indonesian in every language: files travel between people.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("Kode", "code"),
    ("Kelompok", "group"),
    ("Uraian", "description"),
    ("Kode jenis alat", "kind"),
    ("Jenis alat", "kind_name"),
    ("Besaran", "measure"),
    ("Satuan besaran", "unit"),
    ("Batas bawah", "lower"),
    ("Batas bawah tidak termasuk", "lower_open"),
    ("Batas atas", "upper"),
    ("Batas atas tidak termasuk", "upper_open"),
    ("Per", "per"),
    ("Tarif (Rp)", "amount"),
    ("Penerimaan", "revenue"),
    ("Dasar hukum", "legal_basis"),
    ("Sumber", "source"),
    ("Berlaku sejak", "valid_from"),
    ("Berlaku sampai", "valid_to"),
    ("Keterangan", "note"),
)
MAX_ROWS = 5_000
YES = {"ya", "y", "1", "true", "x"}
LENGTHS = {"code": 60, "group": 120, "description": 250, "kind": 60, "kind_name": 120, "measure": 80, "unit": 20}
LENGTHS |= {"per": 40, "legal_basis": 250, "source": 250, "note": 250}
NEEDED = ("code", "group", "description", "per", "amount", "legal_basis", "valid_from")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be taken: its place as people name it, and why."""

    cell: str
    message: str


def written(lines: Sequence[TariffLine], *, title: str, told: Sequence[str]) -> bytes:
    """The lines as an .xlsx that ``read`` takes again."""
    rows = [[_out(getattr(line, name)) for _head, name in COLUMNS] for line in lines]
    return excel.workbook(
        title=title, told=told, heads=[head for head, _name in COLUMNS], rows=rows, widths=[18] * len(COLUMNS)
    )


def _out(value: Any) -> Any:
    if isinstance(value, bool):
        return "ya" if value else ""
    if isinstance(value, Decimal):
        return value
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def read(content: bytes) -> list[dict[str, Any]] | list[Wrong]:
    """The lines of a spreadsheet, or every cell that cannot be taken. The heads may stand in any of the first 20 rows."""
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        table = [list(row) for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 20, max_col=60)]
    except Exception:  # a stranger's file makes its reader fail in any way it likes
        return [Wrong("–", _("Berkas ini tidak dapat dibuka sebagai lembar kerja Excel."))]
    wanted = {head.lower(): name for head, name in COLUMNS}
    at = next((place for place, row in enumerate(table[:20]) if _heads(row, wanted).get("code") is not None), None)
    if at is None:
        return [Wrong("–", _("Kepala kolom “Kode” tidak ditemukan. Gunakan hasil ekspor sebagai contoh."))]
    places = _heads(table[at], wanted)
    wrong = [
        Wrong("–", _("Kolom “%(head)s” tidak ada.") % {"head": head})
        for head, name in COLUMNS
        if name in NEEDED and name not in places
    ]
    found: list[dict[str, Any]] = []
    for number, row in enumerate(table[at + 1 :], start=at + 2):
        if all(value in (None, "") for value in row):
            continue
        values, bad = _row(row, places, number)
        wrong += bad
        found.append(values)
    return wrong or found


def _heads(row: Sequence[Any], wanted: dict[str, str]) -> dict[str, int]:
    return {wanted[str(v).strip().lower()]: p for p, v in enumerate(row) if str(v or "").strip().lower() in wanted}


def _row(row: Sequence[Any], places: dict[str, int], number: int) -> tuple[dict[str, Any], list[Wrong]]:
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for _head, name in COLUMNS:
        place = places.get(name)
        raw = row[place] if place is not None and place < len(row) else None
        try:
            values[name] = _in(name, raw)
        except ValueError as fault:
            column = openpyxl.utils.get_column_letter((place or 0) + 1)
            wrong.append(Wrong(f"{column}{number}", str(fault)))
    if not wrong and (refusal := tariffs.problems(values)) is not None:
        wrong.append(Wrong(str(number), refusal.message))
    return values, wrong


def _in(name: str, raw: Any) -> Any:
    """A cell as the field wants it. Raises ValueError with words for the person."""
    text = "" if raw is None else str(raw).replace("\x00", "").strip()
    if name in NEEDED and not text:
        raise ValueError(_("Sel ini harus diisi."))
    if name in ("lower", "upper", "amount"):
        return _number(raw, text)
    if name in ("lower_open", "upper_open"):
        return text.lower() in YES
    if name in ("valid_from", "valid_to"):
        return _day(raw, text)
    if name == "revenue":
        known = {str(value): value for value in Revenue.values}
        if text and text.lower() not in known:
            raise ValueError(_("Isi “pnbp” atau “retribusi”."))
        return known.get(text.lower(), Revenue.STATE)
    if len(text) > LENGTHS[name]:
        raise ValueError(_("Paling panjang %(most)s huruf.") % {"most": LENGTHS[name]})
    if (
        name in ("code", "kind")
        and text
        and not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in text)
    ):
        raise ValueError(_("Hanya huruf, angka, dan tanda hubung."))
    return text


def _number(raw: Any, text: str) -> Decimal | None:
    if not text:
        return None
    if isinstance(raw, bool):
        raise ValueError(_("Tulis angka saja, misalnya 2.500 atau 10,5."))
    value = Decimal(repr(raw)) if isinstance(raw, int | float) else rules.parse_number(text)
    if value is None or not value.is_finite() or abs(value) >= 10**13 or value.as_tuple().exponent < -9:  # type: ignore[operator]
        raise ValueError(_("Tulis angka saja, misalnya 2.500 atau 10,5."))
    return value


def _day(raw: Any, text: str) -> date | None:
    if not text:
        return None
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError(_("Tulis tanggal seperti 21-11-2026."))


@transaction.atomic
def take_in(
    institution: Institution, rows: Sequence[dict[str, Any]], *, name: str, acting: Acting, now: datetime
) -> tuple[int, int] | list[Wrong]:
    """Write all lines of a file or none: how many are new and how many changed. Side effects: lines, events."""
    added = changed = 0
    wrong: list[Wrong] = []
    for number, values in enumerate(rows, start=1):
        line = TariffLine.objects.filter(
            institution=institution, code=values["code"], valid_from=values["valid_from"]
        ).first()
        before = {field: getattr(line, field) for field in tariffs.FIELDS} if line else None
        done = tariffs.save(institution, values, line=line, acting=acting, now=now)
        if isinstance(done, Refusal):
            wrong.append(Wrong(_("baris data %(no)s, %(code)s") % {"no": number, "code": values["code"]}, done.message))
        elif before is None:
            added += 1
        elif any(before[field] != values[field] for field in tariffs.FIELDS):
            changed += 1
    if wrong:
        transaction.set_rollback(True)
        return wrong
    told = {"name": name, "added": added, "changed": changed}
    events.record(institution, "tariff", "tariff_imported", acting=acting, now=now, **told)
    return added, changed
