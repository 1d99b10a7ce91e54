"""Rules of tariffs, bills and surveys: pure functions, without a clock and without a database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, TypeVar

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.ui import formats

# Numbers and units ----------------------------------------------------------------------------------------------------

MAX_DIGITS = 15  # digits before the decimal mark, and
MAX_PLACES = 9  # after it: what the columns hold
_MINUS = ("-", "\u2212", "\u2013")  # keyboards, and what is copied out of documents


def parse_number(text: str) -> Decimal | None:
    """What a typed number means, or None. Both ways of writing are read: ``1.250,5``, ``1,250.5``, ``10,5``, ``10.5``.

    Where the marks leave it open, the language of the page decides: ``2.500`` is 2500 on an Indonesian page and 2.5 on
    an English one, ``2,500`` the other way round. The caller keeps the text.
    """
    bare = text.strip().replace("\u00a0", "").replace(" ", "")
    sign = -1 if bare[:1] in _MINUS else 1
    bare = bare[1:] if bare[:1] in (*_MINUS, "+") else bare
    if not bare.isascii():
        return None
    thousands, point = (",", ".") if formats.in_english() else (".", ",")
    read = _marked(bare, thousands, point) or _marked(bare, point, thousands)
    if read is None:
        return None
    whole, _dot, decimals = read.partition(".")
    if len(whole.lstrip("0")) > MAX_DIGITS or len(decimals) > MAX_PLACES:
        return None
    try:
        return sign * Decimal(read)
    except InvalidOperation:  # pragma: no cover - the patterns let only digits through
        return None


def _marked(bare: str, thousands: str, point: str) -> str | None:
    """The number as Python writes it, if these marks make sense of it."""
    group, decimal = re.escape(thousands), re.escape(point)
    grouped = re.fullmatch(rf"\d{{1,3}}({group}\d{{3}})+({decimal}\d+)?", bare)
    if grouped or re.fullmatch(rf"\d+({decimal}\d+)?", bare):
        return bare.replace(thousands, "").replace(point, ".")
    return None


# Units of one measure as multiples of the first: what people write for the same thing.
_UNITS: tuple[Mapping[str, Decimal], ...] = (
    {"kg": Decimal(1), "g": Decimal("0.001"), "mg": Decimal("0.000001"), "t": Decimal(1000), "ton": Decimal(1000)},
    {"l": Decimal(1), "liter": Decimal(1), "ml": Decimal("0.001"), "m3": Decimal(1000), "m³": Decimal(1000)},
    {"m": Decimal(1), "cm": Decimal("0.01"), "mm": Decimal("0.001")},
    {"bar": Decimal(1), "mbar": Decimal("0.001"), "kpa": Decimal("0.01"), "mpa": Decimal(10)},
    {"°c": Decimal(1), "c": Decimal(1)},
)


def converted(value: Decimal, unit: str, to: str) -> Decimal | None:
    """``value`` in another unit of the same measure; None if the units do not belong together."""
    source, goal = unit.strip().lower(), to.strip().lower()
    if source == goal:
        return value
    for table in _UNITS:
        if source in table and goal in table:
            return value * table[source] / table[goal]
    return None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A size with its unit: 10,5 kg."""

    value: Decimal
    unit: str


# Tariffs --------------------------------------------------------------------------------------------------------------


class Line(Protocol):
    """What matching reads of a tariff line; ``models.TariffLine`` is one."""

    kind: str
    measure: str
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    lower_open: bool
    upper_open: bool
    valid_from: date
    valid_to: date | None
    description: str


@dataclass(frozen=True, slots=True)
class NoLine:
    """No tariff line, and why: a code for programs, a sentence for the person."""

    code: str
    reason: str

    def __bool__(self) -> bool:
        return False


L = TypeVar("L", bound=Line)


def in_force(line: Line, at: date) -> bool:
    """Whether a line holds on a day; its last day is included."""
    return line.valid_from <= at and (line.valid_to is None or at <= line.valid_to)


def contains(line: Line, value: Decimal) -> bool:
    """Whether a value (in the unit of the line) lies in its range. A limit belongs to it unless marked open."""
    above = line.lower is None or value > line.lower or (value == line.lower and not line.lower_open)
    below = line.upper is None or value < line.upper or (value == line.upper and not line.upper_open)
    return above and below


def match_line(lines: Iterable[L], kind: str, quantity: Quantity | None, at: date) -> L | NoLine:
    """The one line for an instrument of ``kind`` and size ``quantity`` on the day ``at``, or why there is none.

    A value between two ranges is in none of them. Two lines for one value are a fault of the tariff and are told, never
    settled by picking one.
    """
    of_kind = [line for line in lines if line.kind == kind]
    if not of_kind:
        return NoLine("unknown-kind", _("Jenis alat ini tidak ada dalam tarif."))
    current = [line for line in of_kind if in_force(line, at)]
    if not current:
        return NoLine("not-in-force", _("Tidak ada tarif yang berlaku untuk jenis alat ini pada tanggal tersebut."))
    fitting: list[L] = []
    for line in current:
        fits = _fits(line, quantity)
        if isinstance(fits, NoLine):
            return fits
        if fits:
            fitting.append(line)
    if not fitting:
        return NoLine("out-of-range", _("Tidak ada baris tarif untuk %(size)s.") % {"size": _shown(quantity)})
    if len(fitting) > 1:
        names = "; ".join(line.description for line in fitting)
        return NoLine(
            "ambiguous", _("Lebih dari satu tarif cocok: %(names)s. Tarif perlu diperbaiki.") % {"names": names}
        )
    return fitting[0]


