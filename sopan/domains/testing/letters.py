"""The letter of assignment (SPT) and the report on the sampling (LPC) as PDF, to be signed by hand.

They are papers of the body and always in Indonesian. Made anew each time from what was recorded, with the same bytes.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import override

from sopan.core.flow import Refusal
from sopan.domains.orders.papers import Signer, Table, paper
from sopan.ui import formats

from .models import Assignment, Request, Sampling

KINDS = ("spt", "lpc")
BY_HAND = "Ditandatangani dengan tangan; tanpa tanda tangan, lembar ini hanya salinan catatan kasus {case}."
Facts = list[tuple[str, str]]


def number_of(request: Request, kind: str) -> str:
    """The number of a letter; "" while it has none, and then there is nothing to print."""
    model = Assignment if kind == "spt" else Sampling
    found = model.objects.filter(request=request).first()
    return found.number if found is not None else ""


def letter(request: Request, kind: str) -> bytes | Refusal:
    """A numbered letter of a request as PDF/A. Refusal "glyph" for characters that no font has. Not in a transaction."""
    with override("id"), timezone.override(ZoneInfo(request.institution.zone)):
        return _assignment(request) if kind == "spt" else _report(request)


def _assignment(request: Request) -> bytes | Refusal:
    found = request.assignment
    assert found.issued_at is not None  # it has its number
    return paper(
        request.institution,
        title="Surat Perintah Tugas",
        number=found.number,
        at=found.issued_at,
        before=[f"{found.issued_by_position} menugaskan:"],
        facts=[
            ("Nama", found.officer_name),
            ("Tugas", f"Mengambil contoh {request.commodity.name}"),
            ("Tanggal", formats.long_date(found.planned_on)),
            *_asked(request),
            ("Diusulkan oleh", found.proposed_by_name),
            ("Terbit", formats.long_date(found.issued_at)),
        ],
        after=_by_hand(request),
        signers=[Signer(found.issued_by_position, found.issued_by_name)],
    )


def _report(request: Request) -> bytes | Refusal:
    found = request.sampling
    assert found.reported_at is not None  # it has its number
    rows = request.samples.values_list("line", "lot", "quantity", "seal")
    return paper(
        request.institution,
        title="Laporan Pengambilan Contoh",
        number=found.number,
        at=found.reported_at,
        facts=[
            ("Surat Perintah Tugas", request.assignment.number),
            ("Petugas pengambil contoh", found.taken_by_name),
            ("Komoditi", request.commodity.name),
            *_asked(request),
            ("Tempat", found.place),
            ("Waktu", _span(found.begun_at, found.ended_at)),
            ("Metode", found.method),
            ("Besar lot di tempat", found.lot_size),
            ("Jumlah titik atau karung", formats.number(found.increments)),
            ("Keadaan tempat", found.conditions),
            ("Penyimpangan dari metode", found.deviation or "tidak ada"),
        ],
        table=Table(("No", "Lot", "Jumlah", "Segel"), [[str(value) for value in row] for row in rows], (0, 2, 1, 1)),
        after=_by_hand(request),
        signers=[
            Signer("Petugas pengambil contoh", found.taken_by_name),
            Signer("Saksi dari pemohon", found.witness),
        ],
    )


def _asked(request: Request) -> Facts:
    """What the letter of the company says, as its word."""
    told = [
        ("Dasar", f"Surat permohonan {request.letter_number}, {formats.long_date(request.letter_date)}"),
        ("Pemohon", f"{request.applicant}, {request.address}"),
        ("Gudang menurut pemohon", request.warehouse),
        ("Lot menurut pemohon", request.lot),
        ("Jumlah menurut pemohon", request.quantity),
    ]
    return [(label, text) for label, text in told if text]


def _span(begun: datetime, ended: datetime) -> str:
    same = timezone.localtime(begun).date() == timezone.localtime(ended).date()
    last = formats.clock(ended) if same else formats.long_datetime(ended)
    return f"{formats.long_datetime(begun)} – {last}"


def _by_hand(request: Request) -> list[str]:
    return [BY_HAND.format(case=request.case)]
