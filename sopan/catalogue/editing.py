"""Writing a revision: open, save, undo, redo. Who sends it on, checks and approves it is in ``life``.

Every save is an edit with a number. Who saves says on which edit he built; if somebody else has saved since, he is told
who and when, and nothing is overwritten unseen. Undo and redo move along the edits. They are one line: a save after an
undo drops what had been undone, as people know it from their word processor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.catalogue import content as contents
from sopan.catalogue.access import remember_author, rights
from sopan.catalogue.models import (
    CatalogueEntry,
    ProcedureVersion,
    Revision,
    RevisionAct,
    RevisionEdit,
    StartRule,
)
from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.core.write import to_file
from sopan.people.models import Appointment, Institution, User
from sopan.ui import formats

MERGE_WITHIN = timedelta(seconds=60)
MOST_EDITS = 200  # of one revision; the oldest go first
ENDED = (Revision.State.APPROVED, Revision.State.DROPPED)


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a revision stands: the number of its current edit, when it was made, and what can be undone or redone."""

    edit: int
    at: datetime
    content: dict[str, Any]
    can_undo: bool
    can_redo: bool


# Who may --------------------------------------------------------------------------------------------------------------


def drafter(
    person: User | AnonymousUser, institution_id: int | None, *, slug: str | None = None, now: datetime
) -> Appointment | None:
    """The appointment by which a person drafts procedures of the institution at ``now``, or the one of ``slug``; or None."""
    if not person.is_authenticated or person.is_customer or person.institution_id != institution_id:
        return None
    mine = rights(person, now=now)
    return mine.drafter if slug is None else mine.of(slug).drafter


def revision_for(person: User | AnonymousUser, revision_id: int, *, now: datetime) -> Revision | None:
    """A revision that ``person`` may write as soon as it is a draft; None if he may not know of it."""
    if not person.is_authenticated or revision_id >= 2**63:
        return None
    mine = drafter(person, person.institution_id, now=now)
    if mine is None:
        return None
    known = Revision.objects.select_related("opened_by", "based_on")
    found = known.filter(pk=revision_id, institution_id=person.institution_id).first()
    if found is None or mine.position.procedures_of_id is None:
        return found
    return found if drafter(person, person.institution_id, slug=found.slug, now=now) is not None else None


def open_of(institution: Institution, slug: str) -> Revision | None:
    """The revision of a procedure that is not finished, if there is one."""
    return Revision.objects.filter(institution=institution, slug=slug).exclude(state__in=ENDED).first()


# Acts -----------------------------------------------------------------------------------------------------------------


def open_revision(
    institution: Institution,
    *,
    actor: User,
    slug: str,
    based_on: ProcedureVersion | None = None,
    content: Mapping[str, Any] | None = None,
    source: str = "",
    what: str = "",
    why: str = "",
    now: datetime,
) -> Revision | Refusal:
    """Begin to write a procedure. Without ``content`` it begins with that of ``based_on``, or with one empty row.

    Refusals: not-drafter; open (somebody writes it already: who, since when); unwritable (the version it is based on has
    no written form); shape and too-large of the content.
    Side effects: a Revision in the state draft, its first edit, its act "opened"; a new SOP of somebody who drafts those of
    one unit alone gets a line of the list, under that unit.
    """
    new = not _known(institution, slug)
    holds = drafter(actor, institution.pk, slug=None if new else slug, now=now)
    if holds is None:
        return Refusal("not-drafter", _("Hanya penyusun SOP yang dapat membuka konsep."))
    if content is None:
        content = _content_of(based_on) if based_on else contents.fresh()
        if isinstance(content, Refusal):
            return content
    read = contents.read(content)
    if isinstance(read, Refusal):
        return read
    try:
        with transaction.atomic():
            if new and holds.position.procedures_of_id is not None:
                _list(institution, slug, _name(read), unit_id=holds.position.procedures_of_id)
            revision = Revision.objects.create(
                institution=institution, slug=slug, name=_name(read), based_on=based_on, content=read, edit=1,
                what=what, why=why, source=source[:250], opened_by=actor, opened_at=now, changed_at=now,
            )  # fmt: skip
            RevisionEdit.objects.create(revision=revision, seq=1, content=read, person=actor, at=now)
            RevisionAct.objects.create(
                revision=revision, seq=1, at=now, code="opened", person=actor, name=actor.name,
                position=holds.title[:220], letter=holds.letter[:120], comment=why, sha256=sha256(read),
            )  # fmt: skip
    except IntegrityError:
        other = open_of(institution, slug)
        if other is None:
            raise
        return Refusal("open", _being_written(other))
    return revision


