"""Procedures as files for other tools: a writer a format, all with the same signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sopan.core.model import Procedure
from sopan.exchange.bpmn.write import write_bpmn
from sopan.exchange.writers.docx import write_docx
from sopan.exchange.writers.json import write_json
from sopan.exchange.writers.xlsx import write_xlsx

WRITERS: Mapping[str, Callable[[Procedure], bytes]] = {
    "bpmn": write_bpmn,
    "json": write_json,
    "xlsx": write_xlsx,
    "docx": write_docx,
}
"""Name of a format, which is the ending of its files -> writer. Writers raise ValueError for what a format cannot hold."""
