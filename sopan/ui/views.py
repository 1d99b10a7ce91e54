"""What a person chooses about the screens: the language, single-letter keys, and to stay logged in."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the person came from, never to another site."""
    target = request.POST.get("next", "")
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Not redirect(), which takes what has no slash for the name of a view.
    return HttpResponseRedirect(target if safe else "/")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the account, for visitors in a cookie."""
    language = request.POST.get("language", "")
    answer = _back(request)
    if language not in dict(settings.LANGUAGES):
        return answer
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@require_POST
@login_required
def switch_keyboard(request: HttpRequest) -> HttpResponse:
    """Turn single-letter keys on or off (WCAG 2.1.4)."""
    request.user.keyboard = not request.user.keyboard
    request.user.save(update_fields=["keyboard"])
    return _back(request)


@require_POST
@login_required
def keep_session(request: HttpRequest) -> HttpResponse:
    """Begin the session anew; answers its length in seconds."""
    request.session["kept_at"] = timezone.now().isoformat()
    return JsonResponse({"seconds": settings.SESSION_COOKIE_AGE})
