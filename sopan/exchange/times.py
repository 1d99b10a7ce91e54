"""Times of a table, in the terms of the exchange format: working minutes and how the time is meant.

A working day counts 450 minutes, a week five of them, an hour 60. A month, a year and a calendar day have no fixed
number of working minutes. A range gives its upper end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from sopan.core.durations import in_calendar_days, parse_duration
from sopan.core.model import Duration, TimeKind, Unit

_MINUTES = {
    Unit.MINUTE: Decimal(1),
    Unit.HOUR: Decimal(60),
    Unit.WORKING_DAY: Decimal(450),
    Unit.DAY: Decimal(450),
    Unit.WEEK: Decimal(2250),
}
_KINDS = {
    TimeKind.EXACT: "exact",
    TimeKind.MAX: "max",
    TimeKind.APPROXIMATE: "approx",
    TimeKind.RANGE: "range",
    TimeKind.RATE: "rate",
    TimeKind.UNBOUNDED: "unbounded",
    TimeKind.CONDITIONAL: "conditional",
    TimeKind.UNDETERMINED: "undetermined",
    TimeKind.CADENCE: "undetermined",  # how often is not how long
    TimeKind.MISSING: "missing",
}
UNIT_WORDS = {
    "menit": Unit.MINUTE,
    "jam": Unit.HOUR,
    "hari kerja": Unit.WORKING_DAY,
    "hari": Unit.DAY,
    "minggu": Unit.WEEK,
    "bulan": Unit.MONTH,
}
_OTHER_WORDS = {
    "hr": "hari", "hr.": "hari", "mnt": "menit", "mnt.": "menit", "mnit": "menit", "s/d.": "s/d", "sd.": "s/d", "mins": "menit", "min": "menit", "minute": "menit", "minutes": "menit",
    "dtk": "detik", "dtk.": "detik", "second": "detik", "seconds": "detik", "th": "tahun", "th.": "tahun", "week": "minggu", "weeks": "minggu",
    "hour": "jam", "hours": "jam", "day": "hari", "days": "hari", "hk": "hari kerja", "″": "detik", "mgg": "minggu",
}  # fmt: skip
_AMOUNTS = {
    word: str(number)
    for number, word in enumerate(
        ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"], 1
    )
} | {"setengah": "1/2", "seperempat": "1/4"}
_SPELLED = re.compile(rf"\b({'|'.join(_AMOUNTS)}) (?=(?:menit|jam|hari|minggu|bulan|tahun)\b)")
_ONE = re.compile(r"\bse(menit|jam|hari|minggu|bulan|tahun)\b")
_LONGEST = 120  # characters of a time that is told in an odd way
_FOOTNOTE = re.compile(r" ?(?:\*{1,3}\)?|[¹²³])$")
_LONG_UNITS = ("menit", "hari", "minggu", "bulan", "tahun", "kerja")
_SUM = re.compile(r"(\d+ (?:jam|hari(?: kerja)?|minggu)),?(?: dan)? (\d+ (?:menit|jam))\.?", re.IGNORECASE)
_UNEQUAL_RANGE = re.compile(
    r"(\d+ [a-z]+(?: kerja)?) ?(?:-|–|s/d|s\.d\.?|sd|sampai(?: dengan)?) ?(\d+ [a-z]+(?: kerja)?)"
)
_TIMES = re.compile(r"(\d{1,2}) ?(?:[x×]|kali) ?(\d{1,3}) ?(jam|menit|hari)")
_SECONDS = re.compile(r"(\d{1,4}) ?detik")
_LIMIT_BEFORE = re.compile(r"(?:maks(?:imal|imum)?\.?|max\.?|paling lama|±) ?(\d{1,2} ?[x×].*)")
_LESS = re.compile(r"(?:kurang dari|tidak lebih dari|di ?bawah) (.+)")
_SINCE = re.compile(r"(.+?) (?:setelah|sejak|sesudah|terhitung) .+")
_RATE_BEHIND = re.compile(r"(.+?) ?\((?:per|/|tiap|setiap) ?.+\)")
_TWICE = re.compile(r"(.+?) ?(?:\((.+)\)|= ?(.+)|/ ?(\d.*))")
_LIMIT_BEHIND = re.compile(r"(.+?) ?\((?:maks(?:imal)?\.?|max\.?|paling lama)\)")


@dataclass(frozen=True, slots=True)
class Reading:
    """``minutes`` None where no number of working minutes is told; ``read_as`` what a misread text was taken for."""

    minutes: int | float | None
    kind: str
    read_as: str = ""
    has_amount: bool = False
    suspicious: str = ""


def read_time(printed: str, *, header_unit: Unit | None = None) -> Reading:
    """The meaning of a time as printed. ``header_unit`` counts for a number without a unit. Any text gives a reading."""
    first = _known(printed, header_unit)
    if (
        first.has_amount
        or first.kind in ("missing", "unbounded", "conditional")
        or not re.search(r"\d|^[lIO] ", printed)
    ):
        return first
    mended = _mended(printed)
    if mended == " ".join(printed.split()):
        return first
    second = _known(mended, header_unit)
    if not second.has_amount:
        return first
    return Reading(second.minutes, second.kind, mended, has_amount=True, suspicious=second.suspicious)


def _known(printed: str, header_unit: Unit | None) -> Reading:
    duration = parse_duration(printed, header_unit=header_unit)
    if duration.amount is not None and duration.kind is not TimeKind.CADENCE:
        return _reading(duration)
    text = " ".join(printed.casefold().split())
    if len(text) > _LONGEST:
        return Reading(None, _KINDS[duration.kind])
    if (plainly := _plainly(text)) != text and (reading := _known(plainly, header_unit)).has_amount:
        return reading
    return _composed(text) or Reading(None, _KINDS[duration.kind])


def _plainly(text: str) -> str:
    """The text with numbers in figures and without the mark of a footnote: "seminggu", "dua hari", "10 menit *)"."""
    figures = _SPELLED.sub(lambda found: f"{_AMOUNTS[found[1]]} ", _ONE.sub(r"1 \1", text))
    return _FOOTNOTE.sub("", figures).replace("minggu kerja", "minggu")


def _reading(duration: Duration) -> Reading:
    assert duration.amount is not None and duration.unit is not None
    if not duration.amount:
        return Reading(None, "undetermined", has_amount=True, suspicious="a time of zero is not possible")
    factor = None if in_calendar_days(duration) else _MINUTES.get(duration.unit)
    minutes = None if factor is None else _number(duration.amount * factor)
    return Reading(minutes, _KINDS[duration.kind], has_amount=True)


def _composed(text: str) -> Reading | None:
    """Shapes of two amounts: "1 jam 30 menit", "30 menit - 1 jam", "2 x 24 jam"; seconds; what stands in brackets."""
    for pattern, kind in ((_LIMIT_BEHIND, "max"), (_RATE_BEHIND, "rate"), (_LIMIT_BEFORE, "max"), (_LESS, "max")):
        if found := pattern.fullmatch(text):
            inner = _known(found[1], None)
            kind = "approx" if text.startswith("±") else kind
            return Reading(inner.minutes, kind, has_amount=True) if inner.has_amount else None
    if found := _SINCE.fullmatch(text):  # "1 hari setelah berkas lengkap" is a day
        inner = _known(found[1], None)
        return inner if inner.has_amount else None
    if (found := _TWICE.fullmatch(text)) and (one := _known(found[1], None)).minutes is not None:
        again = _known(_mended(found[2] or found[3] or found[4]), None)
        return one if one.minutes == again.minutes else None
    if found := _SECONDS.fullmatch(text):
        return Reading(_number(Decimal(found[1]) / 60), "exact", has_amount=True)
    if found := _TIMES.fullmatch(text):
        minutes = Decimal(found[1]) * Decimal(found[2]) * _MINUTES[UNIT_WORDS[found[3]]]
        return Reading(_number(minutes), "exact", has_amount=True)
    if found := _SUM.fullmatch(text):
        return _both(found, "exact", add=True)
    if found := _UNEQUAL_RANGE.fullmatch(text):
        return _both(found, "range", add=False)
    return None


def _both(found: re.Match[str], kind: str, *, add: bool) -> Reading | None:
    one, two = _known(found[1], None).minutes, _known(found[2], None).minutes
    if one is None or two is None or (not add and two <= one):
        return None
    return Reading(one + two if add else two, kind, has_amount=True)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else round(float(value), 2)


def _mended(printed: str) -> str:
    """The text with misread letters of units and digits put right: "7 harl", "l jam", "1O menit"."""
    spaced = re.sub(r"(?<=\d)(?=[A-Za-z]{2,})", " ", re.sub(r"^\s*\+\s*(?=\d)", "± ", printed)).strip(" ,;:")
    return " ".join(_mended_word(word) for word in spaced.split())


def _mended_word(word: str) -> str:
    small = word.casefold()
    if small in _OTHER_WORDS:
        return _OTHER_WORDS[small]
    if word in ("l", "I", "|") or re.fullmatch(r"[0-9lIOo]*\d[0-9lIOo]*", word):
        return word.translate(str.maketrans("lI|Oo", "11100"))
    if len(small) >= 4 and small.isalpha():
        near = get_close_matches(small, _LONG_UNITS, n=1, cutoff=0.72)
        return near[0] if near else word
    return {"jarn": "jam", "jam.": "jam", "jm": "jam"}.get(small, word)


def unit_of_heading(text: str) -> Unit | None:
    """The unit that the heading of the time column tells: "Waktu (menit)", "WAKTU (dalam menit)"."""
    small = text.casefold()
    for word, unit in UNIT_WORDS.items():
        if re.search(rf"\b{word}\b", small):
            return Unit.WORKING_DAY if word == "hari" and "hari kerja" in small else unit
    return None