def _known(institution: Institution, slug: str) -> bool:
    """Whether the list names the procedure, or it has a version."""
    listed = CatalogueEntry.objects.filter(institution=institution, slug=slug)
    return listed.exists() or ProcedureVersion.objects.filter(institution=institution, slug=slug).exists()


def _list(institution: Institution, slug: str, name: str, *, unit_id: int) -> None:
    """A line at the end of the list; its cases begin by hand."""
    last = CatalogueEntry.objects.filter(institution=institution).order_by("-place").first()
    place = (last.place if last else 0) + 1
    entry = CatalogueEntry.objects.create(
        institution=institution, slug=slug, name=name or slug, unit_id=unit_id, place=place
    )
    StartRule.objects.create(entry=entry, by=StartRule.By.PERSON)


def _content_of(version: ProcedureVersion) -> dict[str, Any] | Refusal:
    """A version as people write it; refused where its times are not what their printed forms mean, and so cannot be written."""
    try:
        return to_file(procedure(version.pk))
    except ValueError:
        told = _(
            "Versi %(n)s tidak dapat disunting: waktunya tidak sama dengan bentuk cetaknya. Impor dokumennya kembali."
        )
        return Refusal("unwritable", told % {"n": version.version})


def _being_written(other: Revision) -> str:
    told = {
        "name": other.name or other.slug,
        "who": other.opened_by.name,
        "when": formats.long_datetime(other.opened_at),
    }
    return _("Konsep “%(name)s” sudah dibuka oleh %(who)s pada %(when)s dan belum selesai.") % told


def save(revision_id: int, *, actor: User, content: Any, edit: int, now: datetime) -> Saved | Refusal:
    """Make ``content`` the current one. ``edit`` is the edit on which it was built.

    Refusals: not-found, not-draft, shape, too-large; stale (another edit is the current one: who saved it and when).
    The same content again changes nothing. Typing on in the same cell within a minute replaces the edit before; any
    other save is an edit of its own, and whatever had been undone is dropped.
    Side effects: Revision.content, .edit, .name, .changed_at; a RevisionEdit; the oldest go when there are too many.
    """
    read = contents.read(content)
    if isinstance(read, Refusal):
        return read
    with transaction.atomic():
        revision = _locked(revision_id, actor, edit, now)
        if isinstance(revision, Refusal):
            return revision
        if read != revision.content:
            _write(revision, read, actor, now)
        return _standing(revision)


def undo(revision_id: int, *, actor: User, edit: int, now: datetime) -> Saved | Refusal:
    """Go back to the edit before ``edit``. Refusals as of ``save``, and nothing-left."""
    return _step(revision_id, actor, edit, now, back=True)


def redo(revision_id: int, *, actor: User, edit: int, now: datetime) -> Saved | Refusal:
    """Go on to the edit behind ``edit``. Refusals as of ``save``, and nothing-left."""
    return _step(revision_id, actor, edit, now, back=False)


def standing(revision: Revision) -> Saved:
    """Where the revision stands now."""
    return _standing(revision)


