"""The list of all SOPs of an institution: its entries, joined with their versions, revisions and readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sopan.people.models import Institution, User

from . import search
from .editing import ENDED
from .models import ActorBinding, CatalogueEntry, ProcedureVersion, Reading, Revision
from .search import Hit
from .versions import NOW, PAST, state_of

# What an SOP is at a moment.
IN_FORCE, COMING, LISTED, WITHDRAWN, WRITTEN = "in_force", "coming", "listed", "withdrawn", "written"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list. ``version`` is the one in force, else the coming, else the last one."""

    slug: str
    number: str
    name: str
    unit: str
    state: str
    version: ProcedureVersion | None = None
    entry: CatalogueEntry | None = None
    coming: ProcedureVersion | None = None  # a version that waits for its day
    revision: Revision | None = None  # a change that is being written
    mine: bool = False  # the person works by it
    unread: bool = False  # and has not read the version in force
    hits: Sequence[Hit] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to."""

    text: str = ""
    unit: str = ""  # code
    state: str = ""  # of Line, or "changing", "unread"
    who: str = ""  # "mine", or the key of a position

    @property
    def any(self) -> bool:
        return bool(self.text.strip() or self.unit or self.state or self.who)


def lines(institution: Institution, *, person: User, works_by: Iterable[str], now: datetime) -> list[Line]:
    """All SOPs: first those of the list in its order, then those in force that the list does not name.

    ``works_by`` are the procedures by which the person works.
    """
    mine = set(works_by)
    versions = _versions(institution, now)
    revisions = {row.slug: row for row in Revision.objects.filter(institution=institution).exclude(state__in=ENDED)}
    read = set(
        Reading.objects.filter(person=person, version__institution=institution).values_list("version_id", flat=True)
    )
    entries = list(
        CatalogueEntry.objects.filter(institution=institution).select_related("unit").order_by("place", "pk")
    )
    listed = {entry.slug: entry for entry in entries}
    others = sorted({*versions, *revisions} - set(listed))
    found = []
    for slug in [*listed, *others]:
        current, coming, last = versions.get(slug, (None, None, None))
        found.append(_line(slug, listed.get(slug), current, coming, last, revisions.get(slug), slug in mine, read))
    return found


Known = tuple[ProcedureVersion | None, ProcedureVersion | None, ProcedureVersion | None]


def _versions(institution: Institution, now: datetime) -> dict[str, Known]:
    """Slug -> the version in force, the one that waits, the last that ended."""
    found: dict[str, Known] = {}
    rows = ProcedureVersion.objects.filter(institution=institution).defer("content").order_by("slug", "version")
    for row in rows:
        current, coming, last = found.get(row.slug, (None, None, None))
        state = state_of(row, now=now)
        if state == COMING:
            coming = row
        elif state == NOW:
            current = row
        elif state == PAST or last is None:
            last = row
        found[row.slug] = current, coming, last
    return found


def _line(
    slug: str,
    entry: CatalogueEntry | None,
    current: ProcedureVersion | None,
    coming: ProcedureVersion | None,
    last: ProcedureVersion | None,
    revision: Revision | None,
    mine: bool,
    read: set[int],
) -> Line:
    version = current or coming or last
    state = IN_FORCE if current else COMING if coming else WITHDRAWN if last else LISTED if entry else WRITTEN
    return Line(
        slug=slug,
        number=version.number if version else entry.number if entry else "",
        name=version.name if version else entry.name if entry else revision.name if revision else slug,
        unit=entry.unit.name if entry and entry.unit else "",
        state=state,
        version=version,
        entry=entry,
        coming=coming if current else None,
        revision=revision,
        mine=mine,
        unread=bool(mine and current and current.pk not in read),
    )


def narrowed(found: Sequence[Line], asked: Asked, *, institution: Institution) -> list[Line]:
    """The lines that are asked for; with a text those first where number or name have it, each with where it was found."""
    kept = [line for line in found if _matches(line, asked)]
    if asked.who and asked.who != "mine":
        kept = [line for line in kept if line.slug in _of_position(institution, asked.who)]
    words = search.words_of(asked.text)
    return _searched(kept, words) if words else kept


def _matches(line: Line, asked: Asked) -> bool:
    if asked.unit and not (line.entry and line.entry.unit and line.entry.unit.code == asked.unit):
        return False
    if asked.who == "mine" and not line.mine:
        return False
    if asked.state == "changing":
        return line.revision is not None
    if asked.state == "unread":
        return line.unread
    return not asked.state or line.state == asked.state


def _of_position(institution: Institution, key: str) -> set[str]:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return set()
    rows = ActorBinding.objects.filter(institution=institution, positions=int(key))
    return set(rows.values_list("slug", flat=True))


def _searched(found: Sequence[Line], words: tuple[str, ...]) -> list[Line]:
    known = search.texts(line.version.pk for line in found if line.version)
    ranked = []
    for place, line in enumerate(found):
        own = [search.Text("number", "", line.number, line.number.casefold())] if line.number else []
        own += [search.Text("name", "", line.name, line.name.casefold())]
        if (
            line.entry
            and f"{line.entry.number} {line.entry.name}".casefold() != f"{line.number} {line.name}".casefold()
        ):
            printed = f"{line.entry.number} {line.entry.name}".strip()
            own.append(search.Text("listed", "", printed, printed.casefold()))
        rest = known.get(line.version.pk, ()) if line.version else ()
        hits = search.found_in([*own, *(one for one in rest if one.where not in ("number", "name"))], words)
        if hits is not None:
            head = sum(hit.where in ("number", "name", "listed") for hit in hits)
            ranked.append((not head, place, replace(line, hits=hits)))
    return [line for *_, line in sorted(ranked, key=lambda row: row[:2])]
