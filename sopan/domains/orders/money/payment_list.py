"""Reading a list of payments as a bank or SIMPONI gives it: CSV or Excel, columns found by their heads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal

from .. import rules
from .matching import Paid

MAX_ROWS = 20_000
MAX_TOLD = 10  # bad rows told one by one
HEADS = {
    "code": (
        "kode billing",
        "kode bayar",
        "billing",
        "no billing",
        "nomor billing",
        "id billing",
        "skrd",
        "nomor skrd",
    ),
    "reference": ("ntpn", "nomor bukti", "no bukti", "kuitansi", "nomor kuitansi", "no kuitansi"),
    "amount": ("jumlah", "nominal", "nilai", "total disetor", "jumlah setoran", "jumlah bayar", "kredit"),
    "paid_on": ("tanggal bayar", "tgl bayar", "tanggal", "tgl", "tanggal transaksi", "waktu bayar"),
}
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")


def read(content: bytes, *, kind: str) -> list[Paid] | Refusal:
    """The payments of a list. Refusals: unreadable, no-heads, no-rows, too-many, bad-row.

    One bad row refuses the list; all that are bad are named, the first ten of them one by one.
    """
    try:
        table = _sheet(content) if kind == "xlsx" else _text(content)
    except Exception:  # a stranger's file makes its reader fail in any way it likes
        return Refusal("unreadable", _("Berkas ini tidak dapat dibaca sebagai daftar."), "file")
    if len(table) > MAX_ROWS:
        return Refusal("too-many", _("Daftar ini memuat lebih dari %(most)s baris.") % {"most": MAX_ROWS}, "file")
    head = next((place for place, row in enumerate(table[:30]) if {"amount"} < set(_places(row))), None)
    if head is None:
        text = _("Kepala kolom tidak dikenal. Diperlukan kolom Jumlah, dan Kode Billing atau NTPN.")
        return Refusal("no-heads", text, "file")
    places = _places(table[head])
    found: list[Paid] = []
    bad: list[str] = []
    for number, row in enumerate(table[head + 1 :], start=head + 2):
        paid = _row(row, places, number)
        if isinstance(paid, Refusal):
            bad.append(paid.message)
        elif paid is not None:
            found.append(paid)
    if bad:
        return Refusal("bad-row", _told(bad), "file")
    return found or Refusal("no-rows", _("Daftar ini tidak memuat pembayaran."), "file")


def _told(bad: Sequence[str]) -> str:
    rest = len(bad) - MAX_TOLD
    more = [_("Dan %(count)s baris lain.") % {"count": rest}] if rest > 0 else []
    return " ".join([*bad[:MAX_TOLD], *more])


def _sheet(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 40, max_col=60)]


def _text(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    first = text[:4_000]
    mark = max(";\t,", key=first.count)
    return [list(row) for row in csv.reader(io.StringIO(text), delimiter=mark)]


def _places(row: Sequence[Any]) -> dict[str, int]:
    heads = [" ".join(str(value or "").lower().replace(".", " ").replace("_", " ").split()) for value in row]
    return {
        name: next(heads.index(word) for word in words if word in heads)
        for name, words in HEADS.items()
        if any(word in heads for word in words)
    }


def _row(row: Sequence[Any], places: dict[str, int], number: int) -> Paid | Refusal | None:
    """One payment; None for an empty row or a line of a total, which has neither code nor reference."""
    cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
    code, reference = _name(cells.get("code")), _name(cells.get("reference")).upper()
    if not code and not reference:
        return None
    amount = _amount(cells.get("amount"))
    if amount is None:
        text = _("Baris %(no)s: jumlahnya tidak dapat dibaca.")
        return Refusal("bad-row", text % {"no": number}, "file")
    day = _day(cells.get("paid_on"))
    if day is None and cells.get("paid_on") not in (None, ""):
        return Refusal("bad-row", _("Baris %(no)s: tanggalnya tidak dapat dibaca.") % {"no": number}, "file")
    return Paid(number, code[:60], reference[:60], amount, day)


def _name(value: Any) -> str:
    """A code as text: a spreadsheet may have made a number of it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).replace("\x00", "").strip().lstrip("'")
    bare = text.replace(" ", "")
    return bare if bare.isdigit() else " ".join(text.split())


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        found: Decimal | None = Decimal(repr(value))
    else:
        found = rules.parse_number(str(value).replace("Rp", "").replace("IDR", ""))
    if found is None or not found.is_finite() or not 0 <= found < 10**13:
        return None
    return found.quantize(Decimal("0.01"))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip().split(" ")[0].split("T")[0]
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None
