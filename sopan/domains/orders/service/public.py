"""What pages for everybody share: which body they are of, and answers that browsers and proxies may keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from sopan.people.models import Institution

View = Callable[..., HttpResponse]


def the_body(request: HttpRequest) -> Institution:
    """The body whose service is shown: the person's own, else the first one."""
    user = request.user
    found = user.institution if user.is_authenticated else Institution.objects.order_by("pk").first()
    if found is None:
        raise Http404
    return found


def cached(*, seconds: int) -> Callable[[View], View]:
    """Let the answer to visitors be kept for a while, and answer 304 where nothing has changed.

    The tag is taken from the page as it was rendered, without the token against forged requests and without the clock
    of the head: the same facts give the same tag. People who are logged in always get a fresh page.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = view(request, *args, **kwargs)
            if answer.status_code != 200:
                return answer
            patch_vary_headers(answer, ("Cookie", "Accept-Language"))
            if request.user.is_authenticated:
                patch_cache_control(answer, private=True, no_cache=True)
                return answer
            patch_cache_control(answer, public=True, max_age=seconds)
            tag = f'"{hashlib.sha256(_stable(request, answer.content)).hexdigest()[:32]}"'
            answer["ETag"] = tag
            return get_conditional_response(request, etag=tag, response=answer) or answer

        return seen

    return wrap


def _stable(request: HttpRequest, content: bytes) -> bytes:
    token = request.META.get("CSRF_COOKIE", "")
    start, end = content.find(b'<meta name="csrf"'), -1
    if start >= 0:
        end = content.find(b">", start)
        content = content[:start] + content[end + 1 :]
    content = content.replace(token.encode(), b"") if token else content
    return b"".join(part for part in content.split(b"\n") if b"csrfmiddlewaretoken" not in part)
