"""PDF files with a text layer: ruled tables, the symbols drawn into their cells, and the lines between them.

A PDF can make its reader work without end, so it is read in a process of its own, with limits on memory and time.
"""

from __future__ import annotations

import json
import math
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from sopan.exchange.document import Block, Document, Paragraph, Row, Table, Unreadable
from sopan.exchange.headings import find_heading
from sopan.exchange.readers.pdf_lines import lines_of
from sopan.exchange.readers.text import read_text
from sopan.exchange.words import clean

MOST_PAGES = 400
SECONDS = 4.0  # of the processor
SECONDS_A_PAGE = 0.25
BUSY = 4  # times as long it may take by the clock, where other programs have the processor
_TOO_LONG = "Reading the PDF takes too long: it is damaged, or made to be so."
MOST_MEMORY = 180_000_000  # bytes that are written to
_SMALLEST_SYMBOL = 6.0  # points


def read_pdf(data: bytes, *, name: str) -> Document | Unreadable:
    """The tables and lines of a PDF; a scan without text is refused."""
    pages = min(data.count(b"/Page"), len(data) // 3_000, MOST_PAGES)  # a file may claim more pages than it can hold
    seconds = SECONDS + (SECONDS_A_PAGE * pages if pages > 10 else 0)
    command = [sys.executable, "-m", "sopan.exchange.readers.pdf", str(math.ceil(seconds))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds * BUSY)
    except subprocess.TimeoutExpired:
        return Unreadable(name, _TOO_LONG)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return Unreadable(name, _TOO_LONG)
    if done.returncode or not done.stdout:
        return Unreadable(name, "The PDF cannot be read: it is damaged, protected, or needs too much memory.")
    told = json.loads(done.stdout)
    if reason := told.get("refused"):
        return Unreadable(name, reason)
    ruled = Document(name, tuple(_block(one) for one in told["blocks"]))
    if _is_headed(ruled) or not told["lines"]:
        return ruled
    aligned = read_text(told["lines"].encode(), name=name)
    return aligned if isinstance(aligned, Document) and _is_headed(aligned) else ruled


def _is_headed(document: Document) -> bool:
    """True if a table of activities is in it."""
    tables = (block for block in document.blocks if isinstance(block, Table))
    return any(find_heading([[clean(cell) for cell in row.cells] for row in table.rows]) for table in tables)


def _block(one: dict[str, Any]) -> Block:
    if "rows" in one:
        rows = (Row(tuple(cells), f"page {one['page']}, row {at}") for at, cells in enumerate(one["rows"], 1))
        return Table(tuple(rows))
    return Paragraph(one["text"], f"page {one['page']}")


# In the process of its own


def _main() -> None:
    import resource

    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_AS, (4 * MOST_MEMORY, 4 * MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)


def _read(data: bytes) -> dict[str, Any]:
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            return {"refused": f"It has more than {MOST_PAGES} pages."}
        blocks: list[dict[str, Any]] = []
        lines: list[str] = []
        for number, page in enumerate(pdf.pages, 1):
            upright = _upright(page)
            found = [{"page": number, **one} for one in _page(upright)]
            blocks += found
            if not any("rows" in one for one in found):
                lines.append("\n".join(lines_of(upright, _symbols(upright))))
            upright.close()
            page.close()
    if not any(one.get("text") or any(any(row) for row in one["rows"]) for one in blocks):
        return {"refused": "The PDF has no text: it is a scan. It must go through text recognition first."}
    return {"blocks": blocks, "lines": "\n\f".join(lines)}


def _upright(page: Any) -> Any:
    """The page as one holds it to read: most of its words run from left to right."""
    directions = Counter(_turn(char["matrix"]) for char in page.chars)
    turn = directions.most_common(1)[0][0] if directions else 0
    if turn:
        whole, number, before = page.pdf, page.page_number, page.initial_doctop
        page.page_obj.rotate = (page.page_obj.rotate + turn) % 360
        page.close()
        page = type(page)(whole, page.page_obj, number, before)
    for line in page.objects.get(
        "line", ()
    ):  # turned lines are level but for the last digit: pdfplumber wants them level
        line |= {side: round(line[side], 3) for side in ("x0", "x1", "top", "bottom", "y0", "y1", "doctop")}
    return page


def _turn(matrix: Sequence[float]) -> int:
    """By how many degrees, clockwise, a character must be turned to stand upright."""
    along, up = matrix[0], matrix[1]
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 180
    return 90 if up > 0 else 270


def _page(page: Any) -> Iterator[dict[str, Any]]:
    """Tables and lines of a page from top to bottom."""
    found = page.find_tables({"explicit_horizontal_lines": _open_ends(page)})
    tables = [table for table in found if len(table.rows) > 0 and max(len(row.cells) for row in table.rows) > 2]
    pieces: list[tuple[float, dict[str, Any]]] = []
    outside = page
    for table in tables:
        pieces += [(table.bbox[1], {"rows": rows}) for rows in _apart(_rows(page, table))]
        outside = outside.outside_bbox(table.bbox) if _inside(table.bbox, outside.bbox) else outside
    for line in outside.extract_text_lines(return_chars=False):
        pieces.append((line["top"], {"text": line["text"]}))
    for _, one in sorted(pieces, key=lambda piece: piece[0]):
        yield one


def _open_ends(page: Any) -> list[float]:
    """Where the upright lines of a table begin or end without a line across: a row that the end of a page has cut."""
    across = [edge["top"] for edge in page.horizontal_edges if edge["x1"] - edge["x0"] > _SMALLEST_SYMBOL]
    ends = Counter(round(edge[end]) for edge in page.vertical_edges for end in ("top", "bottom"))
    return [float(y) for y, count in ends.items() if count >= 4 and not any(abs(y - other) <= 3 for other in across)]


def _apart(rows: list[list[str | None]]) -> Iterator[list[list[str]]]:
    """Tables that touch each other, each with its own columns: the rows whose cells begin where most rows have theirs.

    None stands where a cell of the row goes on, or where only another table has a border.
    """
    begins = [tuple(at for at, cell in enumerate(row) if cell is not None) for row in rows]
    usual = set(Counter(begins).most_common(1)[0][0])
    together: list[list[str]] = []
    before = None
    for row, places in zip(rows, begins, strict=True):
        ours = usual.issuperset(places)
        if together and ours is not before:
            yield together
            together = []
        before = ours
        together.append([cell or "" for at, cell in enumerate(row) if not ours or at in usual])
    yield together


def _inside(inner: Any, outer: Any) -> bool:
    return bool(inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3])


