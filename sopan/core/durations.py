"""Times of the quality standard (Waktu): from the text as printed to ``Duration``, and from ``Duration`` to words.

Reading never fails and never guesses: text that means no single time is ``UNDETERMINED`` and keeps what is printed, so
that a person can decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from sopan.core.model import Duration, TimeKind, Unit

_UNITS = {
    "menit": Unit.MINUTE,
    "menit kerja": Unit.MINUTE,
    "mnt": Unit.MINUTE,
    "'": Unit.MINUTE,
    "jam": Unit.HOUR,
    "jam kerja": Unit.HOUR,
    "hari kerja": Unit.WORKING_DAY,
    "hari": Unit.DAY,
    "hari kalender": Unit.DAY,
    "minggu": Unit.WEEK,
    "bulan": Unit.MONTH,
    "bln": Unit.MONTH,
    "tahun": Unit.YEAR,
    "thn": Unit.YEAR,
}
UNIT_WORDS = {
    Unit.MINUTE: "menit",
    Unit.HOUR: "jam",
    Unit.WORKING_DAY: "hari kerja",
    Unit.DAY: "hari",
    Unit.WEEK: "minggu",
    Unit.MONTH: "bulan",
    Unit.YEAR: "tahun",
}
_LIMITS = {
    **dict.fromkeys(("maks", "maks.", "maksimal", "maksimum", "max", "max.", "≤", "<"), TimeKind.MAX),
    **dict.fromkeys(("paling lama", "paling lambat", "selambat-lambatnya", "selama-lamanya"), TimeKind.MAX),
    **dict.fromkeys(("±", "+/-", "+-", "~", "sekitar", "kira-kira"), TimeKind.APPROXIMATE),
    **dict.fromkeys(("kurang lebih", "lebih kurang"), TimeKind.APPROXIMATE),
}
_RHYTHMS = {
    "harian": (1, Unit.DAY),
    "mingguan": (1, Unit.WEEK),
    "bulanan": (1, Unit.MONTH),
    "triwulan": (3, Unit.MONTH),
    "triwulanan": (3, Unit.MONTH),
    "semester": (6, Unit.MONTH),
    "semesteran": (6, Unit.MONTH),
    "tahunan": (1, Unit.YEAR),
}
_UNBOUNDED = frozenset({"∞", "tidak terbatas", "tak terbatas", "tak terhingga", "tidak terhingga", "tanpa batas"})


def _alternatives(words: Iterable[str]) -> str:
    """A pattern of these words; the longest first, so that "hari kerja" wins over "hari"."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# At most six digits: a longer number is a telephone or an account number that got into the column.
_NUMBER = r"(?:[0-9]{1,2} )?[0-9]{1,3}/[0-9]{1,3}|[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9])(?:,[0-9]{1,4})?|[0-9]{1,6}(?:[.,][0-9]{1,4})?"
_UNIT = _alternatives(_UNITS)
_TIME = re.compile(
    rf"(?:(?P<limit>{_alternatives(_LIMITS)}) ?)?"
    rf"(?:(?P<least>{_NUMBER})(?: ?(?P<least_unit>{_UNIT}))? ?(?:-|s/d|s\.d\.?|sd|sampai(?: dengan)?) ?)?"
    rf"(?P<amount>{_NUMBER})(?: ?(?P<unit>{_UNIT}))?\.?"
    r"(?: ?(?:/|(?:per|tiap|setiap)\b) ?(?P<per>[^0-9/]+))?"
)
_EVERY = re.compile(rf"\b(?:setiap|tiap)\b(?: (?P<amount>{_NUMBER}))?(?:[^0-9]*?\b(?P<unit>{_UNIT})\b)?")
_RHYTHM = re.compile(rf"\b({_alternatives(_RHYTHMS)})\b")
_CONDITION = re.compile(r"\b(?:kondisional|sesuai|tergantung|bila|apabila|jika|menyesuaikan|situasional)\b")
_SPELLED = re.compile(r"(?<=[0-9]) ?\([a-z ]+\)")  # "1 (satu) hari"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("’′`", "'"))


def parse_duration(printed: str, *, header_unit: Unit | None = None) -> Duration:
    """The meaning of a time as printed; ``printed`` is kept as it is.

    ``header_unit`` is the unit that the heading of the column tells ("Waktu (menit)"), used for a number without a
    unit. Any text gives a ``Duration``.
    """
    text = _normal(printed)
    if not text.strip("-. "):
        return Duration(TimeKind.MISSING, printed)
    return _time(text, printed, header_unit) or _cadence(text, printed) or Duration(_kind_without_amount(text), printed)


