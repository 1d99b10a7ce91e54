"""The JSON Schema of procedure files, so that editors can complete and check while one writes.

``procedures/schema.json`` is generated: ``python -m sopan.core.schema > procedures/schema.json``.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from sopan.core.format import PROCEDURE, Choice, Day, Flag, Key, ListOf, Record, Shape, TableOf, Text


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a procedure file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Procedure file"}
    return {**head, **_schema(PROCEDURE)}


def schema_text() -> str:
    """The schema as it stands in ``procedures/schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _schema(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text():
            return _text(shape)
        case Flag():
            return {"type": "boolean"}
        case Day():
            return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
        case Choice(of):
            return {"enum": [one.value for one in of]}
        case ListOf(item, bare):
            several = {"type": "array", "items": _schema(item)}
            return {"anyOf": [_schema(item), several]} if bare else several
        case TableOf(key, item):
            return {"type": "object", "propertyNames": _text(key), "additionalProperties": _schema(item)}
        case Record():
            return _record(shape)


def _text(shape: Text) -> dict[str, Any]:
    # An editor's YAML reader takes 8 for a number, ours takes it for the text that is printed.
    if not shape.pattern:
        return {"type": ["string", "number"]}
    return {"type": ["string", "number"], "pattern": f"^({shape.pattern})$", "description": shape.hint}


def _record(shape: Record) -> dict[str, Any]:
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, key in shape.keys.items() if key.required],
        "properties": {name: _key(key) for name, key in shape.keys.items()},
    }
    return {"anyOf": [{"type": "string"}, schema]} if shape.short else schema


def _key(key: Key) -> dict[str, Any]:
    return {**_schema(key.shape), "description": key.about}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
