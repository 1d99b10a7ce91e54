"""The one door: bytes of a file -> drafts of the procedures in it, or why it is not read."""

from __future__ import annotations

import re

from sopan.exchange.as_draft import as_draft
from sopan.exchange.bpmn.read import is_bpmn, read_bpmn
from sopan.exchange.document import Document, Unreadable
from sopan.exchange.draft import DraftProcedure
from sopan.exchange.find import find_procedures
from sopan.exchange.readers.docx import read_docx
from sopan.exchange.readers.html import read_html
from sopan.exchange.readers.pdf import read_pdf
from sopan.exchange.readers.text import read_text

LARGEST_FILE = 50_000_000  # bytes


def read_file(data: bytes, *, name: str) -> list[DraftProcedure] | Unreadable:
    """The procedures in the file. No content raises; what cannot be read safely is refused with the reason."""
    if is_bpmn(data):
        procedure = read_bpmn(data, name=name)
        return procedure if isinstance(procedure, Unreadable) else [as_draft(procedure)]
    document = read_document(data, name=name)
    return document if isinstance(document, Unreadable) else find_procedures(document)


def read_document(data: bytes, *, name: str) -> Document | Unreadable:
    """The paragraphs and tables of the file, by what it is, not by what its name says."""
    if len(data) > LARGEST_FILE:
        return Unreadable(name, f"It is larger than {LARGEST_FILE:,} bytes.")
    if not data.strip():
        return Unreadable(name, "It is empty.")
    start = data[:1024].lstrip()
    if data[:4] == b"PK\x03\x04":
        return _read_package(data, name)
    if b"%PDF-" in data[:1024]:
        return read_pdf(data, name=name)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return Unreadable(
            name, "It is of an old or protected office format: save it as DOCX or XLSX without a password."
        )
    if start[:5] == b"{\\rtf":
        return Unreadable(name, "It is Rich Text: save it as DOCX.")
    if re.match(rb"(?:\xef\xbb\xbf)?<(?:!doctype html|html|head|body|table|meta|div|!--)", start, re.IGNORECASE):
        return read_html(data, name=name)
    return read_text(data, name=name)


def _read_package(data: bytes, name: str) -> Document | Unreadable:
    """An office file of the kind whose parts it has."""
    if b"word/document.xml" in data:
        return read_docx(data, name=name)
    if b"xl/workbook.xml" in data:
        # It brings numpy along, which takes as long as reading a large text.
        from sopan.exchange.readers.xlsx import read_xlsx

        return read_xlsx(data, name=name)
    return Unreadable(name, "It is a packed file, but neither a Word document nor an Excel workbook.")