def _normal(printed: str) -> str:
    text = unicodedata.normalize("NFKC", printed.replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4"))
    text = " ".join(text.translate(_DASHES).replace("\u2044", "/").casefold().split())
    return _SPELLED.sub("", text)


def _time(text: str, printed: str, header_unit: Unit | None) -> Duration | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    unit = _UNITS.get(found["unit"] or "", header_unit)
    amount, least = _number(found["amount"]), _number(found["least"])
    same_unit = found["least_unit"] in (None, found["unit"])
    if unit is None or amount is None or not same_unit or (least is not None and least > amount):
        return None
    kind, per = _LIMITS.get(found["limit"] or "", TimeKind.EXACT), (found["per"] or "").strip()
    if found["least"]:
        kind = TimeKind.RANGE
    if per:
        kind = TimeKind.RATE
    return Duration(kind, printed, amount, unit, least, per)


def _number(text: str | None) -> Decimal | None:
    """ "1/4", "1 1/2", "0,5", "1.000" -> Decimal; a point before exactly three digits parts thousands."""
    if not text:
        return None
    whole, _, fraction = text.rpartition(" ")
    if "/" in fraction:
        above, below = fraction.split("/")
        return Decimal(whole or 0) + Decimal(above) / Decimal(below) if int(below) else None
    if re.match(r"[1-9][0-9]*\.[0-9]{3}(?![0-9])", text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", "."))


def _cadence(text: str, printed: str) -> Duration | None:
    """A rhythm ("setiap bulan", "semesteran") written where a time belongs."""
    if rhythm := _RHYTHM.search(text):
        amount, unit = _RHYTHMS[rhythm[1]]
        return Duration(TimeKind.CADENCE, printed, Decimal(amount), unit)
    every = _EVERY.search(text)
    if not every:
        return None
    if not every["unit"]:
        return Duration(TimeKind.CADENCE, printed)
    return Duration(TimeKind.CADENCE, printed, _number(every["amount"]) or Decimal(1), _UNITS[every["unit"]])


def _kind_without_amount(text: str) -> TimeKind:
    if text in _UNBOUNDED:
        return TimeKind.UNBOUNDED
    return TimeKind.CONDITIONAL if _CONDITION.search(text) else TimeKind.UNDETERMINED


_FIXED_WORDS = {
    TimeKind.CONDITIONAL: "kondisional",
    TimeKind.UNDETERMINED: "tidak dapat ditentukan",
    TimeKind.UNBOUNDED: "tidak terbatas",
    TimeKind.MISSING: "tidak tercantum",
    TimeKind.CADENCE: "berkala",
}
_BEFORE = {TimeKind.MAX: "maks ", TimeKind.APPROXIMATE: "± ", TimeKind.CADENCE: "setiap "}


def words(duration: Duration) -> str:
    """The time in Indonesian: "maks 14 hari kerja", "1–3 hari kerja", "2 menit per berkas".

    A time without an amount is told as it is printed ("Sesuai juknis"), because that says more than its kind.
    """
    kind, unit = duration.kind, duration.unit
    if duration.amount is None or unit is None:
        printed = " ".join(duration.printed.split())
        return printed if printed and kind not in (TimeKind.MISSING, TimeKind.UNBOUNDED) else _FIXED_WORDS.get(kind, "")
    least = "" if duration.least is None else f"{_figure(duration.least)}–"
    per = f" per {duration.per}" if duration.per else ""
    return f"{_BEFORE.get(kind, '')}{least}{_figure(duration.amount)} {_unit_words(duration)}{per}"


def _unit_words(duration: Duration) -> str:
    """A document that says "hari kalender" means it; ``Unit.DAY`` alone leaves it open."""
    return "hari kalender" if in_calendar_days(duration) else UNIT_WORDS[duration.unit or Unit.DAY]


def in_calendar_days(duration: Duration) -> bool:
    """True if the document itself says "hari kalender", so that the body has nothing to decide."""
    return duration.unit is Unit.DAY and "kalender" in duration.printed.casefold()


def _figure(amount: Decimal) -> str:
    quarters = {Decimal("0.25"): "1/4", Decimal("0.5"): "1/2", Decimal("0.75"): "3/4"}
    if amount in quarters:
        return quarters[amount]
    text = f"{round(amount, 4).normalize():,f}"
    return text.translate(str.maketrans(",.", ".,"))
