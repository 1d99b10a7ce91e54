"""The DCC of a snapshot as the file that the PDF carries (PDF/A-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from lxml import etree

from sopan.documents.pdf import Attached

from . import checks, schema
from .writer import possible, write

NAME = "dcc.xml"


class InvalidDcc(Exception):
    """A DCC of our own that breaks the rules: a mistake of the programmer."""


def of(snapshot: Mapping[str, Any]) -> list[Attached]:
    """The DCC, checked; nothing for a report of which none can be made. Raises InvalidDcc.

    Against the XML schema it is checked where the operator has set its folder.
    """
    if not possible(snapshot):
        return []
    content = write(snapshot)
    faults = list(checks.faults(etree.fromstring(content, schema.parser())))
    if settings.DCC_SCHEMAS:
        faults += schema.faults(content, folder=settings.DCC_SCHEMAS)
    if faults:
        raise InvalidDcc("; ".join(faults[:5]))
    number = snapshot["number"]
    return [Attached(NAME, content, "application/xml", f"Digital Calibration Certificate {number}", "alternative")]
