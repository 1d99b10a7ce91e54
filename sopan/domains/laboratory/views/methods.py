"""Pages of the methods, of who may use them, and of the accredited scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.people.models import User
from sopan.people.queries import holders_of
from sopan.ui.fields import refuse
from sopan.ui.found import there
from sopan.ui.source import of_body

from .. import register_access as access
from ..measuring import method_of, versions_on
from ..methods import wording
from ..methods.load import shipped, unverified
from ..models import CompetenceGrant, Laboratory, MethodVersion, ScopeLine
from ..operations import methods as operations
from ..register_forms import EndForm, GrantForm, MethodForm, RevokeForm, ScopeForm
from .found import in_laboratory

CONDITIONS = {
    "temperature": gettext_lazy("Suhu"),
    "humidity": gettext_lazy("Kelembapan"),
    "pressure": gettext_lazy("Tekanan udara"),
}


def _manager(request: HttpRequest) -> tuple[str, datetime]:
    now = timezone.now()
    return there(access.manager(request.user, now=now)).name, now


def _names(user: User) -> list[tuple[str, str]]:
    """Codes of the methods of the body with their names, the newest name each."""
    rows = MethodVersion.objects.filter(institution=user.institution_id).order_by("code", "version")
    return sorted({version.code: of_body(version.name) for version in rows}.items(), key=lambda pair: pair[1])


@login_required
@require_safe
def method_list(request: HttpRequest) -> HttpResponse:
    """The methods in force, those to come and those that ended; and the shipped ones that could be put in force."""
    now = in_laboratory(request)
    today = request.user.institution.date_at(now)
    rows = MethodVersion.objects.filter(institution=request.user.institution_id)
    current = versions_on(request.user.institution_id, today)
    known = {version.code for version in rows}
    context = {
        "current": [(version, list(unverified(method_of(version)))) for version in current],
        "others": [version for version in rows if version not in current],
        "shipped": [code for code in shipped() if code not in known],
        "manages": access.manager(request.user, now=now) is not None,
        "today": today,
    }
    return render(request, "laboratory/method_list.html", context)


@login_required
@require_safe
def method(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a method in words and in its text."""
    now = timezone.now()
    version = there(access.version_for(request.user, pk, now=now))
    told = method_of(version)
    context = {
        "version": version,
        "method": told,
        "unverified": [CONDITIONS.get(name) or of_body(name) for name in unverified(told)],
        "versions": MethodVersion.objects.filter(institution=version.institution_id, code=version.code),
        "manages": access.manager(request.user, now=now) is not None,
    }
    return render(request, "laboratory/method.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def method_publish(request: HttpRequest) -> HttpResponse:
    """Put a version in force: begun from the one in force, or from a shipped one."""
    by, now = _manager(request)
    form = MethodForm(
        request.POST or None, initial={"text": _begun(request), "valid_from": request.user.institution.date_at(now)}
    )
    problems: Any = ()
    if request.method == "POST" and form.is_valid():
        done = operations.publish_method(
            form.cleaned_data["text"].replace("\r\n", "\n"), institution=request.user.institution,
            valid_from=form.cleaned_data["valid_from"], note=form.cleaned_data["note"], actor=request.user, by=by, now=now,
        )  # fmt: skip
        if isinstance(done, MethodVersion):
            messages.success(request, _("%(name)s diterbitkan.") % {"name": done})
            return redirect("laboratory:method", done.pk)
        if isinstance(done, Refusal):
            refuse(form, done)
        else:
            problems = [(one.line, wording.problem(one)) for one in done]
            form.add_error("text", _("Isi metode belum dapat dipakai; lihat “Yang perlu diperbaiki”."))
    context = {"form": form, "problems": problems}
    return render(request, "laboratory/method_publish.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest) -> str:
    code = request.GET.get("kode", "")[:60].replace("\x00", "")
    last = MethodVersion.objects.filter(institution=request.user.institution_id, code=code).order_by("version").last()
    return last.text if last is not None else shipped().get(code, "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def method_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version end."""
    _by, now = _manager(request)
    version = there(access.version_for(request.user, pk, now=now))
    form = EndForm(request.POST or None, initial={"last_day": request.user.institution.date_at(now)})
    if request.method == "POST" and form.is_valid():
        done = operations.end_method(version, last_day=form.cleaned_data["last_day"])
        if not isinstance(done, Refusal):
            messages.success(request, _("%(name)s berakhir.") % {"name": version})
            return redirect("laboratory:method", version.pk)
        refuse(form, done)
    return _small(request, form, _("Akhiri"), "laboratory:methods", subject=version)


def _small(request: HttpRequest, form: Any, title: str, back: str, subject: object = "") -> HttpResponse:
    """``subject``: what the act is done to, in the words of the body."""
    context = {"form": form, "title": title, "back": back, "subject": subject}
    return render(request, "laboratory/small_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def competence(request: HttpRequest) -> HttpResponse:
    """Who may measure by which method; the technical manager adds."""
    now = timezone.now() if request.method == "POST" else in_laboratory(request)
    today = request.user.institution.date_at(now)
    acting = access.manager(request.user, now=now)
    if request.method == "POST":
        there(acting)
    body = request.user.institution
    positions = Laboratory.objects.filter(institution=body).values_list("analis", flat=True)
    people = sorted(holders_of(list(positions), now), key=lambda one: one.name)
    form = GrantForm(request.POST or None, people=people, methods=_names(request.user), initial={"valid_from": today})
    if request.method == "POST" and form.is_valid() and acting is not None:
        data = {name: value for name, value in form.cleaned_data.items() if name != "person"}
        person = next(one for one in people if one.pk == form.cleaned_data["person"])
        done = operations.grant(person, **data, institution=body, actor=request.user, by=acting.name, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Wewenang %(name)s tersimpan.") % {"name": person.full_name})
            return redirect("laboratory:competence")
        refuse(form, done)
    rows = CompetenceGrant.objects.filter(institution=body).select_related("person")
    names = dict(_names(request.user))
    context = {
        "rows": [(row, names.get(row.method, row.method), row.covers(today)) for row in rows],
        "form": form if acting is not None else None,
    }
    return render(request, "laboratory/competence.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def competence_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant."""
    by, now = _manager(request)
    rows = CompetenceGrant.objects.filter(pk=pk, institution=request.user.institution_id)
    given = there(rows.select_related("person").first())
    form = RevokeForm(request.POST or None, initial={"on": request.user.institution.date_at(now)})
    if request.method == "POST" and form.is_valid():
        done = operations.revoke(given, **form.cleaned_data, by=by)
        if not isinstance(done, Refusal):
            messages.success(request, _("Wewenang dicabut."))
            return redirect("laboratory:competence")
        refuse(form, done)
    title = _("Cabut wewenang %(name)s, %(method)s") % {"name": given.person.full_name, "method": given.method}
    return _small(request, form, title, "laboratory:competence")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scope(request: HttpRequest) -> HttpResponse:
    """The accredited scope with its CMC; the technical manager adds."""
    now = timezone.now() if request.method == "POST" else in_laboratory(request)
    today = request.user.institution.date_at(now)
    acting = access.manager(request.user, now=now)
    if request.method == "POST":
        there(acting)
    form = ScopeForm(request.POST or None, methods=_names(request.user), initial={"valid_from": today})
    if request.method == "POST" and form.is_valid() and acting is not None:
        line = operations.Line(**form.cleaned_data)
        done = operations.add_scope(line, institution=request.user.institution, by=acting.name, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Baris lingkup tersimpan."))
            return redirect("laboratory:scope")
        refuse(form, done)
    rows = ScopeLine.objects.filter(institution=request.user.institution_id)
    names = dict(_names(request.user))
    context = {
        "rows": [(row, names.get(row.method, row.method), row.covers(today)) for row in rows],
        "form": form if acting is not None else None,
    }
    return render(request, "laboratory/scope.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scope_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a line of the scope end."""
    _by, now = _manager(request)
    line = there(ScopeLine.objects.filter(pk=pk, institution=request.user.institution_id).first())
    form = EndForm(request.POST or None, initial={"last_day": request.user.institution.date_at(now)})
    if request.method == "POST" and form.is_valid():
        done = operations.end_scope(line, last_day=form.cleaned_data["last_day"])
        if not isinstance(done, Refusal):
            messages.success(request, _("Baris lingkup berakhir."))
            return redirect("laboratory:scope")
        refuse(form, done)
    return _small(request, form, _("Akhiri"), "laboratory:scope", subject=line)
