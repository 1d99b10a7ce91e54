"""Pages of proficiency tests and repeats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.ui import formats
from sopan.ui.downloads import file_of
from sopan.ui.excel import MEDIA_TYPE, workbook
from sopan.ui.fields import refuse
from sopan.ui.formats import written
from sopan.ui.found import there
from sopan.ui.source import of_body

from .. import register_access
from ..models import Laboratory, ProficiencyTest, RepeatCheck
from ..views.found import in_laboratory
from . import access, queries, trials
from .forms import ProficiencyForm, RepeatForm, WithdrawForm
from .views import form_page


def _new(
    request: HttpRequest, form_class: Any, record: Any, laboratories: Sequence[Laboratory], names: Sequence[str],
    *, title: str, url: str, now: datetime,
) -> HttpResponse:  # fmt: skip
    """A form for what is recorded once. ``names``: of its numbers."""
    there(laboratories or None)
    methods = list(queries.method_names(request.user.institution).items())
    form = form_class(
        request.POST or None,
        laboratories=laboratories,
        methods=methods,
        initial={"on": request.user.institution.date_at(now)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        laboratory = next(one for one in laboratories if one.pk == data["laboratory"])
        by = there(access.member(request.user, laboratory, now=now)).name
        typed = {name: data[name] for name in names}
        made = record(laboratory, words=data, typed=typed, on=data["on"], actor=request.user, by=by, now=now)
        if not isinstance(made, trials.Faults):
            messages.success(request, _("Tersimpan: %(verdict)s.") % {"verdict": made.get_verdict_display().lower()})
            return redirect(url, made.pk)
        for one in made.refusals:
            refuse(form, one)
    return form_page(request, form, title)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def test_new(request: HttpRequest) -> HttpResponse:
    """Record a proficiency test, by who leads a laboratory or answers for its methods."""
    now = timezone.now()
    kept = register_access.kept_by(request.user, now=now)
    return _new(
        request, ProficiencyForm, trials.record_test, kept, trials.TEST_NUMBERS, title=_("Catat uji profisiensi"),
        url="laboratory:proficiency", now=now,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repeat_new(request: HttpRequest) -> HttpResponse:
    """Record a repeat, by whoever works in the laboratory."""
    now = timezone.now()
    mine = [one for one in access.member_of(request.user, now=now) if access.member(request.user, one, now=now)]
    return _new(
        request, RepeatForm, trials.record_repeat, mine, ("first", "second", "limit"), title=_("Catat pengukuran ulang"),
        url="laboratory:repeat", now=now,
    )  # fmt: skip


def _one(request: HttpRequest, model: Any, pk: int, template: str) -> HttpResponse:
    now = timezone.now()
    found = there(access.found(model, request.user, pk, now=now))
    keeps = register_access.keeper_of(request.user, found.laboratory, now=now) is not None
    method = queries.method_names(found.institution).get(found.method, found.method)
    context = {"one": found, "keeps": keeps, "method": method, "findings": found.findings.all()}
    return render(request, f"laboratory/validity/{template}.html", context)


@login_required
@require_safe
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """A proficiency test with its scores."""
    return _one(request, ProficiencyTest, pk, "proficiency")


@login_required
@require_safe
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """A repeat with its difference and limit."""
    return _one(request, RepeatCheck, pk, "repeat")


def _withdraw(request: HttpRequest, model: Any, pk: int, url: str) -> HttpResponse:
    now = timezone.now()
    found = there(access.found(model, request.user, pk, now=now))
    there(register_access.keeper_of(request.user, found.laboratory, now=now))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = trials.withdraw(found, reason=form.cleaned_data["reason"], actor=request.user, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Catatan ditarik; catatan itu tetap terlihat."))
            return redirect(url, found.pk)
        refuse(form, done)
    return form_page(request, form, _("Tarik catatan"), told=of_body(str(found)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def test_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a proficiency test no longer count."""
    return _withdraw(request, ProficiencyTest, pk, "laboratory:proficiency")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repeat_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a repeat no longer count."""
    return _withdraw(request, RepeatCheck, pk, "laboratory:repeat")


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Proficiency tests and repeats of the body as a spreadsheet."""
    in_laboratory(request)
    body = request.user.institution
    heads = [
        _("Jenis"), _("Tanggal"), _("Laboratorium"), _("Yang diukur"), _("Besaran"), _("Acuan atau hasil pertama"), _("Hasil kami"),
        _("Satuan"), _("Nilai"), _("Penilaian"), _("Temuan"), _("Ditarik"),
    ]  # fmt: skip
    rows = [_test_row(one) for one in _all(ProficiencyTest, body)] + [
        _repeat_row(one) for one in _all(RepeatCheck, body)
    ]
    content = workbook(
        title=_("Uji profisiensi dan pengukuran ulang"), told=[body.name], heads=heads, rows=rows,
        widths=(24, 14, 34, 40, 24, 24, 16, 10, 40, 18, 18, 40),
    )  # fmt: skip
    return file_of(content, MEDIA_TYPE, "uji-profisiensi-dan-ulangan.xlsx")


def _all(model: Any, body: Any) -> Any:
    return model.objects.filter(institution=body).select_related("laboratory").prefetch_related("findings")


def _test_row(one: ProficiencyTest) -> list[Any]:
    scores = "; ".join(f"{score['name']} = {written(format(score['value'], '.2f'))}" for score in one.scores)
    return [_("Uji profisiensi"), *_begun(one, f"{one.provider}, {one.round}: {one.item}"), one.assigned.normalize(),
            one.result.normalize(), one.unit, scores, *_ended(one)]  # fmt: skip


def _repeat_row(one: RepeatCheck) -> list[Any]:
    difference, allowed = (written(f"{number.normalize():f}") for number in (abs(one.difference), one.allowed))
    value = f"{difference} (≤ {allowed})"
    return [str(one.get_kind_display()), *_begun(one, one.subject), one.first.normalize(), one.second.normalize(), one.unit,
            value, *_ended(one)]  # fmt: skip


def _begun(one: ProficiencyTest | RepeatCheck, what: str) -> list[str]:
    return [formats.short_date(one.on), str(one.laboratory), what, one.quantity]


def _ended(one: ProficiencyTest | RepeatCheck) -> list[str]:
    opened = ", ".join(str(finding.get_state_display()) for finding in one.findings.all())
    return [
        str(one.get_verdict_display()),
        opened,
        f"{one.withdrawn_name}: {one.withdrawn_reason}" if one.withdrawn_at else "",
    ]
