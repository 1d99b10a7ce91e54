"""Tables in text whose columns are told by position alone, as `pdftotext -layout` writes them.

The head names the columns; where one ends and the next begins is told by the blanks that run down the body.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from sopan.exchange.document import Row, Table
from sopan.exchange.headings import Role, role_of
from sopan.exchange.identity import SECTIONS, key_of
from sopan.exchange.layout import has_time
from sopan.exchange.readers.line_groups import group_lines

_RUN = re.compile(r"\S+(?: \S+)*")
_GROUPS = frozenset({Role.ACTORS, Role.STANDARD})
_MARKS = frozenset({Role.TIME, Role.REQUIREMENTS, Role.OUTPUT})
_LABEL = re.compile(r"\s*(?:no\.?|nomor|nama|judul) +sop\b", re.IGNORECASE)
_SIGNED = re.compile(r"\bN\.?I\.?P\b|^\s*(?:Ditetapkan|Disahkan|Mengetahui)\b", re.IGNORECASE)
_POSITIONS = re.compile(
    r"kepala|ketua|sekretaris|bendahara|penyelia|manajer|analis|staf|kasubbag|kasubag|kasi|kabid|kadis|petugas|operator|"
    r"pelanggan|pemohon|direktur|camat|lurah|admin|auditor|kelengkapan|waktu|output|keterangan",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"No(?:mor)?\.?(?: Urut)?(?= [A-Z])", re.IGNORECASE)
_QUALIFIERS = re.compile(
    r"wakil|pembantu|calon|asisten|para|dan|atau|&|sub|plt|kpa|pa|ex|bersama|surat|tim|bagian|oleh|dari"
)
_HEAD_LINES = 4


@dataclass(frozen=True, slots=True)
class Aligned:
    """A table and the index of the line behind it."""

    table: Table
    end: int


@dataclass(slots=True)
class _Column:
    """A column by its head: from where to where its words reach, and what they are."""

    begin: int
    end: int
    words: list[str] = field(default_factory=list)


def runs(line: str) -> list[tuple[int, int, str]]:
    """Words with one space between them: begin, end, text."""
    return [(found.start(), found.end(), found[0]) for found in _RUN.finditer(line)]


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
        if table := _table(lines, first, behind, end):
            tables[first] = Aligned(table, end)
            done = end
            if lost := _row_behind(lines, end, following):
                damage[end] = f"line {lost}: a row stands behind the end of its table; the table cannot be read whole."
        elif any(_begins_row(line) for line in lines[behind:end]):
            damage[first] = (
                f"line {first + 1}: the table has a head, but which words stand in which column is not told."
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
    rows = [
        Row(tuple(_cells(line, [border], 2)), f"line {number}") for number, line in enumerate(lines[at:end], at + 1)
    ]
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
    while first > done and at - first < _HEAD_LINES and lines[first - 1].strip() and not _is_label(lines[first - 1]):
        if len(runs(lines[first - 1])) < 2 and not any(role_of(text) for *_, text in runs(lines[first - 1])):
            break
        first -= 1
    activity = [run for line in lines[first : at + 1] for run in runs(line) if role_of(run[2]) is Role.ACTIVITY]
    behind = at + 1
    while behind < min(len(lines), at + _HEAD_LINES) and lines[behind].strip() and not _begins_row(lines[behind]):
        if any(_overlap(run, head) for run in runs(lines[behind]) for head in activity):
            break  # words under the head of the activities: the body begins above its first number
        behind += 1
    return first, behind


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
    return bool(found) and bool(re.match(r"\d{1,3}[.)]?(?: |$)", found[0][2]))


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
    columns = _columns([line.replace("\f", " ") for line in lines[first:behind]])
    pages = _pages(lines, behind, end)
    if len(columns) < 4 or not pages:
        return None
    rows: list[Row] = [Row(tuple(" ".join(column.words) for column in columns), f"line {first + 1}")]
    for number, (begin, body) in enumerate(pages):
        placed = _placed(body, columns) if number == 0 else _placed_without_head(body, columns)
        read = group_lines(placed, begin, goes_on=number > 0) if placed else None
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


def _placed(body: Sequence[str], columns: Sequence[_Column]) -> list[list[str]]:
    borders = _borders(columns, body)
    return [_cells(line, borders, len(columns)) for line in body]


def _placed_without_head(body: Sequence[str], columns: Sequence[_Column]) -> list[list[str]] | None:
    """A page without a head: its columns are the bands between blanks; the one with times is the anchor.

    What stands between the activity and the requirements are symbols, and under which actor is not told: left out.
    """
    begins = _bands(body)
    cells = [_cells(line, begins[1:], len(begins)) for line in body]
    timed = [sum(has_time(row[band], None) for row in cells) for band in range(len(begins))]
    time_at = max(range(len(begins)), key=timed.__getitem__, default=0)
    head = [role_of(" ".join(column.words)) for column in columns]
    if len(begins) < 4 or time_at < 3 or not timed[time_at] or Role.TIME not in head:
        return None
    wanted = head.index(Role.TIME)
    placed = []
    for row in cells:
        behind = row[time_at - 1 :][: len(columns) - wanted + 1]
        filled = [row[0], row[1], *[""] * (wanted - 3), *behind]
        placed.append(filled + [""] * (len(columns) - len(filled)))
    return placed


def _bands(body: Sequence[str]) -> list[int]:
    """Where the bands of words begin between the blanks, two wide or more, that run down the page."""
    width = max(map(len, body))
    used = [any(at < len(line) and line[at] != " " for line in body) for at in range(width)]
    return [at for at in range(width) if used[at] and not any(used[max(0, at - 2) : at])]


def _columns(head: Sequence[str]) -> list[_Column]:
    """Columns from the words of the head that stand over each other; words over several columns are left out."""
    columns: list[_Column] = []
    for line in head:
        for begin, end, text in _names_apart(line):
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
                columns.append(_Column(begin, end, [text]))
    return sorted(columns, key=lambda column: column.begin)


def _names_apart(line: str) -> list[tuple[int, int, str]]:
    """The runs of a head line; two names of positions with one blank between them are two."""
    found = []
    for begin, _, text in runs(line):
        numbers = _NUMBERS.match(text)  # "No Uraian Kegiatan": the column of the numbers is narrow
        start = numbers.end() + 1 if numbers else 0
        if numbers:
            found.append((begin, begin + numbers.end(), numbers[0]))
        for word in re.finditer(r"(?<= )\S+", text):
            if word.start() <= start:
                continue
            before = text[start : word.start() - 1].split()[-1].casefold().strip(".")
            if _POSITIONS.fullmatch(word[0]) and not _QUALIFIERS.fullmatch(before) and "/" not in before:
                found.append((begin + start, begin + word.start() - 1, text[start : word.start() - 1]))
                start = word.start()
        found.append((begin + start, begin + len(text), text[start:]))
    return found


def _borders(columns: Sequence[_Column], body: Sequence[str]) -> list[int]:
    """Between each column and the next, the middle of the widest blank that runs down the body there."""
    width = max((len(line) for line in body), default=0)
    used = [False] * (width + 1)
    for line in body:
        for begin, end, _ in runs(line):
            used[begin:end] = [True] * (end - begin)
    borders = []
    for left, right in zip(columns, columns[1:], strict=False):
        low, high = left.begin + 1, max(right.end - 1, left.begin + 2)
        borders.append(_widest_blank(used, low, high, (left.end + right.begin) // 2, right.begin))
    return borders


def _widest_blank(used: Sequence[bool], low: int, high: int, middle: int, right: int) -> int:
    """The border: where the words of the right column begin behind the widest blank; the middle of the heads if all is blank."""
    best, at = (0, middle), low
    while at < high:
        end = at
        while end < high and not (end < len(used) and used[end]):
            end += 1
        if end - at > best[0]:
            best = (end - at, min(max(middle, at), end) if at <= middle <= end else (end if end <= right else at))
        at = max(end, at) + 1
    return best[1]


def _cells(line: str, borders: Sequence[int], count: int) -> list[str]:
    """The words of a line in their columns; a run that reaches over a border is cut at the blank nearest to it."""
    cells: list[list[str]] = [[] for _ in range(count)]
    for begin, end, text in runs(line):
        for start, part in _cut(begin, end, text, borders):
            at = sum(border <= start for border in borders)
            cells[at].append(part)
    return [" ".join(parts) for parts in cells]


def _cut(begin: int, end: int, text: str, borders: Sequence[int]) -> list[tuple[int, str]]:
    parts, start = [], begin
    for border in borders:
        near = next(
            (at for at in (border - 1, border, border - 2) if start < at < end and text[at - begin] == " "), None
        )
        if near is not None:
            parts.append((start, text[start - begin : near - begin]))
            start = near + 1
    return [*parts, (start, text[start - begin :])]
