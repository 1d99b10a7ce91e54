"""HTTP of the testing domain beside the panels of its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.domains.orders.models import Order
from sopan.domains.orders.money import levies
from sopan.domains.orders.queries import open_task
from sopan.engine import blind
from sopan.engine.access import case_for
from sopan.engine.models import Case
from sopan.ui.downloads import file_of
from sopan.ui.fields import refuse
from sopan.ui.found import there

from . import access, counter, forms, letters, payment, queries
from .models import Commodity, Parameter, Report
from .operations import correcting, papers, register, sampling

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def _case(request: HttpRequest, pk: int) -> Case:
    if request.user.is_customer:
        raise Http404
    return there(case_for(request.user, pk, now=timezone.now()))


def _to(case: Case, work: str) -> HttpResponse:
    """To the open task of the step with this work, else to the case."""
    task = open_task(case, work)
    return redirect("task", task.pk) if task is not None else redirect("case", case.pk)


def _filled(
    request: HttpRequest, form: Form | ModelForm[Any], *, title: str, back: str, note: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "note": note}
    return render(request, "testing/form.html", context, status=422 if form.errors else 200)


# The counter ------------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def counters(request: HttpRequest) -> HttpResponse:
    """What may be begun here for a company that comes in person."""
    rows = there(counter.counters(request.user, now=timezone.now()) or None)
    return render(request, "testing/counters.html", {"rows": rows})


@login_required
@never_cache
@PAGE
def receive(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose or record the company and begin its case; then its letter is typed in, or its samples are booked in."""
    now = timezone.now()
    found = there(next(iter(counter.counters(request.user, slug=slug, now=now)), None))
    form = forms.CounterForm(request.POST if request.method == "POST" else None, institution=found.entry.institution)
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("form_key", "")[:40]
        done = counter.begin(request.user, slug, company=form.whose, form_key=key, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("%(case)s dimulai.") % {"case": done})
            return redirect("testing:bring", done.pk) if found.brings else _to(done, access.RECORDS)
        refuse(form, done)
    context = {"form": form, "counter": found, "form_key": request.POST.get("form_key", "")[:40]}
    return render(request, "testing/counter.html", context, status=422 if form.errors else 200)


# Acts beside a step -----------------------------------------------------------------------------------------------------


@login_required
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Take samples that were received into a case that only tests."""
    now, case, work = timezone.now(), _case(request, pk), "testing.worksheet"
    acting = there(access.doing(request.user, case, work, now=now))
    there(open_task(case, work))
    keys = [int(key) for key in request.POST.getlist("sample") if key.isdecimal() and len(key) < 19]
    done = sampling.choose(case, keys, acting=acting, now=now)
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Contoh masuk ke lembar kerja ini."))
    return _to(case, work)


@login_required
@PAGE
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Book in samples that a company brought itself, with what its letter asks for."""
    now, case = timezone.now(), _case(request, pk)
    acting = there(access.receiver(request.user, case, now=now))
    there(open_task(case, access.TESTS))
    if request.method != "POST" and queries.samples_of(case):
        return redirect("case", case.pk)
    given = {"language": Order.Language.INDONESIAN, "decision_rule": Order.DecisionRule.SIMPLE, "received_at": now}
    given |= forms.of_company(case.company)
    data = request.POST if request.method == "POST" else None
    form = forms.BringForm(data, institution=case.institution, initial=given)
    if request.method == "POST" and form.is_valid():
        done = sampling.bring(case, form.cleaned_data, forms.taken(form.cleaned_data), acting=acting, now=now)
        if not isinstance(done, Refusal):
            codes = ", ".join(one.code for one in done)
            messages.success(request, _("Contoh terdaftar: %(codes)s.") % {"codes": codes})
            return redirect("case", case.pk)
        refuse(form, done)
    context = {"form": form, "case": case}
    return render(request, "testing/bring.html", context, status=422 if form.errors else 200)


@login_required
@PAGE
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was booked in of the samples of a case, and of the letter, with a reason."""
    now, case = timezone.now(), _case(request, pk)
    asked = there(queries.request_of(case))
    may = there(access.corrector(request.user, asked, now=now) or None)
    if (settled := correcting.settled(asked)) is not None:
        messages.error(request, settled.message)
        return redirect("case", case.pk)
    samples = list(asked.samples.filter(received_at__isnull=False)) if may.samples is not None else []
    form = forms.CorrectForm(
        request.POST if request.method == "POST" else None, request=asked if may.letter is not None else None,
        samples=samples, seen=correcting.last(asked),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        printed = correcting.printed(asked)
        done = correcting.correct(asked.pk, form.changed, actor=request.user, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Perbaikan tersimpan; nilai lama tetap tercatat."))
            if printed:
                messages.warning(request, _("Dokumen yang sudah dicetak perlu dicetak dan ditandatangani lagi."))
            return redirect("case", case.pk)
        refuse(form, done)
        if done.code == "seen":
            form.merge([one for one in queries.corrections_of(asked) if one.pk > form.changed.seen])
    context = {"form": form, "case": case, "corrections": queries.corrections_of(asked)}
    return render(request, "testing/correct.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def print_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for a paper of a case to be printed."""
    now, case = timezone.now(), _case(request, pk)
    if kind not in Report.Kind.values:
        raise Http404
    there(access.doing(request.user, case, papers.WORKS[Report.Kind(kind)], now=now))
    done = papers.plan_printing(case, kind, actor=request.user, now=now)
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(
            request, _("%(number)s sedang dicetak. Muat ulang halaman ini sebentar lagi.") % {"number": done}
        )
    return _to(case, papers.WORKS[Report.Kind(kind)])


