"""The files in which a version is offered: what the exchange can write, each under its ending."""

from __future__ import annotations

from sopan.core.flow import Refusal
from sopan.core.model import Procedure
from sopan.exchange.writers import WRITERS

_OFFICE = "application/vnd.openxmlformats-officedocument"
LABELS = {"bpmn": "BPMN 2.0", "json": "JSON", "xlsx": "Excel", "docx": "Word"}
MEDIA_TYPES = {
    "bpmn": "application/xml",
    "json": "application/json",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
}


def offered() -> list[tuple[str, str]]:
    """(ending, label) of every format."""
    return [(ending, LABELS.get(ending, ending.upper())) for ending in WRITERS]


def written(procedure: Procedure, ending: str) -> bytes | Refusal:
    """The file. Refused where the format cannot hold the procedure. Raises LookupError for an unknown ending."""
    try:
        return WRITERS[ending](procedure)
    except ValueError as why:
        return Refusal("cannot-hold", str(why))
