"""Who may open the pages of the editor: whoever drafts procedures of his institution. To others there is no such page."""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from sopan.catalogue.editing import drafter, revision_for
from sopan.web.access import View, staff_only


def drafts(request: HttpRequest, *, now: datetime | None = None) -> bool:
    """Whether the person drafts procedures now; asked once a request."""
    if not hasattr(request, "_drafts_procedures"):
        person = request.user
        institution = person.institution_id if person.is_authenticated else None
        request._drafts_procedures = drafter(person, institution, now=now or timezone.now()) is not None
    return request._drafts_procedures


def drafters_only(view: View) -> View:
    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not drafts(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def of_revision(view: View) -> View:
    """The view gets the revision and the instant instead of its key."""

    @drafters_only
    @wraps(view)
    def guarded(request: HttpRequest, revision_id: int) -> HttpResponse:
        now = timezone.now()
        revision = revision_for(request.user, revision_id, now=now)
        if revision is None:
            raise Http404
        return view(request, revision, now)

    return guarded
