"""Whether a PDF and the DCC inside of it say the same: row by row, digit by digit. Needs nothing but the file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import pdfplumber
from lxml import etree
from pypdf import PdfReader

from . import schema
from .attachment import NAME
from .xml import DCC, SI, Element

LARGEST = 10_000_000  # bytes of an embedded file
MARK = re.compile(r"[,.](?=[0-9])")


def embedded(content: bytes) -> bytes | None:
    """The DCC that a PDF carries; None without one."""
    found = PdfReader(io.BytesIO(content)).attachments.get(NAME)
    return found[0][:LARGEST] if found else None


def disagreements(content: bytes, dcc: bytes) -> list[str]:
    """What the DCC says and the page does not, in English. Raises ``etree.LxmlError`` for a DCC that is no XML."""
    root = etree.fromstring(dcc, schema.parser())
    words = _words(content)
    said = " ".join(words)
    found = []
    for name in ("uniqueIdentifier", "receiptDate"):
        value = root.findtext(f".//{{{DCC}}}coreData/{{{DCC}}}{name}")
        if name == "uniqueIdentifier" and _plain(value or "") not in said:
            found.append(f"number {value!r} is not printed")
    for one in root.findall(f".//{{{DCC}}}item//{{{DCC}}}identification/{{{DCC}}}value"):
        if _plain(one.text or "") not in said:
            found.append(f"identification {one.text!r} is not printed")
    at = 0
    for row in _rows(root):
        place = _place(row, words, at)
        if place is None:
            found.append(f"row {' '.join(row)} is not printed")
        else:
            at = place + 1
    return found


def _plain(text: str) -> str:
    """Words with decimal points and hyphens, whatever the language prints."""
    return " ".join(MARK.sub(".", text.replace("−", "-")).split())


def _words(content: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        text = " ".join(page.extract_text() or "" for page in document.pages)
    return [word for word in _plain(text).split() if word != "*"]


def _place(row: Sequence[str], words: Sequence[str], start: int) -> int | None:
    """Where the numbers of a row stand one after the other."""
    last = len(words) - len(row)
    return next(
        (at for at in range(start, last + 1) if words[at] == row[0] and list(words[at : at + len(row)]) == list(row)),
        None,
    )


def _rows(root: Element) -> Iterator[list[str]]:
    """The rows of each table of results: values of every quantity, with U and k after the one that has them."""
    for table in root.iter(f"{{{DCC}}}list"):
        if table.get("refType") != "basic_measurementResults":
            continue
        columns: list[list[str]] = []
        for quantity in table.findall(f"{{{DCC}}}quantity"):
            if quantity.get("refType") == "basic_nominalValue":  # printed as it was typed
                continue
            listed = quantity.find(f"{{{SI}}}realListXMLList")
            if listed is None:
                continue
            for name in ("valueXMLList", "valueExpandedMUXMLList", "coverageFactorXMLList"):
                one = listed.find(f".//{{{SI}}}{name}")
                if one is not None:
                    columns.append((one.text or "").split())
        yield from (list(row) for row in zip(*columns, strict=False))
