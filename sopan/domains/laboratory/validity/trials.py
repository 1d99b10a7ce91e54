"""Proficiency tests and repeats are recorded once, scored, and open a finding where they are not satisfactory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.measurement import control
from sopan.people.models import User

from .. import register_access
from ..models import Laboratory, ProficiencyTest, RepeatCheck, Verdict
from ..numbers import parse_number
from . import access, findings

RANK = [str(one) for one in (Verdict.SATISFACTORY, Verdict.QUESTIONABLE, Verdict.UNSATISFACTORY)]
TEST_WORDS = ("method", "provider", "round", "item", "quantity", "unit", "note")
TEST_NUMBERS = ("assigned", "assigned_u", "assigned_k", "sigma", "result", "expanded", "k")
REPEAT_WORDS = ("method", "kind", "subject", "quantity", "unit", "basis", "source", "note")
Row = TypeVar("Row", ProficiencyTest, RepeatCheck)


@dataclass(frozen=True, slots=True)
class Faults:
    """Why it cannot be recorded, each at its field."""

    refusals: tuple[Refusal, ...]


def scores(numbers: Mapping[str, Decimal]) -> list[control.Score]:
    """The scores that these numbers allow: En and ζ where both have an uncertainty, z where there is a sigma."""
    x, assigned = float(numbers["result"]), float(numbers["assigned"])
    found = []
    if "assigned_u" in numbers and "expanded" in numbers:
        ours, theirs = float(numbers["expanded"]), float(numbers["assigned_u"])
        u, u_assigned = ours / float(numbers["k"]), theirs / float(numbers["assigned_k"])
        found += [control.en_score(x, ours, assigned, theirs), control.zeta_score(x, u, assigned, u_assigned)]
    if "sigma" in numbers:
        found.append(control.z_score(x, assigned, float(numbers["sigma"])))
    return found


def worst(found: list[control.Score]) -> str:
    """The verdict of a test is that of its worst score."""
    return max((one.verdict for one in found), key=RANK.index)


def record_test(
    laboratory: Laboratory, *, words: Mapping[str, str], typed: Mapping[str, str], on: date, actor: User | None, by: str,
    now: datetime,
) -> ProficiencyTest | Faults:  # fmt: skip
    """Record a round with its scores. ``typed``: texts of the numbers by name; those that may be missing are "".

    Side effects: the row; a finding where it is not satisfactory.
    """
    numbers, faults = _numbers(typed, TEST_NUMBERS, missing=("assigned_u", "sigma", "expanded"))
    faults += [
        *_above_zero(numbers, ("assigned_u", "sigma", "expanded")),
        *_factors(numbers),
        *_day(laboratory, on, now),
    ]
    if not faults and not scores(numbers):
        text = _("Isi ketidakpastian keduanya, atau simpangan baku uji profisiensi.")
        faults = [Refusal("no-score", text, "assigned_u")]
    if faults:
        return Faults(tuple(faults))
    found = scores(numbers)
    texts = {f"{name}_text": typed[name].strip() for name in ("assigned", "assigned_u", "sigma", "result", "expanded")}
    with transaction.atomic():
        made = ProficiencyTest.objects.create(
            institution=laboratory.institution, laboratory=laboratory, on=on, **_only(words, TEST_WORDS), **numbers,
            **texts, verdict=worst(found), entered_by=actor, entered_name=by, entered_at=now,
            scores=[{"name": one.name, "value": one.value, "verdict": one.verdict} for one in found],
        )  # fmt: skip
        findings.open_for_trial(made, now=now)
    return made


def record_repeat(
    laboratory: Laboratory, *, words: Mapping[str, str], typed: Mapping[str, str], on: date, actor: User | None, by: str,
    now: datetime,
) -> RepeatCheck | Faults:  # fmt: skip
    """Record two results of the same and hold their difference against the limit: up to the limit is satisfactory.

    Side effects: the row; a finding where the difference is larger.
    """
    numbers, faults = _numbers(typed, ("first", "second", "limit"))
    faults += [*_above_zero(numbers, ("limit",)), *_day(laboratory, on, now)]
    if faults:
        return Faults(tuple(faults))
    difference, allowed = numbers["second"] - numbers["first"], numbers["limit"]
    if words["basis"] == RepeatCheck.Basis.DEVIATION:
        allowed = Decimal(f"{control.repeat_limit(float(allowed)):.10g}")  # 2.8 s without the noise of binary numbers
    good = abs(difference) <= allowed
    with transaction.atomic():
        made = RepeatCheck.objects.create(
            institution=laboratory.institution, laboratory=laboratory, on=on, **_only(words, REPEAT_WORDS),
            first_text=typed["first"].strip(), first=numbers["first"], second_text=typed["second"].strip(),
            second=numbers["second"], limit_text=typed["limit"].strip(), difference=difference, allowed=allowed,
            verdict=Verdict.SATISFACTORY if good else Verdict.UNSATISFACTORY, entered_by=actor, entered_name=by,
            entered_at=now,
        )  # fmt: skip
        findings.open_for_trial(made, now=now)
    return made


def withdraw(row: Row, *, reason: str, actor: User, now: datetime) -> Row | Refusal:
    """Let a test or repeat that was recorded by mistake no longer count; it and its finding stay. Side effects: the row.

    Refusals: not-found, no-reason, own-entry, withdrawn.
    """
    acting = register_access.keeper_of(actor, row.laboratory, now=now)
    if acting is None:
        return Refusal("not-found", _("Catatan ini tidak ada."))
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    if (own := access.not_own(row, actor)) is not None:
        return own
    changed = type(row)._default_manager.filter(pk=row.pk, withdrawn_at=None)
    if not changed.update(withdrawn_at=now, withdrawn_name=acting.name, withdrawn_reason=reason.strip()[:500]):
        return Refusal("withdrawn", _("Catatan ini sudah ditarik."), "reason")
    row.refresh_from_db()
    return row


def _only(words: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: words[name].strip() for name in names}


def _numbers(
    typed: Mapping[str, str], names: tuple[str, ...], missing: tuple[str, ...] = ()
) -> tuple[dict[str, Decimal], list[Refusal]]:
    """The numbers by name, and what is none; those that may be missing are left out."""
    numbers, faults = {}, []
    for name in names:
        text = typed.get(name, "").strip()
        if name in missing and not text:
            continue
        value = parse_number(text)
        if isinstance(value, Refusal):
            faults.append(Refusal(value.code, value.message, name))
        else:
            numbers[name] = value
    return numbers, faults


def _above_zero(numbers: Mapping[str, Decimal], names: tuple[str, ...]) -> list[Refusal]:
    wrong = [name for name in names if name in numbers and numbers[name] <= 0]
    return [Refusal("not-positive", _("Angka ini harus di atas 0."), name) for name in wrong]


def _factors(numbers: Mapping[str, Decimal]) -> list[Refusal]:
    wrong = [name for name in ("k", "assigned_k") if name in numbers and not 1 <= numbers[name] <= 100]
    return [Refusal("factor", _("Faktor cakupan sekurangnya 1, biasanya 2."), name) for name in wrong]


def _day(laboratory: Laboratory, on: date, now: datetime) -> list[Refusal]:
    today = laboratory.institution.date_at(now)
    return [Refusal("future", _("Tanggal ini belum tiba."), "on")] if on > today else []
