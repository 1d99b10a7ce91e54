"""What people upload is looked at before anybody keeps it: by its first bytes and by really opening it.

The name and the type that a browser claims count for nothing but the ending, which must agree with the content.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Protocol

import openpyxl
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from sopan.core.flow import Refusal

from . import formats

MAX_PIXELS = 60_000_000
MAX_UNPACKED = 60_000_000  # bytes of a spreadsheet after unpacking
MAX_RATIO = 200  # unpacked to packed, of a part over 1 MB
MAX_PARTS = 2_000
MAX_PAGES_LOOKED_AT = 50
MARKUP = (b"<script", b"<html", b"<!doctype", b"<?php", b"<iframe")
DEFAULT_KINDS = ("pdf", "jpg", "png")


class Upload(Protocol):
    """A file as Django hands it over."""

    name: str | None
    size: int | None

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class UploadInfo:
    """A file that was found good. ``name`` is safe to show and to offer as the name of a download."""

    name: str
    kind: str
    media_type: str
    sha256: str
    size: int


class _Unfit(Exception):
    """The file opened and something in it is not accepted; the text is for the person."""


def check_upload(
    file: Upload,
    *,
    kinds: Sequence[str] = DEFAULT_KINDS,
    besides: Sequence[str] = (),
    max_bytes: int | None = None,
) -> UploadInfo | Refusal:
    """Look at an upload; it is rewound afterwards. ``max_bytes`` defaults to ``settings.UPLOAD_MAX_BYTES``.

    ``besides``: kinds that the caller reads himself; a refusal names them as accepted.

    Refusals: empty, too-large, wrong-type, unfit. Their words name the file, and what is accepted up to which size.
    Raises KeyError for a kind that is not known here.
    """
    accepted = {kind: KINDS[kind] for kind in kinds}
    limit = max_bytes or settings.UPLOAD_MAX_BYTES
    name = safe_name(file.name or "")
    found = _looked_at(file, name, accepted, limit)
    if not isinstance(found, Refusal):
        return found
    told = {"kinds": ", ".join(kind.upper() for kind in (*kinds, *besides)), "size": formats.file_size(limit)}
    allowed = _("Yang diterima: %(kinds)s, paling besar %(size)s.") % told
    return Refusal(found.code, f"“{name}”: {found.message} {allowed}")


def _looked_at(file: Upload, name: str, accepted: Mapping[str, _Kind], limit: int) -> UploadInfo | Refusal:
    if (file.size or 0) > limit:
        return _too_large()
    file.seek(0)
    content = file.read(limit + 1)
    file.seek(0)
    if len(content) > limit:  # the size was told wrongly
        return _too_large()
    if not content:
        return Refusal("empty", _("Berkas ini kosong. Pilih berkas lain."))
    kind = next((kind for kind, one in accepted.items() if content.startswith(one.begins)), None)
    if kind is None or PurePosixPath(name).suffix.lower() not in accepted[kind].endings:
        return Refusal("wrong-type", _("Jenis berkas ini tidak diterima, atau isinya tidak sesuai dengan namanya."))
    try:
        accepted[kind].inspect(content)
    except _Unfit as unfit:
        return Refusal("unfit", str(unfit))
    except Exception:  # a stranger's file makes its reader fail in any way it likes
        return Refusal("unfit", _("Berkas ini rusak dan tidak dapat dibuka. Simpan ulang, lalu unggah lagi."))
    return UploadInfo(name, kind, accepted[kind].media_type, hashlib.sha256(content).hexdigest(), len(content))


def _too_large() -> Refusal:
    return Refusal("too-large", _("Berkas ini terlalu besar."))


def safe_name(name: str, *, longest: int = 120) -> str:
    """The last part of a name without control and direction marks, shortened before its ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    shown = " ".join(shown.split()).lstrip(".").strip()
    path = PurePosixPath(shown or "berkas")
    return path.stem[: longest - len(path.suffix[:10])].rstrip() + path.suffix[:10]


def _refuse_markup(content: bytes) -> None:
    lowered = content.lower()
    if any(mark in lowered for mark in MARKUP):
        raise _Unfit(_("Berkas ini memuat kode halaman web, sehingga tidak dapat diterima."))


def _inspect_image(content: bytes, *, form: str) -> None:
    _refuse_markup(content)
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            width, height = image.size
            image.verify()
    except Image.DecompressionBombError:  # Pillow itself opens nothing that has many more pixels than we take
        width, height = MAX_PIXELS, 2
    if width * height > MAX_PIXELS:
        told = {"megapixels": MAX_PIXELS // 1_000_000}
        raise _Unfit(_("Gambar ini melebihi %(megapixels)s megapiksel. Perkecil dahulu, lalu unggah lagi.") % told)
    with Image.open(io.BytesIO(content), formats=[form]) as image:
        image.draft("RGB", (max(1, width // 8), max(1, height // 8)))  # a JPEG is then read at an eighth of its size
        image.load()


def _inspect_pdf(content: bytes) -> None:
    _refuse_markup(content[:1024])
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise _Unfit(_("PDF ini dikunci dengan sandi. Simpan tanpa sandi, lalu unggah lagi."))
    if len(reader.pages) == 0:
        raise _Unfit(_("PDF ini tidak memuat halaman."))
    reader.pages[0].mediabox  # noqa: B018  the first page can be reached
    _refuse_programs(reader)


def _refuse_programs(reader: PdfReader) -> None:
    """Refuse what runs when the document or one of its first pages is opened."""
    root = reader.root_object
    names = root.get("/Names", DictionaryObject()).get_object()
    opening = root.get("/OpenAction", DictionaryObject()).get_object()
    acts = isinstance(opening, DictionaryObject) and opening.get("/S") in ("/JavaScript", "/Launch", "/SubmitForm")
    pages = any("/AA" in page for page in islice(reader.pages, MAX_PAGES_LOOKED_AT))
    if acts or pages or "/AA" in root or "/JavaScript" in names:
        raise _Unfit(_("PDF ini memuat program. Cetak ulang sebagai PDF biasa, lalu unggah lagi."))


def _inspect_xlsx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        swollen = any(part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts)
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED or swollen:
            raise _Unfit(_("Berkas ini mengembang terlalu besar saat dibuka, sehingga tidak dapat diterima."))
        if any(part.filename.lower().endswith((".bin", ".exe", ".dll", ".js")) for part in parts):
            raise _Unfit(_("Berkas Excel ini memuat makro atau program. Simpan sebagai XLSX tanpa makro."))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and b"<!" in archive.read(part)[:1024].replace(b"<!--", b""):
                raise _Unfit(_("Berkas ini memuat definisi yang tidak diizinkan."))
    openpyxl.load_workbook(io.BytesIO(content), read_only=True).close()


@dataclass(frozen=True, slots=True)
class _Kind:
    begins: bytes
    endings: tuple[str, ...]
    media_type: str
    inspect: Callable[[bytes], None]


KINDS: dict[str, _Kind] = {
    "pdf": _Kind(b"%PDF-", (".pdf",), "application/pdf", _inspect_pdf),
    "jpg": _Kind(
        b"\xff\xd8\xff", (".jpg", ".jpeg"), "image/jpeg", lambda content: _inspect_image(content, form="JPEG")
    ),
    "png": _Kind(b"\x89PNG\r\n\x1a\n", (".png",), "image/png", lambda content: _inspect_image(content, form="PNG")),
    "xlsx": _Kind(
        b"PK\x03\x04",
        (".xlsx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _inspect_xlsx,
    ),
}
