"""Requests for a change: who works by a procedure says what and why, a drafter answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Institution, User
from sopan.ui import formats

from . import editing
from .access import remember_author, rights
from .models import ChangeRequest, ProcedureVersion, Revision
from .versions import STOPPED, state_of

LONGEST = 4_000  # characters of what and why


def ask(
    slug: str,
    *,
    institution: Institution,
    actor: User,
    version: ProcedureVersion | None,
    what: str,
    why: str,
    step: str = "",
    now: datetime,
) -> ChangeRequest | Refusal:
    """Ask for a change. ``step`` is the id of the row it is about, if one. Side effects: one row.

    Refusals: not-yours (who neither works by it nor drafts), what and why where they are empty or too long.
    """
    mine = rights(actor, now=now).of(slug)
    appointment = mine.works_by(slug) or mine.drafter
    if appointment is None or actor.institution_id != institution.pk:
        return Refusal("not-yours", _("Hanya pelaksana SOP ini yang mengusulkan perubahan."))
    fault = _fault(what, "what", _("Tuliskan apa yang perlu diubah.")) or _fault(why, "why", _("Tuliskan alasannya."))
    if fault:
        return fault[0]
    return ChangeRequest.objects.create(
        institution=institution,
        slug=slug,
        version=version,
        step=step[:40],
        what=what.strip(),
        why=why.strip(),
        person=actor,
        name=actor.full_name,
        position=appointment.title,
        at=now,
    )


def _fault(text: str, field: str, missing: str) -> list[Refusal]:
    if not text.strip():
        return [Refusal("missing", missing, field=field)]
    if len(text) > LONGEST:
        told = _("Paling panjang %(most)s karakter, dan ini %(count)s.") % {"most": LONGEST, "count": len(text)}
        return [Refusal("too-long", told, field=field)]
    return []


def decline(request_id: int, *, actor: User, answer: str, now: datetime) -> ChangeRequest | Refusal:
    """Say no, with the reason, which who asked can read. Side effects: state and answer of the request."""
    if faults := _fault(answer, "answer", _("Tuliskan alasan penolakan; pengusul membacanya.")):
        return faults[0]
    with transaction.atomic():
        found = _waiting(request_id, actor, now)
        if isinstance(found, Refusal):
            return found
        return _answered(found, ChangeRequest.State.DECLINED, actor, answer, None, now)


def take(request_id: int, *, actor: User, answer: str = "", now: datetime) -> ChangeRequest | Refusal:
    """Take the request into the open draft of the procedure, or into a new one.

    Refusals: not-found, answered (by whom, when), not-draft (a revision is on its way and cannot be changed).
    Side effects: perhaps a new Revision; what and why of the request are added to it; state and answer of the request.
    """
    if len(answer) > LONGEST:
        return _fault(answer, "answer", "")[0]
    with transaction.atomic():
        found = _waiting(request_id, actor, now)
        if isinstance(found, Refusal):
            return found
        revision = _draft_for(found, actor, now)
        if isinstance(revision, Refusal):
            return revision
        return _answered(found, ChangeRequest.State.TAKEN, actor, answer, revision, now)


def _waiting(request_id: int, actor: User, now: datetime) -> ChangeRequest | Refusal:
    """The locked request, if ``actor`` may answer it and nobody has."""
    if not 0 < request_id < 2**63:
        return Refusal("not-found", _("Usulan ini tidak ada."))
    rows = ChangeRequest.objects.select_for_update().filter(pk=request_id, institution_id=actor.institution_id)
    found = rows.first()
    if found is None or rights(actor, now=now).of(found.slug).drafter is None:
        return Refusal("not-found", _("Usulan ini tidak ada."))
    if found.state != ChangeRequest.State.OPEN:
        who = found.answered_by.full_name if found.answered_by else ""
        told = {"who": who, "when": formats.short_datetime(found.answered_at) if found.answered_at else ""}
        return Refusal("answered", _("Usulan ini sudah dijawab oleh %(who)s pada %(when)s.") % told)
    return found


def _draft_for(request: ChangeRequest, actor: User, now: datetime) -> Revision | Refusal:
    open_one = editing.open_of(request.institution, request.slug)
    if open_one is None:
        versions = ProcedureVersion.objects.filter(institution_id=request.institution_id, slug=request.slug)
        newest_first = list(versions.defer("content").order_by("-version"))
        newest = next((one for one in newest_first if state_of(one, now=now) != STOPPED), None)
        return editing.open_revision(
            request.institution,
            actor=actor,
            slug=request.slug,
            based_on=newest,
            what=request.what,
            why=request.why,
            now=now,
        )
    open_one = Revision.objects.select_for_update().get(pk=open_one.pk)  # nobody sends it meanwhile
    if open_one.state != Revision.State.DRAFT:
        told = {"state": open_one.get_state_display()}
        return Refusal("not-draft", _("Konsep SOP ini tidak dapat ditambah sekarang: %(state)s.") % told)
    for name in ("what", "why"):
        before, added = getattr(open_one, name), getattr(request, name)
        setattr(open_one, name, f"{before}\n{added}".strip() if added not in before else before)
    open_one.save(update_fields=["what", "why"])
    holds = rights(actor, now=now).of(open_one.slug).drafter
    remember_author(open_one, actor, holds, sha256=editing.sha256(open_one.content), now=now)
    return open_one


def _answered(
    found: ChangeRequest, state: str, actor: User, answer: str, revision: Revision | None, now: datetime
) -> ChangeRequest:
    found.state, found.answer, found.revision = state, answer.strip(), revision
    found.answered_by, found.answered_at = actor, now
    found.save(update_fields=["state", "answer", "revision", "answered_by", "answered_at"])
    return found
