"""Numbers as analysts type them, with comma or point, and the correction computed from them.

``core`` has no business with laboratory habits, and a locale is no help: one person types "20,05", the display of an
instrument shows "20.05", and a spreadsheet pastes "1.234,5". The text is kept; this module says what it means.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal

MAX_LENGTH = 40
MAX_WHOLE, MAX_DECIMALS = 14, 10  # what the columns beside the texts hold
_SPACES = "\u00a0\u2007\u2009\u202f"
_MINUSES = "\u2212\u2013\ufe63\uff0d"
_SHAPE = re.compile(r"([+-]?)([0-9][0-9., ]*|[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,2}))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]*")
_TOLERANCE = re.compile(r"\s*(?:±|\+/-|\+-)\s*")
_UNIT = re.compile(r"\s*(?:°\s*C|%\s*(?:RH)?|hPa|mbar)\s*$")


def parse_number(text: str) -> Decimal | Refusal:
    """The number that ``text`` means. Works for every text; what is no number gives a Refusal that says why.

    One mark, comma or point, is the decimal mark, also before three digits: readings have decimals far more often than
    thousands, so "1.234" is 1.234. A mark that repeats, or that stands before the other mark, groups thousands, and
    must then stand at every third digit. A space may group thousands. "1,5e-3" is 0.0015.
    """
    typed = text.translate({ord(c): " " for c in _SPACES} | {ord(c): "-" for c in _MINUSES}).strip()
    if not typed:
        return Refusal("number-missing", _("Isi angkanya."))
    if len(typed) > MAX_LENGTH:
        return Refusal("number-long", _("Angka paling panjang %(count)s karakter.") % {"count": MAX_LENGTH})
    shape = _SHAPE.fullmatch(re.sub(r"^([+-])\s+", r"\1", typed))
    digits = _digits(shape[2].rstrip(" ")) if shape else None
    if shape is None or digits is None:
        return Refusal("number-unclear", _("“%(text)s” bukan angka. Contoh: 20,05 atau −0,3.") % {"text": typed})
    value = Decimal(f"{shape[1]}{digits}e{shape[3] or 0}")
    return (
        value if _fits(value) else Refusal("number-large", _("Angka ini terlalu besar atau desimalnya terlalu banyak."))
    )


def _digits(body: str) -> str | None:
    """The digits with a point as the decimal mark, or None if the marks make no sense."""
    marks = [c for c in body if c in ".,"]
    if len(set(marks)) == 2 or len(marks) == 1:
        last = max(body.rfind(","), body.rfind("."))
        whole, decimals = body[:last], body[last + 1 :]
        if not _PLAIN.fullmatch(decimals) or not (decimals or whole):
            return None
    else:
        whole, decimals = body, ""
    if not _PLAIN.fullmatch(whole):
        if not _GROUPED.fullmatch(whole):
            return None
        whole = re.sub(r"[., ]", "", whole)
    return f"{whole or 0}.{decimals or 0}" if decimals else whole


def _fits(value: Decimal) -> bool:
    """Whether the columns hold it; SQLite keeps 15 digits, and what these round up to must fit too."""
    exponent = value.as_tuple().exponent
    whole = max(value.adjusted(), Decimal(f"{value:.15g}").adjusted())
    return isinstance(exponent, int) and -exponent <= MAX_DECIMALS and whole < MAX_WHOLE


def parse_condition(text: str) -> Decimal | Refusal:
    """The value of an environmental condition: "23,1", "23,1 °C", "23,1 ± 0,5". The tolerance must be a number too."""
    parts = [_UNIT.sub("", part) for part in _TOLERANCE.split(_UNIT.sub("", text), maxsplit=1)]
    if len(parts) == 2 and isinstance(tolerance := parse_number(parts[1]), Refusal):
        return tolerance
    return parse_number(parts[0])


def parse_span(text: str) -> tuple[Decimal, Decimal] | Refusal:
    """Lowest and highest value of an environmental condition: "23,1 ± 0,5" is 22.6 to 23.6."""
    parts = [_UNIT.sub("", part) for part in _TOLERANCE.split(_UNIT.sub("", text), maxsplit=1)]
    found = [parse_number(part) for part in parts]
    wrong = next((one for one in found if isinstance(one, Refusal)), None)
    if wrong is not None:
        return wrong
    middle, *rest = (one for one in found if isinstance(one, Decimal))
    half = abs(rest[0]) if rest else Decimal(0)
    return middle - half, middle + half


def decimal_mark(text: str) -> str:
    """The decimal mark that was used in ``text``; a comma where none was."""
    return "." if text.rfind(".") > text.rfind(",") else ","


def correction_text(reference: str, indication: str) -> str | Refusal:
    """Reference minus indication, exact, with the decimals of the finer of the two and the mark of the indication."""
    first, second = parse_number(reference), parse_number(indication)
    if isinstance(first, Refusal):
        return first
    if isinstance(second, Refusal):
        return second
    with localcontext() as context:
        context.prec = 2 * (MAX_WHOLE + MAX_DECIMALS)
        difference = first - second
    digits = f"{abs(difference):f}"
    sign = "−" if difference < 0 else ""
    marks = indication if "." in indication or "," in indication else reference
    return sign + digits.replace(".", decimal_mark(marks))