def _fits(line: Line, quantity: Quantity | None) -> bool | NoLine:
    if not line.measure:
        return True
    if quantity is None:
        return NoLine("size-missing", _("%(measure)s belum diisi.") % {"measure": line.measure})
    value = converted(quantity.value, quantity.unit, line.unit)
    if value is None:
        text = _("Satuan %(unit)s tidak sesuai dengan satuan tarif, %(wanted)s.")
        return NoLine("unit", text % {"unit": quantity.unit or "–", "wanted": line.unit})
    return contains(line, value)


def _shown(quantity: Quantity | None) -> str:
    return f"{formats.number(plain(quantity.value))} {quantity.unit}".strip() if quantity else "–"


def range_words(line: Line) -> str:
    """The range of a line in words: "Volume ruang: lebih dari 2.500 L"; empty where the kind alone decides."""
    if not line.measure:
        return ""
    parts = []
    if line.lower is not None:
        word = _("lebih dari") if line.lower_open else _("mulai")
        parts.append(f"{word} {formats.number(plain(line.lower))}")
    if line.upper is not None:
        word = _("kurang dari") if line.upper_open else _("sampai")
        parts.append(f"{word} {formats.number(plain(line.upper))}")
    return f"{line.measure}: {' '.join(parts)} {line.unit}".strip()


def plain(value: Decimal) -> Decimal:
    """Without the zeros that a column of fixed places adds."""
    return Decimal(f"{value:f}".rstrip("0").rstrip(".")) if "." in f"{value:f}" else value


# Bills ----------------------------------------------------------------------------------------------------------------

BILLING_CODE = re.compile(r"\d{15}", re.ASCII)
NTPN = re.compile(r"[A-Z0-9]{16}")


def billing_code(text: str) -> str | None:
    """The 15 digits of a billing code, typed with or without spaces between groups; None if it is none."""
    bare = re.sub(r"[\s.-]", "", text)
    return bare if BILLING_CODE.fullmatch(bare) else None


def ntpn(text: str) -> str | None:
    """The 16 letters and digits of an NTPN, in capitals; None if it is none."""
    bare = re.sub(r"\s", "", text).upper()
    return bare if NTPN.fullmatch(bare) else None


_LEVY = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./_-]{1,38}[0-9A-Za-z]")


def levy_number(text: str) -> str | None:
    """The number of a SKRD or of a receipt as typed, with single spaces: 3 to 40 letters, digits and "./_-"."""
    bare = " ".join(text.split())
    return bare if _LEVY.fullmatch(bare) else None


def expiry(issued_at: datetime, *, days: int) -> datetime:
    """When a bill expires: to the second ``days`` times 24 hours after it was issued."""
    return issued_at + timedelta(days=days)


def expired(expires_at: datetime, at: datetime) -> bool:
    """Whether a payment at ``at`` comes too late; the last second still counts."""
    return at > expires_at


def amount_in_words(amount: Decimal) -> str:
    """The amount in Indonesian words, as it is printed on a bill, whatever the language of the screen."""
    with translation.override("id"):
        return formats.in_words(amount)


# Surveys --------------------------------------------------------------------------------------------------------------

# The nine elements of PermenPAN-RB 14/2017, by code: forms number the last two in different orders.
ELEMENTS: Mapping[str, Any] = {
    "persyaratan": gettext_lazy("Kesesuaian persyaratan pelayanan"),
    "prosedur": gettext_lazy("Kemudahan prosedur pelayanan"),
    "waktu": gettext_lazy("Kecepatan waktu pelayanan"),
    "biaya": gettext_lazy("Kewajaran biaya atau tarif"),
    "produk": gettext_lazy("Kesesuaian hasil dengan yang dijanjikan"),
    "kompetensi": gettext_lazy("Kemampuan petugas"),
    "perilaku": gettext_lazy("Kesopanan dan keramahan petugas"),
    "pengaduan": gettext_lazy("Penanganan pengaduan, saran, dan masukan"),
    "sarana": gettext_lazy("Mutu sarana dan prasarana"),
}
SCALE = {
    1: gettext_lazy("Tidak baik"),
    2: gettext_lazy("Kurang baik"),
    3: gettext_lazy("Baik"),
    4: gettext_lazy("Sangat baik"),
}
GATES = ("none", "prompt", "required")


def missing_answers(answers: Mapping[str, Any]) -> list[str]:
    """The elements without an answer from 1 to 4. An incomplete form cannot be counted (the law does not say how)."""
    return [code for code in ELEMENTS if answers.get(code) not in SCALE]
