"""What is different between two versions of a procedure: rows matched, fields compared, words marked.

Rows are renumbered when one is added, so a row is first found again by its words and only then by its id. Where a step
leads to is compared by the rows that were found again, not by their numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sopan.core.model import Actor, Identity, Procedure, Step

ALIKE = 0.6  # share of common words from which two activities are taken for the same row
# Work that is spent on finding rows again, and on marking the words of two texts, counted in words that are compared. Real
# procedures need a hundredth; beyond it rows are found by their ids alone, and texts are marked as a whole.
MOST_COMPARED = 5_000_000
MOST_MARKED = 400_000
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Row(StrEnum):
    """What happened to a row."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``marked`` where the other text has something else there."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A field with two different values, as text cut into pieces."""

    field: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of the two tables side by side; ``moved`` if it stands elsewhere among the rows that both have."""

    row: Row
    old: Step | None
    new: Step | None
    changes: tuple[Change, ...] = ()
    moved: bool = False

    @property
    def differs(self) -> bool:
        return self.row is not Row.SAME or self.moved


@dataclass(frozen=True, slots=True)
class Differences:
    """All of it: the identity block, the columns, the rows in the order of the new table (removed ones in their place)."""

    identity: tuple[Change, ...]
    actors: tuple[Change, ...]
    rows: tuple[RowChange, ...]

    @property
    def empty(self) -> bool:
        return not self.identity and not self.actors and not any(row.differs for row in self.rows)

    def counted(self) -> Mapping[str, int]:
        """How many rows were added, removed, changed, moved."""
        found = {
            kind.value: sum(one.row is kind for one in self.rows) for kind in (Row.ADDED, Row.REMOVED, Row.CHANGED)
        }
        return {**found, "moved": sum(one.moved for one in self.rows)}


def differences(old: Procedure, new: Procedure) -> Differences:
    """What is different between two procedures. Of a procedure with itself nothing."""
    pairs = matched(old, new)
    return Differences(
        identity=tuple(_changes(_identity(old.identity), _identity(new.identity))),
        actors=tuple(_changes(_actors(old.actors), _actors(new.actors))),
        rows=tuple(_rows(old, new, pairs)),
    )


def matched(old: Procedure, new: Procedure) -> dict[str, str]:
    """Id of a step of ``old`` -> id of the same row in ``new``; each of both at most once.

    First rows with the same words (of several the one with the same id), then the most alike, then the same id.
    """
    pairs: dict[str, str] = {}
    _same_words(old, new, pairs)
    _most_alike(old, new, pairs)
    for step in old.steps:
        if step.id not in pairs and step.id in new.by_id and step.id not in pairs.values():
            pairs[step.id] = step.id
    return pairs


