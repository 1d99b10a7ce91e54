"""The order form: a task list, one group of questions a page, check your answers, the number in large type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sopan.core.flow import Refusal

from .. import operations, queries
from ..forms import ConfirmForm, ContactForm, ItemForm, KindForm, WishesForm
from ..models import Order, OrderItem
from ..queries import OTHER_KIND, Kind
from ._pages import GONE, form_key, kept, own, typed_values
from .acts import act


@login_required
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Start an order and open its form. The same press twice opens the same order."""
    if not request.user.is_customer:
        raise Http404
    key = form_key(request)
    if not key:
        messages.error(request, _("Formulir ini tidak lengkap. Coba sekali lagi."))
        return redirect("orders:mine")
    order = operations.start_order(request.user, start_key=f"{request.user.pk}:{key}"[:64], now=timezone.now())
    if isinstance(order, Refusal):
        messages.error(request, order.message)
        return redirect("orders:mine")
    return redirect("orders:form", order.case_id)


@own
def task_list(request: HttpRequest, order: Order) -> HttpResponse:
    """The parts of the form, in any order, with what is done and what is not."""
    if queries.open_task(order.case, "orders.submit") is None:
        return redirect("orders:order", order.case_id)
    items = queries.items_of(order)
    lacks = operations.missing(order, items)
    parts = [
        ("contact", _("Narahubung"), reverse("orders:contact", args=[order.case_id])),
        ("items", _("Alat yang dikalibrasi"), reverse("orders:items", args=[order.case_id])),
        ("wishes", _("Bahasa laporan dan aturan keputusan"), reverse("orders:wishes", args=[order.case_id])),
    ]
    lacking = {lack.field for lack in lacks}
    rows = [
        {"key": key, "name": name, "url": url, "done": key not in lacking, "begun": _begun(order, key, items)}
        for key, name, url in parts
    ]
    returned = queries.last_done(order.case, "orders.validate")
    context = {
        "order": order,
        "rows": rows,
        "complete": not lacks,
        "items": items,
        "returned": returned if returned and returned.answer == "tidak" else None,
    }
    return render(request, "orders/form/task_list.html", context)


def _begun(order: Order, key: str, items: list[OrderItem]) -> bool:
    return bool(items) if key == "items" else key in order.draft


def _page(
    request: HttpRequest, order: Order, *, page: str, form_class: Any, initial: Mapping[str, Any], title: str
) -> HttpResponse:
    """A page of plain questions: valid answers are saved, others are kept as a draft and told."""
    form = form_class(request.POST or None, initial={**initial, **kept(order, page)})
    refusal: Refusal | None = None
    if request.method == "POST":
        if "draft" in request.POST:
            saved = operations.keep_typed(order, page=page, typed=typed_values(request, form))
            if not isinstance(saved, Refusal):
                messages.success(request, _("Tersimpan sebagai konsep."))
                return redirect("orders:form", order.case_id)
            refusal = saved
        elif form.is_valid():
            saved = operations.save_page(order, page=page, values=form.cleaned_data)
            if not isinstance(saved, Refusal):
                return redirect("orders:form", order.case_id)
            refusal = saved
        else:
            operations.keep_typed(order, page=page, typed=typed_values(request, form))
    return _answer(
        request, "orders/form/page.html", {"order": order, "form": form, "title": title, "page": page}, refusal
    )


def _answer(request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None) -> HttpResponse:
    status = 409 if refusal is not None and refusal.code in GONE else 200
    return render(request, template, {**context, "refusal": refusal}, status=status)


@own
def contact(request: HttpRequest, order: Order) -> HttpResponse:
    person = request.user
    initial = {
        "contact_name": order.contact_name or person.full_name,
        "contact_phone": order.contact_phone or person.phone,
        "contact_email": order.contact_email or person.email,
    }
    return _page(request, order, page="contact", form_class=ContactForm, initial=initial, title=_("Narahubung"))


@own
def wishes(request: HttpRequest, order: Order) -> HttpResponse:
    initial = {name: getattr(order, name) for name in WishesForm.base_fields}
    title = _("Bahasa laporan dan aturan keputusan")
    return _page(request, order, page="wishes", form_class=WishesForm, initial=initial, title=title)


DRAFT_FIELDS = {"contact": ContactForm, "wishes": WishesForm, "item": ItemForm}


@own
def draft(request: HttpRequest, order: Order) -> HttpResponse:
    """Keep, unchecked, what is being typed into a page (``?page=``); for the script that saves by itself."""
    page = request.GET.get("page", "")
    form_class = DRAFT_FIELDS.get(page.split(":")[0])
    if request.method != "POST" or form_class is None or not re.fullmatch(r"[a-z0-9:_-]{1,80}", page):
        raise Http404
    typed = {name: request.POST[name] for name in form_class.base_fields if name in request.POST}
    saved = operations.keep_typed(order, page=page, typed=typed)
    return HttpResponse(status=409 if isinstance(saved, Refusal) else 204)


# Instruments ----------------------------------------------------------------------------------------------------------


@own
def items(request: HttpRequest, order: Order) -> HttpResponse:
    if queries.open_task(order.case, "orders.submit") is None:
        return redirect("orders:order", order.case_id)
    found = queries.items_of(order)
    on = order.institution.date_at(timezone.now())
    lines = queries.lines_in_force(order.institution_id, on)
    rows = [(item, queries.matched(item, lines, on)) for item in found]
    context = {
        "order": order,
        "rows": rows,
        "estimate": queries.estimate(found, lines, on),
        "max": operations.MAX_ITEMS,
    }
    return render(request, "orders/form/items.html", context)


