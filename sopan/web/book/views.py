"""Printing the SOPs of the institution as a book: ask, watch the progress, download."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.people.models import Unit
from sopan.web.access import staff_only
from sopan.web.book import operations
from sopan.web.book.making import contents
from sopan.web.models import SopBook

SHOWN = 10


class BookForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Bagian"), required=False, empty_label=_("Semua unit"))
    paper = forms.ChoiceField(label=_("Kertas"), choices=SopBook.Paper.choices)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def books(request: HttpRequest) -> HttpResponse:
    """What a book would hold, a form to ask for one, and those that were made lately."""
    institution, now = request.user.institution, timezone.now()
    form = BookForm(request.POST if request.method == "POST" else None, initial={"paper": SopBook.Paper.A4})
    form.fields["unit"].queryset = Unit.objects.filter(institution=institution, catalogue__isnull=False).distinct()
    if request.method == "POST" and form.is_valid():
        made = operations.ask(
            institution,
            unit=form.cleaned_data["unit"],
            paper=form.cleaned_data["paper"],
            by=request.user,
            form_key=request.POST.get("form_key", "")[:40],
            now=now,
        )
        if not isinstance(made, Refusal):
            return redirect("sop_book_job", made.pk)
        form.add_error(None, made.message)
    lines = contents(institution, unit=None, now=now)
    mine = (
        SopBook.objects.filter(institution=institution).select_related("unit", "asked_by").order_by("-asked_at", "-pk")
    )
    context = {
        "form": form,
        "form_key": request.POST.get("form_key", "")[:40],
        "described": sum(line.version is not None for line in lines),
        "listed": sum(line.version is None for line in lines),
        "made": [(book, operations.given_up(book)) for book in mine[:SHOWN]],
    }
    return render(request, "book/books.html", context, status=422 if form.errors else 200)


def _book(request: HttpRequest, book_id: int) -> SopBook:
    rows = SopBook.objects.select_related("unit", "asked_by").filter(institution=request.user.institution)
    found = rows.filter(pk=book_id).first() if book_id < 2**63 else None
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@staff_only
def book(request: HttpRequest, book_id: int) -> HttpResponse:
    """How far it is; the page asks again until it is finished or given up, and may be left."""
    found = _book(request, book_id)
    template = "book/_progress.html" if request.headers.get("HX-Request") else "book/book.html"
    return render(request, template, {"book": found, "given_up": operations.given_up(found)})


@require_POST
@staff_only
def again(request: HttpRequest, book_id: int) -> HttpResponse:
    """Let a book be tried again that was given up."""
    found = _book(request, book_id)
    if operations.try_again(found, now=timezone.now()):
        messages.success(request, _("Buku dimasukkan lagi ke antrean."))
    else:
        messages.info(request, _("Buku ini sedang dibuat atau sudah selesai."))
    return redirect("sop_book_job", found.pk)


@require_safe
@staff_only
def download(request: HttpRequest, book_id: int) -> FileResponse:
    found = _book(request, book_id)
    if not found.file:
        raise Http404
    name = f"buku-sop-{found.institution.code}{'-' + found.unit.code if found.unit else ''}.pdf"
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
