"""Finds the procedures in a document: where one begins, which tables are its own, and what they say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from sopan.exchange.compose import draft_of
from sopan.exchange.document import Damage, Document, Row, Table, Unreadable
from sopan.exchange.draft import DraftProcedure, Remark
from sopan.exchange.found import Found, Segment, identity_behind, numbers_of
from sopan.exchange.headings import (
    NUMBER,
    Heading,
    Role,
    actors_behind,
    find_heading,
    is_numbering,
    role_of,
    with_actors_before,
)
from sopan.exchange.identity import is_identity_row, key_of, read_line, read_row
from sopan.exchange.layout import Layout, layout_of, place
from sopan.exchange.reshape import side_by_side, with_actor_behind, with_whole_times
from sopan.exchange.steps import is_rule
from sopan.exchange.words import clean, drawings, plain

MOST_ROWS = 2_000  # of one table; the longest SOPs have a hundred
_COVER = re.compile(
    r"^standa?rd? operasional prosedur(?: sop)?(?: ap)?$|^standard operating procedures?(?: sop)?$|^sop$"
)
_TITLE = re.compile(
    r"^(?:flow ?chart\s*)?(?:sop|standar operasional prosedur)(?:[ -]ap)?\b[ :.-]*(?P<name>\S.*)", re.IGNORECASE
)
_YEAR = re.compile(r"^tahun \d{4}$|^revisi\b|^halaman\b|^page\b")
_FLOWCHART = re.compile(r"^(?:flow ?chart|bagan alir|diagram alir)", re.IGNORECASE)


def find_procedures(document: Document) -> list[DraftProcedure] | Unreadable:
    """All procedures that the document describes, in its order; or why none can be read safely.

    A procedure whose table cannot be read is among them, without steps and with the reason.
    """
    finder = Finder()
    for block in document.blocks:
        if isinstance(block, Table):
            if len(block.rows) > MOST_ROWS and find_heading([row.cells for row in block.rows[:20]]):
                return Unreadable(document.name, f"A table of activities has more than {MOST_ROWS:,} rows.")
            for table in side_by_side(block):
                finder.table(table)
        elif isinstance(block, Damage):
            finder.damage(block)
        else:
            finder.line(clean(block.text), block.place)
    drafts = [draft for found in identity_behind(finder.all()) if (draft := draft_of(found, finder.usual))]
    for draft in drafts:
        draft.warnings += [Remark("file", note) for note in document.notes]
    if any(draft.steps for draft in drafts):
        return drafts
    if reasons := [f"{_called(draft)}{draft.refused}" for draft in drafts if draft.refused]:
        return Unreadable(document.name, " ".join(dict.fromkeys(reasons)))
    if drafts:
        return drafts
    reason = "No table of activities is in it: no row heads columns such as Kelengkapan, Waktu and Output."
    return Unreadable(document.name, reason)


def _called(draft: DraftProcedure) -> str:
    told = draft.name or draft.number
    return f"{told.value}: " if told else ""


class Finder:
    """Goes through a document once and deals its blocks out to procedures."""

    def __init__(self) -> None:
        self.done: list[Found] = []
        self.current = Found()
        self.usual: Layout | None = None  # of the last table that had a head
        self._heading = ""  # the last line since a table that is marked as one
        self._loose: list[str] = []  # the last lines, to notice a head whose columns have run together

    def all(self) -> list[Found]:
        return [*self.done, self.current]

    def _begin(self, place: str) -> None:
        self.done.append(self.current)
        self.current = Found(place)

    def damage(self, damage: Damage) -> None:
        """A table that its reader cannot read."""
        self.current.damage.append(damage.reason)

    # Lines

    def line(self, text: str, place: str) -> None:
        """A line outside of tables."""
        marked = text.startswith("#")
        text = text.strip("# ").strip()
        if not text:
            return
        self._heading = text if marked else self._heading
        self._look_for_damage(text, place)
        if _COVER.match(plain(text)):
            self._cover(place)
            return
        key = key_of(text) or (key_of(text.split(":")[0]) if ":" in text else None)
        if self._opens(key, text):
            self._begin(place)
        elif self._title(text, place):
            return
        if self.current.damage:
            self.current.run_together.append(text)
        taken = not self.current.begun and read_line(self.current.identity, text)
        if taken:
            self.current.at_cover = False
        elif self.current.at_cover and not _YEAR.match(plain(text)) and len(self.current.cover) < 6:
            self.current.cover.append(text)

    def _cover(self, place: str) -> None:
        """A cover begins. Covers that follow each other are kept: which of them a table belongs to is not told."""
        before = self.current
        if before.begun or before.named or before.cover:
            self._begin(place)
            alone = before.cover and not (before.begun or before.named) and len(self.done) > 1
            self.current.covers = [*before.covers, " ".join(before.cover)] if alone else []
        self.current.at_cover = True
        self.current.identity.waiting = []

    def _opens(self, key: str | None, text: str) -> bool:
        """True if a line begins the identity block of another procedure."""
        if key is None and re.match(r"(?:nomor|no\.?)\s*sop\b", text, re.IGNORECASE):
            key = "number"
        if key == "number":
            return self.current.begun or self.current.identity.has("number")
        return key in ("legal_bases", "name") and self.current.begun

    def _title(self, text: str, place: str) -> bool:
        """Take a line such as "FLOWCHART SOP PENGELOLAAN SURAT" as a title. False if it is none."""
        found = _TITLE.match(_without_picture(text))
        if not found or self.current.identity.waiting and not (text.isupper() or _FLOWCHART.match(text)):
            return False
        if not (text.isupper() or _FLOWCHART.match(text) or len(text) < 120) or text.endswith((";", ".")):
            return False
        if self.current.begun:
            self._begin(place)
        self.current.identity.waiting = []
        self.current.titles.append(found["name"])
        return True

    def _look_for_damage(self, text: str, place: str) -> None:
        """A head of a table whose columns have run together cannot be read: what stands where is lost."""
        self._loose = [*self._loose[-5:], text]
        together = " ".join(self._loose)
        if self.current.begun or len(together) > 700 or not _looks_like_head(text):
            return
        roles = {role_of(word) for word in together.split()}
        if Role.TIME in roles and Role.ACTIVITY in roles and roles & {Role.REQUIREMENTS, Role.OUTPUT}:
            self.current.damage.append(
                f"{place}: the columns of the table have run into each other: what stands in which cannot be told"
            )
            self.current.identity.waiting = []

    # Tables

    def table(self, table: Table) -> None:
        """A table: identity rows, heads and bodies in any order."""
        self._loose = []
        cells = [tuple(clean(drawings(cell)) for cell in row.cells) for row in table.rows]
        at = 0
        while at < len(cells):
            heading = find_heading(cells, at)
            end = heading.first if heading else len(cells)
            self._loose_rows(table.rows[at:end], cells[at:end])
            if heading is None:
                return
            after = find_heading(cells, heading.behind)
            at = _body_end(cells, heading.behind, after.first if after else len(cells))
            for reshaped in (with_whole_times, with_actor_behind):
                if (whole := reshaped(cells, heading, at)) != cells[end:at]:
                    cells[end:at] = whole
                    heading = find_heading(cells, end) or heading
            if actors := actors_behind(cells, heading):
                cells[end:at] = [with_actors_before(row, actors, heading) for row in cells[end:at]]
                heading = find_heading(cells, end) or heading
            rows = _rows(table.rows[heading.behind : at], cells[heading.behind : at])
            self._headed(heading, rows, table.rows[heading.first].place)

    def _headed(self, heading: Heading, rows: list[Row], place: str) -> None:
        """A table with a head: the next page of the current procedure, or another one."""
        current = self.current
        current.at_cover = False
        if current.segments and not self._goes_on(heading, rows):
            self._begin(place)
            self.current.titles = [self._heading] if self._heading else []
        elif self._is_page_break(rows):
            self._merge_back()
        if row := next((row for row in rows if _holds_several(row.cells)), None):
            what = "one row holds several steps: which words belong to which cannot be told"
            self.current.damage.append(f"{row.place}: {what}")
            return
        if rows and self.current.run_together and (numbers_of(rows) or [1])[0] <= 1:
            self.current.damage = []  # what looked like a head in the text before was none
        self.current.segments.append(Segment(heading, rows))
        self._heading = ""
        if rows:
            self.usual = layout_of([row.cells for row in rows], heading)

    def _goes_on(self, heading: Heading, rows: Sequence[Row]) -> bool:
        numbers, before = numbers_of(rows), self.current.numbers()
        if not any(segment.rows for segment in self.current.segments):  # a head whose rows stand on the next page
            return _same_actors(self.current.segments[-1].heading, heading)
        if not any(segment.heading for segment in self.current.segments):
            return bool(numbers) and numbers[0] == 1 and before[:1] != [1]
        if not numbers:
            return _same_actors(self.current.segments[-1].heading, heading)
        return numbers[0] > 1 and (not before or numbers[0] >= max(before))

    def _is_page_break(self, rows: Sequence[Row]) -> bool:
        """True if the current procedure is only the head of a page, and the numbers go on from the one before."""
        if not self.done or self.current.begun or self.current.named or not self.done[-1].segments:
            return False
        numbers, before = numbers_of(rows), self.done[-1].numbers()
        same = not self.current.cover or plain(" ".join(self.current.cover)) in (
            plain(" ".join(self.done[-1].cover)),
            plain(self.done[-1].identity.fields.get("name", "")),
        )
        return bool(numbers and before) and numbers[0] == max(before) + 1 and same

    def _merge_back(self) -> None:
        self.current = self.done.pop()

    def _loose_rows(self, rows: Sequence[Row], cells: Sequence[tuple[str, ...]]) -> None:
        """Rows that stand under no head: an identity block, or the rest of a table from the page before."""
        body: list[Row] = []
        for row, texts in zip(rows, cells, strict=True):
            if not body and (title := _title_alone(texts)):
                self.line(title, row.place)
            elif is_identity_row(texts) and not (texts and NUMBER.fullmatch(texts[0])):
                self._identity_row(row, texts)
            elif not (self.current.identity.columns and not body and read_row(self.current.identity, texts, row.cells)):
                body.append(Row(texts, row.place))
        self.current.identity.columns = []
        if body:
            self._headless(body)

    def _identity_row(self, row: Row, texts: tuple[str, ...]) -> None:
        keys = {key for cell in texts if cell and (key := key_of(cell))}
        opens = "number" in keys or any(self._opens(None, cell) for cell in texts if 0 < len(cell) < 120)
        if self.current.begun and (opens or keys) or opens and self.current.identity.has("number"):
            self._begin(row.place)
        self.current.at_cover = False
        self.current.identity.waiting = []
        read_row(self.current.identity, texts, row.cells)

    def _layout_for(self, rows: Sequence[Row]) -> Layout | None:
        """The layout of rows without a head: of the head above them that has no rows yet, else of the last table."""
        above = self.current.segments[-1] if self.current.segments else None
        if above and above.heading and not above.rows:
            return layout_of([row.cells for row in rows], above.heading)
        return self.usual

    def _headless(self, rows: list[Row]) -> None:
        """Rows of a table without a head, if they look like rows of activities."""
        self.current.at_cover = False
        layout = self._layout_for(rows)
        if layout is None or not _fits(rows, layout):
            return
        if self._is_page_break(rows):
            self._merge_back()
        if self.current.segments:
            numbers, before = numbers_of(rows), self.current.numbers()
            if numbers and before and numbers[0] < max(before) and not set(numbers) <= set(before):
                return
            self.current.segments[-1].rows.extend(rows)
        elif self.current.named or self.current.cover or self.current.titles:
            self.current.segments.append(Segment(None, rows))


def _without_picture(line: str) -> str:
    """The line without a picture character in front."""
    return line[1:].lstrip() if line and unicodedata.category(line[0]) == "So" else line


def _title_alone(cells: Sequence[str]) -> str:
    """The text of a row that holds nothing but the title of an SOP, as sheets have above their tables."""
    told = [cell for cell in cells if cell]
    if len(told) != 1 or len(told[0]) > 200:
        return ""
    return told[0] if _COVER.match(plain(told[0])) or _TITLE.match(told[0]) else ""


def _looks_like_head(line: str) -> bool:
    """True for a line with headings of columns in it that is no sentence: its words are capitalised."""
    words = line.split()
    headings = sum(role_of(word) is not None for word in words)
    return headings >= 2 and all(word[0].isupper() for word in words if len(word) > 4 and word.isalpha())


def _holds_several(cells: Sequence[str]) -> bool:
    """True for a row with the numbers of steps that follow each other in one cell: the lines between them are lost."""
    for cell in cells[:2]:
        if re.fullmatch(r"\d{1,2}[.)]?(?: \d{1,2}[.)]?)+", cell):
            numbers = [int(number) for number in re.findall(r"\d+", cell)]
            return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return False


def _same_actors(one: Heading | None, two: Heading) -> bool:
    """True if two heads name the same actors, give or take misread letters."""
    if one is None or len(one.actors) != len(two.actors):
        return False
    pairs = ((plain(a), plain(b)) for a, b in zip(one.actors, two.actors, strict=True))
    same = sum(a == b or SequenceMatcher(None, a, b).ratio() >= 0.8 for a, b in pairs)
    return same * 2 >= len(one.actors)


def _rows(rows: Sequence[Row], cells: Sequence[tuple[str, ...]]) -> list[Row]:
    return [Row(texts, row.place) for row, texts in zip(rows, cells, strict=True) if any(texts)]


def _body_end(cells: Sequence[tuple[str, ...]], begin: int, end: int) -> int:
    """Where the body ends: at the next head, or where the identity block of another procedure begins."""
    for at in range(begin, end):
        labels = {key for cell in cells[at] if cell and (key := key_of(cell))}
        if labels & {"number", "name", "legal_bases"} and is_identity_row(cells[at]):
            return at
    return end


def _fits(rows: Sequence[Row], layout: Layout) -> bool:
    """True if rows look like those of the last table: numbers in front and times where times belong."""
    real = [row.cells for row in rows if not is_rule(row.cells) and not is_numbering(row.cells)]
    if not real or layout.time_at is None:
        return False
    good = sum(1 for cells in real if _looks_like_step(cells, layout))
    return good * 2 >= len(real)


def _looks_like_step(cells: Sequence[str], layout: Layout) -> bool:
    one = place(cells, layout)
    return (
        len(cells) > 3
        and bool(one.activity)
        and bool(one.no or one.time)
        and bool(one.time or one.output or one.requirements)
    )
