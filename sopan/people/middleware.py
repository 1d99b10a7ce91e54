"""Each request runs in the zone and the language of its person."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class BodyMiddleware:
    """Activate the zone of the institution and the language of the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        # Indonesian unless chosen otherwise: what a browser claims to prefer says little on shared machines.
        language = person.language if person else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        request.LANGUAGE_CODE = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        zone = person.institution.zone if person else settings.TIME_ZONE
        with translation.override(request.LANGUAGE_CODE), timezone.override(zone):
            return self.get_response(request)