def _rows(page: Any, table: Any) -> list[list[str | None]]:
    """The texts of the cells, with the symbols drawn into empty ones."""
    symbols = _symbols(page)
    turned = [char for char in page.chars if not char["upright"]]
    rows: list[list[str | None]] = table.extract()
    for row, cells in zip(rows, table.rows, strict=True):
        for at, box in enumerate(cells.cells):
            if box is None:
                row[at] = None
                continue
            inside = [char for char in turned if _in_cell((char["x0"], char["top"], char["x1"], char["bottom"]), box)]
            text = _turned(inside) if inside else re.sub(r"(?<=[a-z])-\n(?=[a-z])", "-", row[at] or "")
            row[at] = text or " ".join(sign for shape, sign in symbols if _in_cell(shape, box))
    return rows


def _turned(chars: list[dict[str, Any]]) -> str:
    """Text that runs upwards or downwards, line by line."""
    upwards = chars[0]["matrix"][1] > 0
    lines: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda one: one["x0"] if upwards else -one["x0"]):
        if lines and abs(lines[-1][0]["x0"] - char["x0"]) < char["width"] / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return " ".join(_along(line, upwards=upwards) for line in lines)


def _along(line: list[dict[str, Any]], *, upwards: bool) -> str:
    """The characters of a turned line, with blanks where they stand apart."""
    text, last = "", None
    for char in sorted(line, key=lambda one: -one["bottom"] if upwards else one["top"]):
        begin, end = (-char["bottom"], -char["top"]) if upwards else (char["top"], char["bottom"])
        text += " " if last is not None and begin - last > (end - begin) / 3 and not text.endswith(" ") else ""
        text += char["text"]
        last = end
    return " ".join(text.split())


def _symbols(page: Any) -> list[tuple[tuple[float, float, float, float], str]]:
    """Closed shapes that are large enough for a symbol, with the character for each."""
    found = []
    for shape in [*page.rects, *page.curves]:
        box = (shape["x0"], shape["top"], shape["x1"], shape["bottom"])
        if min(box[2] - box[0], box[3] - box[1]) >= _SMALLEST_SYMBOL and _is_closed(shape):
            found.append((box, _sign(shape, box)))
    return found


def _is_closed(shape: dict[str, Any]) -> bool:
    """False for the bent lines and the heads of arrows between the symbols."""
    if shape["object_type"] == "rect":
        return True
    points = [(round(x, 1), round(y, 1)) for x, y in shape.get("pts", [])]
    path = shape.get("path") or []
    closed = bool(path and path[-1][0] == "h") or (len(points) > 2 and points[0] == points[-1])
    return closed and (len(set(points)) > 3 or any(step[0] == "c" for step in path))


def _sign(shape: dict[str, Any], box: tuple[float, float, float, float]) -> str:
    """A shape with rounded parts is a capsule; a diamond has its corners in the middles of its sides."""
    if any(step[0] == "c" for step in shape.get("path", [])):
        return "○"
    points = {(round(x), round(y)) for x, y in shape.get("pts", [])}
    middle_x, middle_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if shape["object_type"] == "curve" and 4 <= len(points) <= 5:
        on_middle = sum(abs(x - middle_x) <= 1.5 or abs(y - middle_y) <= 1.5 for x, y in points)
        return "◇" if on_middle >= 4 else "□"
    return "□"


def _in_cell(shape: tuple[float, float, float, float], cell: tuple[float, float, float, float]) -> bool:
    """The middle of the shape lies in the cell, and it is smaller than the cell: it is no border or ground."""
    x, y = (shape[0] + shape[2]) / 2, (shape[1] + shape[3]) / 2
    smaller = (shape[2] - shape[0]) < 0.95 * (cell[2] - cell[0]) and (shape[3] - shape[1]) < 1.2 * (cell[3] - cell[1])
    return cell[0] < x < cell[2] and cell[1] < y < cell[3] and smaller


if __name__ == "__main__":
    _main()