def words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation: two rows with the same ones say the same."""
    return re.findall(r"\w+", text.casefold())


def _same_words(old: Procedure, new: Procedure, pairs: dict[str, str]) -> None:
    there: dict[tuple[str, ...], list[str]] = {}
    for step in new.steps:
        there.setdefault(_key(step), []).append(step.id)
    for exact in (True, False):
        for step in old.steps:
            left = there.get(_key(step), [])
            if step.id in pairs or not left or (exact and step.id not in left):
                continue
            pairs[step.id] = step.id if exact else left[0]
            left.remove(pairs[step.id])


def _key(step: Step) -> tuple[str, ...]:
    return tuple(words(step.activity))


def _most_alike(old: Procedure, new: Procedure, pairs: dict[str, str]) -> None:
    taken = set(pairs.values())
    left = [
        (step, told, Counter(told)) for step in old.steps if step.id not in pairs for told in [words(step.activity)]
    ]
    right = [
        (step, told, Counter(told)) for step in new.steps if step.id not in taken for told in [words(step.activity)]
    ]
    found, spent = [], 0
    for a, mine, bag in left:
        for b, theirs, other in right:
            near = _shared(bag, other) >= ALIKE
            spent += len(mine) * len(theirs) if near else len(bag)
            if spent > MOST_COMPARED:
                return
            alike = likeness(mine, theirs) if near else 0.0
            if alike >= ALIKE:
                found.append((-alike, a.id != b.id, abs(a.sequence - b.sequence), a.sequence, b.sequence, a.id, b.id))
    for *_, a_id, b_id in sorted(found):
        if a_id not in pairs and b_id not in taken:
            pairs[a_id] = b_id
            taken.add(b_id)


def likeness(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """Share of words that two texts have in common, in their order: 0 to 1."""
    if not mine or not theirs:
        return 0.0
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio()


def _shared(mine: Counter[str], theirs: Counter[str]) -> float:
    """Share of words that two texts have in common, in whatever order: never less than their ``likeness``."""
    both = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / both if both else 0.0


# Rows -----------------------------------------------------------------------------------------------------------------


def _rows(old: Procedure, new: Procedure, pairs: Mapping[str, str]) -> Iterator[RowChange]:
    back = {b: a for a, b in pairs.items()}
    still = _in_order([old.by_id[back[step.id]].sequence for step in new.steps if step.id in back])
    waiting = list(old.steps)
    for step in new.steps:
        before = old.by_id[back[step.id]] if step.id in back else None
        if before is None:
            yield RowChange(Row.ADDED, None, step)
            continue
        yield from _removed(waiting, pairs, before.sequence)
        yield _row(before, step, old, new, pairs, moved=before.sequence not in still)
    yield from _removed(waiting, pairs, len(old.steps) + 1)


def _removed(waiting: list[Step], pairs: Mapping[str, str], upto: int) -> Iterator[RowChange]:
    """The rows that are no more, each where it stood."""
    while waiting and waiting[0].sequence < upto:
        step = waiting.pop(0)
        if step.id not in pairs:
            yield RowChange(Row.REMOVED, step, None)


def _in_order(places: Sequence[int]) -> set[int]:
    """A longest ascending part: the rows outside of it have moved."""
    tails: list[int] = []
    chains: list[list[int]] = []
    for place in places:
        at = bisect_left(tails, place)
        chain = [*(chains[at - 1] if at else []), place]
        if at == len(tails):
            tails.append(place)
            chains.append(chain)
        else:
            tails[at], chains[at] = place, chain
    return set(chains[-1]) if chains else set()


def _row(
    before: Step, step: Step, old: Procedure, new: Procedure, pairs: Mapping[str, str], *, moved: bool
) -> RowChange:
    changes = list(_changes(_step(before, old), _step(step, new)))
    if _ways(before, pairs) != _ways(step, {}):
        changes.append(_whole("exits", leads(before, old), leads(step, new)))
    return RowChange(Row.CHANGED if changes else Row.SAME, before, step, tuple(changes), moved)


def _step(step: Step, procedure: Procedure) -> dict[str, str]:
    """The fields of a row as text. The number is left out: an added row changes all that follow."""
    names = [procedure.actor_by_id[key].name if key in procedure.actor_by_id else key for key in step.actors]
    return {
        "activity": step.activity,
        "name": step.name,
        "actors": ", ".join(names),
        "kind": step.kind.value,
        "requirements": "; ".join(one.text for one in step.requirements),
        "time": step.time.printed,
        "outputs": "; ".join(step.outputs),
        "remarks": step.remarks,
        "phase": step.phase,
        "public": step.public,
        "participation": step.participation.value if len(step.actors) > 1 else "",
        "join": "join" if step.join else "",
        "entry": step.entry,
        "fields": "; ".join(
            f"{one.label} ({one.kind.value}{'' if one.required else '?'}{'/'.join(one.choices)})" for one in step.fields
        ),
        "separation": "; ".join(f"{', '.join(rule.steps)} {rule.why}".strip() for rule in step.separation),
        "work": f"{step.work} {step.decision}".strip(),
        "attach": "; ".join(f"{one.text}{'!' if one.required else ''}" for one in step.requirements if one.attach),
        "inferred": ", ".join(step.inferred),
    }


def _ways(step: Step, pairs: Mapping[str, str]) -> list[tuple[object, ...]]:
    """Where a step leads, in the ids of the new table."""
    return [
        (way.answer, way.label, tuple(pairs.get(to, to) for to in way.to), way.end, way.reason) for way in step.exits
    ]


def leads(step: Step, procedure: Procedure) -> str:
    """Where a step leads, in the numbers of its table: "Ya → 5; Tidak → 2"."""
    told = []
    for way in step.exits:
        to = ", ".join(procedure.by_id[key].no if key in procedure.by_id else key for key in way.to)
        goal = f"→ {to}" if way.to else f"■ {way.end.value if way.end else ''}"
        told.append(f"{way.label} {goal}{' *' if way.reason else ''}".strip())
    return "; ".join(told)


# Fields and words -----------------------------------------------------------------------------------------------------


def _identity(identity: Identity) -> dict[str, str]:
    days = {key: day.isoformat() if (day := getattr(identity, key)) else "" for key in ("made", "revised", "effective")}
    lists = ("legal_bases", "qualifications", "related", "equipment", "warnings", "records")
    approved = identity.approved_by
    return {
        "number": identity.number,
        "name": identity.name,
        "edition": identity.edition,
        **days,
        "approved_by": ", ".join(part for part in (approved.position, approved.name) if part),
        **{key: "\n".join(getattr(identity, key)) for key in lists},
    }


def _actors(actors: Sequence[Actor]) -> dict[str, str]:
    return {f"actor:{one.id}": f"{one.name} ({one.kind.value}{', signs' if one.signs else ''})" for one in actors}


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for field in dict.fromkeys([*old, *new]):
        before, after = old.get(field, ""), new.get(field, "")
        if before != after:
            yield Change(field, *pieces(before, after))


def _whole(field: str, before: str, after: str) -> Change:
    """Ways out that differ; where only the numbers say the same, all of both is marked."""
    if before != after:
        return Change(field, *pieces(before, after))
    return Change(field, (Piece(before, True),), (Piece(after, True),))


def pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into pieces; joined again they are the texts. What is not in the other one is marked."""
    mine, theirs = _WORD.findall(old), _WORD.findall(new)
    if len(mine) * len(theirs) > MOST_MARKED:
        return (Piece(old, True),), (Piece(new, True),)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if b > a:
            left.append(Piece("".join(mine[a:b]), tag != "equal"))
        if d > c:
            right.append(Piece("".join(theirs[c:d]), tag != "equal"))
    return tuple(left), tuple(right)
