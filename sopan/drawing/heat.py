"""The drawing with a number in each symbol instead of its own: the time that a step takes, for the heat map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sopan.core.model import Procedure

from .layout import SCREEN, Drawing, layout
from .matrix import Words, matrix

STYLE = replace(SCREEN, box=(40, 22), diamond=(52, 30), capsule=(44, 22), column=52)


def heat(procedure: Procedure, numbers: Mapping[str, str], *, words: Words = str) -> Drawing:
    """``numbers`` stand in the symbols of the steps (by id); a step without one has a dash."""
    plain = matrix(procedure, words=words)
    symbols = tuple(
        replace(symbol, text=numbers.get(symbol.key) or "–") if symbol.key in procedure.by_id else symbol
        for symbol in plain.symbols
    )
    return layout(replace(plain, symbols=symbols), style=STYLE)
