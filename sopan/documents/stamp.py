"""The visible block of a signature, and where it stands on the page."""

from __future__ import annotations

import io
from datetime import datetime

from django.utils import timezone, translation
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.ui import formats

from . import pdf, qr

POINTS = 72 / 25.4  # to the millimetre
INTRO = {
    "id": "Ditandatangani secara elektronik oleh:",
    "en": "Electronically signed by:",
    "both": "Ditandatangani secara elektronik oleh / Electronically signed by:",
}


def render(
    *, url: str, name: str, position: str, signed_at: str, at: datetime, language: str = "id"
) -> bytes | Refusal:
    """The block as a PDF of one page of its own size: QR code of ``url``, position, name and the worded time."""
    data = {
        "title": INTRO[language],
        "language": "en" if language == "en" else "id",
        "intro": INTRO[language],
        "position": position,
        "name": name,
        "at": signed_at,
        "url": url,
    }
    return pdf.render("documents.stamp", data, at=at, images={"qr": qr.svg(url)}, tagged=False)


def signable(content: bytes) -> bool:
    """Whether ``content`` is a PDF that opens without a password and has a page to put the block on."""
    try:
        reader = PdfReader(io.BytesIO(content))
        return not reader.is_encrypted and float(reader.pages[-1].mediabox.width) > 0
    except Exception:  # a broken file makes the reader fail in any way it likes
        return False


def box(content: bytes) -> tuple[int, int, int, int]:
    """Where the block stands on the last page of ``content``, in points from below left: at the foot, to the right."""
    right = float(PdfReader(io.BytesIO(content)).pages[-1].mediabox.right) - pdf.MEASURES["right"] * POINTS
    bottom = pdf.MEASURES["bottom"] * POINTS
    width, height = pdf.MEASURES["stamp_width"] * POINTS, pdf.MEASURES["stamp_height"] * POINTS
    return round(right - width), round(bottom), round(right), round(bottom + height)


def worded(at: datetime, *, zone: str, language: str) -> str:
    """A moment as it is printed: in the zone of the institution and the language or languages of the document."""
    with timezone.override(zone), translation.override("en" if language == "en" else "id"):
        if language == "both":
            return f"{formats.long_dates(at, ('id', 'en'))}, {formats.clock(at)}"
        return formats.long_datetime(at)
