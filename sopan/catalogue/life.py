"""The life of a revision: sent, checked, reviewed, approved; or returned with a reason, or dropped.

Who wrote a content does not judge it, and who approves has neither checked nor reviewed it in this round. Each act
keeps the SHA-256 of the content that was acted upon, and the approval is of exactly the content that was checked: a
content can change only in the state "draft", to which a return leads. Every act is one conditional update, so of two
people at once one is right, and the other is told who was first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.check import check
from sopan.core.flow import Refusal
from sopan.core.load import load_data
from sopan.core.model import Procedure
from sopan.people.models import Appointment, User
from sopan.ui import formats

from .access import remember_author, revision_for, rights
from .editing import sha256
from .judging import STAGES, State, may_judge, round_of
from .models import CatalogueEntry, ChangeRequest, ProcedureVersion, Revision, RevisionAct, StartRule
from .operations import publish

LONGEST = 4_000  # characters of a comment, of what and why
OPEN = (State.DRAFT, State.CHECKING, State.REVIEWING, State.APPROVING)


@dataclass(frozen=True, slots=True)
class Works:
    """The keys that the domains offer; None: not checked."""

    works: Collection[str] | None = None
    decisions: Collection[str] | None = None


# Reads ----------------------------------------------------------------------------------------------------------------


def procedure_of(revision: Revision) -> Procedure | None:
    """The content as a procedure, or None while it cannot be read as one."""
    found = load_data(revision.content, slug=revision.slug)
    return None if isinstance(found, list) else found[0]


def errors_of(revision: Revision, known: Works = Works()) -> int:
    """How many errors keep the content from being sent."""
    found = load_data(revision.content, slug=revision.slug)
    if isinstance(found, list):
        return max(1, len(found))
    return sum(problem.error for problem in check(found[0], works=known.works, decisions=known.decisions))


def described(revision: Revision) -> str:
    """What names the description of a revision as it stands: what changes, why, from when."""
    day = _day(revision, revision.effective_from).isoformat() if revision.effective_from else ""
    return sha256({"what": revision.what, "why": revision.why, "day": day})


# Acts -----------------------------------------------------------------------------------------------------------------


def describe(
    revision_id: int, *, actor: User, what: str, why: str, effective_from: date | None, seen: str, now: datetime
) -> Revision | Refusal:
    """What changes and why, and the day wished for. Only of a draft, by who drafts. ``seen`` is ``described`` of what was
    shown to him.

    Refusals: not-found, first, not-yours, past, too-long, and stale (somebody described it meanwhile: it is not written
    over unseen). Side effects: these columns; who changed them is an author.
    """
    for text, field in ((what, "what"), (why, "why")):
        if len(text) > LONGEST:
            return too_long(text, field)
    with transaction.atomic():
        found = _locked(revision_id, actor, (State.DRAFT,), now)
        if isinstance(found, Refusal):
            return found
        holds = rights(actor, now=now).of(found.slug).drafter
        if holds is None:
            return Refusal("not-yours", _("Hanya penyusun SOP yang mengisi uraian perubahan."))
        if effective_from is not None and effective_from < _day(found, now):
            return _past()
        stood = described(found)
        found.what, found.why = what.strip(), why.strip()
        found.effective_from = _begin_of(found, effective_from)
        if described(found) == stood:
            return found
        if seen != stood:
            return Refusal("stale", _("Uraian ini diubah di jendela lain setelah Anda membuka halaman ini."))
        found.save(update_fields=["what", "why", "effective_from"])
        remember_author(found, actor, holds, sha256=sha256(found.content), now=now)
        return found


def send(
    revision_id: int, *, actor: User, edit: int, comment: str = "", known: Works = Works(), now: datetime
) -> Revision | Refusal:
    """Send a draft to be checked. ``edit`` is the place of the content that the sender has seen.

    Refusals: not-found, not-yours, first (somebody has acted meanwhile), stale (saved meanwhile), what and why where they
    are missing, errors, same (nothing is different from the version in force).
    Side effects: state, act "sent".
    """
    if len(comment) > LONGEST:
        return too_long(comment, "comment")
    with transaction.atomic():
        found = _locked(revision_id, actor, (State.DRAFT,), now)
        if isinstance(found, Refusal):
            return found
        holds = rights(actor, now=now).of(found.slug).drafter
        if holds is None:
            return Refusal("not-yours", _("Hanya penyusun SOP yang mengirim konsep."))
        fault = next(_unready(found, edit, known), None)
        if fault is not None:
            return fault
        return moved_on(found, State.CHECKING, "sent", actor, holds, comment, now)


def _unready(revision: Revision, edit: int, known: Works) -> Iterator[Refusal]:
    if revision.edit != edit:
        yield Refusal(
            "stale", _("Konsep ini disimpan lagi setelah Anda membuka halaman ini. Lihat isinya, lalu kirim lagi.")
        )
    if not revision.what:
        yield Refusal("what", _("Tuliskan apa yang berubah."), field="what")
    if not revision.why:
        yield Refusal("why", _("Tuliskan alasan perubahan."), field="why")
    if count := errors_of(revision, known):
        yield Refusal("errors", _("Masih ada %(count)s kesalahan. Perbaiki dahulu di penyunting.") % {"count": count})


def judge(
    revision_id: int,
    *,
    actor: User,
    state: str,
    seen: str,
    comment: str = "",
    effective_from: date | None = None,
    known: Works = Works(),
    now: datetime,
) -> Revision | Refusal:
    """Check, review or approve: what the ``state`` in which the person saw it asks for. ``seen`` is the SHA-256 of the
    content that was shown.

    An approval publishes the content as the next version, in force from ``effective_from`` (else the day the author
    wished, else now); never back. Refusals: not-found, first (who acted meanwhile), not-yours, author, judged-before,
    changed (the content is not the one seen, or not the one checked), past, waits (another version waits for its day),
    errors. Side effects: state, the act; of an approval the version, see ``operations.publish``.
    """
    if len(comment) > LONGEST:
        return too_long(comment, "comment")
    stage = STAGES.get(state)
    if stage is None:
        return Refusal("not-judging", _("Konsep ini tidak sedang menunggu pemeriksaan."))
    try:
        with transaction.atomic():
            found = _locked(revision_id, actor, (state,), now)
            if isinstance(found, Refusal):
                return found
            holds = may_judge(found, actor, now=now)
            if isinstance(holds, Refusal):
                return holds
            if (fault := _changed(found, seen)) is not None:
                return fault
            if stage.act == "approved":
                _publish(found, actor, holds, effective_from, known, now)
            return moved_on(found, stage.to, stage.act, actor, holds, comment, now)
    except _Refused as no:
        return no.refusal


def send_back(revision_id: int, *, actor: User, state: str, reason: str, now: datetime) -> Revision | Refusal:
    """Return it to its authors with a reason: by whoever may judge it now, or by a drafter who takes it back.

    Refusals as of ``judge``, and reason. Side effects: state "draft", act "returned".
    """
    if not reason.strip():
        return Refusal("reason", _("Tuliskan apa yang harus diperbaiki."), field="reason")
    if len(reason) > LONGEST:
        return too_long(reason, "reason")
    if state not in STAGES:
        return Refusal("not-judging", _("Konsep ini tidak sedang menunggu pemeriksaan."))
    with transaction.atomic():
        found = _locked(revision_id, actor, (state,), now)
        if isinstance(found, Refusal):
            return found
        mine = rights(actor, now=now).of(found.slug)
        holds = STAGES[state].holds(mine, found.slug) or mine.drafter
        if holds is None:
            return Refusal("not-yours", _("Tahap ini bukan wewenang jabatan Anda."))
        return moved_on(found, State.DRAFT, "returned", actor, holds, reason, now)


def drop(revision_id: int, *, actor: User, reason: str, now: datetime) -> Revision | Refusal:
    """Give it up: by who drafts or approves. The requests taken into it wait again.

    Side effects: state "dropped", act "dropped", its change requests.
    """
    if not reason.strip():
        return Refusal("reason", _("Tuliskan alasan membatalkan konsep ini."), field="reason")
    if len(reason) > LONGEST:
        return too_long(reason, "reason")
    with transaction.atomic():
        found = _locked(revision_id, actor, OPEN, now)
        if isinstance(found, Refusal):
            return found
        holds = rights(actor, now=now).of(found.slug).keeper
        if holds is None:
            return Refusal("not-yours", _("Hanya penyusun atau pengesah SOP yang membatalkan konsep."))
        ask_again(found)
        return moved_on(found, State.DROPPED, "dropped", actor, holds, reason, now)


def ask_again(revision: Revision) -> None:
    """The requests that were taken into a revision wait again."""
    again = {
        "state": ChangeRequest.State.OPEN,
        "answer": "",
        "answered_by": None,
        "answered_at": None,
        "revision": None,
    }
    ChangeRequest.objects.filter(revision=revision).update(**again)


# Below ----------------------------------------------------------------------------------------------------------------


class _Refused(Exception):
    """Carries a refusal out of a transaction in which something was written already."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def _locked(revision_id: int, actor: User, states: Iterable[str], now: datetime) -> Revision | Refusal:
    """The row, locked, if this person may see it and it stands where he saw it."""
    if revision_for(actor, revision_id, now=now) is None:
        return Refusal("not-found", _("Konsep ini tidak ada."))
    found = Revision.objects.select_for_update().get(pk=revision_id)
    if found.state not in states:
        return Refusal("first", _first(found))
    return found


