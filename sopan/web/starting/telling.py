"""Telling a customer that a plain step waits for him: in the application, and over the channels that he chose."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone, translation

from sopan.domains.orders import queries as orders
from sopan.domains.orders.models import Notice
from sopan.domains.orders.notices import sending, templates
from sopan.engine.models import Case, Effect, Task
from sopan.engine.stepwork import TELL_CUSTOMER, handles
from sopan.people.models import User

WHAT = "waits"  # the key of the notice


@handles(TELL_CUSTOMER)
def tell_customer(effect: Effect) -> None:
    """Tell each person of the company once, unless the step is done or gone meanwhile. Side effects: notices, deliveries."""
    case = Case.objects.select_related("institution", "company", "procedure").get(pk=effect.case_id)
    tasks = Task.objects.filter(case=case, status=Task.Status.OPEN, company__isnull=False)
    task = tasks.filter(step=effect.data["step"], visit=effect.data["visit"]).first()
    if task is None or not case.is_open:
        return
    people = User.objects.filter(company=task.company_id, is_active=True).select_related("notice_choice")
    given = []
    for person in people.order_by("pk"):
        with translation.override(person.language), timezone.override(case.institution.zone):
            notice = _give(person, case, effect)
        if notice is not None:
            given.append(notice)
    sending.deliver_now(given)


def _give(person: User, case: Case, effect: Effect) -> Notice | None:
    told = templates.told(case.institution, WHAT, {"number": str(case), "service": case.procedure.name})
    ordered = case.procedure.slug == orders.order_procedure(case.institution)
    path = reverse("orders:order" if ordered else "application", args=[case.pk])
    return sending.tell(
        person,
        told,
        institution=case.institution,
        case=case,
        key=WHAT,
        dedupe=f"effect:{effect.pk}",
        link=path,
        now=effect.created_at,
    )
