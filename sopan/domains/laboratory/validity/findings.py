"""Findings are opened by rules, answered with cause and action, and closed by somebody else. None is ever deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from .. import register_access
from ..models import ChartPoint, ControlChart, Finding, FindingAct, ProficiencyTest, RepeatCheck, Verdict
from . import access
from .judging import Fired

A, S = FindingAct.Act, Finding.State


def open_for_chart(chart: ControlChart, fired: list[Fired], *, now: datetime) -> list[Finding]:
    """Open a finding for every rule that fired and is not told yet; one that still fires extends the open finding.

    Warnings are no findings: they are shown at their point. Runs in the caller's transaction, which holds the lock of the
    chart. Side effects: findings.
    """
    told = list(Finding.objects.filter(point__chart=chart).order_by("pk"))
    known = {(one["rule"], one["points"][-1]) for finding in told for one in finding.signals}
    touched: dict[int, Finding] = {}
    for signal in fired:
        if not signal.rejects or (signal.rule, signal.points[-1].number) in known:
            continue
        row = {"rule": signal.rule, "points": [point.number for point in signal.points]}
        finding = _still_open(told, row) or _at(touched, signal.points[-1])
        if finding is None:
            finding = Finding(
                institution_id=chart.institution_id, laboratory_id=chart.laboratory_id, point=signal.points[-1], opened_at=now
            )  # fmt: skip
            told.append(finding)
        finding.signals = [*finding.signals, row]
        finding.save()
        touched[finding.pk] = finding
    return list(touched.values())


def _still_open(told: list[Finding], row: dict[str, object]) -> Finding | None:
    """A finding that nobody has closed, in which the same rule saw some of these points."""
    numbers = set(row["points"])  # type: ignore[call-overload]
    for finding in told:
        if finding.state != S.CLOSED and any(
            one["rule"] == row["rule"] and numbers & set(one["points"]) for one in finding.signals
        ):
            return finding
    return None


def _at(touched: dict[int, Finding], point: ChartPoint) -> Finding | None:
    """The finding that was just opened at this point, for another rule."""
    return next((one for one in touched.values() if one.point_id == point.pk), None)


def open_for_trial(row: ProficiencyTest | RepeatCheck, *, now: datetime) -> Finding | None:
    """Open a finding where a test or repeat is not satisfactory. Side effects: the finding."""
    if row.verdict != Verdict.UNSATISFACTORY:
        return None
    name = "test" if isinstance(row, ProficiencyTest) else "repeat"
    return Finding.objects.create(
        institution_id=row.institution_id, laboratory_id=row.laboratory_id, opened_at=now, **{name: row}
    )


def answer(finding: Finding, *, cause: str, action: str, actor: User, now: datetime) -> FindingAct | Refusal:
    """Tell cause and action, as somebody of that laboratory. Side effects: an act, the state.

    Refusals: not-found, no-cause, no-action, answered.
    """
    acting = access.member(actor, finding.laboratory, now=now)
    if acting is None:
        return Refusal("not-found", _("Temuan ini tidak ada."))
    if not cause.strip():
        return Refusal("no-cause", _("Tuliskan penyebabnya."), "cause")
    if not action.strip():
        return Refusal("no-action", _("Tuliskan tindakannya."), "action")
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        if locked.state != S.OPEN:
            return Refusal("answered", _("Temuan ini sudah dijawab."))
        return _act(locked, A.ANSWERED, S.ANSWERED, actor, acting.name, now, cause=cause.strip(), action=action.strip())


def close(finding: Finding, *, remark: str = "", actor: User, now: datetime) -> FindingAct | Refusal:
    """Accept the answer and close. Refused for who answered, and without an answer. Side effects: an act, the state."""
    return _judge(finding, A.CLOSED, remark=remark, actor=actor, now=now)


def give_back(finding: Finding, *, remark: str, actor: User, now: datetime) -> FindingAct | Refusal:
    """Ask for another answer; the first one stays. Refused without a remark. Side effects: an act, the state."""
    if not remark.strip():
        return Refusal("no-remark", _("Tuliskan mengapa jawaban dikembalikan."), "remark")
    return _judge(finding, A.RETURNED, remark=remark, actor=actor, now=now)


def _judge(finding: Finding, act: str, *, remark: str, actor: User, now: datetime) -> FindingAct | Refusal:
    acting = register_access.keeper_of(actor, finding.laboratory, now=now)
    if acting is None:
        return Refusal("not-found", _("Temuan ini tidak ada."))
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        if locked.state != S.ANSWERED:
            return Refusal("not-answered", _("Temuan ini belum dijawab, atau sudah ditutup."))
        last = locked.acts.filter(act=A.ANSWERED).last()
        if last is not None and last.person_id == actor.pk:
            return Refusal("own-answer", _("Anda yang menjawab temuan ini, sehingga orang lain yang menutupnya."))
        state = S.CLOSED if act == A.CLOSED else S.OPEN
        return _act(locked, act, state, actor, acting.name, now, remark=remark.strip())


def _act(finding: Finding, act: str, state: str, actor: User, name: str, now: datetime, **texts: str) -> FindingAct:
    finding.state = state
    finding.save(update_fields=["state"])
    return FindingAct.objects.create(finding=finding, act=act, person=actor, name=name, at=now, **texts)
