"""Saved views of the inbox, and drafts that have served."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.models import Draft, SavedView, Task
from sopan.people.models import User

MOST = 12  # saved views a person


def save_view(person: User, *, name: str, query: str) -> SavedView | Refusal:
    """Keep the filters of an inbox under a name; the same name again replaces them. Side effects: one row."""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        return Refusal("empty", _("Beri nama tampilan ini."), field="name")
    if len(name) > 60 or len(query) > 500:
        return Refusal("too-long", _("Nama tampilan paling panjang 60 huruf."), field="name")
    views = SavedView.objects.filter(person=person)
    if views.exclude(name=name).count() >= MOST:
        return Refusal("too-many", _("Anda sudah punya %(most)s tampilan. Hapus salah satu dahulu.") % {"most": MOST})
    view, _created = SavedView.objects.update_or_create(person=person, name=name, defaults={"query": query})
    return view


def delete_view(person: User, *, view_id: int) -> bool:
    """Forget a saved view of this person. False if he has no such view."""
    return SavedView.objects.filter(person=person, pk=view_id).delete()[0] > 0


def forget_draft(task: Task, *, person: User) -> None:
    """Remove the draft of a task that this person has finished."""
    Draft.objects.filter(task=task, person=person).delete()
