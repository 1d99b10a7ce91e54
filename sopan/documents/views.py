"""Public verification, and downloads for those who may."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan import __version__
from sopan.core.flow import Refusal
from sopan.people import limits
from sopan.ui.downloads import file_of
from sopan.ui.uploads import safe_name

from . import access, queries, verification
from .forms import CopyForm, NumberForm
from .models import IssuedDocument


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind the QR code; POST compares an uploaded copy with this document.

    A page that is asked for again within the minute in which nothing changed is answered by its tag alone. Addresses
    that lead nowhere are counted: nobody searches for one that does.
    """
    if request.method == "POST":
        return never_cache(_compared)(request, queries.by_token(token))
    document = queries.by_token(token)
    if document is None:
        if limits.limited(request, "verify_unknown"):
            return limits.too_many(request)
        return never_cache(_page)(request, None, status=404)
    tag = _tag(request, document)
    answer = get_conditional_response(request, etag=tag) or _page(request, document)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"  # kept, and asked for each time: it may be revoked by then
    return answer


def _tag(request: HttpRequest, document: IssuedDocument) -> str:
    """What the page depends on: the document, who looks at it, and the minute that it names."""
    replacement = document.replaced_by
    shown = [
        *(document.pk, document.status, document.signed_sha256, document.released_at, document.revoked_reason),
        *(replacement and replacement.is_public, timezone.now().replace(second=0, microsecond=0), __version__),
        *(translation.get_language(), request.COOKIES.get("theme", ""), getattr(request.user, "pk", None)),
    ]
    return f'W/"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check without a QR code: GET ``?nomor=`` by number, POST by an uploaded copy.

    Numbers can be guessed, so a number is answered with the state alone, without owner, item or signer.
    """
    if request.method == "POST":
        return _compared(request, None)
    numbers = NumberForm(request.GET if "nomor" in request.GET else None)
    found: list[tuple[IssuedDocument, verification.State]] = []
    if numbers.is_bound and numbers.is_valid():
        if limits.limited(request, "verify_upload"):
            return limits.too_many(request)
        hits = queries.by_number(numbers.cleaned_data["nomor"])
        found = [(document, verification.state_of(document)) for document in hits]
    return _check_page(request, numbers=numbers, found=found)


def _compared(request: HttpRequest, document: IssuedDocument | None) -> HttpResponse:
    if limits.limited(request, "verify_upload"):
        return limits.too_many(request)
    form = CopyForm(request.POST, request.FILES)
    comparison = None
    if form.is_valid():
        content = verification.read_copy(form.cleaned_data["file"])
        if isinstance(content, Refusal):
            form.add_error("file", content.message)
        else:
            comparison = verification.compare(content, document=document)
    if comparison and comparison.document:
        return _page(request, comparison.document, form=CopyForm(), comparison=comparison)
    status = 200 if comparison else 422
    if document:
        return _page(request, document, form=form, comparison=comparison, status=status)
    return _check_page(request, form=form, comparison=comparison, status=status)


def _page(
    request: HttpRequest,
    document: IssuedDocument | None,
    *,
    form: CopyForm | None = None,
    comparison: verification.Comparison | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "state": verification.state_of(document),
        "document": document,
        "form": form or CopyForm(),
        "comparison": comparison,
        # A changed copy must not stand under a heading that calls the document genuine.
        "doubtful": comparison is not None and comparison.match == verification.Match.ALTERED,
        "checked_at": timezone.now(),
    }
    if document is None:
        return render(request, "documents/verify.html", context, status=status)
    signatures = queries.signatures_of(document)
    on_paper = any(signature.scan_id for signature in signatures)
    context |= {"institution": document.institution, "signatures": signatures, "on_paper": on_paper}
    replacement = document.replaced_by
    context["replacement"] = replacement if replacement and replacement.is_public else None
    with timezone.override(document.institution.zone):
        return render(request, "documents/verify.html", context, status=status)


def _check_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    given = {"form": CopyForm(), "numbers": NumberForm(), "checked_at": timezone.now()} | context
    return render(request, "documents/check.html", given, status=status)


def _visible(request: HttpRequest, pk: int) -> IssuedDocument:
    document = access.document_for(request.user, pk, now=timezone.now())
    if document is None:
        raise Http404
    return document


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed PDF as a download."""
    document = _visible(request, pk)
    if not document.signed:
        raise Http404
    return _served(request, document, shown=False)


@login_required
@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF in the browser: before signing exactly the bytes that will be signed."""
    document = _visible(request, pk)
    if not (document.signed or document.unsigned):
        raise Http404
    return _served(request, document, shown=True)


def _served(request: HttpRequest, document: IssuedDocument, *, shown: bool) -> HttpResponse:
    if (refusal := access.may_download(document, user=request.user)) is not None:
        return render(request, "documents/not_yet.html", {"document": document, "refusal": refusal}, status=409)
    name = safe_name(document.number.replace("/", "-").replace(" ", "_") + ".pdf")
    return file_of(queries.content_of(document), "application/pdf", name, shown=shown)
