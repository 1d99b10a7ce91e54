"""The XML schema of the DCC, from a folder that the operator sets (``SOPAN_DCC_SCHEMAS``). It is not ours and not shipped.

The folder holds ``dcc.xsd`` 3.3.0 with what it imports: ``SI_Format.xsd``, ``QUDT.xsd``, ``xmldsig-core-schema.xsd``.
Imports are looked for in that folder alone, whatever address stands in them: nothing is fetched.
"""

from __future__ import annotations

import functools
import tempfile
import threading
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
_lock = threading.Lock()


class SchemaError(Exception):
    """The folder does not hold a schema that can be used."""


def parser() -> etree.XMLParser:
    """A parser for files of strangers: no entities, no network, no document type, no huge trees. A new one each time."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )


@functools.lru_cache(maxsize=4)
def compiled(folder: str) -> etree.XMLSchema:
    """The schema of a folder, once a process. Raises SchemaError."""
    try:
        with tempfile.TemporaryDirectory() as made:
            for path in Path(folder).glob("*.xsd"):
                tree = etree.parse(str(path), parser())
                for one in tree.iter(f"{XS}import", f"{XS}include"):
                    if where := one.get("schemaLocation"):
                        one.set("schemaLocation", where.rpartition("/")[2])
                tree.write(str(Path(made) / path.name))
            return etree.XMLSchema(etree.parse(str(Path(made) / "dcc.xsd"), parser()))
    except (OSError, etree.LxmlError) as fault:
        raise SchemaError(f"{folder}: {fault}") from fault


def faults(content: bytes, *, folder: str) -> list[str]:
    """What the schema says against a DCC, line by line. Raises SchemaError."""
    schema = compiled(folder)
    root = etree.fromstring(content, parser())
    with _lock:  # a schema keeps its errors
        if schema.validate(root):
            return []
        return [f"{error.line}: {error.message}" for error in schema.error_log]
