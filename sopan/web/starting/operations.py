"""Who stands behind the actors of a procedure, and how its cases begin: changed by drafters, told among the events; and
the withdrawal of a case by its customer.

Running cases keep working: a queue is the binding itself, whoever holds its positions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.catalogue.access import rights
from sopan.catalogue.loading import circle
from sopan.catalogue.models import ActorBinding, CatalogueEntry, ProcedureVersion, StartRule
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind
from sopan.core.recurrence import Every, misfit
from sopan.engine import operations as engine
from sopan.engine import starts
from sopan.engine.models import Case
from sopan.people.events import record
from sopan.people.models import Institution, Position, User
from sopan.web.starting import access
from sopan.web.starting.wording import rule_words

By = StartRule.By


def _drafts(person: User, institution_id: int, slug: str, *, now: datetime) -> Refusal | None:
    if person.institution_id == institution_id and rights(person, now=now).of(slug).drafter is not None:
        return None
    return Refusal("not-drafter", _("Hanya penyusun SOP yang dapat mengubah ini."))


Chosen = Mapping[
    int, tuple[Collection[int], Collection[int]]
]  # binding -> positions that were shown, and that are wanted


@transaction.atomic
def set_bindings(institution: Institution, slug: str, *, chosen: Chosen, by: User, now: datetime) -> int | Refusal:
    """Put positions behind actors; how many actors changed. Refused if somebody else has changed one since it was shown.

    Customers act themselves and have no positions. Side effects: bindings, one event for each that changed.
    """
    no = _drafts(by, institution.pk, slug, now=now)
    if no is not None:
        return no
    rows = ActorBinding.objects.filter(institution=institution, slug=slug).exclude(kind=ActorKind.CUSTOMER)
    bindings = {row.pk: row for row in rows.select_for_update().order_by("pk")}
    names = dict(Position.objects.filter(institution=institution).values_list("pk", "name"))
    if not set(chosen) <= set(bindings) or any(not set(wanted) <= set(names) for _shown, wanted in chosen.values()):
        return Refusal("unknown", _("Jabatan atau pelaksana ini tidak ada."))
    held = {pk: set(bindings[pk].positions.values_list("pk", flat=True)) for pk in chosen}
    if any(held[pk] != set(shown) for pk, (shown, _wanted) in chosen.items()):
        return Refusal("changed", _("Daftar ini baru saja diubah orang lain. Periksa isinya, lalu simpan lagi."))
    changed = [pk for pk, (_shown, wanted) in chosen.items() if set(wanted) != held[pk]]
    for pk in changed:
        wanted = chosen[pk][1]
        bindings[pk].positions.set(wanted)
        told = {"slug": slug, "procedure": _named(institution, slug), "actor": bindings[pk].name}
        told |= {"before": _joined(held[pk], names), "after": _joined(wanted, names)}
        record(institution, "bound", by=by, now=now, **told)
    return len(changed)


def _joined(positions: Collection[int], names: Mapping[int, str]) -> str:
    return ", ".join(sorted(names[pk] for pk in positions)) or "–"


def _named(institution: Institution, slug: str) -> str:
    entry = CatalogueEntry.objects.filter(institution=institution, slug=slug).first()
    if entry is not None:
        return entry.name
    version = ProcedureVersion.objects.filter(institution=institution, slug=slug).order_by("-version").first()
    return version.name if version else slug


# Rules ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_rule(entry: CatalogueEntry, *, fields: Mapping[str, Any], by: User, now: datetime) -> StartRule | Refusal:
    """A new rule, switched on. Refused if it is there already, or if procedures would start each other for ever."""
    no = _drafts(by, entry.institution_id, entry.slug, now=now)
    if no is not None:
        return no
    if fields["by"] == By.DOMAIN:
        return Refusal("domain", _("Layanan khusus dimulai dari halamannya sendiri."), field="by")
    if fields["by"] == By.CALENDAR:
        wrong = _no_such_day(fields["every"], fields.get("day"), fields.get("month"))
        if wrong is not None:
            return wrong
    if entry.starts.filter(**fields).exists():
        return Refusal("there-already", _("Cara mulai ini sudah ada."), field="by")
    if fields["by"] == By.PROCEDURE and circle(entry, str(fields["after"])):
        return Refusal(
            "circle", _("SOP ini sendiri mendahului SOP itu: kasus akan saling memulai tanpa akhir."), field="after"
        )
    rule = StartRule.objects.create(entry=entry, **fields)
    _tell("rule_added", rule, by=by, now=now)
    if rule.by == By.CALENDAR:
        starts.switched_on(rule, now=now)
    return rule


def _no_such_day(every: str, day: int | None, month: int | None) -> Refusal | None:
    """Why a rule of the calendar cannot be followed on such a day."""
    key = misfit(Every(every), day=day, month=month)
    if not key:
        return None
    told = {
        "day": _("Tidak ada hari ke-%(n)s pada jadwal ini."),
        "month": _("Bulan hanya untuk setiap tahun, 1 sampai 12."),
    }
    return Refusal("no-such-day", told[key] % {"n": day} if key == "day" else told[key], field=key)


@transaction.atomic
def switch_rule(rule: StartRule, *, on: bool, by: User, now: datetime) -> Refusal | None:
    """Switch a rule on or off; one of the calendar counts from now on. The same again changes nothing."""
    no = _drafts(by, rule.entry.institution_id, rule.entry.slug, now=now)
    if no is not None or rule.active == on:
        return no
    if on and rule.by == By.PROCEDURE and circle(rule.entry, rule.after):
        return Refusal("circle", _("SOP ini sendiri mendahului SOP itu: kasus akan saling memulai tanpa akhir."))
    rule.active = on
    rule.save(update_fields=["active"])
    _tell("rule_on" if on else "rule_off", rule, by=by, now=now)
    if on and rule.by == By.CALENDAR:
        starts.switched_on(rule, now=now)
    return None


@transaction.atomic
def change_day(rule: StartRule, *, day: int | None, month: int | None, by: User, now: datetime) -> Refusal | None:
    """Another day for a rule of the calendar; what has begun is not begun again."""
    no = _drafts(by, rule.entry.institution_id, rule.entry.slug, now=now)
    if no is not None or (rule.day, rule.month) == (day, month):
        return no
    if (wrong := _no_such_day(rule.every, day, month)) is not None:
        return wrong
    before = rule_words(rule)
    rule.day, rule.month = day, month
    rule.save(update_fields=["day", "month"])
    _tell("rule_changed", rule, by=by, now=now, before=before)
    if rule.active:
        starts.switched_on(rule, now=now)
    return None


def _tell(code: str, rule: StartRule, *, by: User, now: datetime, **more: str) -> None:
    entry = rule.entry
    told = {"slug": entry.slug, "procedure": entry.name, "rule": rule_words(rule), **more}
    record(entry.institution, code, by=by, now=now, **told)


# By the customer ------------------------------------------------------------------------------------------------------


def withdraw(case: Case, *, actor: User, reason: str, now: datetime) -> engine.Done | Refusal:
    """Withdraw what the staff have not worked on. The case is locked first: nobody begins to work on it meanwhile.

    Refusals: too-late, and those of ``withdraw_by_customer``. Side effects: the case ends.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if (no := access.may_withdraw(locked)) is not None:
            return no
        return engine.withdraw_by_customer(case.pk, actor=actor, reason=reason, now=now)
