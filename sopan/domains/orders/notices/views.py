"""What a person was told, his choice of channels, and for managers how deliveries went."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..models import Delivery, Notice, NoticeChoice
from ..service import access
from . import channels, sending
from .forms import ChoiceForm


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The person's notices, the latest first."""
    page = Paginator(Notice.objects.filter(person=request.user).order_by("-at", "-pk"), 30).get_page(
        request.GET.get("page")
    )
    return render(request, "orders/notices/mine.html", {"page_obj": page, "unread": sending.unread(request.user)})


@login_required
@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = get_object_or_404(Notice, pk=pk, person=request.user)
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=timezone.now())
    return redirect(notice.link or "orders:notices")


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    sending.read_all(request.user, now=timezone.now())
    return redirect("orders:notices")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: HttpRequest) -> HttpResponse:
    """Over which channels the person wants to be told."""
    held = NoticeChoice.objects.filter(person=request.user).first() or NoticeChoice(person=request.user)
    form = ChoiceForm(
        request.POST or None,
        initial={"email": held.email, "whatsapp": held.whatsapp, "digest": held.digest},
        staff=not request.user.is_customer,
        whatsapp=channels.whatsapp_provider(request.user.institution) is not None,
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data.get(name, getattr(held, name)) for name in ("email", "whatsapp", "digest")}
        NoticeChoice.objects.update_or_create(person=request.user, defaults=values)
        messages.success(request, _("Pilihan disimpan."))
        return redirect("orders:notices")
    return render(request, "orders/notices/choice.html", {"form": form})


@login_required
@never_cache
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """How messages to the outside went: what failed first. Managers alone; the texts are not shown."""
    if access.managing(request.user, now=timezone.now()) is None:
        raise Http404
    rows = Delivery.objects.filter(notice__institution=request.user.institution).select_related("notice__person")
    state = request.GET.get("keadaan", "")
    if state in Delivery.Status.values:
        rows = rows.filter(status=state)
    page = Paginator(rows.order_by("-pk"), 50).get_page(request.GET.get("page"))
    context = {"page_obj": page, "state": state, "states": Delivery.Status.choices}
    return render(request, "orders/notices/deliveries.html", context)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed delivery again."""
    if access.managing(request.user, now=timezone.now()) is None:
        raise Http404
    get_object_or_404(Delivery, pk=pk, notice__institution=request.user.institution)
    if sending.try_again(pk, institution=request.user.institution, now=timezone.now()):
        messages.success(request, _("Dikirim ulang."))
    else:
        messages.info(request, _("Pesan ini tidak gagal."))
    return redirect("orders:deliveries")
