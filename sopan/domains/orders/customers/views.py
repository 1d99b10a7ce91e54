"""Pages of the customer's instruments, of the same order again, and of wishes for a correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.documents.access import visible_to
from sopan.engine import blind
from sopan.engine.access import Acting, acting_on_case
from sopan.people.models import Company, Institution
from sopan.ui.downloads import file_of
from sopan.ui.fields import refuse

from .. import access, queries
from ..models import AmendmentRequest, Asset, Handover, Order, OrderItem
from ..money import offer
from ..service import access as service
from ..views._pages import form_key, own
from . import again, amendments, assets, handover
from .forms import AmendmentForm, AnswerForm, AssetForm


def _company(request: HttpRequest) -> Company:
    if not request.user.is_customer or request.user.company is None:
        raise Http404
    return request.user.company


def _kinds(institution: Institution) -> list[queries.Kind]:
    return queries.kinds(queries.lines_in_force(institution, institution.date_at(timezone.now())))


@login_required
@never_cache
@require_safe
def asset_list(request: HttpRequest) -> HttpResponse:
    """The instruments of the company; tick some and order them."""
    found = assets.of_company(_company(request))
    context = {"assets": list(found[:500]), "today": request.user.institution.date_at(timezone.now())}
    return render(request, "orders/customers/assets.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asset(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an instrument, or change one; with the orders in which it was."""
    company, now = _company(request), timezone.now()
    found = get_object_or_404(Asset, pk=pk, company=company, retired=False) if pk is not None else None
    initial = {name: getattr(found, name) for name in AssetForm.base_fields} if found else {}
    form = AssetForm(request.POST or None, initial=initial, kinds=_kinds(request.user.institution))
    if request.method == "POST" and form.is_valid():
        done = assets.save(company, form.values, asset=found, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Alat disimpan."))
            return redirect("orders:assets")
        refuse(form, done)
    history: list[Any] = []
    if found is not None and found.serial_number not in ("", "-"):
        items = OrderItem.objects.filter(
            order__company=company, serial_number=found.serial_number, make__iexact=found.make
        )
        history = list(items.select_related("order__case").order_by("-order__created_at")[:50])
    context = {"form": form, "asset": found, "history": history}
    return render(request, "orders/customers/asset.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def asset_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an instrument off the list; again is harmless."""
    found = get_object_or_404(Asset, pk=pk, company=_company(request))
    Asset.objects.filter(pk=found.pk).update(retired=True)
    messages.success(request, _("Alat dikeluarkan dari daftar."))
    return redirect("orders:assets")


@login_required
@require_POST
def assets_order(request: HttpRequest) -> HttpResponse:
    """A new order with the ticked instruments."""
    company, key = _company(request), form_key(request)
    chosen_keys = [int(text) for text in request.POST.getlist("asset")[:500] if text.isascii() and text.isdigit()]
    chosen = list(assets.of_company(company).filter(pk__in=[pk for pk in chosen_keys if pk < 2**62]))
    if not key:
        messages.error(request, _("Formulir ini tidak lengkap. Coba sekali lagi."))
        return redirect("orders:assets")
    done = again.order_assets(request.user, chosen, start_key=f"{request.user.pk}:{key}"[:64], now=timezone.now())
    if isinstance(done, Refusal):
        messages.error(request, done.message)
        return redirect("orders:assets")
    return redirect("orders:form", done.case_id)


@own
def order_again(request: HttpRequest, order: Order) -> HttpResponse:
    """The same order again, with one press."""
    key = form_key(request)
    if request.method != "POST" or not key:
        return redirect("orders:order", order.case_id)
    done = again.order_again(request.user, order, start_key=f"{request.user.pk}:{key}"[:64], now=timezone.now())
    if isinstance(done, Refusal):
        messages.error(request, done.message)
        return redirect("orders:order", order.case_id)
    messages.success(request, _("Pesanan baru dibuat dari pesanan lama. Periksa isinya, lalu kirim."))
    return redirect("orders:form", done.case_id)


@own
def keep_items(request: HttpRequest, order: Order) -> HttpResponse:
    """Put the instruments of an order on the list."""
    if request.method == "POST":
        count = assets.keep_items(order, now=timezone.now())
        text = ngettext("%(n)s alat disimpan pada daftar Anda.", "%(n)s alat disimpan pada daftar Anda.", count)
        messages.success(request, text % {"n": count})
        return redirect("orders:assets")
    return redirect("orders:order", order.case_id)


@own
def amendment(request: HttpRequest, order: Order, document_id: int) -> HttpResponse:
    """Ask for a correction of a report."""
    now = timezone.now()
    document = visible_to(request.user, now=now).filter(case=order.case, pk=document_id).first()
    if document is None:
        raise Http404
    form = AmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = amendments.ask(order, document, **form.cleaned_data, actor=request.user, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Permintaan Anda kami terima. Jawabannya kami kabarkan."))
            return redirect("orders:order", order.case_id)
        refuse(form, done)
    context = {"order": order, "document": document, "form": form}
    return render(request, "orders/customers/amendment.html", context, status=422 if form.errors else 200)


@own
def confirm_handover(request: HttpRequest, order: Order, handover_id: int) -> HttpResponse:
    """The customer says that he has received what the minutes name."""
    row = get_object_or_404(Handover, pk=handover_id, order=order)
    if request.method == "POST":
        done = handover.confirm(row, actor=request.user, now=timezone.now())
        if isinstance(done, Refusal):
            messages.info(request, done.message)
        else:
            messages.success(request, _("Terima kasih. Penerimaan Anda dicatat pada berita acara."))
    return redirect("orders:order", order.case_id)


@login_required
@never_cache
@require_safe
def handover_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as PDF, for who may see the order."""
    row = get_object_or_404(Handover.objects.select_related("order"), pk=pk)
    now = timezone.now()
    order = access.order_for(request.user, row.order.case_id, now=now)
    if order is None or blind.is_blind(request.user, order.case, now=now):
        raise Http404
    return _paper(request, handover.paper(row, at=row.confirmed_at or row.given_at), name=row.reference)


def _paper(request: HttpRequest, made: bytes | Refusal, *, name: str) -> HttpResponse:
    if isinstance(made, Refusal):
        messages.error(request, made.message)
        return redirect("home")
    return file_of(made, "application/pdf", f"{name}.pdf")


@login_required
@never_cache
@require_safe
def offer_paper(request: HttpRequest, case_id: int) -> HttpResponse:
    """The offer as PDF, for who may see the order."""
    now = timezone.now()
    order = access.order_for(request.user, case_id, now=now)
    if order is None or blind.is_blind(request.user, order.case, now=now):
        raise Http404
    return _paper(request, offer.paper(order), name=f"penawaran-{order.reference}".replace("/", "-"))


# The staff ------------------------------------------------------------------------------------------------------------


def _answering(request: HttpRequest) -> Acting:
    """Who answers requests: the counter, who validates orders."""
    acting = service.working(request.user, service.COUNTER, now=timezone.now())
    if acting is None:
        raise Http404
    return acting


@login_required
@never_cache
@require_safe
def amendment_list(request: HttpRequest) -> HttpResponse:
    """Requests that wait first; those of the cases that the person may see."""
    _answering(request)
    found = AmendmentRequest.objects.filter(order__institution=request.user.institution)
    rows = list(found.select_related("order__case", "order__company", "document")[:200])
    rows.sort(key=lambda row: row.status != AmendmentRequest.Status.RECEIVED)
    return render(request, "orders/customers/amendments.html", {"rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one request."""
    acting, now = _answering(request), timezone.now()
    row = get_object_or_404(
        AmendmentRequest.objects.select_related("order__case", "order__company", "order__institution", "document"),
        pk=pk,
        order__institution=request.user.institution,
    )
    if access.order_for(request.user, row.order.case_id, now=now) is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        here = acting_on_case(request.user, row.order.case, now=now) or acting
        done = amendments.decide(
            row, accept="accept" in request.POST, answer=form.cleaned_data["answer"], acting=here, now=now
        )
        if not isinstance(done, Refusal):
            messages.success(request, _("Jawaban dicatat dan dikirim kepada pelanggan."))
            return redirect("orders:amendments")
        refusal = done
    context = {"row": row, "form": form, "refusal": refusal}
    status = 409 if refusal is not None else 422 if form.errors else 200
    return render(request, "orders/customers/amendment_decide.html", context, status=status)
