"""The page that reads SOP documents and makes revisions of what is found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sopan.catalogue import importing, reading_words
from sopan.catalogue.editing import ENDED
from sopan.catalogue.models import ProcedureVersion, Revision, SourceDocument
from sopan.core.flow import Refusal
from sopan.people.models import Institution
from sopan.web.editor.access import drafters_only

ACCEPTED = ".docx,.xlsx,.pdf,.html,.htm,.txt,.yaml,.yml,.bpmn,.json"
MOST_FILES = 10
RECENT = 8


@dataclass(slots=True)
class Found:
    """A procedure of a document as its line shows it."""

    key: str
    told: dict[str, Any]
    slug: str  # of the procedure that it would change; "" for a new one
    version: int  # of that procedure
    revision: Revision | None  # that it became, and that is not finished
    other: Revision | None  # that is open for this procedure already
    remarks: list[str]
    refused: str

    @property
    def can_choose(self) -> bool:
        return bool(self.told["content"]) and self.revision is None and self.other is None

    @property
    def quiet(self) -> int:
        return self.told["steps"] - self.told["with_actor"]


@drafters_only
def read(request: HttpRequest) -> HttpResponse:
    """Upload documents and see what is in them."""
    now = timezone.now()
    if request.method == "POST":
        return _uploaded(request, now)
    return _page(request, _documents(request))


def _uploaded(request: HttpRequest, now: datetime) -> HttpResponse:
    files = request.FILES.getlist("files")
    if not files:
        return _page(request, [], wrong=_("Pilih sedikitnya satu dokumen."), status=422)
    if len(files) > MOST_FILES:
        wrong = _("Pilih paling banyak %(count)s dokumen sekaligus.") % {"count": MOST_FILES}
        return _page(request, [], wrong=wrong, status=422)
    keys = []
    for file in files:
        body = file.read(importing.LARGEST + 1)
        done = importing.read_document(
            request.user.institution, actor=request.user, data=body, name=file.name or "", now=now
        )
        if isinstance(done, Refusal):
            messages.error(request, f"“{file.name}”: {done.message}")
            continue
        keys.append(str(done.document.pk))
        if done.before:
            told = {"name": file.name, "who": done.document.person.name}
            messages.info(request, _("Dokumen “%(name)s” sudah pernah dibaca oleh %(who)s; ini hasilnya.") % told)
    query = f"?dok={','.join(keys)}" if keys else ""
    return redirect(reverse("sop_import") + query)


def _documents(request: HttpRequest) -> list[SourceDocument]:
    """Those that the address names, in its order."""
    keys = [int(key) for key in re.findall(r"\d{1,18}", request.GET.get("dok", ""))][:MOST_FILES]
    known = SourceDocument.objects.filter(institution=request.user.institution, pk__in=keys).select_related("person")
    found = {document.pk: document for document in known}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _page(request: HttpRequest, documents: list[SourceDocument], *, wrong: str = "", status: int = 200) -> HttpResponse:
    body = request.user.institution
    recent = SourceDocument.objects.filter(institution=body).select_related("person").order_by("-at")[:RECENT]
    context = {
        "documents": [_shown(body, document) for document in documents],
        "recent": [] if documents else recent,
        "accepted": ACCEPTED,
        "limit": importing.LARGEST,
        "most": MOST_FILES,
        "wrong": wrong,
    }
    return render(request, "editor/read.html", context, status=status)


def _shown(body: Institution, document: SourceDocument) -> tuple[SourceDocument, list[Found], str, bool]:
    """The document, what is in it, why it is not read, and whether anything can be chosen."""
    found = _listed(body, document)
    why = reading_words.refusal(document.refused) if document.refused else ""
    return document, found, why, any(one.can_choose for one in found)


def _listed(body: Institution, document: SourceDocument) -> list[Found]:
    keys = [one["revision"] for one in document.found if one["revision"]]
    opened = {row.pk: row for row in Revision.objects.filter(institution=body, pk__in=keys).exclude(state__in=ENDED)}
    busy = {
        row.slug: row
        for row in Revision.objects.filter(institution=body).exclude(state__in=ENDED).select_related("opened_by")
    }
    versions = dict(
        ProcedureVersion.objects.filter(institution=body).order_by("version").values_list("slug", "version")
    )
    known, lines = importing.known(body), []
    for place, told in enumerate(document.found):
        slug, revision = importing.slug_for(told, known=known), opened.get(told["revision"])
        lines.append(
            Found(
                f"{document.pk}-{place}",
                told,
                slug,
                versions.get(slug, 0),
                revision,
                None if revision else busy.get(slug),
                [reading_words.remark(*one) for one in told["warnings"]],
                reading_words.refusal(told["refused"]) if told["refused"] else "",
            )
        )
    return lines


@require_POST
@drafters_only
def choose(request: HttpRequest) -> HttpResponse:
    """Make what is ticked revisions. One alone opens in the editor."""
    now, opened, keys = timezone.now(), [], []
    known = importing.known(request.user.institution)
    for told in request.POST.getlist("found")[: importing.MOST_FOUND]:
        parts = re.fullmatch(r"(\d{1,18})-(\d{1,4})", told, re.ASCII)
        if not parts:
            continue
        document = SourceDocument.objects.filter(institution=request.user.institution, pk=int(parts[1])).first()
        if document is None or int(parts[2]) >= len(document.found):
            continue
        keys.append(parts[1])
        slug = importing.slug_for(document.found[int(parts[2])], known=known)
        done = importing.open_found(document, int(parts[2]), actor=request.user, slug=slug, now=now)
        if isinstance(done, Refusal):
            messages.error(request, done.message)
        else:
            opened.append(done)
    if len(opened) == 1:
        return redirect("revision_edit", opened[0].pk)
    if opened:
        told = ngettext("%(count)s SOP menjadi konsep.", "%(count)s SOP menjadi konsep.", len(opened))
        messages.success(request, told % {"count": len(opened)})
    elif not keys:
        messages.error(request, _("Pilih sedikitnya satu SOP."))
    shown = ",".join(dict.fromkeys([*keys, *re.findall(r"\d{1,18}", request.POST.get("dok", ""))]))
    return redirect(reverse("sop_import") + (f"?dok={shown}" if shown else ""))