def _first(revision: Revision) -> str:
    """Who acted before, and what the revision is now."""
    last = RevisionAct.objects.filter(revision=revision).exclude(code="edited").order_by("-seq").first()
    told = {
        "state": revision.get_state_display(),
        "who": last.name if last else revision.opened_by.full_name,
        "when": formats.short_datetime(last.at if last else revision.changed_at),
    }
    return _("Sudah ditindaklanjuti oleh %(who)s pada %(when)s: %(state)s.") % told


def _changed(revision: Revision, seen: str) -> Refusal | None:
    """The content must be the one that the person saw, and the one that was sent and judged in this round."""
    content = sha256(revision.content)
    if seen != content or any(act.sha256 != content for act in round_of(revision)):
        return Refusal(
            "changed", _("Isi konsep ini bukan lagi yang Anda lihat. Muat ulang halaman, lalu periksa lagi.")
        )
    return None


def _publish(
    revision: Revision, actor: User, holds: Appointment, wished: date | None, known: Works, now: datetime
) -> None:
    begins = _begin_of(revision, wished) or revision.effective_from
    if begins is not None and _day(revision, begins) < _day(revision, now):
        raise _Refused(_past())
    procedure = procedure_of(revision)
    if procedure is None or errors_of(revision, known):
        raise _Refused(Refusal("errors", _("Isi konsep ini masih memuat kesalahan. Kembalikan untuk diperbaiki.")))
    by = f"{actor.full_name}, {holds.title}"
    versions = ProcedureVersion.objects.filter(institution=revision.institution, slug=revision.slug)
    before = set(versions.values_list("pk", flat=True))
    try:
        version = publish(
            procedure, institution=revision.institution, by=by[:200], now=now, effective_from=max(begins or now, now)
        )
    except ValueError as waits:
        told = _("Versi lain SOP ini masih menunggu tanggal berlakunya. Sahkan sesudah tanggal itu.")
        raise _Refused(Refusal("waits", told)) from waits
    if version.pk in before:
        raise _Refused(
            Refusal("same", _("Isinya sama dengan versi yang sudah ada. Kembalikan atau batalkan konsep ini."))
        )
    revision.version, revision.effective_from = version, version.effective_from
    revision.save(update_fields=["version", "effective_from"])
    _list(version)


