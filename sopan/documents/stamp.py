"""The visible block of a signature, and where it stands on the page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.ui import formats

from . import pdf, qr

FIELD, AUTHORISING_FIELD = "TandaTangan1", "TandaTangan2"  # of who signs, and of who authorises before him
POINTS = 72 / 25.4  # to the millimetre
INTRO = {
    "id": "Ditandatangani secara elektronik oleh:",
    "en": "Electronically signed by:",
    "both": "Ditandatangani secara elektronik oleh / Electronically signed by:",
}


AUTHORISED = {
    "id": "Hasil disahkan secara elektronik oleh:",
    "en": "Results authorised electronically by:",
    "both": "Hasil disahkan secara elektronik oleh / Results authorised electronically by:",
}
INK = {
    "id": "Ditandatangani di atas kertas oleh:",
    "en": "Signed on paper by:",
    "both": "Ditandatangani di atas kertas oleh / Signed on paper by:",
}
LEFT_WIDTH = 74  # mm: of the block to the left, which is made smaller in proportion


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: the page (from 1), its corner and its size in points, counted as the service counts."""

    page: int
    x: int
    y: int
    width: int
    height: int


def render(
    *,
    url: str,
    name: str,
    position: str,
    signed_at: str,
    at: datetime,
    language: str = "id",
    intro: Mapping[str, str] = INTRO,
    picture: str = "pdf",
) -> bytes | Refusal:
    """The block as one page of its own size: QR code of ``url``, position, name and the worded time. PDF or PNG."""
    data = {
        "title": intro[language],
        "language": "en" if language == "en" else "id",
        "intro": intro[language],
        "position": position,
        "name": name,
        "at": signed_at,
        "url": url,
    }
    if picture == "png":
        return pdf.draw("documents.stamp", data, images={"qr": qr.svg(url)})
    return pdf.render("documents.stamp", data, at=at, images={"qr": qr.svg(url)}, tagged=False)


def signable(content: bytes) -> bool:
    """Whether ``content`` is a PDF that opens without a password and has a page to put the block on."""
    try:
        reader = PdfReader(io.BytesIO(content))
        return not reader.is_encrypted and float(reader.pages[-1].mediabox.width) > 0
    except Exception:  # a broken file makes the reader fail in any way it likes
        return False


def box(content: bytes, *, field: str = FIELD) -> tuple[int, int, int, int]:
    """Where the block stands on the last page of ``content``, in points from below left: at the foot, to the right for
    who signs, to the left for who authorises before him."""
    page = PdfReader(io.BytesIO(content)).pages[-1].mediabox
    bottom = float(page.bottom) + pdf.MEASURES["bottom"] * POINTS
    width, height = pdf.MEASURES["stamp_width"] * POINTS, pdf.MEASURES["stamp_height"] * POINTS
    if field == FIELD:
        right = float(page.right) - pdf.MEASURES["right"] * POINTS
        return round(right - width), round(bottom), round(right), round(bottom + height)
    left, smaller = float(page.left) + pdf.MEASURES["left"] * POINTS, LEFT_WIDTH * POINTS
    return round(left), round(bottom), round(left + smaller), round(bottom + height * smaller / width)


def placed(content: bytes, *, field: str, from_top: bool) -> Place:
    """The same for a service: its corner is the upper left one if it counts ``from_top``, else the lower left one."""
    pages = PdfReader(io.BytesIO(content)).pages
    x1, y1, x2, y2 = box(content, field=field)
    y = round(float(pages[-1].mediabox.top)) - y2 if from_top else y1
    return Place(len(pages), x1, y, x2 - x1, y2 - y1)


def worded(at: datetime, *, zone: str, language: str) -> str:
    """A moment as it is printed: in the zone of the institution and the language or languages of the document."""
    with timezone.override(zone), translation.override("en" if language == "en" else "id"):
        if language == "both":
            return f"{formats.long_dates(at, ('id', 'en'))}, {formats.clock(at)}"
        return formats.long_datetime(at)