def sha256(content: Mapping[str, Any]) -> str:
    """What names a content in the acts on a revision."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))  # unsorted: the order of the actors counts
    return hashlib.sha256(text.encode()).hexdigest()


# Below ----------------------------------------------------------------------------------------------------------------


def _name(content: Mapping[str, Any]) -> str:
    return str(content.get("identity", {}).get("name", ""))[:250]


def _locked(revision_id: int, actor: User, edit: int, now: datetime) -> Revision | Refusal:
    """The row, locked, if ``actor`` may write it now and has seen its current edit."""
    if revision_for(actor, revision_id, now=now) is None:
        return Refusal("not-found", _("Konsep ini tidak ada."))
    revision = Revision.objects.select_for_update().get(pk=revision_id)
    if revision.state != Revision.State.DRAFT:
        state = revision.get_state_display()
        return Refusal("not-draft", _("Konsep ini tidak dapat diubah lagi: %(state)s.") % {"state": state})
    if revision.edit != edit:
        return Refusal("stale", _saved_meanwhile(revision))
    return revision


def _saved_meanwhile(revision: Revision) -> str:
    last = revision.edits.select_related("person").get(seq=revision.edit)
    told = {"who": last.person.name, "when": formats.clock(last.at)}
    return _("%(who)s menyimpan konsep ini pukul %(when)s di jendela lain.") % told


def _write(revision: Revision, content: dict[str, Any], actor: User, now: datetime) -> None:
    edits = revision.edits.order_by("-seq")
    newest, current = edits[0], edits.get(seq=revision.edit)
    before = edits.filter(seq__lt=revision.edit).first()
    goes_on = (
        before is not None
        and newest.pk == current.pk
        and current.person_id == actor.pk
        and timedelta(0) <= now - current.at <= MERGE_WITHIN
        and _place(before.content, current.content) == _place(current.content, content) is not None
    )
    if goes_on:
        RevisionEdit.objects.filter(pk=current.pk).update(seq=newest.seq + 1, content=content, at=now)
    else:
        edits.filter(seq__gt=revision.edit).delete()
        RevisionEdit.objects.create(revision=revision, seq=newest.seq + 1, content=content, person=actor, at=now)
        kept = list(edits.values_list("pk", flat=True)[:MOST_EDITS])
        edits.exclude(pk__in=kept).delete()
    _set(revision, newest.seq + 1, content, actor, now)


def _place(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The one cell in which two contents differ; None where they differ in more than one."""
    places: list[tuple[Any, ...]] = [("identity", key) for key in _changed(old["identity"], new["identity"])]
    places += [(key,) for key in _changed(old, new) if key not in ("identity", "steps")]
    if len(old["steps"]) != len(new["steps"]):
        return None
    for at, (one, other) in enumerate(zip(old["steps"], new["steps"], strict=True)):
        places += [("steps", at, key) for key in _changed(one, other)]
    return places[0] if len(places) == 1 else None


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [key for key in {**old, **new} if old.get(key) != new.get(key)]


def _step(revision_id: int, actor: User, edit: int, now: datetime, *, back: bool) -> Saved | Refusal:
    with transaction.atomic():
        revision = _locked(revision_id, actor, edit, now)
        if isinstance(revision, Refusal):
            return revision
        edits = revision.edits.order_by("-seq" if back else "seq")
        goal = (edits.filter(seq__lt=edit) if back else edits.filter(seq__gt=edit)).first()
        if goal is None:
            return Refusal(
                "nothing-left",
                _("Tidak ada lagi yang dapat diurungkan.") if back else _("Tidak ada lagi yang dapat diulangi."),
            )
        _set(revision, goal.seq, goal.content, actor, now)
        return _standing(revision)


def _set(revision: Revision, edit: int, content: dict[str, Any], actor: User, now: datetime) -> None:
    """Old edits go, and an undo leaves none: the acts remember that ``actor`` wrote, for he must not judge it later."""
    holds = drafter(actor, revision.institution_id, slug=revision.slug, now=now)
    remember_author(revision, actor, holds, sha256=sha256(content), now=now)
    revision.content, revision.edit, revision.name, revision.changed_at = content, edit, _name(content), now
    revision.save(update_fields=["content", "edit", "name", "changed_at"])


def _standing(revision: Revision) -> Saved:
    edits = revision.edits
    return Saved(
        revision.edit,
        revision.changed_at,
        revision.content,
        edits.filter(seq__lt=revision.edit).exists(),
        edits.filter(seq__gt=revision.edit).exists(),
    )
