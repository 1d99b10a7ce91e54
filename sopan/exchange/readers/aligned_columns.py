"""Columns of a table that only position tells: where each begins, and which words of a line stand in which.

Between two columns no word may stand on any line of the page. Where several such blanks could be the border, the one
before the words of the head counts, else the widest; where that is not told either, nothing is placed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, product

from sopan.exchange.headings import NUMBER, Role, role_of
from sopan.exchange.symbols import Mark, mark_of

_RUN = re.compile(r"\S+(?: \S+)*")
_NUMBERS = re.compile(r"No(?:mor)?\.?(?: Urut)?(?= [A-Z])", re.IGNORECASE)
_NAMED = frozenset({Role.REQUIREMENTS, Role.TIME, Role.OUTPUT, Role.REMARKS})
_SIGNS = frozenset({Mark.STEP, Mark.DECISION})
MOST_WAYS = 24
Cell = Sequence[tuple[int, int, str]]  # runs: begin, end, text
_NEAR = 1.5  # characters by which a symbol may stand beside the middle of its column


@dataclass(slots=True)
class Column:
    """A column by its head: from where to where its words reach, what they are, and what it is for."""

    begin: int
    end: int
    words: list[str] = field(default_factory=list)
    doubtful: bool = False  # the words may be two names

    @property
    def role(self) -> Role | None:
        return role_of(" ".join(self.words))

    @property
    def middle(self) -> float:
        return (self.begin + self.end) / 2


def runs(line: str) -> list[tuple[int, int, str]]:
    """Words with one space between them: begin, end, text."""
    return [(found.start(), found.end(), found[0]) for found in _RUN.finditer(line)]


def columns_of(head: Sequence[str], body: Sequence[str]) -> list[Column]:
    """The columns, from the words of the head that stand over each other; words over several columns are left out."""
    columns: list[Column] = []
    for line in head:
        for begin, end, text in apart(line):
            role = role_of(text)
            if role is Role.STANDARD or (role is Role.ACTORS and line is not head[-1]):
                continue
            over = [column for column in columns if column.begin < end and begin < column.end]
            if len(over) > 1:
                continue
            if over:
                over[0].begin, over[0].end = min(over[0].begin, begin), max(over[0].end, end)
                over[0].words.append(text)
            else:
                columns.append(Column(begin, end, [text]))
    columns.sort(key=lambda column: column.begin)
    return [part for column in columns for part in _names_apart(column, head, body)]


def apart(line: str) -> list[tuple[int, int, str]]:
    """The runs of a head line; a heading that is known is cut off from words that have one space before or behind it."""
    found = []
    for begin, _, text in runs(line):
        numbers = _NUMBERS.match(text)  # "No Uraian Kegiatan": the column of the numbers is narrow
        if numbers:
            found.append((begin, begin + numbers.end(), numbers[0]))
            begin, text = begin + numbers.end() + 1, text[numbers.end() + 1 :]
        found += _known_apart(begin, text)
    return found


def _known_apart(begin: int, text: str) -> list[tuple[int, int, str]]:
    if role_of(text) is None:
        for space in re.finditer(" ", text):
            before, behind = text[: space.start()], text[space.end() :]
            if role_of(behind) in _NAMED or (role_of(before) in _NAMED and role_of(before) is not Role.REMARKS):
                return [*_known_apart(begin, before), *_known_apart(begin + space.end(), behind)]
    return [(begin, begin + len(text), text)]


def _names_apart(column: Column, head: Sequence[str], body: Sequence[str]) -> list[Column]:
    """Two names of actors with one space between them, if symbols or words of the head begin under each alone."""
    if column.role is not None:
        return [column]
    signs = [
        (begin, end)
        for line in body
        for begin, end, text in runs(line)
        if mark_of(text) in _SIGNS and begin < column.end and column.begin < end
    ]
    below = [(begin, text) for line in head for begin, _, text in runs(line) if text in column.words[1:]]
    first = column.words[0]
    spaces = [space.end() for space in re.finditer(" ", first)]
    cuts = [
        cut for cut in spaces if column.begin + cut in {*(begin for begin, _ in signs), *(begin for begin, _ in below)}
    ]
    if cuts and not below and all(abs((begin + end) / 2 - column.middle) <= 2 * _NEAR for begin, end in signs):
        return [replace(column, doubtful=True)]  # the symbols may stand in the middle of one name
    parts = _cut_at(column, cuts)
    middles = [(begin + end) / 2 for begin, end in signs]
    if not cuts and max(middles, default=0) - min(middles, default=0) > 2 * _NEAR:
        ways = [_cut_at(column, [cut]) for cut in spaces]
        told = [way for way in ways if all(any(part.begin <= begin < part.end for part in way) for begin, _ in signs)]
        parts = told[0] if len(told) == 1 else [replace(column, doubtful=True)]
    if len(parts) > 1:
        for begin, text in below:
            over = [part for part in parts if part.begin <= begin < part.end] or parts[-1:]
            over[0].words.append(text)
            over[0].end = max(over[0].end, begin + len(text))
        return [part for one in parts for part in _names_apart(one, head, body)]
    return parts


def _cut_at(column: Column, cuts: Sequence[int]) -> list[Column]:
    if not cuts:
        return [column]
    first = column.words[0]
    pairs = zip([0, *cuts], [*cuts, len(first) + 1], strict=True)
    return [Column(column.begin + at, column.begin + to - 1, [first[at : to - 1]]) for at, to in pairs]


def ways_to_place(body: Sequence[str], columns: Sequence[Column]) -> Iterator[list[list[str]]]:
    """The words of each line in their columns, in each way in which the borders can be drawn; most probable ones first.

    Symbols are placed by the names over them; one that stands under none alone stands in the columns beside it.
    """
    numbers = columns[0] if columns[0].role is Role.NO else None
    columns = columns[1:] if numbers else columns
    actors = _actors(columns)
    groups = [column for at, column in enumerate(columns) if at not in actors[1:]]
    last = {actors.start: columns[actors.stop - 1].end} if actors else {}
    cut = [_number_apart(line, numbers) for line in body]
    rest = [line for _, line in cut]
    used = _used(rest)
    borders = [
        _borders(used, last.get(at, left.end), right.begin, rest, symbols=bool({at, at + 1} & set(last)))
        for at, (left, right) in enumerate(pairwise(groups))
    ]
    names = columns[actors.start : actors.stop]
    for way in islice(product(*borders), MOST_WAYS):
        yield [
            [*([number] if numbers else []), *_in_columns(_cells(line, way, len(groups)), names, actors.start)]
            for number, line in cut
        ]


def _number_apart(line: str, numbers: Column | None) -> tuple[str, str]:
    """The number that begins the line under the head of the numbers, and the line without it."""
    found = re.match(r"\s*(\S+)(?=\s|$)", line)
    if not numbers or not found or found.start(1) > numbers.end or not NUMBER.fullmatch(found[1]):
        return "", line
    return found[1], " " * found.end() + line[found.end() :]


def _in_columns(cells: Sequence[Cell], names: Sequence[Column], actors_at: int) -> list[str]:
    out: list[str] = []
    for at, cell in enumerate(cells):
        out += _under_names(cell, names) if names and at == actors_at else [_text(cell)]
    return out


def words_in(line: str, borders: Sequence[int]) -> list[str]:
    """The words of a line between the borders."""
    return [_text(cell) for cell in _cells(line, borders, len(borders) + 1)]


def _text(cell: Cell) -> str:
    return " ".join(text for _, _, text in cell)


def _actors(columns: Sequence[Column]) -> range:
    """Which columns are those of the actors: those that are for nothing else, if they stand together."""
    found = [at for at, column in enumerate(columns) if column.role is None]
    together = bool(found) and found[-1] - found[0] == len(found) - 1
    return range(found[0], found[-1] + 1) if together else range(0)


def _used(body: Sequence[str]) -> list[bool]:
    """Which places of the lines some word covers."""
    used = [False] * (max(map(len, body), default=0) + 1)
    for line in body:
        for found in re.finditer(r"\S+", line):
            used[found.start() : found.end()] = [True] * (found.end() - found.start())
    return used


def _borders(used: Sequence[bool], left_end: int, right_begin: int, body: Sequence[str], *, symbols: bool) -> list[int]:
    """Where the right column may begin: behind a blank that runs down the page, between the words of both heads.

    One place alone where several lines begin right under the head, or where one blank is wider than all others. Beside
    the ``symbols`` of the actors every blank may be it: whether symbols stand where they belong shows which one is.
    """
    blanks = _blanks(used, left_end, right_begin)
    before = any(begin < right_begin <= behind for begin, behind in blanks)
    begins = sum(
        line[right_begin - 1 : right_begin + 1].strip() == line[right_begin : right_begin + 1] != "" for line in body
    )
    if before and begins > 1 and not symbols:
        return [right_begin]
    widest = max((behind - begin for begin, behind in blanks), default=0)
    may = [blank for blank in blanks if symbols or blank[1] - blank[0] == widest]
    return [min(behind, right_begin) for _, behind in reversed(may)]


def _blanks(used: Sequence[bool], low: int, high: int) -> list[tuple[int, int]]:
    """The blanks with a place from ``low`` up to ``high``: begin, and where the next words begin."""
    if high > len(used):
        used = [*used, *[False] * (high - len(used) + 1)]
    blanks = [(found.start(), found.end()) for found in re.finditer("0+", "".join("01"[one] for one in used))]
    return [(begin, behind) for begin, behind in blanks if begin < high and behind > low]


def _cells(line: str, borders: Sequence[int], count: int) -> list[list[tuple[int, int, str]]]:
    """The words of a line in their columns, as runs."""
    cells: list[list[tuple[int, int, str]]] = [[] for _ in range(count)]
    for found in re.finditer(r"\S+", line):
        cell = cells[sum(border <= found.start() for border in borders)]
        if cell and cell[-1][1] == found.start() - 1:
            begin, _, text = cell.pop()
            cell.append((begin, found.end(), f"{text} {found[0]}"))
        else:
            cell.append((found.start(), found.end(), found[0]))
    return cells


def _under_names(cell: Cell, names: Sequence[Column]) -> list[str]:
    """What stands in the columns of the actors. A symbol that could stand in several stands in all of them."""
    out = [""] * len(names)
    for begin, end, text in cell:
        fits = [at for at, name in enumerate(names) if begin < name.end and name.begin < end]
        if len(fits) > 1:
            fits = [at for at in fits if names[at].begin <= (begin + end) / 2 <= names[at].end] or fits
        near = sorted(range(len(names)), key=lambda at: abs(names[at].middle - (begin + end) / 2))
        if mark_of(text) not in _SIGNS:
            fits = near[:1]
        elif len(fits) != 1 or names[fits[0]].doubtful:
            fits = near[:2]
        for at in fits:
            out[at] = f"{out[at]} {text}".strip()
    return out
