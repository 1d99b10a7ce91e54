"""Two versions side by side, in words: for the page of a comparison and for the page of a revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sopan.core.differences import Change, Differences, Piece, Row, RowChange
from sopan.core.model import Outcome, Step
from sopan.web.catalogue import words


@dataclass(frozen=True, slots=True)
class Told:
    """A change of a field in words."""

    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row side by side."""

    kind: str  # same, changed, added, removed
    label: str
    icon: str
    moved: bool
    old: Step | None
    new: Step | None
    changes: tuple[Told, ...]

    @property
    def activity(self) -> Told | None:
        return next((one for one in self.changes if one.label == words.field("activity")), None)

    @property
    def others(self) -> tuple[Told, ...]:
        return tuple(one for one in self.changes if one is not self.activity)


def labels() -> dict[str, str]:
    return {
        Row.SAME: _("Tetap"),
        Row.CHANGED: _("Berubah"),
        Row.ADDED: _("Baru"),
        Row.REMOVED: _("Dihapus"),
    }


_ICONS = {Row.SAME: "minus", Row.CHANGED: "pencil", Row.ADDED: "plus", Row.REMOVED: "trash"}


def compared(found: Differences) -> dict[str, Any]:
    """What the page of a comparison shows."""
    return {
        "head": [_told(change) for change in found.identity],
        "columns": [_told(change) for change in found.actors],
        "lines": [_line(row) for row in found.rows],
        "empty": found.empty,
        "counted": counted(found),
    }


def summary(found: Differences) -> dict[str, Any]:
    """The rows that differ, for the page of a revision."""
    everything = compared(found)
    return {**everything, "lines": [line for line in everything["lines"] if line.kind != Row.SAME or line.moved]}


def counted(found: Differences) -> list[str]:
    counts = found.counted()
    told = {
        "added": ngettext("%(count)s langkah baru", "%(count)s langkah baru", counts["added"]),
        "removed": ngettext("%(count)s langkah dihapus", "%(count)s langkah dihapus", counts["removed"]),
        "changed": ngettext("%(count)s langkah berubah", "%(count)s langkah berubah", counts["changed"]),
        "moved": ngettext("%(count)s langkah berpindah", "%(count)s langkah berpindah", counts["moved"]),
    }
    return [text % {"count": counts[key]} for key, text in told.items() if counts[key]]


def marks(found: Differences, *, of_old: bool = False) -> dict[str, Any]:
    """Classes and words for the rows of the new table (or the old one) that differ."""
    classes: dict[str, str] = {}
    told: dict[str, str] = {}
    names = labels()
    for row in found.rows:
        step = row.old if of_old else row.new
        if step is None or not row.differs:
            continue
        classes[step.id] = f"diff-{row.row if row.row is not Row.SAME else 'moved'}"
        told[step.id] = names[row.row] if row.row is not Row.SAME else _("Berpindah")
    return {"marks": classes, "told": told}


def _line(row: RowChange) -> Line:
    return Line(
        row.row.value,
        labels()[row.row],
        _ICONS[row.row],
        row.moved,
        row.old,
        row.new,
        tuple(_told(change) for change in row.changes),
    )


def _told(change: Change) -> Told:
    name, old, new = change.field, change.old, change.new
    if name.startswith("actor:"):
        return Told(_("Pelaksana"), _actor(old), _actor(new))
    if name in words.VALUES:
        values = words.VALUES[name]
        old, new = (_valued(side, values) for side in (old, new))
    if name == "exits":
        old, new = _ends(old), _ends(new)
    if name == "inferred":
        old, new = (_named(side) for side in (old, new))
    return Told(words.field(name), old, new)


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _valued(pieces: tuple[Piece, ...], values: Any) -> tuple[Piece, ...]:
    text = _text(pieces)
    return (Piece(str(values.get(text, text)), True),) if text else ()


def _actor(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """ "STAF (staff, signs)" of the kernel is told as "STAF (menandatangani)"."""
    name, _bracket, rest = _text(pieces).rpartition(" (")
    kind, _comma, signs = rest.rstrip(")").partition(", ")
    about = ", ".join(part for part in (str(words.ACTOR_KINDS.get(kind, "")), signs and _("menandatangani")) if part)
    return (Piece(f"{name} ({about})" if about else name, True),) if name else ()


def _ends(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    named = {
        Outcome.FINISHED.value: _("selesai"),
        Outcome.REJECTED.value: _("ditolak"),
        Outcome.WITHDRAWN.value: _("dibatalkan"),
    }
    return tuple(Piece(named.get(piece.text.strip(), piece.text), piece.marked) for piece in pieces)


def _named(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    names = ", ".join(dict.fromkeys(words.field(name) for name in _text(pieces).split(", ") if name))
    return (Piece(names, True),) if names else ()
