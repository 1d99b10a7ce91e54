"""A page of a PDF without ruled tables as lines of text in which position tells the columns.

Every run of words begins in the line where it begins on the page; the places are so narrow that no run reaches into
the next one. Symbols that are drawn stand in the line beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

_NARROWEST = 1.5  # points of a place in a line
_WORDS_APART = 0.45  # of the height of the letters: from there on two words stand in two columns
_LINES_APART = 1.7  # of the height of the letters: from there on a line is blank between them
Piece = tuple[float, float, float, float, str]  # x0, top, x1, bottom, text


def lines_of(page: Any, symbols: Sequence[tuple[tuple[float, float, float, float], str]]) -> list[str]:
    """The lines of the page from top to bottom, with blank lines where it has blank space."""
    words = page.extract_words(use_text_flow=False, keep_blank_chars=False)
    if not words:
        return []
    height = median(word["bottom"] - word["top"] for word in words)
    pieces = [(word["x0"], word["top"], word["x1"], word["bottom"], word["text"]) for word in words]
    rows = [list(_runs(row, height * _WORDS_APART)) for row in _rows(pieces, height)]
    place = max(_NARROWEST, min((run[2] - run[0]) / len(run[4]) for row in rows for run in row))
    _add_symbols(rows, symbols)
    out: list[str] = []
    bottom = None
    for row in rows:
        top = min(run[1] for run in row)
        if bottom is not None and top - bottom > height * (_LINES_APART - 1):
            out.append("")
        out.append(_line(row, place))
        bottom = max(run[3] for run in row)
    return out


def _rows(pieces: Sequence[Piece], height: float) -> list[list[Piece]]:
    """The words that stand in one line: their middles are nearer than half of the height of a letter."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_middle):
        if rows and _middle(piece) - _middle(rows[-1][0]) < height / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _middle(piece: Piece) -> float:
    return (piece[1] + piece[3]) / 2


def _runs(row: Sequence[Piece], apart: float) -> Iterator[Piece]:
    """Words with one blank between them, joined."""
    run: Piece | None = None
    for piece in sorted(row):
        if run and piece[0] - run[2] < apart:
            run = (run[0], min(run[1], piece[1]), piece[2], max(run[3], piece[3]), f"{run[4]} {piece[4]}")
            continue
        if run:
            yield run
        run = piece
    if run:
        yield run


def _add_symbols(rows: Sequence[list[Piece]], symbols: Sequence[tuple[tuple[float, float, float, float], str]]) -> None:
    """Put each symbol into the line that is nearest to its middle, if it reaches to that line."""
    for (left, top, right, bottom), sign in symbols:
        middle = (top + bottom) / 2
        nearest = min(rows, key=lambda row: abs(_middle(row[0]) - middle))
        inside = any(run[0] >= left and run[2] <= right and top <= _middle(run) <= bottom for run in nearest)
        if top <= _middle(nearest[0]) <= bottom and not inside:
            x = (left + right) / 2
            nearest.append((x, nearest[0][1], x, nearest[0][3], sign))


def _line(row: Sequence[Piece], place: float) -> str:
    line = ""
    for x0, _, _, _, text in sorted(row):
        at = round(x0 / place)
        line = line.ljust(at) if at > len(line) else f"{line}  "
        line += text
    return line
