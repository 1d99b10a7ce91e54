"""The page on which a head signs what waits for him: read, tick, one passphrase, a result for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.people.models import User
from sopan.people.queries import signs
from sopan.ui.downloads import file_of

from . import desks, queries
from .forms import BatchForm
from .models import InkScan, ReadMark, SigningBatch
from .operations import attempts, batch
from .signing import choosing

ROWS = "<!-- rows -->"  # where the page is cut: what stands before it is sent first


def may_sign(user: User, now: datetime) -> bool:
    """Whether the page is for this person: his position signs, or something waits for him."""
    return not user.is_customer and (signs(user, now) or desks.count(user, now=now) > 0)


@sensitive_post_parameters("passphrase")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: HttpRequest) -> HttpResponseBase:
    """What waits for the person; POST signs what he ticked and tells each result as it comes."""
    now = timezone.now()
    papers = desks.waiting(request.user, now=now)
    if not papers and not may_sign(request.user, now):
        raise Http404
    if request.method != "POST":
        return _page(request, papers, BatchForm(papers=papers), now=now)
    before = SigningBatch.objects.filter(person=request.user, form_key=request.POST.get("form_key", "")[:40]).first()
    if before is not None:  # the form was sent before: its papers are no longer waiting
        return redirect("signing-batch", before.pk)
    form = BatchForm(request.POST, papers=papers, person=request.user)
    if not form.is_valid():
        return _page(request, papers, form, now=now, status=422)
    made, new = batch.begin(request.user, form_key=form.cleaned_data["form_key"], now=now)
    return _streamed(request, made, form) if new else redirect("signing-batch", made.pk)


def _page(
    request: HttpRequest, papers: list[desks.Paper], form: BatchForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    person = request.user
    marks = ReadMark.objects.filter(person=person, document__in=[paper.document.pk for paper in papers])
    scans = set(InkScan.objects.filter(state=InkScan.State.WAITING).values_list("document", flat=True))
    read = set(marks.values_list("document", "sha256"))
    rows = [
        {
            "paper": paper,
            "box": box,
            "read": (paper.document.pk, paper.document.unsigned_sha256) in read,
            "unclear": attempts.open_attempt(paper.document),
            "scan": paper.document.pk in scans,
        }
        for paper, box in zip(papers, form.boxes(), strict=True)
    ]
    context = {
        "rows": rows,
        "form": form,
        "standing": choosing.standing(person, now=now) if papers else None,
        "reminder": queries.ending_key(person, now=now),
        "latest": SigningBatch.objects.filter(person=person).order_by("-pk").first(),
        "most": batch.MOST,
        "now": now,
    }
    return render(request, "documents/signing.html", context, status=status)


@sensitive_variables("passphrase")
def _streamed(request: HttpRequest, made: SigningBatch, form: BatchForm) -> StreamingHttpResponse:
    passphrase, chosen = form.cleaned_data["passphrase"], form.cleaned_data["chosen"]
    language, zone = translation.get_language(), timezone.get_current_timezone()
    whole = render_to_string("documents/signing_progress.html", {"batch": made, "count": len(chosen)}, request=request)
    head, _mark, tail = whole.partition(ROWS)

    def parts() -> Iterator[str]:
        # The middleware that chose language and zone has done its work before the first part is asked for.
        with translation.override(language), timezone.override(zone):
            yield head
            for no, outcome in enumerate(batch.sign_each(made, chosen, passphrase=passphrase, clock=timezone.now), 1):
                yield render_to_string(
                    "documents/_signing_outcome.html", {"outcome": outcome, "no": no, "count": len(chosen)}
                )
            yield tail

    answer = StreamingHttpResponse(parts(), content_type="text/html; charset=utf-8")
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy must hand on each result as it comes
    return answer


@never_cache
@login_required
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a batch of his own; from here the ones that failed can be tried again."""
    made = get_object_or_404(SigningBatch, pk=pk, person=request.user)
    now = timezone.now()
    waiting = {paper.document.pk: paper for paper in desks.waiting(request.user, now=now)}
    outcomes = [batch.Outcome(**told) for told in made.outcomes]
    papers = [waiting[one.document] for one in outcomes if not one.is_signed and one.document in waiting]
    form = BatchForm(papers=papers, ticked=True)
    again = [
        {"paper": paper, "box": box, "unclear": attempts.open_attempt(paper.document)}
        for paper, box in zip(papers, form.boxes(), strict=True)
    ]
    signed = sum(one.is_signed for one in outcomes)
    context: dict[str, Any] = {
        "batch": made,
        "outcomes": outcomes,
        "signed": signed,
        "others": len(outcomes) - signed,
        "form": form,
        "again": again,
        "standing": choosing.standing(request.user, now=now) if papers else None,
    }
    return render(request, "documents/signing_result.html", context)


@never_cache
@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the person opens what waits for him, and lead him to it."""
    paper = _paper(request, pk)
    batch.mark_read(paper, person=request.user, now=timezone.now())
    return redirect("signing-file", pk)


@never_cache
@login_required
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that will be signed."""
    content = queries.content_of(_paper(request, pk).document)
    return file_of(content, "application/pdf", "dokumen.pdf", shown=True)


def _paper(request: HttpRequest, pk: int) -> desks.Paper:
    paper = desks.paper_for(request.user, pk, now=timezone.now())
    if paper is None:
        raise Http404
    return paper
