"""The content of a revision: the file format of procedures as data, complete or not.

A draft may lack anything, but what stands in it has the shape of the format, so that whoever reads it finds texts where
texts belong. What is wrong in a text (an unknown kind, a goal that is no step) stays, and is told by the problems.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.format import PROCEDURE, STEP, STEP_ID, Flag, ListOf, Record, Shape, TableOf

LARGEST = 450_000  # characters of the content as JSON; the loader of procedures reads 500,000
MOST_ITEMS = 500  # of one list
LONGEST_TEXT = 5_000
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class _Misshapen(Exception):
    pass


def read(data: Any) -> dict[str, Any] | Refusal:
    """``data`` in the shape of the file format, without empty keys; refused where it has another shape, or is too large.

    Nothing raises. Signs that cannot be printed (they come with what is pasted) become blanks.
    """
    try:
        if not isinstance(data, Mapping):
            raise _Misshapen("?")
        found: dict[str, Any] = _read(PROCEDURE, data, "")
    except _Misshapen as fault:
        return Refusal("shape", _("Isi konsep tidak dapat dibaca (%(place)s).") % {"place": fault})
    found = {"format": "1", "identity": {}, "actors": {}, "steps": []} | found | {"format": "1"}
    if len(json.dumps(found, ensure_ascii=False)) > LARGEST:
        return Refusal("too-large", _("Konsep ini terlalu besar. Bagi menjadi beberapa SOP."))
    return found


def _read(shape: Shape, value: Any, place: str) -> Any:
    match shape:
        case Record():
            return _record(shape, value, place)
        case ListOf():
            return _list(shape, value, place)
        case TableOf():
            return _table(shape, value, place)
        case Flag():
            return value if isinstance(value, bool) else _text(value, place) == "true"
    return _text(value, place)


def _text(value: Any, place: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and -(10**18) < value < 10**18:
        return str(value)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise _Misshapen(place[:80])
    return _UNPRINTABLE.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


def _list(shape: ListOf, value: Any, place: str) -> list[Any]:
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_ITEMS:
        raise _Misshapen(place)
    read = [_read(shape.item, item, f"{place}[{at}]") for at, item in enumerate(items, 1) if item is not None]
    return [one for one in read if one != "" and (one != {} or shape.item is STEP)]  # an empty row is a row


def _table(shape: TableOf, value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > MOST_ITEMS:
        raise _Misshapen(place)
    named = {_text(name, place)[:40]: item for name, item in value.items()}
    return {name: _read(shape.item, item, f"{place}.{name}") for name, item in named.items() if item is not None}


def _record(shape: Record, value: Any, place: str) -> Any:
    if isinstance(value, str) and shape.short:
        return _text(value, place)
    if not isinstance(value, Mapping) or not value.keys() <= shape.keys.keys():
        raise _Misshapen(place or "?")
    found = {}
    for name, key in shape.keys.items():
        if value.get(name) is None:
            continue
        told = _read(key.shape, value[name], f"{place}.{name}".strip("."))
        if told not in ("", False, [], {}) or (name, told) == ("required", False):
            found[name] = told
    return found


def fresh(*, number: str = "", name: str = "") -> dict[str, Any]:
    """The content of an SOP that nobody has written yet: one empty row and one actor."""
    told = {key: value for key, value in (("number", number), ("name", name)) if value}
    return {
        "format": "1",
        "identity": told,
        "actors": {"pelaksana_1": {"name": "Pelaksana 1"}},
        "steps": [{"no": "1", "end": "finished"}],
    }


def step_id(step: Mapping[str, Any]) -> str:
    """What ``next``, ``to`` and ``not_same_as`` call a step."""
    return str(step.get("id") or step.get("no") or "")


def is_step_id(text: str) -> bool:
    return re.fullmatch(STEP_ID.pattern, text) is not None
