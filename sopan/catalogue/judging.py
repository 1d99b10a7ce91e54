"""Who may judge a revision in which state, and which revisions wait for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Appointment, User

from .access import WROTE, Rights, authors, rights, slugs_of
from .models import Revision, RevisionAct, RevisionEdit

State = Revision.State


@dataclass(frozen=True, slots=True)
class Stage:
    """A state in which somebody judges: its act, where it leads, and who may.

    ``workers``: holders of a position that works by the procedure may, beside those whose position has the ``right``.
    """

    act: str
    to: str
    right: str
    workers: bool = False
    apart_from: tuple[str, ...] = ()  # acts of this round whose person may not do this one

    def holds(self, mine: Rights, slug: str) -> Appointment | None:
        """The appointment by which a person may, apart from what he did before."""
        by_work = mine.works_by(slug) if self.workers else None
        by_right: Appointment | None = getattr(mine, self.right)
        return by_work or by_right


STAGES: dict[str, Stage] = {
    State.CHECKING: Stage("checked", State.REVIEWING, "reviewer", workers=True),
    State.REVIEWING: Stage("reviewed", State.APPROVING, "reviewer"),
    State.APPROVING: Stage("approved", State.APPROVED, "approver", apart_from=("checked", "reviewed")),
}


def round_of(revision: Revision) -> list[RevisionAct]:
    """The acts since the content was last sent, the sending first; none while it is a draft that was never sent."""
    acts = list(RevisionAct.objects.filter(revision=revision).order_by("seq"))
    sent = [place for place, act in enumerate(acts) if act.code == "sent"]
    return acts[sent[-1] :] if sent else []


def may_judge(revision: Revision, person: User, *, now: datetime) -> Appointment | Refusal:
    """By which appointment this person may do the next act of judging, or why not.

    Refusals: not-judging (nothing to judge in this state), not-yours (no position for it), author, and judged-before.
    """
    stage = STAGES.get(revision.state)
    if stage is None:
        return Refusal("not-judging", _("Konsep ini tidak sedang menunggu pemeriksaan."))
    holds = stage.holds(rights(person, now=now).of(revision.slug), revision.slug)
    if holds is None:
        return Refusal("not-yours", _("Tahap ini bukan wewenang jabatan Anda."))
    if person.pk in authors(revision):
        told = _(
            "Anda ikut menyusun konsep ini, sehingga orang lain yang harus memeriksa, mengkaji, dan mengesahkannya."
        )
        return Refusal("author", told)
    if any(act.code in stage.apart_from and act.person_id == person.pk for act in round_of(revision)):
        told = _("Anda telah memeriksa atau mengkaji konsep ini, sehingga orang lain yang harus mengesahkannya.")
        return Refusal("judged-before", told)
    return holds


def waiting_for(person: User, *, now: datetime) -> list[Revision]:
    """The revisions that this person may judge now, the oldest first; one query where nothing is to be judged at all."""
    rows = Revision.objects.filter(institution_id=person.institution_id, state__in=list(STAGES))
    waiting = list(rows.select_related("opened_by").order_by("changed_at", "pk"))
    mine = rights(person, now=now) if waiting else None
    if mine is None or not mine.held:
        return []
    slugs = slugs_of(person, mine.positions)
    mine_here = [row for row in waiting if _has_right(STAGES[row.state], mine.of(row.slug), row.slug in slugs)]
    wrote, judged = _acted(person, mine_here)
    return [row for row in mine_here if row.pk not in wrote and row.pk not in judged]


def _has_right(stage: Stage, mine: Rights, works: bool) -> bool:
    return (stage.workers and works) or getattr(mine, stage.right) is not None


def _acted(person: User, found: Sequence[Revision]) -> tuple[set[int], set[int]]:
    """Keys of those that this person wrote, and of those that he judged in this round and may not judge again."""
    states = {row.pk: row.state for row in found}
    wrote = {row.pk for row in found if row.opened_by_id == person.pk}
    wrote |= set(RevisionEdit.objects.filter(revision__in=states, person=person).values_list("revision_id", flat=True))
    judged: dict[int, set[str]] = {}
    acts = RevisionAct.objects.filter(revision__in=states).order_by("seq")
    for key, code, who in acts.values_list("revision_id", "code", "person_id"):
        if code == "sent":
            judged[key] = set()
        if who == person.pk:
            judged.setdefault(key, set()).add(code)
            wrote |= {key} if code in WROTE else set()
    return wrote, {key for key, codes in judged.items() if codes & set(STAGES[states[key]].apart_from)}
