"""A signer's own page: the certificate he signs with, and the one that follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
from sopan.ui.fields import refuse

from . import operations, queries, sealed
from .forms import KeyForm, ProfileForm
from .models import SignerProfile
from .signing import choosing
from .signing_views import may_sign


@sensitive_post_parameters("passphrase", "nik")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """How the person himself signs and with what; POST registers a certificate, or changes how he signs.

    404 for who signs nothing.
    """
    now = timezone.now()
    if not may_sign(request.user, now):
        raise Http404
    changing = request.POST.get("act") == "profile"
    form = KeyForm(*((None, None) if changing else (request.POST or None, request.FILES or None)))
    profile = _profile_form(request, changing=changing)
    if request.method == "POST":
        if limits.limited(request, "signing_key"):
            return limits.too_many(request)
        if _changed(request, profile) if changing else form.is_valid() and _added(request, form):
            return redirect("signing-keys")
    wrong = any(one.is_bound and one.errors for one in (form, profile))
    return render(request, "documents/keys.html", _shown(request, form, profile, now), status=422 if wrong else 200)


def _profile_form(request: HttpRequest, *, changing: bool) -> ProfileForm:
    held = SignerProfile.objects.filter(person=request.user).first()
    return ProfileForm(request.POST if changing else None, initial={"method": held.method if held else ""})


def _shown(request: HttpRequest, form: KeyForm, profile: ProfileForm, now: datetime) -> dict[str, Any]:
    held = SignerProfile.objects.filter(person=request.user).first()
    method = SignerProfile.Method(choosing.method_of(request.user))
    return {
        "form": form,
        "profile": profile,
        "nik": sealed.masked(sealed.unseal(held.nik_sealed)) if held else "",
        "method": method,
        "at_service": method != SignerProfile.Method.PKCS12,
        "keys": queries.keys_of(request.user),
        "ending": queries.ending_key(request.user, now=now),
        "standing": choosing.standing(request.user, now=now),
        "now": now,
    }


def _changed(request: HttpRequest, form: ProfileForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    done = operations.change_profile(request.user, method=given["method"], nik=given["nik"], now=timezone.now())
    if isinstance(done, Refusal):
        refuse(form, done)
        return False
    messages.success(request, _("Cara tanda tangan disimpan."))
    return True


def _added(request: HttpRequest, form: KeyForm) -> bool:
    given = form.cleaned_data
    key = operations.add_signing_key(
        request.user, content=given["file"].read(), passphrase=given["passphrase"], now=timezone.now()
    )
    if isinstance(key, Refusal):
        refuse(form, key, otherwise="file")
        return False
    messages.success(request, _("Sertifikat terdaftar. Passphrase-nya tidak disimpan."))
    return True
