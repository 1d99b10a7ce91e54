"""The one door: bytes of a file -> drafts of the procedures in it, or why it is not read."""

from __future__ import annotations

from sopan.exchange.document import Document, Unreadable
from sopan.exchange.draft import DraftProcedure
from sopan.exchange.find import find_procedures
from sopan.exchange.readers.text import read_text

LARGEST_FILE = 50_000_000  # bytes


def read_file(data: bytes, *, name: str) -> list[DraftProcedure] | Unreadable:
    """The procedures in the file. No content raises; what cannot be read safely is refused with the reason."""
    document = read_document(data, name=name)
    return document if isinstance(document, Unreadable) else find_procedures(document)


def read_document(data: bytes, *, name: str) -> Document | Unreadable:
    """The paragraphs and tables of the file, by what it is, not by what its name says."""
    if len(data) > LARGEST_FILE:
        return Unreadable(name, f"It is larger than {LARGEST_FILE:,} bytes.")
    if not data.strip():
        return Unreadable(name, "It is empty.")
    return read_text(data, name=name)
