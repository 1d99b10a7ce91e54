"""A procedure as one HTML file that stands alone: the table with a row of the drawing in each of its rows."""

from __future__ import annotations

from html import escape

from sopan.core.model import Procedure

from . import text
from .cells import ACTORS, STANDARD, cells, headings, in_words
from .layout import SCREEN, layout
from .matrix import matrix
from .rows import slices

_HEADING = 12.0  # a little more than the letters have, for wide fonts
_STYLE = """
:root{color-scheme:light dark;--line:#c9d0da;--paper:#fff;--ink:#172136;--head:#eef2f7}
@media(prefers-color-scheme:dark){:root{--line:#3c4c66;--paper:#151d2a;--ink:#e7edf7;--head:#202c3f}}
body{margin:24px;background:var(--paper);color:var(--ink);font:13px/1.35 system-ui,Arial,sans-serif}
.scroll{overflow-x:auto}table{border-collapse:collapse}
th,td{border:1px solid var(--line);padding:5px 7px;text-align:left;vertical-align:middle}
th{background:var(--head);text-align:center}th.actor{padding:5px 0;font-size:11px;overflow-wrap:anywhere}
.words{min-width:9em}.activity{min-width:17em}td.draw{padding:0;overflow:clip;border-block:0;background:
linear-gradient(var(--line),var(--line)) 0 100%/100% 1px no-repeat}
svg{display:block;overflow:visible}.rules{stroke:var(--line);fill:none}.flows{stroke:var(--ink)}.heads{fill:var(--ink)}
.symbols{stroke:var(--ink);fill:var(--paper)}.captions,.answers{fill:var(--ink)}tr{break-inside:avoid}
.vh{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
"""


def document(procedure: Procedure) -> str:
    """The whole file. It needs no script and nothing from outside."""
    identity = procedure.identity
    names = [_longest(actor.name) for actor in procedure.actors]
    drawing = layout(matrix(procedure), style=SCREEN, columns=names)
    widths = [b - a for a, b in zip(drawing.lefts, drawing.lefts[1:], strict=False)]
    columns = "".join(f'<col style="width:{width:.0f}px">' for width in widths)
    name = escape(f"{identity.number} {identity.name}".strip())
    rows = "".join(_row(procedure, row.step, row.svg) for row in slices(drawing))
    return (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><h1>{name}</h1>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table>'
        f"<colgroup><col><col>{columns}</colgroup><thead>{_heads(procedure)}</thead><tbody>{rows}</tbody></table></div></html>\n"
    )


def _longest(name: str) -> float:
    """The width that the longest word of a heading needs."""
    return max((text.width(word, _HEADING, True) for word in name.split()), default=0.0) + 10


def _heads(procedure: Procedure) -> str:
    names = headings(procedure)
    actors = "".join(f'<th class="actor" scope="col">{escape(actor.name)}</th>' for actor in procedure.actors)
    standard = "".join(f'<th scope="col">{names[name]}</th>' for name in ("requirements", "time", "output"))
    both = {name: f'<th scope="col" rowspan="2">{names[name]}</th>' for name in ("no", "activity", "remarks")}
    first = f'<th colspan="{len(procedure.actors)}">{ACTORS}</th><th colspan="3">{STANDARD}</th>'
    return f"<tr>{both['no']}{both['activity']}{first}{both['remarks']}</tr><tr>{actors}{standard}</tr>"


def _row(procedure: Procedure, place: int, svg: str) -> str:
    step = procedure.steps[place]
    words = {name: escape(told).replace("\n", "<br>") for name, told in cells(step).items()}
    drawn = f'<td class="draw" colspan="{len(procedure.actors)}">{svg}<span class="vh">{escape(in_words(procedure, step))}</span></td>'
    rest = "".join(f'<td class="words">{words[name]}</td>' for name in ("requirements", "time", "output"))
    first = f'<td>{words["no"]}</td><td class="activity">{words["activity"]}</td>'
    return f"<tr>{first}{drawn}{rest}<td>{words['remarks']}</td></tr>"
