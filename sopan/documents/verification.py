"""What the public is told: of a document, and of a copy that somebody holds in hand. Nothing is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.core.flow import Refusal
from sopan.ui import formats
from sopan.ui.uploads import Upload, safe_name

from . import certificates, queries, signing
from .models import IssuedDocument, Signature

TOKEN = re.compile(rb"/v/([A-Za-z0-9_-]{22,43})/")
ESCAPE = re.compile(rb"\\([0-3][0-7]{2})")  # how PDF writes a character of a text by its number


class State(models.TextChoices):
    """What holds for a document."""

    VALID = "valid", gettext_lazy("Dokumen ini asli dan berlaku")
    REPLACED = "replaced", gettext_lazy("Dokumen ini sudah diganti")
    REVOKED = "revoked", gettext_lazy("Dokumen ini dicabut")
    UNKNOWN = "unknown", gettext_lazy("Dokumen ini tidak dikenal")


class Match(models.TextChoices):
    """What holds for a copy."""

    SAME = "same", gettext_lazy("Berkas ini asli, sama persis dengan yang terdaftar")
    OTHER = "other", gettext_lazy("Berkas ini dokumen lain yang terdaftar")
    ALTERED = "altered", gettext_lazy("Berkas ini telah berubah")
    UNKNOWN = "unknown", gettext_lazy("Berkas ini tidak dikenal")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A copy against the register. ``document`` is the one that it is, or says that it is."""

    match: Match
    document: IssuedDocument | None
    details: tuple[str, ...] = ()


def state_of(document: IssuedDocument | None) -> State:
    """Only what was signed and released is known to the public."""
    if document is None or not document.is_public:
        return State.UNKNOWN
    return {
        IssuedDocument.Status.RELEASED: State.VALID,
        IssuedDocument.Status.REPLACED: State.REPLACED,
        IssuedDocument.Status.REVOKED: State.REVOKED,
    }.get(IssuedDocument.Status(document.status), State.UNKNOWN)


def judged(document: IssuedDocument) -> signing.SignatureReport:
    """The signatures of a signed document, judged on the stored bytes by the trust roots.

    On paper there is nothing to judge but that the scan is still the one that the signer confirmed. Reads files.
    """
    content = queries.content_of(document)  # raises DamagedFile
    signature = queries.signature_of(document)
    if signature is not None and signature.method == Signature.Method.WET_INK:
        return signing.SignatureReport(
            valid=True, intact=True, covers_whole_file=True, signer=signature.name, at=signature.at
        )
    return signing.validate(content, trust_roots=certificates.trust_roots(), moment=document.signed_at)


def read_copy(file: Upload) -> bytes | Refusal:
    """The bytes of an uploaded copy. A changed file must still get in: it is judged later, not opened here."""
    limit = settings.UPLOAD_MAX_BYTES
    told = {"name": safe_name(file.name or ""), "size": formats.file_size(limit)}
    content = file.read(limit + 1)
    if len(content) > limit:
        return Refusal("too-large", _("“%(name)s” terlalu besar. Paling besar %(size)s.") % told, "file")
    if not content.startswith(b"%PDF-"):
        text = _("“%(name)s” bukan PDF. Pilih berkas PDF yang Anda terima, paling besar %(size)s.")
        return Refusal("not-a-pdf", text % told, "file")
    return content


def compare(content: bytes, *, document: IssuedDocument | None = None) -> Comparison:
    """Judge a copy by its bytes; ``document`` is the one whose page it was given on.

    A copy that equals nothing says by the address in its QR code or signature which document it means to be.
    """
    same = queries.by_content(content)
    if same is not None:
        return Comparison(Match.SAME if document in (None, same) else Match.OTHER, same)
    report = signing.validate(content, trust_roots=certificates.trust_roots())
    meant = document or _meant(content)
    if meant is not None:
        return Comparison(Match.ALTERED, meant, report.problems)
    if report.signatures and not report.intact:
        return Comparison(Match.ALTERED, None, report.problems)
    return Comparison(Match.UNKNOWN, None, report.problems)


def _meant(content: bytes) -> IssuedDocument | None:
    """The document whose verification address stands in the signature. Searched as text: the file may be broken."""
    plain = ESCAPE.sub(lambda match: bytes([int(match[1], 8)]), content)
    tokens = dict.fromkeys(match[1].decode() for match in TOKEN.finditer(plain))
    found = (queries.by_token(token) for token in list(tokens)[:5])
    return next((document for document in found if document is not None), None)
