"""Whose case a customer looks at, and which of the pages for customers shows it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sopan.catalogue.models import CatalogueEntry
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind
from sopan.domains.orders import queries as orders
from sopan.engine import access
from sopan.engine.models import Case, Task
from sopan.people.models import User


def applications_of(user: User) -> QuerySet[Case]:
    """The cases of the customer's company that have no pages of a domain: all but orders."""
    if not user.is_customer or not user.is_active or not user.company_id:
        return Case.objects.none()
    ordered = orders.order_procedure(user.institution)
    found = Case.objects.filter(institution_id=user.institution_id, company_id=user.company_id)
    return found.exclude(procedure__slug=ordered).select_related("procedure", "institution", "company")


def application_for(user: User, case_id: int) -> Case | None:
    """One of them, or None."""
    return applications_of(user).filter(pk=case_id).first() if case_id < 2**63 else None


def own_tasks(user: User, case: Case, *, now: datetime) -> list[Task]:
    """The open tasks of a case that this customer may do."""
    tasks = Task.objects.filter(case=case, status=Task.Status.OPEN, binding__kind=ActorKind.CUSTOMER)
    found = list(tasks.select_related("binding", "assignee").order_by("pk"))
    for task in found:
        task.case = case
    return [task for task in found if access.acting_for(user, task, now=now) is not None]


def may_withdraw(case: Case) -> Refusal | None:
    """A customer may withdraw what the staff have not worked on yet."""
    worked = Task.objects.filter(case=case, status=Task.Status.DONE, binding__kind=ActorKind.STAFF)
    if case.status == Case.Status.OPEN and not worked.exists():
        return None
    return Refusal("too-late", _("Permohonan ini sudah dikerjakan petugas dan tidak dapat dibatalkan di sini."))


def entry_of(user: User, slug: str) -> CatalogueEntry | None:
    """The line of the list of SOPs, for staff of its institution."""
    if user.is_customer:
        return None
    found = CatalogueEntry.objects.select_related("unit", "institution")
    return found.filter(institution_id=user.institution_id, slug=slug).first()
