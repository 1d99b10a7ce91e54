"""Files that pages hand out."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def file_of(content: bytes, media_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    """A file called ``name``, to be kept or, where ``shown``, to be looked at.

    No browser guesses what else it may be, and no cache on the way keeps it: most of them name people.
    """
    headers = {
        "Content-Disposition": content_disposition_header(not shown, name),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
