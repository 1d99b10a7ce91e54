"""Who had a part in what a complaint is about, and therefore may not decide on it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.models import JournalEntry, Task
from sopan.people.models import Appointment, User

from ..models import Complaint, ComplaintAct
from . import access

OWN = "orders.complaint_"  # what is noted in the journal of a case about the complaint itself is no part in the order


def involved(person: User | int, complaint: Complaint) -> str:
    """What part a person had: "order", "task", "earlier" (in a complaint that is appealed), or empty."""
    key = person if isinstance(person, int) else person.pk
    if complaint.order_id is not None:
        case_id = complaint.order.case_id  # type: ignore[union-attr]
        acts = JournalEntry.objects.filter(case_id=case_id, person_id=key).exclude(code__startswith=OWN)
        if acts.exists():
            return "order"
        if Task.objects.filter(Q(assignee_id=key) | Q(completed_by_id=key), case_id=case_id).exists():
            return "task"
    before = complaint.appeal_of
    while before is not None:
        if ComplaintAct.objects.filter(complaint=before, person_id=key).exists():
            return "earlier"
        before = before.appeal_of
    return ""


def deciders(complaint: Complaint, *, now: datetime) -> list[Appointment]:
    """Who may decide on a complaint: of those who handle complaints, who had no part in it; each person once."""
    found = access.holders(complaint.institution, now=now).order_by("kind", "position__name", "pk")
    first: dict[int, Appointment] = {}
    for one in found:
        first.setdefault(one.person_id, one)
    return [one for one in first.values() if not involved(one.person_id, complaint)]


def refusal(person: User | int, complaint: Complaint) -> Refusal | None:
    """Why a person may not decide on a complaint."""
    part = involved(person, complaint)
    if not part:
        return None
    words = {
        "order": _("Anda ikut mengerjakan pesanan ini, sehingga pengaduannya harus diputuskan orang lain."),
        "task": _("Anda ditugasi pada pesanan ini, sehingga pengaduannya harus diputuskan orang lain."),
        "earlier": _("Anda ikut menangani pengaduan sebelumnya, sehingga bandingnya harus diputuskan orang lain."),
    }
    return Refusal("involved", words[part])
