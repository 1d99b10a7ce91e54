"""The files in which a version is offered: what the exchange can write, each under its ending."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from sopan.core.model import Procedure
from sopan.core.write import to_file


@dataclass(frozen=True, slots=True)
class Export:
    label: str
    media_type: str
    write: Callable[[Procedure], bytes]


def _json(procedure: Procedure) -> bytes:
    """The file format of procedures, as JSON."""
    return json.dumps(to_file(procedure), ensure_ascii=False, indent=2).encode()


# Ending -> label, media type, module and function that writes it.
_WRITERS = {
    "bpmn": ("BPMN 2.0", "application/xml", "sopan.exchange.bpmn.write", "write_bpmn"),
    "xlsx": (
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "sopan.exchange.xlsx",
        "write_xlsx",
    ),
    "docx": (
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "sopan.exchange.docx",
        "write_docx",
    ),
}


def offered() -> dict[str, Export]:
    """Ending -> how it is written, for every format that is installed."""
    found = {"json": Export("JSON", "application/json", _json)}
    for ending, (label, media_type, module, name) in _WRITERS.items():
        try:
            found[ending] = Export(label, media_type, getattr(import_module(module), name))
        except (ImportError, AttributeError):
            continue
    return found
