"""The certificate of a standard from its digital form."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sopan.core.flow import Refusal
from sopan.documents.files import sha256
from sopan.documents.signing import validate
from sopan.ui.fields import refuse
from sopan.ui.uploads import UploadInfo, safe_name

from .. import queries
from ..dcc.reader import LARGEST, ReadCertificate, read
from ..models import Equipment, EquipmentCertificate
from ..operations import equipment as operations
from ..register_forms import DigitalForm
from .equipment import _kept


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_digital(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a version of the certificate as its DCC tells it."""
    found, by, now = _kept(request, pk)
    posted = request.method == "POST"
    form = DigitalForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read(LARGEST + 1)
        told = read(content)
        refusal = told if isinstance(told, Refusal) else _altered(content)
        if refusal is None and isinstance(told, ReadCertificate):
            refusal = _unfit(told, content, found, form)
        if refusal is None and isinstance(told, ReadCertificate):
            kind = "pdf" if content.startswith(b"%PDF-") else "xml"
            name = safe_name(upload.name or f"dcc.{kind}")
            info = UploadInfo(name, kind, f"application/{kind}", sha256(content), len(content))
            made = operations.add_certificate(
                found, _as_typed(told, form), upload=upload, info=info, actor=request.user, by=by, now=now
            )
            if isinstance(made, EquipmentCertificate):
                text = _("Sertifikat %(number)s tersimpan dengan %(count)s titik.")
                messages.success(request, text % {"number": made, "count": len(told.values)})
                return redirect("laboratory:equipment", found.pk)
            refusal = made
        assert refusal is not None
        refuse(form, refusal, otherwise="file")
    context = {"form": form, "equipment": found, "title": _("Sertifikat digital (DCC)")}
    return render(request, "laboratory/certificate_digital.html", context, status=422 if posted else 200)


def _as_typed(told: ReadCertificate, form: DigitalForm) -> operations.Certificate:
    return operations.Certificate(
        number=told.number, issuer=told.issuer, traceability=form.cleaned_data["traceability"],
        calibrated_on=told.calibrated_on, valid_to=form.cleaned_data["valid_to"], values=told.values,
    )  # fmt: skip


def _altered(content: bytes) -> Refusal | None:
    """A PDF that was signed and then changed; who signed it is for the person to judge, and one without signature too."""
    if not content.startswith(b"%PDF-"):
        return None
    found = validate(content, trust_roots=())
    if not found.signatures or (found.intact and found.covers_whole_file):
        return None
    return Refusal("altered", _("Isi berkas ini berubah sesudah ditandatangani. Mintalah berkas yang utuh."), "file")


def _void(told: ReadCertificate, content: bytes) -> Refusal | None:
    """A certificate that a laboratory of this installation has revoked or replaced: it tells of no standard any more."""
    document = queries.no_longer_valid(told.number, issuer=told.issuer, content=content)
    if document is None:
        return None
    words = {"number": document.number, "reason": document.revoked_reason}
    if document.status == document.Status.REVOKED:
        text = _("Sertifikat %(number)s sudah dicabut dan tidak berlaku lagi. Alasan: %(reason)s")
        return Refusal("revoked", text % words, "file")
    words["new"] = document.replaced_by.number if document.replaced_by else "–"
    text = _("Sertifikat %(number)s sudah diganti dengan nomor %(new)s. Unggah penggantinya.")
    return Refusal("replaced", text % words, "file")


def _unfit(told: ReadCertificate, content: bytes, equipment: Equipment, form: DigitalForm) -> Refusal | None:
    """A certificate that is void, of another instrument, or one that would end before it begins."""
    if (void := _void(told, content)) is not None:
        return void
    if form.cleaned_data["valid_to"] < told.calibrated_on:
        return Refusal("dates", _("Tanggal ini mendahului tanggal kalibrasi."), "valid_to")
    mine = equipment.serial_number.strip().casefold()
    serials = {one.casefold() for one in told.serials}
    if mine and serials and mine not in serials and not form.cleaned_data["other_serial"]:
        text = _("Sertifikat ini untuk nomor seri %(told)s, bukan %(mine)s.")
        return Refusal(
            "other-serial", text % {"told": ", ".join(told.serials), "mine": equipment.serial_number}, "file"
        )
    return None
