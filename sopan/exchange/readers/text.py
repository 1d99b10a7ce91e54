"""Plain text: tables with tabs, bars, semicolons or commas, and tables whose columns are told by position."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from sopan.exchange.document import Block, Damage, Document, Paragraph, Row, Table, Unreadable
from sopan.exchange.headings import NUMBER, find_heading
from sopan.exchange.identity import key_of
from sopan.exchange.readers.aligned import Aligned, aligned_tables, two_lists
from sopan.exchange.readers.aligned_columns import runs
from sopan.exchange.readers.html import html_tables
from sopan.exchange.readers.package import Refused
from sopan.exchange.words import clean

_BARS = re.compile(r"^\s*\|.*\|\s*$")
_BAR_RULE = re.compile(r"^[\s|:+=-]+$")
_BARE_RULE = re.compile(r"^\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*){3,}$")
_FRAMED = re.compile(r"^\s*[│┃║├┠╟╠┌┏╔└┗╚].*[│┃║┤┨╢╣┐┓╗┘┛╝]\s*$")
_FRAME = str.maketrans(
    dict.fromkeys("│┃║", "|") | dict.fromkeys("├┤┼┬┴┌┐└┘┠┨┣┫╋┳┻┏┓┗┛╟╢╠╣╬╦╩╔╗╚╝┿╂", "+") | dict.fromkeys("─━═", "-")
)
_BESIDE = frozenset({"number", "name", "made", "revised", "effective", "approved", "approved_by", "edition"})
_LEAST_TABS = 4  # of a row of a table of activities
_MOST_BREAKS = 12  # in the cells of one row
MOST_CHARACTERS = 4_000_000
MOST_LINES = 100_000


def decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with its mark, else Windows' Western European."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_text(data: bytes, *, name: str) -> Document | Unreadable:
    """The paragraphs and tables of a text file."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\x00") > len(text) // 100 or text.count("\ufffd") > max(20, len(text) // 20):
        return Unreadable(name, "It is not text.")
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        return Unreadable(name, f"It has more than {MOST_CHARACTERS:,} characters or {MOST_LINES:,} lines.")
    text = _with_tabs(text) or text
    try:
        tables = html_tables(text) if "<table" in text.lower() else []
    except Refused as refused:
        return Unreadable(name, str(refused))
    blocks: list[Block] = []
    at = 0
    for begin, end, table in tables:
        blocks += [*_piece(text[at:begin], text.count("\n", 0, at)), table]
        at = end
    return Document(name, (*blocks, *_piece(text[at:], text.count("\n", 0, at))))


def _with_tabs(text: str) -> str | None:
    """The text with tabs for semicolons or commas, where these keep the cells of a table of activities apart."""
    for mark in ";," if "\t" not in text else "":
        if sum(line.count(mark) >= 4 for line in text.split("\n")) < 2:
            continue
        try:
            rows = list(csv.reader(io.StringIO(text), delimiter=mark))
        except csv.Error:  # a cell that is too long
            continue
        if find_heading([[clean(cell) for cell in row] for row in rows[:60]]):
            return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
    return None


def _piece(text: str, before: int) -> Iterator[Block]:
    """The blocks of a part of the text, behind ``before`` lines."""
    lines = _with_bars(text.split("\n"))
    lines = _whole_rows(lines)
    aligned, lost = aligned_tables(lines)
    return _blocks(lines, aligned, lost, before)


def _with_bars(lines: list[str]) -> list[str]:
    """The lines, drawn frames written with bars, and rows without bars at their ends with them."""
    out = [line.translate(_FRAME) if _FRAMED.match(line) else line for line in lines]
    for at in range(1, len(out)):
        if not _BARE_RULE.match(out[at]):
            continue
        end = at + 1
        while end < len(out) and "|" in out[end]:
            end += 1
        out[at - 1 : end] = [f"| {line.strip().strip('|')} |" for line in out[at - 1 : end]]
    return out


def _parts(line: str) -> Iterator[str]:
    """The line; cut before a label of the identity block that stands in the right half of the page."""
    found = runs(line) if "   " in line.strip() else []
    for begin, _, text in found[1:]:
        if key_of(text.split(":")[0]) in _BESIDE:
            yield line[:begin]
            line = line[begin:]
            break
    yield line


def _whole_rows(lines: list[str]) -> list[str]:
    """The lines, those of a row with line breaks in its cells put together; empty ones keep the places of the others.

    Only where a row that begins with a number gets as many cells as most rows have, neither fewer nor more.
    """
    widths = Counter(line.count("\t") for line in lines if line.count("\t") >= _LEAST_TABS)
    usual = widths.most_common(1)[0][0] if widths else 0
    out = list(lines)
    for at, line in enumerate(lines):
        number, tab, _ = line.partition("\t")
        if not tab or line.count("\t") >= usual or not NUMBER.fullmatch(number.strip()):
            continue
        tabs, end = line.count("\t"), at + 1
        while tabs < usual and end < len(lines) and end - at < _MOST_BREAKS and _goes_on(lines[end]):
            tabs += lines[end].count("\t")
            end += 1
        if tabs == usual and lines[end - 1].count("\t"):
            out[at:end] = [" ".join(part.strip(" ") for part in lines[at:end]), *[""] * (end - at - 1)]
    return out


def _goes_on(line: str) -> bool:
    """True for a line that may be the rest of a cell above: it begins with words."""
    first = line.split("\t")[0].strip()
    return bool(first) and not NUMBER.fullmatch(first)


def _blocks(lines: list[str], aligned: dict[int, Aligned], lost: dict[int, str], before: int) -> Iterator[Block]:
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        if at in lost:
            yield from _table(rows)
            rows = []
            yield Damage(lost[at])
        if found := aligned.get(at):
            yield from _table(rows)
            yield found.table
            rows, at = [], found.end
            continue
        line = lines[at]
        if beside := two_lists(lines, at, {*aligned, *lost}):
            yield from _table(rows)
            yield beside.table
            rows, at = [], beside.end
            continue
        cells = _cells(line)
        if cells is None:
            yield from _table(rows)
            rows = []
            yield from (Paragraph(part, f"line {before + at + 1}") for part in _parts(line))
        elif cells:
            rows.append(Row(tuple(cells), f"line {before + at + 1}"))
        at += 1
    yield from _table(rows)


def _table(rows: list[Row]) -> Iterator[Table]:
    if rows:
        yield Table(tuple(rows))


def _cells(line: str) -> list[str] | None:
    """The cells of a line; None for a line that is no row, [] for a rule between rows."""
    if "\t" in line and line.strip():
        return line.split("\t")
    if _BARS.match(line) and line.count("|") >= 3:
        return [] if _BAR_RULE.match(line) else [cell.strip() for cell in line.strip().strip("|").split("|")]
    return [] if _BAR_RULE.match(line) and line.count("|") + line.count("+") >= 3 else None
