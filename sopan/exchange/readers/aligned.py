"""Tables in text whose columns are told by position alone, as `pdftotext -layout` writes them.

The head names the columns; where one ends and the next begins is told by the blanks that run down the body.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from sopan.exchange.document import Row, Table
from sopan.exchange.headings import Role, role_of
from sopan.exchange.identity import SECTIONS, key_of
from sopan.exchange.layout import has_time, is_no_amount
from sopan.exchange.readers.aligned_columns import Column, apart, columns_of, runs, ways_to_place, words_in
from sopan.exchange.readers.line_groups import group_lines
from sopan.exchange.symbols import SIGNS, Mark, mark_of
from sopan.exchange.times import unit_of_heading

_GROUPS = frozenset({Role.ACTORS, Role.STANDARD})
_NAMED = frozenset({Role.REQUIREMENTS, Role.TIME, Role.OUTPUT, Role.REMARKS})
_HEADED = _GROUPS | {Role.ACTIVITY, Role.REMARKS}
_MARKS = frozenset({Role.TIME, Role.REQUIREMENTS, Role.OUTPUT})
_LABEL = re.compile(r"\s*(?:no\.?|nomor|nama|judul) +sop\b", re.IGNORECASE)
_SIGNED = re.compile(r"\bN\.?I\.?P\b|^\s*(?:Ditetapkan|Disahkan|Mengetahui)\b", re.IGNORECASE)
_ROW = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*(?:\.[a-z])?[.)]?|[a-zA-Z][.)]|[IVX]{1,5}[.)])(?: |$)")
_HEAD_LINES = 4
MOST_LINES = 6_000  # of one table; a row takes three or so


@dataclass(frozen=True, slots=True)
class Aligned:
    """A table and the index of the line behind it."""

    table: Table
    end: int


def aligned_tables(lines: list[str]) -> tuple[dict[int, Aligned], dict[int, str]]:
    """The tables by the index of their first line, and by theirs why tables are not read whose columns are not told."""
    damage: dict[int, str] = {}
    heads = [at for at, line in enumerate(lines) if "\t" not in line and "|" not in line and _is_head(lines, at)]
    tables: dict[int, Aligned] = {}
    done = 0
    for at in heads:
        if at < done:
            continue
        first, behind = _head_lines(lines, at, done)
        following = next((_head_lines(lines, other, behind)[0] for other in heads if other > behind), len(lines))
        end = _end(lines, behind, following)
        if end - behind > MOST_LINES:
            damage[first] = f"line {first + 1}: the table of activities has more than {MOST_LINES:,} lines."
            done = end
        elif table := _table(lines, first, behind, end):
            tables[first] = Aligned(table, end)
            done = end
            if lost := _row_behind(lines, end, following):
                damage[end] = f"line {lost}: a row stands behind the end of its table; the table cannot be read whole."
        elif any(_begins_row(line) for line in lines[behind:end]):
            damage[first] = (
                f"line {first + 1}: the table has a head, but which words stand in which column cannot be told."
            )
    return tables, damage


def two_lists(lines: Sequence[str], at: int, tables: Container[int]) -> Aligned | None:
    """Two lists of an identity block beside each other ("Dasar Hukum      Kualifikasi Pelaksana") as a table.

    It ends at the next label, or where one of ``tables`` begins.
    """
    heads = [(begin, key_of(text)) for begin, _, text in runs(lines[at])] if "  " in lines[at].strip() else []
    if "\t" in lines[at] or len(heads) != 2 or not all(key in SECTIONS for _, key in heads):
        return None
    border, end, blank = heads[1][0] - 1, at + 1, 0
    while end < len(lines) and blank < 3 and end not in tables and not _is_label(lines[end]):
        blank = 0 if lines[end].strip() else blank + 1
        end += 1
    rows = [Row(tuple(words_in(line, [border])), f"line {number}") for number, line in enumerate(lines[at:end], at + 1)]
    return Aligned(Table(tuple(row for row in rows if any(row.cells))), end)


def _is_head(lines: Sequence[str], at: int) -> bool:
    """True for a line with a column of times, and another of the quality standard in it or beside it."""
    if "aktu" not in lines[at] and "AKTU" not in lines[at] and "urasi" not in lines[at]:
        return False
    here = [role_of(text) for *_, text in runs(lines[at])]
    near = {role_of(text) for line in lines[max(0, at - 2) : at + 3] for *_, text in runs(line)}
    return Role.TIME in here and len(here) >= 3 and len(_MARKS & near) >= 2


def _head_lines(lines: Sequence[str], at: int, done: int) -> tuple[int, int]:
    """The lines around ``at`` that are head: up and down to a blank line or the first number of the body."""
    first = at
    while first > done and at - first < _HEAD_LINES and lines[first - 1].strip():
        above = apart(lines[first - 1])
        headed = any(role_of(text) in _HEADED for *_, text in above)
        if not headed and (len(above) < 2 or _is_label(lines[first - 1])):
            break
        first -= 1
    activity = [run for line in lines[first : at + 1] for run in apart(line) if role_of(run[2]) is Role.ACTIVITY]
    behind = at + 1
    while behind < min(len(lines), at + _HEAD_LINES) and lines[behind].strip() and not _begins_row(lines[behind]):
        if any(_overlap(run, head) for run in runs(lines[behind]) for head in activity):
            break  # words under the head of the activities: the body begins above its first number
        if any(_ends_head(run, lines[first:behind]) for run in runs(lines[behind])):
            break
        behind += 1
    return first, behind


def _ends_head(run: tuple[int, int, str], head: Sequence[str]) -> bool:
    """True for words under a heading of the quality standard that are none of its own."""
    above = [
        other for line in head for other in runs(line) if _overlap(run, other) and role_of(other[2]) not in _GROUPS
    ]
    if len(above) != 1 or role_of(above[0][2]) not in _NAMED:
        return False
    return role_of(f"{above[0][2]} {run[2]}") is not role_of(above[0][2])


def _overlap(one: tuple[int, int, str], two: tuple[int, int, str]) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def _opens_identity(line: str) -> bool:
    """True for a line that begins with a label of two words or more: "Nomor" alone may be an output."""
    found = runs(line)
    if not found or " " not in found[0][2]:
        return False
    return key_of(found[0][2]) in ("number", "name", "legal_bases") or bool(_LABEL.match(line))


def _is_label(line: str) -> bool:
    return any(key_of(text) for *_, text in runs(line))


def _begins_row(line: str) -> bool:
    found = runs(line)
    return bool(found) and bool(_ROW.match(found[0][2]))


def _end(lines: Sequence[str], begin: int, limit: int) -> int:
    """Where the body ends: at an identity block, a signature, or four blank lines."""
    blank = 0
    for at in range(begin, limit):
        line = lines[at].strip("\f ")
        blank = 0 if line else blank + 1
        if _opens_identity(line) or _SIGNED.search(line) or blank >= 4:
            return _before_signature(lines, begin, at)
    return _before_signature(lines, begin, limit)


def _before_signature(lines: Sequence[str], begin: int, end: int) -> int:
    """Leave out the last lines, behind a blank, that neither begin a row nor stand where one does."""
    at = end
    while at > begin and not lines[at - 1].strip():
        at -= 1
    block = at
    while block > begin and lines[block - 1].strip():
        block -= 1
    numbered = any(_begins_row(line) for line in lines[block:at])
    has_rows = any(_begins_row(line) for line in lines[begin:block])
    signed = (
        end < len(lines) and bool(_SIGNED.search(lines[end])) or len({len(runs(line)) for line in lines[block:at]}) == 1
    )
    return _before_signature(lines, begin, block) if has_rows and not numbered and signed and at > block else at


def _table(lines: Sequence[str], first: int, behind: int, end: int) -> Table | None:
    """The table; None where its columns or its rows cannot be told."""
    pages = _pages(lines, behind, end)
    if not pages:
        return None
    columns = columns_of([line.replace("\f", " ") for line in lines[first:behind]], pages[0][1])
    if len(columns) < 4:
        return None
    rows: list[Row] = [Row(tuple(" ".join(column.words) for column in columns), f"line {first + 1}")]
    for number, (begin, body) in enumerate(pages):
        read = _first_page(body, begin, columns) if number == 0 else _later_page(body, begin, columns)
        if read is None:
            return None
        rows += read
    return Table(tuple(rows))


def _row_behind(lines: Sequence[str], end: int, following: int) -> int | None:
    """The number of a line that looks like a row although the table has ended before it."""
    for at in range(end, following):
        texts = [text for *_, text in runs(lines[at])]
        if len(texts) >= 4 and _begins_row(lines[at]) and any(has_time(text, None) for text in texts[1:]):
            return at + 1
    return None


def _pages(lines: Sequence[str], begin: int, end: int) -> list[tuple[int, list[str]]]:
    """The body by pages, each with the index of its first line; another page has other places for its columns."""
    pages: list[tuple[int, list[str]]] = []
    for at in range(begin, end):
        if not pages or "\f" in lines[at]:
            pages.append((at, []))
        pages[-1][1].append(lines[at].replace("\f", "").rstrip())
    return [page for page in pages if any(page[1])]


def _first_page(body: Sequence[str], begin: int, columns: Sequence[Column]) -> list[Row] | None:
    """The rows, if there is one way alone to read them in which times stand in the column of times and nowhere else."""
    roles = [column.role for column in columns]
    if Role.TIME not in roles:
        return None
    found: list[list[Row]] = []
    for cells in ways_to_place(body, columns):
        rows = group_lines(cells, begin, goes_on=False)
        if rows and _is_sensible(rows, roles.index(Role.TIME), columns) and rows not in found:
            found.append(rows)
    return found[0] if len(found) == 1 else None


def _is_sensible(rows: Sequence[Row], time_at: int, columns: Sequence[Column]) -> bool:
    """Times stand in the column of times, symbols under the actors, and no other words there."""
    unit = unit_of_heading(" ".join(columns[time_at].words))
    times = [row.cells[time_at] for row in rows if row.cells[time_at]]
    told = sum(has_time(cell, unit) or is_no_amount(cell) for cell in times)
    for row in rows:
        for cell, column in zip(row.cells, columns, strict=True):
            is_mark = mark_of(cell) not in (Mark.TEXT, Mark.WORDS)
            if (column.role is None and not is_mark) or (
                column.role is not None and any(sign in cell for sign in SIGNS)
            ):
                return False
    return told * 4 >= len(times) * 3


def _later_page(body: Sequence[str], begin: int, columns: Sequence[Column]) -> list[Row] | None:
    cells = _placed_without_head(body, columns)
    return group_lines(cells, begin, goes_on=True) if cells else None


def _placed_without_head(body: Sequence[str], columns: Sequence[Column]) -> list[list[str]] | None:
    """A page without a head: its columns are the bands between blanks; the one with times is the anchor.

    What stands between the activity and the requirements are symbols, and under which actor is not told: left out.
    """
    begins = _bands(body)
    cells = [words_in(line, begins[1:]) for line in body]
    timed = [sum(has_time(row[band], None) for row in cells) for band in range(len(begins))]
    time_at = max(range(len(begins)), key=timed.__getitem__, default=0)
    head = [role_of(" ".join(column.words)) for column in columns]
    if len(begins) < 4 or time_at < 3 or not timed[time_at] or Role.TIME not in head:
        return None
    wanted = head.index(Role.TIME)
    out = []
    for row in cells:
        behind = row[time_at - 1 :][: len(columns) - wanted + 1]
        filled = [row[0], row[1], *[""] * (wanted - 3), *behind]
        out.append(filled + [""] * (len(columns) - len(filled)))
    return out


def _bands(body: Sequence[str]) -> list[int]:
    """Where the bands of words begin between the blanks, two wide or more, that run down the page."""
    width = max(map(len, body))
    used = [any(at < len(line) and line[at] != " " for line in body) for at in range(width)]
    return [at for at in range(width) if used[at] and not any(used[max(0, at - 2) : at])]
