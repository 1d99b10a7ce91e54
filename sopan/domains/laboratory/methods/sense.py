"""What a method file says in the right form, but what no laboratory can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sopan.core.read import Row

from .model import Take

_NUMBER = re.compile(
    r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]{1,2})?"
)  # as it is typed into a sheet: with comma or point

Found = Iterator[tuple[int, str, str]]


def senseless(row: Row) -> Found:
    """Line, what is wrong and what to do, for every such place of a method that could be built."""
    yield from _environment(row)
    yield from _fields(row)
    yield from _repeats(row)
    yield from _budget(row)
    if "p" in row and not 0 < float(row["p"]) < 1:
        yield row.lines["p"], f"p is {row['p']!r}.", "Write a number between 0 and 1, such as 0.9545."


def _environment(row: Row) -> Found:
    for name, one in row["environment"].items():
        if float(one["from"]) > float(one["to"]):
            yield one.line, f"environment, {name}: from is above to.", "Exchange them."


def _fields(row: Row) -> Found:
    """What stands in a field before somebody types must be something that he could type."""
    for name, one in row.get("fields", {}).items():
        default, options = one.get("default"), one.get("options")
        if default is None or (default in options if options else _NUMBER.fullmatch(default)):
            continue
        fix = f"Write one of: {', '.join(options)}." if options else "Write a number with a decimal point."
        yield one.line, f"fields, {name}: default is {default[:60]!r}.", fix


def _repeats(row: Row) -> Found:
    """No standard deviation of one reading (JCGM 100:2008, 4.2.2)."""
    columns = {**row["readings"], **row.get("sheet_readings", {})}
    once = {name for name, one in columns.items() if one.get("repeats", "1") == "1"}
    asked = [(f"quantity {name}", one, Take.STDEV) for name, one in row.get("quantities", {}).items()]
    asked += [(f"input {name}", one, "readings") for name, one in row["inputs"].items() if "pooled" not in one]
    for where, one, key in asked:
        if key in one and set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", one[key])) & once:
            yield (
                one.line,
                f"{where}: one reading has no standard deviation.",
                "Read it at least twice, or tell pooled.",
            )


def _budget(row: Row) -> Found:
    """A result without uncertainty is no calibration (ISO/IEC 17025:2017, 7.6.1)."""
    if not any(way in one for one in row["inputs"].values() for way in ("readings", "u", "half_width")):
        yield row.lines["inputs"], "No input has an uncertainty.", "Tell readings, u or half_width."