@login_required
@never_cache
@require_safe
def sampling_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """SPT or LPC of a case as PDF, for who takes part in it and is told whose goods they are."""
    now, case = timezone.now(), _case(request, pk)
    asked = there(queries.request_of(case))
    if kind not in letters.KINDS or asked.case_id != case.pk or blind.is_blind(request.user, case, now=now):
        raise Http404
    number = letters.number_of(asked, kind)
    if not number:
        raise Http404
    made = letters.letter(asked, kind)
    if isinstance(made, Refusal):
        messages.error(request, made.message)
        return redirect("case", case.pk)
    return file_of(made, "application/pdf", number.replace("/", "-") + ".pdf")


@login_required
@PAGE
def levy(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the levy of a case before its step, where the policy asks for the payment earlier, and record its receipt."""
    now, case = timezone.now(), _case(request, pk)
    acting = there(access.doing(request.user, case, payment.RECEIPT, now=now))
    asked = there(queries.request_of(case))
    if not case.is_open or asked.case_id != case.pk:
        raise Http404
    owed = payment.assessed(asked)
    made = forms.PaidForm if owed else forms.LevyForm
    form = made(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done: Any
        if owed:
            done = payment.received(asked, form.cleaned_data, acting=acting, in_step=False, now=now)
        else:
            done = levies.assess(case, **form.cleaned_data, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Retribusi tersimpan."))
            return redirect("case", case.pk)
        refuse(form, done)
    note = ", ".join(f"SKRD {one.number}" for one in owed)
    return _filled(request, form, title=_("Retribusi"), back=reverse("case", args=[case.pk]), note=note)


# The register -----------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def commodities(request: HttpRequest) -> HttpResponse:
    """The commodities of the body."""
    if not access.reads_register(request.user, now=timezone.now()):
        raise Http404
    rows = Commodity.objects.filter(institution=request.user.institution_id).prefetch_related("parameters")
    return render(request, "testing/commodities.html", {"rows": rows})


@login_required
@require_safe
def commodity(request: HttpRequest, pk: int) -> HttpResponse:
    """A commodity with its parameters, and who is competent to test it."""
    now = timezone.now()
    found = there(access.commodity_for(request.user, pk, now=now))
    context = {
        "commodity": found,
        "parameters": list(found.parameters.all()),
        "competences": list(found.competences.select_related("person").order_by("person__name", "-valid_from")),
        "keeps": access.keeper(request.user, now=now) is not None,
    }
    return render(request, "testing/commodity.html", context)


@login_required
@PAGE
def parameter(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a parameter, or say that its limit was compared with the printed standard."""
    found = there(access.parameter_for(request.user, pk, now=timezone.now()))
    return _parameter(request, found, title=found.name)


@login_required
@PAGE
def parameter_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a parameter to a commodity."""
    now = timezone.now()
    found = there(access.commodity_for(request.user, pk, now=now))
    there(access.keeper(request.user, now=now))
    place = (found.parameters.count() + 1) * 10
    blank = Parameter(commodity=found, code=f"p-{place}-{now:%y%m%d%H%M%S}", place=place)
    return _parameter(request, blank, title=_("Parameter baru"))


def _parameter(request: HttpRequest, found: Parameter, *, title: str) -> HttpResponse:
    now = timezone.now()
    acting = there(access.keeper(request.user, now=now))
    form = forms.ParameterForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        on = found.commodity.institution.date_at(now)
        with transaction.atomic():
            done = register.save_parameter(found, form.cleaned_data, acting=acting, on=on)
        if not isinstance(done, Refusal):
            messages.success(request, _("Parameter tersimpan."))
            return redirect("testing:commodity", found.commodity_id)
        refuse(form, done)
    note = "" if found.verified else _("Batas ini belum dibandingkan dengan standar tercetak.")
    return _filled(request, form, title=title, back=reverse("testing:commodity", args=[found.commodity_id]), note=note)


@login_required
@PAGE
def competence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Find somebody competent to test a commodity."""
    now = timezone.now()
    found = there(access.commodity_for(request.user, pk, now=now))
    acting = there(access.keeper(request.user, now=now))
    form = forms.CompetenceForm(request.POST if request.method == "POST" else None, institution=found.institution)
    if request.method == "POST" and form.is_valid():
        done = register.grant(found, **form.cleaned_data, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Kompetensi tersimpan."))
            return redirect("testing:commodity", found.pk)
        refuse(form, done)
    return _filled(request, form, title=_("Kompetensi baru"), back=reverse("testing:commodity", args=[found.pk]))
