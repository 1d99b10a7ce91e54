"""The door of the payment gateway, and in a demo the gateway itself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sopan.core.flow import Refusal

from .. import billing, payments
from ..models import Bill, Order
from ._pages import own

STATUS = {"malformed": 400, "bad-signature": 403, "stale": 403, "unknown-code": 404}


@csrf_exempt
@require_POST
def payment(request: HttpRequest) -> HttpResponse:
    """A signed report of a payment: headers X-Sopan-Timestamp and X-Sopan-Signature over the body (see ``billing``)."""
    answer = payments.receive_payment(
        request.body,
        timestamp=request.headers.get("X-Sopan-Timestamp", ""),
        signature=request.headers.get("X-Sopan-Signature", ""),
        now=timezone.now(),
    )
    if isinstance(answer, Refusal):
        return JsonResponse({"refused": answer.code}, status=STATUS.get(answer.code, 409))
    return JsonResponse(answer)


@own
def local(request: HttpRequest, order: Order) -> HttpResponse:
    """In a demo: the page of the bank, where a code of the local gateway is paid with one press."""
    bill = order.bills.filter(provider="local", status=Bill.Status.ISSUED).first()
    if not settings.DEMO or bill is None:
        raise Http404
    if request.method == "POST":
        now = timezone.now()
        body, timestamp, signature = billing.payment_message(bill.code, amount=bill.amount, paid_at=now, now=now)
        answer = payments.receive_payment(body, timestamp=timestamp, signature=signature, now=now)
        if isinstance(answer, Refusal):
            messages.error(request, answer.message)
        else:
            messages.success(request, _("Pembayaran dilaporkan oleh gerbang pembayaran."))
        return redirect("orders:order", order.case_id)
    return render(request, "orders/gateway.html", {"order": order, "bill": bill})
