"""How figures, dates and durations are written, in the active language and zone. Pure functions; the filters of
``templatetags.ui`` are these, and printed documents use them too.

Indonesian is the reference: 21 November 2026, 09.14 WIB, Rp 1.250.000. English changes words and the dot in the time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from num2words import num2words

Number = int | float | Decimal
HOUR = 60


def in_english() -> bool:
    return (get_language() or "id").startswith("en")


# Money and numbers


def grouped_digits(digits: str, mark: str) -> str:
    """Thousands marked from the right: ``1250000`` -> ``1.250.000``."""
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", mark, digits)


def number(value: Number | str, places: int | None = None) -> str:
    """A number with the marks of the language: ``1.250.000,5``. Decimals as given, or exactly ``places``."""
    amount = Decimal(str(value))
    if places is not None:
        amount = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    thousands, point = (",", ".") if in_english() else (".", ",")
    whole, _dot, decimals = f"{abs(amount):f}".partition(".")
    sign = "−" if amount < 0 else ""
    return sign + grouped_digits(whole, thousands) + (point + decimals if decimals else "")


def written(number: str) -> str:
    """A number with a decimal point as people here read it: decimal comma, and a minus that is no hyphen."""
    return number.replace(".", ",").replace("-", "−")


def rupiah(value: Number | str) -> str:
    """``Rp 1.250.000``; cents are shown only where there are any. A space that does not break follows Rp."""
    amount = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    places = 0 if amount == amount.to_integral_value() else 2
    sign = "−" if amount < 0 else ""
    return f"{sign}Rp\u00a0{number(abs(amount), places)}"


def in_words(value: Number | str) -> str:
    """The amount in words: ``Tiga juta tujuh ratus lima puluh ribu rupiah``; cents as ``… rupiah lima puluh sen``."""
    amount = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    whole, cents = int(amount), int(abs(amount) % 1 * 100)
    language = "en" if in_english() else "id"
    words = f"{num2words(whole, lang=language)} rupiah"
    if cents:
        words += f" {num2words(cents, lang=language)} sen"
    return words[:1].upper() + words[1:]


def file_size(count: int) -> str:
    """``312 KB``, ``1,4 MB`` (1 KB = 1024 bytes)."""
    if count < 1024:
        return f"{count} B"
    if count < 1024**2:
        return f"{number(count / 1024, 0)} KB"
    return f"{number(count / 1024**2, 1).removesuffix(',0').removesuffix('.0')} MB"


# Dates and times


def here(value: date | datetime) -> date | datetime:
    """An aware datetime in the active zone; dates and naive datetimes unchanged."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def zone_label(value: datetime | None = None) -> str:
    """``WIB``, ``WITA`` or ``WIT``: the short name of the active zone."""
    return timezone.localtime(value or timezone.now()).tzname() or ""


def long_date(value: date | datetime) -> str:
    return dateformat.format(here(value), "j F Y")


def long_dates(value: date | datetime, languages: Sequence[str]) -> str:
    """A date for a document in several languages: ``5 Mei 2026 / 5 May 2026``; once where they write it alike."""
    written = []
    for language in languages:
        with override(language):
            written.append(long_date(value))
    return " / ".join(dict.fromkeys(written))


def short_date(value: date | datetime) -> str:
    """``21 Nov 2026``, for tables."""
    return dateformat.format(here(value), "j M Y")


def weekday_date(value: date | datetime) -> str:
    return dateformat.format(here(value), "l, j F Y")


def clock(value: datetime) -> str:
    """``09.14 WIB``: the zone is always named."""
    return f"{dateformat.format(here(value), 'H:i' if in_english() else 'H.i')} {zone_label(value)}"


def long_datetime(value: datetime) -> str:
    return f"{long_date(value)}, {clock(value)}"


def short_datetime(value: datetime) -> str:
    return f"{short_date(value)} {clock(value)}"


# Durations


def minutes_of(value: Number | timedelta) -> int:
    """Whole minutes of a timedelta or a number of minutes, rounded towards zero."""
    return int(value.total_seconds() / 60) if isinstance(value, timedelta) else int(value)


def duration(value: Number | timedelta, minutes_per_day: int | None = None) -> str:
    """A duration in short words: ``35 menit``, ``2 j 4 m``; from one working day on, whole days where the length of a day is given.

    ``value`` is in (working) minutes; its sign is left out. Days are counted down: two days and a half are ``2 hari kerja``.
    """
    minutes = abs(minutes_of(value))
    if minutes_per_day and minutes >= minutes_per_day:
        return working_days(minutes // minutes_per_day)
    if minutes < HOUR:
        return ngettext("%(count)s menit", "%(count)s menit", minutes) % {"count": minutes}
    hours, rest = divmod(minutes, HOUR)
    if hours >= 48 and not minutes_per_day:
        return ngettext("%(count)s hari", "%(count)s hari", hours // 24) % {"count": number(hours // 24)}
    if rest:
        return _("%(hours)s j %(minutes)s m") % {"hours": hours, "minutes": rest}
    return ngettext("%(hours)s jam", "%(hours)s jam", hours) % {"hours": hours}


def working_days(count: int) -> str:
    return ngettext("%(count)s hari kerja", "%(count)s hari kerja", count) % {"count": number(count)}


def remaining(value: Number | timedelta, minutes_per_day: int | None = None) -> str:
    """What is left, in words: ``Sisa 35 menit``; below zero ``Terlambat 2 j 4 m``."""
    words = duration(value, minutes_per_day)
    return (
        _("Terlambat %(duration)s") % {"duration": words}
        if minutes_of(value) < 0
        else _("Sisa %(duration)s") % {"duration": words}
    )


# Identifiers: shown in groups, stored as digits


def digits_of(value: object) -> str:
    return re.sub(r"\D", "", str(value or ""))


def in_groups(value: object, sizes: Sequence[int] = (), mark: str = " ") -> str:
    """The characters in groups of the given sizes; the last size repeats. Without sizes, fours."""
    text, groups, rest = str(value or "").replace(" ", ""), [], list(sizes) or [4]
    while text:
        size = rest.pop(0) if len(rest) > 1 else rest[0]
        groups.append(text[:size])
        text = text[size:]
    return mark.join(groups)


def npwp(value: object) -> str:
    """16 digits in fours; the 15 old ones as ``01.234.567.8-901.000``; anything else as it is."""
    digits = digits_of(value)
    if len(digits) == 15:
        a, b, c, d, e, f = digits[:2], digits[2:5], digits[5:8], digits[8], digits[9:12], digits[12:]
        return f"{a}.{b}.{c}.{d}-{e}.{f}"
    return in_groups(digits) if len(digits) == 16 else str(value or "")


def phone(value: object) -> str:
    """``+6281277112034`` -> ``0812-7711-2034``; numbers of other countries and those typed with marks as they are."""
    text = str(value or "").strip()
    if re.fullmatch(r"\+?62\d{8,12}", text):
        text = "0" + text.lstrip("+")[2:]
    return in_groups(text, (4, 4, 5), "-") if re.fullmatch(r"08\d{7,12}", text) else text


def initials(name: object) -> str:
    """The first letters of the first two words: ``Dewi Lestari`` -> ``DL``."""
    return "".join(word[0] for word in str(name or "").split()[:2]).upper()
