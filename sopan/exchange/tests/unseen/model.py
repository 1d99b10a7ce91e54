"""What an invented SOP says, and the tables and paragraphs of which a document is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """A row as it is printed, and what it means. ``by``: names of the columns that carry a symbol."""

    no: str | None
    activity: str
    by: tuple[str, ...]
    needs: str | None
    time: str | None
    minutes: int | float | None
    kind: str
    output: str | None
    remarks: str | None = None
    sign: str = "□"
    actor: str | None = None  # that a reader may tell; by default the only one of ``by``
    actor_from: str | None = "cell"
    decision: bool | None = None
    back: int | None = None

    def truth(self) -> dict[str, Any]:
        actor = self.actor or (self.by[0] if len(self.by) == 1 else None)
        return {
            "no": self.no, "activity": self.activity, "actor": actor, "actor_from": self.actor_from if actor else None,
            "requirements": self.needs, "time_text": self.time, "time_minutes": self.minutes, "time_kind": self.kind,
            "output": self.output, "remarks": self.remarks, "decision": self.decision, "returns_to": self.back,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sop:
    """An invented procedure."""

    body: str
    number: str | None
    name: str
    actors: tuple[str, ...]
    steps: tuple[Step, ...]
    legal: tuple[str, ...] = ("Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik",)

    def truth(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "name": self.name,
            "actors": list(self.actors),
            "steps": [step.truth() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over ``across`` columns and ``down`` rows; ``text`` may have several lines."""

    text: str = ""
    across: int = 1
    down: int = 1


Grid = list[list[Cell]]  # cells that another one covers are left out, as in HTML
Block = str | Grid


@dataclass(slots=True)
class Paper:
    """A document: its blocks in order, by sheets for workbooks."""

    sheets: dict[str, list[Block]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Block]:
        return [block for blocks in self.sheets.values() for block in blocks]


def row(*texts: str | Cell) -> list[Cell]:
    return [text if isinstance(text, Cell) else Cell(text) for text in texts]


def spread(grid: Grid) -> list[list[Cell | None]]:
    """The grid with None where a cell from above or from the left covers the place."""
    taken: dict[tuple[int, int], bool] = {}
    rows: list[list[Cell | None]] = []
    for y, cells in enumerate(grid):
        out: list[Cell | None] = []
        for cell in cells:
            while taken.get((y, len(out))):
                out.append(None)
            x = len(out)
            for dy in range(cell.down):
                for dx in range(cell.across):
                    taken[y + dy, x + dx] = True
            out += [cell] + [None] * (cell.across - 1)
        while taken.get((y, len(out))):
            out.append(None)
        rows.append(out)
    return rows


def width_of(grid: Grid) -> int:
    return max(map(len, spread(grid)))


@dataclass(frozen=True, slots=True)
class Labels:
    """How a body heads its columns."""

    no: str = "No"
    activity: str = "Kegiatan"
    actors: str = "Pelaksana"
    standard: str = "Mutu Baku"
    needs: str = "Kelengkapan"
    time: str = "Waktu"
    output: str = "Output"
    remarks: str = "Keterangan"


USUAL = Labels()


def table_of(
    sop: Sop,
    labels: Labels = USUAL,
    *,
    steps: Sequence[Step] | None = None,
    numbering: bool = False,
    head: bool = True,
    cells_of_actor: int = 1,
    empty_signs: bool = False,
) -> Grid:
    """The usual table: a head of two rows, then the steps. ``cells_of_actor``: sheets give an actor several columns."""
    wide = cells_of_actor
    grid: Grid = []
    if head:
        names = [Cell(name, across=wide) for name in sop.actors]
        grid += [
            [Cell(labels.no, down=2), Cell(labels.activity, down=2), Cell(labels.actors, across=len(sop.actors) * wide)]
            + [Cell(labels.standard, across=3), Cell(labels.remarks, down=2)],
            [*names, Cell(labels.needs), Cell(labels.time), Cell(labels.output)],
        ]
        if numbering:
            grid.append([Cell(str(at)) for at in range(1, 7 + len(sop.actors) * wide)])
    for step in sop.steps if steps is None else steps:
        grid.append(row(step.no or "", step.activity))
        for name in sop.actors:
            sign = step.sign if name in step.by and not empty_signs else ""
            grid[-1] += [Cell(sign if at == wide // 2 else "") for at in range(wide)]
        grid[-1] += row(step.needs or "", step.time or "", step.output or "", step.remarks or "")
    return grid


def identity_of(sop: Sop, *, number: str = "Nomor SOP", name: str = "Nama SOP") -> Grid:
    """The identity block as a table of two columns, the name of the body beside it."""
    fields = [
        (number, sop.number or ""),
        ("Tanggal Pembuatan", "5 Januari 2024"),
        ("Tanggal Revisi", "-"),
        ("Tanggal Efektif", "2 Februari 2024"),
        ("Disahkan oleh", f"Kepala {sop.body}"),
        (name, sop.name),
    ]
    grid: Grid = [[Cell(sop.body.upper(), down=len(fields))]]
    for at, (label, value) in enumerate(fields):
        cells = row(label, value)
        grid[at:] = [[*grid[0], *cells]] if at == 0 else [*grid[at:], cells]
    grid += [
        [Cell("Dasar Hukum"), Cell("Kualifikasi Pelaksana", across=2)],
        [Cell("\n".join(f"{at}. {one}" for at, one in enumerate(sop.legal, 1))), Cell("1. Memahami tugas", across=2)],
        [Cell("Keterkaitan"), Cell("Peralatan/Perlengkapan", across=2)],
        [Cell("SOP Kearsipan"), Cell("Komputer", across=2)],
        [Cell("Peringatan"), Cell("Pencatatan dan Pendataan", across=2)],
        [Cell("Jika tidak dilaksanakan, pelayanan terhambat"), Cell("Buku agenda", across=2)],
    ]
    return grid
