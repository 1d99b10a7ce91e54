"""The table around the drawing: what stands in its cells, how wide its columns are, how high its rows must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sopan.core.model import Procedure, Step
from sopan.core.write import TIME, time_heading

from . import text
from .layout import PAPER, Style
from .matrix import flows
from .pages import Connector, Page, paginate

MILLIMETRE = 96 / 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet in landscape, in millimetres."""

    width: float
    height: float
    margin: float = 10.0


PAPERS: Mapping[str, Paper] = {"a4": Paper(297, 210), "f4": Paper(330, 215)}


@dataclass(frozen=True, slots=True)
class Type:
    """Type sizes of the table, its line height, and the free space at the left and right of a cell."""

    size: float = 9.2
    line: float = 11.4
    heading: float = 8.8
    pad: float = 4.5


TYPE = Type()
# Columns beside the actors: the least width, and how much of the width to spare each gets.
_LEAST = {"no": 26.0, "activity": 168.0, "requirements": 92.0, "time": 56.0, "output": 92.0, "remarks": 70.0}
_SHARE = {"no": 0.0, "activity": 0.4, "requirements": 0.2, "time": 0.05, "output": 0.2, "remarks": 0.15}
HEADINGS = {
    "no": "No.",
    "activity": "Kegiatan",
    "requirements": "Kelengkapan",
    "time": TIME,
    "output": "Output",
    "remarks": "Ket.",
}
ACTORS, STANDARD = "Pelaksana", "Mutu Baku"
_FROM, _TO = "Sambungan dengan halaman sebelumnya", "Sambungan dengan halaman berikutnya"


@dataclass(frozen=True, slots=True)
class Table:
    """A procedure as pages of a table. ``columns`` are the widths left of and right of the actors, by name.

    ``scale`` is how much everything must shrink to fit the paper.
    """

    procedure: Procedure
    pages: tuple[Page, ...]
    columns: Mapping[str, float]
    heading: tuple[float, float]  # heights of the two rows of headings
    scale: float

    @property
    def actors_width(self) -> float:
        return self.pages[0].drawing.width

    @property
    def width(self) -> float:
        return sum(self.columns.values()) + self.actors_width


def cells(step: Step) -> dict[str, str]:
    """The words of a row, as the document prints them."""
    return {
        "no": step.no,
        "activity": step.activity,
        "requirements": "\n".join(item.text for item in step.requirements),
        "time": step.time.printed,
        "output": "\n".join(step.outputs),
        "remarks": step.remarks,
    }


def in_words(procedure: Procedure, step: Step) -> str:
    """What the drawing shows in the row of a step: who acts, and where the answers lead."""
    who = ", ".join(procedure.actor_by_id[actor].name for actor in step.actors)
    ways = []
    for flow in flows(step):
        target = procedure.by_id.get(flow.target)
        where = f"langkah {target.no}" if target else "selesai"
        ways.append(f"{' / '.join(flow.labels)}: {where}" if flow.labels else where)
    return who + (f", ke {'; '.join(ways)}" if ways else ", selesai")


def table(
    procedure: Procedure, *, paper: Paper, above: float, style: Style = PAPER, handovers: Sequence[str] = ()
) -> Table:
    """Lays the table out for a paper; ``above`` is what the page needs besides the table, in millimetres.

    It shrinks until its columns fit the width, and a little more where that saves a page.
    """
    wide = (paper.width - 2 * paper.margin) * MILLIMETRE
    high = (paper.height - 2 * paper.margin - above) * MILLIMETRE
    found = _table(procedure, wide, high, style, 1.0, handovers)
    if len(found.pages) > 1:
        smaller = _table(procedure, wide, high, style, found.scale * SAVING, handovers)
        found = min(found, smaller, key=lambda one: len(one.pages))
    return found


def _table(
    procedure: Procedure, wide: float, high: float, style: Style, scale: float, handovers: Sequence[str]
) -> Table:
    least = [text_width(actor.name) for actor in procedure.actors]
    remarks = any(step.remarks for step in procedure.steps)
    heads = _heading_heights(procedure, [max(style.column, width) for width in least])
    actors = sum(max(style.column, width) for width in least)
    for _ in range(_TRIES):
        columns = _columns(wide / scale - actors, remarks=remarks)
        rows = [row_height(step, columns) for step in procedure.steps]
        room = high / scale - sum(heads)
        pages = paginate(procedure, room=room, style=style, columns=least, rows=rows, handovers=handovers)
        needed = pages[0].drawing.width
        tallest = max(page.drawing.height for page in pages) + sum(heads)
        fitting = min(1.0, wide / (sum(columns.values()) + needed), high / tallest)
        if needed <= actors and fitting >= scale - 1e-6:
            break
        actors = max(actors, needed)
        scale = min(scale, wide / (sum(_columns(0, remarks=remarks).values()) + actors), high / tallest)
    return Table(procedure, tuple(pages), columns, heads, min(scale, fitting))


SAVING = 0.9
_TRIES = 6


def text_width(name: str) -> float:
    """What the heading of an actor needs: its longest word, but no more than a long word deserves."""
    words = name.replace("/", "/ ").split() or [""]
    return min(110.0, max(text.width(word, TYPE.heading, True) for word in words) + 8)


def _columns(room: float, *, remarks: bool) -> dict[str, float]:
    """The least widths, and of the room that is left each its share; the column for remarks may be empty."""
    least = {**_LEAST, "remarks": _LEAST["remarks"] if remarks else 42.0}
    share = {**_SHARE, "remarks": _SHARE["remarks"] if remarks else 0.0}
    spare = max(0.0, room - sum(least.values()))
    return {name: round(least[name] + spare * share[name] / sum(share.values()), 1) for name in least}


def headings(procedure: Procedure) -> dict[str, str]:
    """The headings of the columns beside the actors; that of the times tells the unit where the numbers do not."""
    return {**HEADINGS, "time": time_heading(procedure)}


def _heading_heights(procedure: Procedure, actors: Sequence[float]) -> tuple[float, float]:
    named = [*zip((actor.name for actor in procedure.actors), actors, strict=True)]
    named.append((time_heading(procedure), _LEAST["time"]))
    lines = max(len(text.wrap(name, width - 6, TYPE.heading, True)) for name, width in named)
    return TYPE.line + 6, lines * TYPE.line + 9


def lines(name: str, words: str, columns: Mapping[str, float]) -> tuple[str, ...]:
    return text.wrap(words, columns[name] - 2 * TYPE.pad, TYPE.size)


def row_height(step: Step, columns: Mapping[str, float]) -> float:
    """The height that the words of a step need in their columns."""
    words = cells(step)
    return max(len(lines(name, words[name], columns)) for name in columns) * TYPE.line + 9


def strip_words(procedure: Procedure, page: Page, number: int, *, before: bool) -> str:
    """What the strip of connectors says: which letter leads to which step."""
    told = [one for one in page.connectors if (_other(one, number) < number) == before]
    ways = "; ".join(f"{one.letter} ke langkah {procedure.steps[one.step].no}" for one in told)
    return f"{_FROM if before else _TO}: {ways}"


def _other(one: Connector, number: int) -> int:
    return one.target if one.source == number else one.source
