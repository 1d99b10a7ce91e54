"""Each request runs in the zone and the language of its person."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from sopan.people import reading


class BodyMiddleware:
    """Activate the zone of the institution and the language of the person, and begin a reading where nothing is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        request.LANGUAGE_CODE = person.language if person else _visitors_language(request)
        zone = person.institution.zone if person else settings.TIME_ZONE
        if person and request.method in ("GET", "HEAD"):
            reading.begin(person, now=timezone.now())
        with translation.override(request.LANGUAGE_CODE), timezone.override(zone):
            answer = self.get_response(request)
        if not person:
            patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        return answer


def _visitors_language(request: HttpRequest) -> str:
    """What a visitor chose; else English for a browser that asks for it and knows no Indonesian; else Indonesian.

    English alone says little: many machines here were never told that their owner reads Indonesian.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    header = request.headers.get("Accept-Language", "")[:500].lower()
    wanted = {code.partition("-")[0] for code, quality in parse_accept_lang_header(header) if quality > 0}
    return "en" if "en" in wanted and "id" not in wanted else settings.LANGUAGE_CODE
