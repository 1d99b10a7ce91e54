"""CS records that the customer agrees to results outside of the accredited scope, or to simplified reports."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sopan.ui.fields import refuse
from sopan.ui.found import there

from .. import access, queries
from ..operations import consent as operations
from ..register_forms import ConsentForm
from ..steps.receiving import ReceiveItems
from .found import to_case


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter or mail in which the customer agreed."""
    now = timezone.now()
    case = there(access.staff_case(request.user, pk, now=now))
    acting = there(access.doing(request.user, case, ReceiveItems.key, now=now))
    order = there(queries.find_order(case.pk))
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = operations.record(order, **form.cleaned_data, acting=acting, now=now)
        if refused is None:
            messages.success(request, _("Persetujuan pelanggan tercatat."))
            return to_case(case.pk)
        refuse(form, refused)
    context = {"form": form, "order": order}
    return render(request, "laboratory/consent.html", context, status=422 if form.errors else 200)
