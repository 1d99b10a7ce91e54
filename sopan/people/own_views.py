"""A person's own pages: the profile, the company, and the log-in chooser of a demo."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sopan.core.flow import Refusal
from sopan.people import access, mails, operations, queries
from sopan.people.forms import MemberForm, ProfileForm
from sopan.people.limits import limited, too_many
from sopan.people.models import User
from sopan.people.second_factor import has_second_factor
from sopan.people.views import answer, refused, tell


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, phone, language and single-letter keys of the person himself."""
    now = timezone.now()
    form = ProfileForm(request.POST or None, person=request.user)
    if form.is_valid():
        operations.change_profile(request.user, **form.cleaned_data, now=now)
        messages.success(request, _("Profil disimpan."))
        return redirect("profile")
    context = {
        "form": form,
        "shell": "ui/public.html" if request.user.is_customer else "ui/staff.html",
        "appointments": queries.appointments_at(request.user, now),
        "second_factor": has_second_factor(request.user),
    }
    return answer(request, "people/profile.html", context, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """The company of a customer and its users; its owner invites colleagues."""
    if not request.user.is_customer:
        raise Http404
    may_lead = access.may_lead_company(request.user) is None
    form = MemberForm(request.POST or None)
    if request.method == "POST":
        if not may_lead:
            raise Http404
        if limited(request, "invite"):
            return too_many(request)
        if form.is_valid() and _invite(request, form):
            return redirect("company")
    colleagues = queries.colleagues_of(request.user)
    context = {"form": form, "may_lead": may_lead, "company": request.user.company, "colleagues": colleagues}
    return answer(request, "people/company.html", context, form)


def _invite(request: HttpRequest, form: MemberForm) -> bool:
    """One answer, whether or not the address has an account already: the owner of the address gets the mail."""
    invited = operations.invite_member(request.user, **form.cleaned_data, now=timezone.now())
    if isinstance(invited, Refusal) and invited.code != "registered-already":
        return not refused(form, invited)
    if isinstance(invited, Refusal):
        mails.tell_registered(form.cleaned_data["email"])
    else:
        mails.invite(invited, by=request.user)
    messages.success(
        request,
        _("Undangan dikirim ke %s. Orang itu tampil di sini setelah membuat kata sandi.") % form.cleaned_data["email"],
    )
    return True


@login_required
@require_POST
def company_remove(request: HttpRequest, account_id: int) -> HttpResponse:
    """Take the access of a colleague away."""
    person = access.colleague_for(request.user, account_id)
    if person is None:
        raise Http404
    done = operations.leave_company(person, by=request.user, now=timezone.now())
    tell(request, done, _("Akses %s dilepas.") % person.full_name)
    return redirect("company")


@require_POST
def demo_login(request: HttpRequest, user_id: int) -> HttpResponse:
    """Log in as a person of the demo without typing the public password. 404 outside of a demo."""
    if not settings.DEMO:
        raise Http404
    if limited(request, "demo_login"):
        return too_many(request)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    return perform_login(request, user)


def closed(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Pages of allauth that are not offered: addresses are changed by who manages accounts."""
    raise Http404
