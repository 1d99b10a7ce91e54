"""PDF/A from Typst templates.

Data goes in as JSON text and is never read as markup. The time stamp is given, so the same input makes the same bytes.
One compiler a thread (a shared one fails), and no compiling before a fork (the child would hang for ever).
"""

from __future__ import annotations

import functools
import json
import os
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import font_roboto
import typst
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal

from . import templates

FONTS = Path(font_roboto.font_directory)
# Millimetres. The margins of the sheet decide where the visible signature stands: at the foot, to the right.
MEASURES = {"left": 25, "right": 20, "top": 18, "bottom": 27, "stamp_width": 88, "stamp_height": 30}
FRAME = b'#import "@local/sopan:1.0.0": attachments\n#include "/%s"\n#attachments()\n'
MISSING_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')

_thread = threading.local()
_compiled_in: int | None = None  # the process that compiled first


class TemplateError(Exception):
    """A template that does not compile, or warns: a mistake of the programmer, not of the data."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF (PDF/A-3): for example the machine-readable form of what is printed."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "data"


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _compiler() -> typst.Compiler:
    global _compiled_in
    if _compiled_in not in (None, os.getpid()):
        raise RuntimeError("this process was forked after a PDF had been made; Typst would hang here for ever")
    _compiled_in = os.getpid()
    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(
            root=str(templates.HERE),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=str(templates.PACKAGES),
            package_cache_path=str(templates.PACKAGES),  # nothing is ever fetched from outside
        )
    return _thread.compiler


def _octets(content: bytes) -> str | list[int]:
    """JSON knows no bytes: text stays text (SVG), the rest becomes a list of numbers."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return list(content)


def _inputs(data: Mapping[str, Any], images: Mapping[str, bytes], attachments: Iterable[Attached]) -> dict[str, str]:
    files = [
        {
            "name": file.name,
            "content": _octets(file.content),
            "media_type": file.media_type,
            "description": file.description,
            "relationship": file.relationship,
        }
        for file in attachments
    ]
    return {
        "data": json.dumps(data, ensure_ascii=False),
        "measures": json.dumps(MEASURES),
        "images": json.dumps({name: _octets(content) for name, content in images.items()}),
        "attachments": json.dumps(files, ensure_ascii=False),
    }


def draw(template: str, data: Mapping[str, Any], *, images: Mapping[str, bytes] | None = None) -> bytes | Refusal:
    """A template of one page as a picture (PNG, 288 dots an inch), for services that take no PDF. See ``render``."""
    path = templates.find(template)
    try:
        drawn = _compiler().compile(
            input=FRAME % path.name.encode(),
            root=str(path.parent),
            sys_inputs=_inputs(data, images or {}, ()),
            format="png",
            ppi=288,
        )
    except typst.TypstError as error:
        raise TemplateError(f"{template}: {error.diagnostic}") from error
    assert isinstance(drawn, bytes)
    return drawn


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    images: Mapping[str, bytes] | None = None,
    standards: Sequence[Any] = ("a-3b",),
    attachments: Sequence[Attached] = (),
    tagged: bool = True,
) -> bytes | Refusal:
    """Render a registered template to PDF; ``at`` becomes its creation date.

    ``data`` is what JSON can hold, with dates and amounts already worded. ``images`` are SVG, PNG or JPEG by name.
    Refusal "glyph" for characters that no font has (they are named). Raises TemplateError for a template that fails
    or warns, LookupError for an unknown template. Takes about 20 ms; never call it inside a transaction.
    """
    path = templates.find(template)
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            input=FRAME % path.name.encode(),
            root=str(path.parent),
            sys_inputs=_inputs(data, images or {}, attachments),
            pdf_standards=list(standards),
            timestamp=int(at.timestamp()),
            pdf_tags=tagged,
        )
    except typst.TypstError as error:
        if missing := dict.fromkeys(MISSING_GLYPH.findall(error.diagnostic)):
            told = ", ".join(f"“{text}”" for text in missing)
            return Refusal(
                "glyph", _("Tulisan ini tidak dapat dicetak: %(text)s. Ganti dengan huruf Latin.") % {"text": told}
            )
        raise TemplateError(f"{template}: {error.diagnostic}") from error
    if warnings:
        raise TemplateError(f"{template}: " + "; ".join(warning.message for warning in warnings))
    assert isinstance(pdf, bytes)
    # A signature is appended to the file: PDF/A wants its first object to begin on a new line.
    return pdf + b"\n"
