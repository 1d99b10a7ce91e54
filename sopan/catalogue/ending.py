"""How a version ends without a successor: withdrawn while it is in force, or taken back before its day.

Only who approves may. The row stays, with who and why; what it was approved from keeps the act.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Appointment, User

from .access import rights
from .editing import open_of
from .life import LONGEST, ask_again, moved_on, too_long
from .models import ProcedureVersion, Revision

State = Revision.State


def withdraw(version: ProcedureVersion, *, actor: User, reason: str, now: datetime) -> ProcedureVersion | Refusal:
    """End a version in force without a successor: no case begins by it any more, running cases go on.

    Refusals: not-found, reason, over (somebody withdrew or replaced it meanwhile). Side effects: its end, who and why.
    """
    holds = _approver(version, actor, reason, now)
    if isinstance(holds, Refusal):
        return holds
    rows = ProcedureVersion.objects.filter(pk=version.pk, effective_from__lte=now, withdrawn_by="")
    changed = rows.exclude(effective_to__lte=now).update(
        effective_to=max(now, version.effective_from), withdrawn_by=_who(actor, holds), withdrawn_why=reason.strip()
    )
    version.refresh_from_db(fields=["effective_to", "withdrawn_by", "withdrawn_why"])
    if not changed:
        told = {"who": version.withdrawn_by or _("versi penggantinya")}
        return Refusal("over", _("SOP ini sudah tidak berlaku: diakhiri oleh %(who)s.") % told)
    return version


def take_back(version: ProcedureVersion, *, actor: User, reason: str, now: datetime) -> ProcedureVersion | Refusal:
    """Stop an approved version before its day: it never comes into force, and the one before it stays in force.

    Any approver may, not only the one who approved. Refusals: not-found, reason, begun (its day has come), over (taken
    back already, by whom). Side effects: its end, who and why; the end of the version before it is lifted; its revision
    gets the act "taken-back" and is a draft again, or is dropped where another one of the procedure is open already.
    """
    holds = _approver(version, actor, reason, now)
    if isinstance(holds, Refusal):
        return holds
    with transaction.atomic():
        versions = ProcedureVersion.objects.filter(institution=version.institution_id, slug=version.slug)
        rows = {row.pk: row for row in versions.select_for_update()}
        found = rows[version.pk]
        if found.withdrawn_by:
            return Refusal("over", _("Versi ini sudah ditarik oleh %(who)s.") % {"who": found.withdrawn_by})
        if found.effective_from <= now:
            return Refusal("begun", _("Versi ini sudah mulai berlaku. Cabut SOP-nya, atau susun perubahannya."))
        versions.filter(pk=found.pk).update(
            effective_to=found.effective_from, withdrawn_by=_who(actor, holds), withdrawn_why=reason.strip()
        )
        before = versions.filter(effective_to=found.effective_from, withdrawn_by="").exclude(pk=found.pk)
        before.filter(version__lt=found.version).update(effective_to=None)
        _return(found, actor, holds, reason, now)
    version.refresh_from_db(fields=["effective_to", "withdrawn_by", "withdrawn_why"])
    return version


def _return(version: ProcedureVersion, actor: User, holds: Appointment, reason: str, now: datetime) -> None:
    """The revision of which the version was made goes back to its authors."""
    revision = Revision.objects.select_for_update().filter(version=version).first()
    if revision is None:  # it came with the files of the institution
        return
    Revision.objects.filter(pk=revision.pk).update(version=None)
    if open_of(version.institution, version.slug) is None:
        moved_on(revision, State.DRAFT, "taken-back", actor, holds, reason, now)
        return
    ask_again(revision)
    moved_on(revision, State.DROPPED, "taken-back", actor, holds, reason, now)


def _approver(version: ProcedureVersion, actor: User, reason: str, now: datetime) -> Appointment | Refusal:
    """By which appointment this person may end a version for this reason, or why not."""
    if not reason.strip():
        return Refusal("reason", _("Tuliskan alasan pencabutan."), field="reason")
    if len(reason) > LONGEST:
        return too_long(reason, "reason")
    holds = rights(actor, now=now).of(version.slug).approver
    if holds is None or version.institution_id != actor.institution_id:
        return Refusal("not-found", _("SOP ini tidak ada."))
    return holds


def _who(actor: User, holds: Appointment) -> str:
    return f"{actor.full_name}, {holds.title}"[:200]
