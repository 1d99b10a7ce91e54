"""The drawing of a draft, a row of it for each row of the table, and the times as they are understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.durations import parse_duration, words
from sopan.core.model import Duration, TimeKind, Unit
from sopan.web.drawing import Drawn, drawn_of
from sopan.web.editor.checking import Looked

MOST_STEPS, MOST_ACTORS = 150, 25  # of a drawing that follows the typing


def picture(looked: Looked, *, states: Mapping[str, str] | None = None) -> Drawn | None:
    """The drawing; symbols whose actor is only guessed have the class "guess". None where there is nothing to draw yet."""
    procedure = looked.drawable
    if procedure is None or len(procedure.steps) > MOST_STEPS or not 0 < len(procedure.actors) <= MOST_ACTORS:
        return None
    return drawn_of(procedure, states={**dict.fromkeys(looked.guessed, "guess"), **(states or {})})


def times(content: Mapping[str, Any]) -> list[str]:
    """What the time of each step means, in words; "" where nothing is written."""
    unit = content.get("time_unit")
    header = Unit(unit) if unit in list(Unit) else None
    return [_told(step.get("time", ""), header) for step in content["steps"]]


def _told(printed: str, header: Unit | None) -> str:
    """The meaning, unless it says no more than what is printed: "10 menit"."""
    time = parse_duration(printed, header_unit=header)
    plain = time.kind is TimeKind.EXACT and words(time) == " ".join(printed.casefold().split())
    return "" if plain else meaning(time)


def meaning(time: Duration) -> str:
    """How a time is understood: "maks 14 hari" is "paling lama 14 hari"."""
    told = words(time).replace("maks ", "").replace("± ", "")
    match time.kind:
        case TimeKind.MISSING:
            return ""
        case TimeKind.EXACT | TimeKind.MAX | TimeKind.RANGE:
            return _("paling lama %(time)s") % {"time": told.split("–")[-1]}
        case TimeKind.APPROXIMATE:
            return _("kira-kira %(time)s") % {"time": told}
        case TimeKind.RATE:
            return told
        case TimeKind.CADENCE:
            return _("berulang %(time)s, tanpa batas waktu") % {"time": told}
        case TimeKind.CONDITIONAL:
            return _("bergantung keadaan, tanpa batas waktu")
        case TimeKind.UNBOUNDED:
            return _("tanpa batas waktu")
    return _("tidak terbaca sebagai waktu")
