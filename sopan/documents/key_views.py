"""A signer's own page: the certificate he signs with, and the one that follows it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sopan.core.flow import Refusal
from sopan.people import limits
from sopan.people.queries import signs

from . import operations, queries
from .forms import KeyForm


@sensitive_post_parameters("passphrase")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The certificates of the person himself; POST registers another. 404 for who holds no position that signs."""
    now = timezone.now()
    if not signs(request.user, now):
        raise Http404
    form = KeyForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if limits.limited(request, "signing_key"):
            return limits.too_many(request)
        if form.is_valid() and _added(request, form):
            return redirect("signing-keys")
    context = {"form": form, "keys": queries.keys_of(request.user), "now": now}
    return render(request, "documents/keys.html", context, status=422 if form.is_bound and form.errors else 200)


def _added(request: HttpRequest, form: KeyForm) -> bool:
    given = form.cleaned_data
    key = operations.add_signing_key(
        request.user, content=given["file"].read(), passphrase=given["passphrase"], now=timezone.now()
    )
    if isinstance(key, Refusal):
        form.add_error(key.field if key.field in form.fields else "file", key.message)
        return False
    messages.success(request, _("Sertifikat terdaftar. Passphrase-nya tidak disimpan."))
    return True
