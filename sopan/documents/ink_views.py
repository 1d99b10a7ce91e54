"""Pages for signing on paper: print and upload for the office, confirm or reject for the signer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.people.models import User
from sopan.ui.downloads import file_of
from sopan.ui.fields import refuse
from sopan.ui.uploads import check_upload

from . import desks, files
from .forms import RejectForm, ScanForm
from .models import InkScan, IssuedDocument
from .operations import ink


def _office(request: HttpRequest, pk: int) -> tuple[IssuedDocument, Acting]:
    """The document, and as whom this person sees to its paper. 404 for everybody else."""
    document = IssuedDocument.objects.select_related("institution", "case__procedure").filter(pk=pk).first()
    acting = desks.office_for(request.user, document, now=timezone.now()) if document is not None else None
    if document is None or acting is None:
        raise Http404
    return document, acting


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ink_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Print, and POST the scan of the signed print."""
    document, acting = _office(request, pk)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _kept(form, document, acting, by=request.user):
        messages.success(request, _("Pindaian disimpan. Penanda tangan akan memeriksa dan mengonfirmasinya."))
        return redirect("ink", document.pk)
    context = {
        "document": document,
        "form": form,
        "refusal": ink.allowed(document),
        "signer": desks.signer_of(document, now=timezone.now()),
        "scans": document.scans.order_by("-pk"),
    }
    return render(request, "documents/ink.html", context, status=422 if form.is_bound and form.errors else 200)


def _kept(form: ScanForm, document: IssuedDocument, acting: Acting, *, by: User) -> bool:
    upload = form.cleaned_data["file"]
    info = check_upload(upload, kinds=("pdf",))
    if isinstance(info, Refusal):
        form.add_error("file", info.message)
        return False
    signer = desks.signer_of(document, now=timezone.now())
    if signer is not None and signer.person_id == by.pk:
        form.add_error("file", _("Pindaian harus diunggah orang lain, bukan penanda tangannya sendiri."))
        return False
    kept = ink.keep_scan(
        document,
        content=upload.read(),
        signed_on=form.cleaned_data["signed_on"],
        by=by,
        acting=acting,
        now=timezone.now(),
    )
    if isinstance(kept, Refusal):
        refuse(form, kept)
        return False
    return True


@never_cache
@login_required
@require_safe
def ink_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The print to be signed by hand."""
    now = timezone.now()
    paper = desks.paper_for(request.user, pk, now=now)
    document = paper.document if paper is not None else _office(request, pk)[0]
    signer = desks.signer_of(document, now=now)
    if signer is None:
        raise Http404
    made = ink.printed(document, name=signer.name, position=signer.position, now=now)
    if isinstance(made, Refusal):
        return render(request, "documents/not_yet.html", {"document": document, "refusal": made}, status=409)
    return file_of(made, "application/pdf", "cetak.pdf", shown=True)


@never_cache
@login_required
@require_safe
def ink_scan(request: HttpRequest, pk: int, scan_id: int) -> HttpResponse:
    """A scan, for the office and for the signer."""
    if desks.paper_for(request.user, pk, now=timezone.now()) is None:
        _office(request, pk)
    scan = InkScan.objects.filter(pk=scan_id, document_id=pk).first()
    if scan is None:
        raise Http404
    return file_of(files.read(scan.file, sha256=scan.sha256), "application/pdf", "pindaian.pdf", shown=True)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ink_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The signer looks at the scan; POST ``answer`` yes makes it the signed document, anything else rejects it."""
    now = timezone.now()
    paper = desks.paper_for(request.user, pk, now=now)
    scan = InkScan.objects.filter(document_id=pk, state=InkScan.State.WAITING).first() if paper is not None else None
    if paper is None or scan is None:
        raise Http404
    form = RejectForm(request.POST or None)
    if request.method == "POST":
        refusal = _answered(request, paper, scan, form)
        if refusal is None:
            return redirect("signing")
        refuse(form, refusal)
    context = {"paper": paper, "scan": scan, "form": form}
    return render(request, "documents/ink_confirm.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, paper: desks.Paper, scan: InkScan, form: RejectForm) -> Refusal | None:
    now, person = timezone.now(), request.user
    form.is_valid()
    if request.POST.get("answer") != "ya":
        acting = Acting(person.pk, person.full_name, paper.title, paper.letter, person.institution_id)
        return ink.reject_scan(scan, reason=form.cleaned_data.get("reason", ""), acting=acting, now=now)
    shown = request.POST.get("shown", "")
    done = ink.confirm_scan(
        scan, person=person, title=paper.title, letter=paper.letter, previewed_sha256=shown, now=now
    )
    if isinstance(done, Refusal):
        return done
    messages.success(request, _("%(number)s sudah ditandatangani di atas kertas.") % {"number": paper.document.number})
    after = desks.desks[paper.desk].signed([paper], person=person, now=now)
    if after is not None:
        messages.warning(request, after.message)
    return None
