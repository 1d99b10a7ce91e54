"""The same activity with different standard times in two procedures of one body.

Documents of one body are written at different times by different people, and say of one activity "4 jam" here and
"24 jam" there. Nothing is decided: both rows are shown. Two times contradict each other only where no reading makes
them equal: "1 hari" may be a working day or a calendar day, so it is an interval, not a number.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sopan.core.differences import words
from sopan.core.model import Duration, Procedure, TimeKind, Unit

LEAST_WORDS = 3  # "Mengarsipkan surat" is said of many different letters
NEAR = 0.75  # share of common words from which two activities are nearly the same

_READ = frozenset({TimeKind.EXACT, TimeKind.MAX, TimeKind.APPROXIMATE, TimeKind.RANGE, TimeKind.RATE})
# Minutes that a unit can mean, from the shortest reading (working time) to the longest (the clock).
_MEANS = {
    Unit.MINUTE: (1, 1),
    Unit.HOUR: (60, 60),
    Unit.WORKING_DAY: (450, 480),
    Unit.DAY: (450, 1_440),
    Unit.WEEK: (2_250, 10_080),
    Unit.MONTH: (9_000, 44_640),
    Unit.YEAR: (108_000, 527_040),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a procedure, with what is compared."""

    slug: str
    step: str
    no: str
    activity: str
    actors: str
    time: Duration


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two or more rows that say the same activity and do not agree on its time; in the order of the procedures."""

    places: tuple[Place, ...]

    @property
    def slugs(self) -> frozenset[str]:
        return frozenset(place.slug for place in self.places)


def places_of(procedure: Procedure) -> Iterator[Place]:
    """The rows of a procedure that have a time which can be compared, and enough words to be recognised."""
    for step in procedure.steps:
        if minutes(step.time) is not None and len(words(step.activity)) >= LEAST_WORDS:
            names = ", ".join(procedure.actor_by_id[key].name for key in step.actors if key in procedure.actor_by_id)
            yield Place(procedure.slug, step.id, step.no, step.activity, names, step.time)


def minutes(time: Duration) -> tuple[Decimal, Decimal] | None:
    """The shortest and the longest reading of a time in minutes; None where it is no time to compare."""
    if time.amount is None or time.unit is None or time.kind not in _READ:
        return None
    least, most = _MEANS[time.unit]
    lowest = time.least if time.least is not None else time.amount
    return lowest * least, time.amount * most


def agree(one: Duration, other: Duration) -> bool:
    """Whether some reading of both is the same time. Rates agree or not only with rates of the same thing."""
    if (one.kind is TimeKind.RATE) != (other.kind is TimeKind.RATE) or one.per.casefold() != other.per.casefold():
        return True  # so much a file, and so much in all, say nothing about each other
    mine, theirs = minutes(one), minutes(other)
    if mine is None or theirs is None:
        return True
    return mine[0] <= theirs[1] and theirs[0] <= mine[1]


def contradictions(places: Iterable[Place]) -> list[Contradiction]:
    """Groups of rows of different procedures that are nearly the same and do not agree on the time.

    A row stands in a group only if it contradicts another row of it. The order of ``places`` decides only the order.
    """
    rows = list(places)
    clashes = [
        (a, b) for a, b in _alike(rows) if rows[a].slug != rows[b].slug and not agree(rows[a].time, rows[b].time)
    ]
    groups = _groups(len(rows), clashes)
    return [Contradiction(tuple(rows[at] for at in group)) for group in groups]


def _groups(count: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Those that are tied together by pairs, in order."""
    parent = list(range(count))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    tied: dict[int, list[int]] = {}
    for at in sorted({at for pair in pairs for at in pair}):
        tied.setdefault(root(at), []).append(at)
    return list(tied.values())


def _alike(rows: Sequence[Place]) -> Iterator[tuple[int, int]]:
    """Pairs with at least ``NEAR`` of their words in common (Jaccard over the words with their counts).

    Words that few rows have are looked at first: two rows that are so alike must share one of the first few of each,
    so most pairs are never compared.
    """
    bags = [_bag(row.activity) for row in rows]
    often = Counter(word for bag in bags for word in bag)
    order = [sorted(bag, key=lambda word: (often[word], word)) for bag in bags]
    seen: dict[tuple[str, int], list[int]] = {}
    for at, bag in enumerate(order):
        first = bag[: len(bag) - math.ceil(NEAR * len(bag)) + 1]
        near = {other for word in first for other in seen.get(word, ())}
        for other in sorted(near):
            if near_same(bags[other], bags[at]):
                yield other, at
        for word in first:
            seen.setdefault(word, []).append(at)


def _bag(text: str) -> frozenset[tuple[str, int]]:
    """The words, each with which time round it is: a bag as a set."""
    times: Counter[str] = Counter()
    found = set()
    for word in words(text):
        times[word] += 1
        found.add((word, times[word]))
    return frozenset(found)


def near_same(one: frozenset[tuple[str, int]], other: frozenset[tuple[str, int]]) -> bool:
    common = len(one & other)
    return common >= NEAR * (len(one) + len(other) - common)
