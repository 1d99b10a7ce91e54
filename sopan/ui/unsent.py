"""What somebody typed while he could not send it: his log-in had ended, the form was old, or the database was busy.

It is shown to him again, in full, on a page from which it can be sent. No form needs anything for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url

KEPT = "unsent"  # in the session
PERSON = "person"  # the cookie that tells who was logged in here last, so that nobody else is shown what he typed
PERSON_AGE = 30 * 86400
MOST_CHARACTERS = 200_000
SECRET = re.compile(r"pass|repeated|shown", re.IGNORECASE)  # names of inputs whose content is never kept
NOT_TEXT = {"form_key", "dari", "task", "tab", "next", "answer", "query"}  # sent again, but nothing to read


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form as it was sent: address, (name, value) in the order of the form, names of the files that are lost."""

    path: str
    pairs: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @classmethod
    def of(cls, request: HttpRequest) -> Unsent | None:
        """What a form of ours sent; None for scripts, for second factors, and for more than is worth keeping."""
        name = (request.resolver_match.url_name or "") if request.resolver_match else ""
        if request.method != "POST" or "csrfmiddlewaretoken" not in request.POST or name.startswith("mfa_"):
            return None
        left_out = {"csrfmiddlewaretoken", "unsent"}
        pairs = tuple(
            (name, value.replace("\x00", ""))
            for name, values in request.POST.lists()
            if name not in left_out and not SECRET.search(name)
            for value in values
        )
        if sum(len(name) + len(value) for name, value in pairs) > MOST_CHARACTERS:
            return None
        files = tuple(str(file.name) for files in request.FILES.lists() for file in files[1])
        return cls(request.get_full_path(), pairs, files)

    @property
    def texts(self) -> list[str]:
        """What a person can recognise as his."""
        return [value for name, value in self.pairs if name not in NOT_TEXT and value.strip()]


class UnsentMiddleware:
    """Keep what a person sent after his log-in ended, and offer it to him, and nobody else, after he logged in again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            _remember_person(request, response)
        elif request.method == "POST" and _asks_to_log_in(response):
            _keep(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or KEPT not in request.session:
            return None
        kept = request.session[KEPT]
        if kept["person"] != request.user.pk:
            del request.session[KEPT]
            return None
        if kept["path"] != request.get_full_path():
            return None
        if request.method == "GET":
            found = Unsent(kept["path"], tuple(map(tuple, kept["pairs"])), tuple(kept["files"]))
            return render(request, "ui/unsent.html", {"unsent": found})
        if request.method == "POST":
            del request.session[KEPT]
            return redirect(kept["path"]) if request.POST.get("unsent") == "discard" else None
        return None


def _remember_person(request: HttpRequest, response: HttpResponse) -> None:
    if _person(request) != request.user.pk:
        response.set_signed_cookie(
            PERSON,
            str(request.user.pk),
            salt=PERSON,
            max_age=PERSON_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _person(request: HttpRequest) -> int | None:
    known = request.get_signed_cookie(PERSON, default="", salt=PERSON, max_age=PERSON_AGE)
    return int(known) if known else None


def _asks_to_log_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)


def _keep(request: HttpRequest) -> None:
    person, found = _person(request), Unsent.of(request)
    if person is not None and found is not None:
        request.session[KEPT] = {"person": person, "path": found.path, "pairs": found.pairs, "files": found.files}
