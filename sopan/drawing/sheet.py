"""The pages of a procedure as SVG for paper: the table of the form with the drawing in its actor columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from sopan.core.model import Procedure

from . import text
from .cells import ACTORS, MILLIMETRE, STANDARD, TYPE, Paper, Table, cells, headings, lines, strip_words, table
from .layout import Drawing, spans
from .matrix import RowKind
from .pages import Page
from .svg import INK, draw, number

TITLE = 8.0  # millimetres above the table
FOOT = 6.0  # and below
_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_RULE = 'fill="none" stroke="#8a94a6" stroke-width=".6"'
_FRAME = f'fill="none" stroke="{INK}" stroke-width="1"'


def sheets(procedure: Procedure, *, paper: Paper, foot: str = "", handovers: Sequence[str] = ()) -> list[str]:
    """One SVG a page, as large as the paper; ``foot`` stands below the table."""
    laid = table(procedure, paper=paper, above=TITLE + FOOT, handovers=handovers)
    return [_sheet(laid, paper, place, foot) for place in range(len(laid.pages))]


def _sheet(laid: Table, paper: Paper, place: int, foot: str) -> str:
    identity = laid.procedure.identity
    margin = paper.margin * MILLIMETRE
    right, bottom = (paper.width - paper.margin) * MILLIMETRE, (paper.height - paper.margin) * MILLIMETRE
    told = " · ".join(part for part in (identity.number, f"Halaman {place + 1} dari {len(laid.pages)}") if part)
    size = f'width="{number(paper.width)}mm" height="{number(paper.height)}mm"'
    box = f'viewBox="0 0 {number(paper.width * MILLIMETRE)} {number(paper.height * MILLIMETRE)}"'
    head = (
        f'<text x="{number(margin)}" y="{number(margin + 14)}" font-size="12" font-weight="700">'
        f"{escape(_short(identity.name, (right - margin) * 0.7))}</text>"
        f'<text x="{number(right)}" y="{number(margin + 14)}" font-size="9" text-anchor="end">{escape(told)}</text>'
        f'<text x="{number(margin)}" y="{number(bottom - 4)}" font-size="8.5">{escape(foot)}</text>'
    )
    move = f"translate({number(margin)} {number(margin + TITLE * MILLIMETRE)}) scale({laid.scale:.4f})"
    name = escape(f"{identity.name}, {told}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" aria-label="{name}" font-family="{_FONT}"'
        f' fill="{INK}"><rect width="100%" height="100%" fill="#fff"/>{head}<g transform="{move}">'
        f"{_table(laid, place)}</g></svg>"
    )


def _short(name: str, room: float) -> str:
    first = text.wrap(name, room, 12, True)
    return first[0] + (" …" if len(first) > 1 else "")


def _table(laid: Table, place: int) -> str:
    page = laid.pages[place]
    lefts = column_lefts(laid)
    top = sum(laid.heading)
    return "".join(
        (
            _headings(laid, lefts, page.drawing),
            f'<g transform="translate(0 {number(top)})">{_rows(laid, page, place, lefts)}</g>',
            _rules(laid, lefts, page.drawing),
            f'<g transform="translate({number(lefts["actors"])} {number(top)})">{draw(page.drawing, captions=False)}</g>',
        )
    )


def column_lefts(laid: Table) -> dict[str, float]:
    """Where each column begins; "actors" are all of the actors together, "end" is the right border."""
    found, at = {}, 0.0
    for name, width in laid.columns.items():
        found[name] = at
        at += width
        if name == "activity":
            found["actors"] = at
            at += laid.actors_width
    return {**found, "end": at}


def _headings(laid: Table, lefts: Mapping[str, float], drawing: Drawing) -> str:
    first, second = laid.heading
    both = first + second
    names = headings(laid.procedure)
    parts = [f'<rect width="{number(laid.width)}" height="{number(both)}" fill="#eef1f5"/>']
    for name, width in laid.columns.items():
        below = first if name in ("requirements", "time", "output") else 0.0
        parts.append(_heading(names[name], lefts[name], width, below, both))
    parts.append(_heading(ACTORS, lefts["actors"], laid.actors_width, 0, first))
    standard = sum(laid.columns[name] for name in ("requirements", "time", "output"))
    parts.append(_heading(STANDARD, lefts["requirements"], standard, 0, first))
    for actor, left, right in zip(laid.procedure.actors, drawing.lefts, drawing.lefts[1:], strict=False):
        parts.append(_heading(actor.name, lefts["actors"] + left, right - left, first, both))
    return "".join(parts)


def _heading(words: str, left: float, width: float, top: float, bottom: float) -> str:
    return _words(
        text.wrap(words, width - 6, TYPE.heading, True),
        left + width / 2,
        (top + bottom) / 2,
        f'font-size="{TYPE.heading}" font-weight="700" text-anchor="middle"',
    )


def _words(some: Sequence[str], x: float, middle: float, look: str) -> str:
    """Lines of text around a height."""
    first = middle - (len(some) - 1) * TYPE.line / 2 + TYPE.size * 0.35
    return "".join(
        f'<text x="{number(x)}" y="{number(first + place * TYPE.line)}" {look}>{escape(line)}</text>'
        for place, line in enumerate(some)
    )


def _rows(laid: Table, page: Page, place: int, lefts: Mapping[str, float]) -> str:
    parts = []
    for top, bottom, kind, step in spans(page.drawing):
        if kind is RowKind.STEP:
            words = cells(laid.procedure.steps[step])
            parts += [_cell(laid, lefts, name, words[name], (top + bottom) / 2) for name in laid.columns]
        else:
            told = text.wrap(
                strip_words(laid.procedure, page, place, before=kind is RowKind.FROM_BEFORE),
                laid.columns["activity"] - 9,
                8,
            )
            parts.append(
                _words(told[:3], lefts["activity"] + TYPE.pad, (top + bottom) / 2, 'font-size="8" fill="#4b5563"')
            )
    return "".join(parts)


def _cell(laid: Table, lefts: Mapping[str, float], name: str, words: str, middle: float) -> str:
    centred = name in ("no", "time")
    x = lefts[name] + (laid.columns[name] / 2 if centred else TYPE.pad)
    look = f'font-size="{TYPE.size}"' + (' text-anchor="middle"' if centred else "")
    return _words(lines(name, words, laid.columns), x, middle, look)


def _rules(laid: Table, lefts: Mapping[str, float], drawing: Drawing) -> str:
    first, top = laid.heading[0], sum(laid.heading)
    bottom = top + drawing.height
    parts = [f"M0 {number(top + span[1])}H{number(laid.width)}" for span in spans(drawing)]
    parts.append(f"M{number(lefts['actors'])} {number(first)}H{number(lefts['output'] + laid.columns['output'])}")
    for name, left in lefts.items():
        begin = first if name in ("time", "output") else 0.0
        parts.append(f"M{number(left)} {number(begin)}V{number(bottom)}")
    parts += [f"M{number(lefts['actors'] + left)} {number(first)}V{number(bottom)}" for left in drawing.lefts[1:-1]]
    frame = f"M0 0H{number(laid.width)}V{number(bottom)}H0ZM0 {number(top)}H{number(laid.width)}"
    return f'<path {_RULE} d="{"".join(parts)}"/><path {_FRAME} d="{frame}"/>'