def _kinds(order: Order) -> list[Kind]:
    on = order.institution.date_at(timezone.now())
    return queries.kinds(queries.lines_in_force(order.institution_id, on))


def _kind(order: Order, key: str, item: OrderItem | None) -> Kind | None:
    if key == OTHER_KIND:
        return Kind(OTHER_KIND, _("Jenis lain"))
    known = next((kind for kind in _kinds(order) if kind.key == key), None)
    if known is None and item is not None and item.kind == key:
        return Kind(item.kind, item.kind_name, item.measure, item.size_unit)  # the tariff has changed since
    return known


@own
def item_new(request: HttpRequest, order: Order) -> HttpResponse:
    """First which kind, then the page of that kind."""
    if key := request.GET.get("jenis", ""):
        return _item_page(request, order, None, key)
    return _kind_page(request, order, target=reverse("orders:item_new", args=[order.case_id]), chosen="")


@own
def item(request: HttpRequest, order: Order, item_id: int) -> HttpResponse:
    found = _item_or_404(order, item_id)
    return _item_page(request, order, found, request.GET.get("jenis", "") or found.kind)


@own
def item_kind(request: HttpRequest, order: Order, item_id: int) -> HttpResponse:
    found = _item_or_404(order, item_id)
    return _kind_page(request, order, target=reverse("orders:item", args=[order.case_id, item_id]), chosen=found.kind)


def _kind_page(request: HttpRequest, order: Order, *, target: str, chosen: str) -> HttpResponse:
    form = KindForm(request.POST or None, kinds=_kinds(order), initial={"kind": chosen})
    if request.method == "POST" and form.is_valid():
        return redirect(f"{target}?jenis={form.cleaned_data['kind']}")
    return render(request, "orders/form/kind.html", {"order": order, "form": form})


def _item_or_404(order: Order, item_id: int) -> OrderItem:
    found = order.items.filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def _item_page(request: HttpRequest, order: Order, found: OrderItem | None, key: str) -> HttpResponse:
    kind = _kind(order, key, found)
    if kind is None:
        raise Http404
    page = f"item:{found.pk}" if found else f"item:new:{kind.key}"
    initial = {**(ItemForm.initial_of(found) if found else {"name": kind.name}), **kept(order, page)}
    form = ItemForm(request.POST or None, kind=kind, initial={k: v for k, v in initial.items() if v != ""})
    refusal: Refusal | None = None
    if request.method == "POST":
        saved = _save_item(request, order, found, form, page)
        if saved is not None and not isinstance(saved, Refusal):
            return redirect("orders:items", order.case_id)
        refusal = saved
    return _answer(
        request,
        "orders/form/item.html",
        {"order": order, "form": form, "item": found, "kind": kind, "page": page},
        refusal,
    )


def _save_item(request: HttpRequest, order: Order, found: OrderItem | None, form: ItemForm, page: str) -> Any:
    """Save an instrument, or keep what was typed; None: there is something to correct."""
    typed = typed_values(request, form)
    if "draft" in request.POST:
        draft = operations.keep_typed(order, page=page, typed=typed)
        if not isinstance(draft, Refusal):
            messages.success(request, _("Tersimpan sebagai konsep."))
        return draft
    if not form.is_valid():
        kept_now = operations.keep_typed(order, page=page, typed=typed)
        return kept_now if isinstance(kept_now, Refusal) else None
    return operations.save_item(order, item_id=found.pk if found else None, values=form.values, page=page)


@own
def item_copy(request: HttpRequest, order: Order, item_id: int) -> HttpResponse:
    """Copy an instrument and open the copy, which wants its own serial number."""
    if request.method != "POST":
        return redirect("orders:items", order.case_id)
    _item_or_404(order, item_id)
    copy = operations.copy_item(order, item_id=item_id)
    if isinstance(copy, Refusal):
        messages.error(request, copy.message)
        return redirect("orders:items", order.case_id)
    messages.success(request, _("Alat disalin. Isi nomor serinya."))
    return redirect("orders:item", order.case_id, copy.pk)


@own
def item_remove(request: HttpRequest, order: Order, item_id: int) -> HttpResponse:
    found = _item_or_404(order, item_id)
    if request.method != "POST":
        return render(request, "orders/form/item_remove.html", {"order": order, "item": found})
    removed = operations.remove_item(order, item_id=item_id)
    if isinstance(removed, Refusal):
        messages.error(request, removed.message)
    else:
        messages.success(request, _("Alat dihapus dari pesanan."))
    return redirect("orders:items", order.case_id)


# Sending --------------------------------------------------------------------------------------------------------------


@own
def check(request: HttpRequest, order: Order) -> HttpResponse:
    """Check your answers, then send."""
    found = queries.items_of(order)
    on = order.institution.date_at(timezone.now())
    lines = queries.lines_in_force(order.institution_id, on)
    context = {
        "items": found,
        "lacks": operations.missing(order, found),
        "estimate": queries.estimate(found, lines, on),
    }
    form = ConfirmForm(request.POST or None)
    done = reverse("orders:sent", args=[order.case_id])
    return act(
        request, order, work="orders.submit", template="orders/form/check.html", done=done, form=form, more=context
    )


@own
def sent(request: HttpRequest, order: Order) -> HttpResponse:
    """The number in large type, and what happens next."""
    if order.submitted_at is None:
        return redirect("orders:order", order.case_id)
    context = {
        "order": order,
        "tracking_code": queries.tracking_code(order.case),
        "gate": queries.survey_gate(order.institution),
    }
    return render(request, "orders/form/sent.html", context)