def _list(version: ProcedureVersion) -> None:
    """A procedure that the list does not name gets a line at its end; its cases begin by hand."""
    lines = CatalogueEntry.objects.filter(institution_id=version.institution_id)
    if lines.filter(slug=version.slug).exists():
        return
    last = lines.order_by("-place").first()
    entry = CatalogueEntry.objects.create(
        institution_id=version.institution_id,
        slug=version.slug,
        number=version.number,
        name=version.name,
        place=(last.place if last else 0) + 1,
    )
    StartRule.objects.create(entry=entry, by=StartRule.By.PERSON)


def _begin_of(revision: Revision, day: date | None) -> datetime | None:
    """Midnight where the institution is."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(revision.institution.zone)) if day else None


def _day(revision: Revision, at: datetime) -> date:
    return revision.institution.date_at(at)


def _past() -> Refusal:
    return Refusal("past", _("Tanggal berlaku tidak boleh sebelum hari ini."), field="effective_from")


def too_long(text: str, field: str) -> Refusal:
    """That a text has more than ``LONGEST`` characters."""
    told = _("Paling panjang %(most)s karakter, dan ini %(count)s. Persingkat.")
    return Refusal("too-long", told % {"most": LONGEST, "count": len(text)}, field=field)


def moved_on(
    revision: Revision, to: str, code: str, actor: User, holds: Appointment, comment: str, now: datetime
) -> Revision:
    """The row is locked and stands where it should: write the act and where it leads."""
    last = RevisionAct.objects.filter(revision=revision).order_by("-seq").first()
    RevisionAct.objects.create(
        revision=revision,
        seq=(last.seq if last else 0) + 1,
        at=now,
        code=code,
        person=actor,
        name=actor.full_name,
        position=holds.title[:220],
        letter=holds.letter[:120],
        comment=comment.strip(),
        sha256=sha256(revision.content),
    )
    changed = Revision.objects.filter(pk=revision.pk, state=revision.state).update(state=to, changed_at=now)
    if changed != 1:  # SQLite serialises writers, PostgreSQL locks the row: this cannot happen
        raise RuntimeError(f"revision {revision.pk} moved on under its lock")
    revision.state, revision.changed_at = to, now
    return revision
