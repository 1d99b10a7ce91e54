"""What a customer sees of his orders."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sopan.documents.access import visible_to
from sopan.documents.models import IssuedDocument
from sopan.engine.models import Comment
from sopan.engine.queries import expected_at
from sopan.people.models import User

from .. import operations, queries
from ..gates import download_refusal
from ..models import AmendmentRequest, Order
from ..money import policy
from ._pages import own

# Where the customer goes to do what waits for him, by the work of the step.
PAGES = {
    "orders.submit": "orders:form",
    "orders.accept_offer": "orders:offer",
    "orders.pay": "orders:bill",
    "orders.survey": "orders:survey",
    "orders.close": "orders:close",
}


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The orders of the company; those that wait for the customer come first on the page."""
    if not request.user.is_customer:
        raise Http404
    page = Paginator(queries.orders_of(request.user), 20).get_page(request.GET.get("page"))
    rows = [_row(order) for order in page]
    context = {
        "todo": [row for row in rows if row["act"]],
        "others": [row for row in rows if not row["act"]],
        "page_obj": page,
    }
    return render(request, "orders/mine.html", context)


def _row(order: Order) -> dict[str, object]:
    waiting = queries.waits_for_customer(order.case)
    return {
        "order": order,
        "status": queries.status_text(order.case),
        "act": waiting[0] if waiting else None,
        "page": PAGES.get(waiting[0].work, "orders:order") if waiting else "orders:order",
    }


@own
def order(request: HttpRequest, order: Order) -> HttpResponse:
    """One order: where it stands, what the customer must do, money, documents, instruments, messages."""
    if request.method == "POST":
        return redirect("orders:order", order.case_id)
    case, now = order.case, timezone.now()
    waiting = queries.waits_for_customer(case)
    bill = queries.current_bill(order)
    context = {
        "order": order,
        "case": case,
        "status": queries.status_text(case),
        "milestones": queries.journey(case),
        "expected": expected_at(case, now=now) if order.submitted_at else None,
        "act": waiting[0] if waiting else None,
        "act_page": PAGES.get(waiting[0].work) if waiting else None,
        "bill": bill,
        "bill_state": queries.bill_state(bill, now=now) if bill else "",
        "proof": queries.last_proof(order) if bill else None,
        "items": queries.items_of(order),
        "documents": list(visible_to(request.user, now=now).filter(case=case).order_by("-released_at", "-pk")),
        "gate": download_refusal(order),
        "owed": policy.owed(order),
        "handovers": list(order.handovers.all()),
        "amendable": _amendable(order, request.user, now=now),
        "comments": Comment.objects.filter(case=case, internal=False).select_related("person").order_by("at"),
        "returned": _returned(order),
        "may_withdraw": operations.may_withdraw(order) is None,
        "tracking_code": queries.tracking_code(case),
    }
    return render(request, "orders/order.html", context)


def _returned(order: Order) -> object:
    """The completion by which CS asked for a correction, while the form is open again for it."""
    if queries.open_task(order.case, "orders.submit") is None:
        return None
    last = queries.last_done(order.case, "orders.validate")
    return last if last and last.answer == "tidak" else None


def _amendable(order: Order, user: User, *, now: datetime) -> list[tuple[IssuedDocument, AmendmentRequest | None]]:
    """The released reports of an order, each with the last wish for its correction."""
    released = visible_to(user, now=now).filter(case=order.case, status=IssuedDocument.Status.RELEASED)
    asked = {row.document_id: row for row in order.amendment_requests.order_by("created_at")}
    return [(document, asked.get(document.pk)) for document in released.order_by("pk")]
