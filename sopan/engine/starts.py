"""How cases begin: who may start which procedure, what the calendar starts, and what a finished case is followed by.

The rules are rows of the catalogue (``StartRule``). A case never begins by two presses, by two workers, or twice for one
period: each beginning has a key of its own (``Case.start_key``).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.catalogue.models import ActorBinding, CatalogueEntry, ProcedureVersion, StartRule
from sopan.catalogue.queries import bindings, in_force, procedure
from sopan.core.around import first_staff, staff_of
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, Procedure, Step
from sopan.core.recurrence import Every, Occurrence, following, occurrences
from sopan.people.calendars import calendar_of
from sopan.people.models import Appointment, Company, Institution, User

from . import access, operations
from .effects import finishing, periodic
from .following import FOLLOW
from .models import CalendarMark, Case, Effect
from .periods import period_name
from .quota import full
from .stepwork import handles
from .unbound import stuck, unbound

log = logging.getLogger("sopan.worker")

By = StartRule.By
KEPT = 24  # missed periods that a rule remembers


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure that a person may start, by one of its rules. ``blocked`` tells why it would get stuck, if it would."""

    rule: StartRule
    version: ProcedureVersion
    first: Step
    on_behalf: str = ""  # who does the first step, where the person only records it
    blocked: Refusal | None = None

    @property
    def entry(self) -> CatalogueEntry:
        return self.rule.entry

    @property
    def has_customer(self) -> bool:
        """Whether the procedure has a customer, for whom a case may be started: one of its actors, or who begins it."""
        if any(actor.kind is ActorKind.CUSTOMER for actor in procedure(self.version.pk).actors):
            return True
        return StartRule.objects.filter(entry=self.rule.entry_id, by=By.CUSTOMER, active=True).exists()


# Who may start what ---------------------------------------------------------------------------------------------------


def offers(user: User, *, slug: str = "", now: datetime) -> list[Offer]:
    """What this person may start now, in the order of the list of SOPs; one line a rule.

    Staff: rules by a person, where they hold a position of the first step, or, if somebody outside does that, of the
    first step of the staff. Customers: rules by a customer.
    """
    if not user.is_active:
        return []
    by = By.CUSTOMER if user.is_customer else By.PERSON
    rules = StartRule.objects.filter(entry__institution_id=user.institution_id, by=by, active=True)
    queues = frozenset() if user.is_customer else frozenset(access.binding_ids(user, now=now))
    if not user.is_customer:
        rules = rules.filter(entry__slug__in=ActorBinding.objects.filter(pk__in=queues).values("slug"))
    if slug:
        rules = rules.filter(entry__slug=slug)
    found = list(rules.select_related("entry__unit", "entry__institution").order_by("entry__place", "entry_id", "pk"))
    versions = _versions(user.institution_id, {rule.entry.slug for rule in found}, now=now)
    without = unbound(user.institution_id, set(versions))
    made = (_offer(rule, versions.get(rule.entry.slug), user, queues, without) for rule in found)
    return [offer for offer in made if offer is not None]


def _versions(institution_id: int, slugs: Iterable[str], *, now: datetime) -> dict[str, ProcedureVersion]:
    rows = ProcedureVersion.objects.filter(in_force(now), institution_id=institution_id, slug__in=slugs)
    return {version.slug: version for version in rows.defer("content")}


def _offer(
    rule: StartRule,
    version: ProcedureVersion | None,
    user: User,
    queues: frozenset[int],
    without: Mapping[str, Mapping[str, str]],
) -> Offer | None:
    proc = procedure(version.pk) if version is not None else None
    if version is None or proc is None or rule.at not in proc.entries:
        return None
    first = proc.by_id[proc.entries[rule.at]]
    blocked = stuck(proc, [first.id], without.get(rule.entry.slug, {}))
    if user.is_customer:
        return Offer(rule, version, first, blocked=blocked)
    if queues.isdisjoint(_queues(version.pk, proc, first)):
        return None
    outside = "" if staff_of(proc, first) else proc.actor_by_id[first.actors[0]].name
    return Offer(rule, version, first, outside, blocked)


def beginners(proc: Procedure, first: Step) -> frozenset[str]:
    """The actors whose positions may begin at ``first``: its own; where somebody outside does it, those who record it and
    those at the first step of the staff."""
    if staff := staff_of(proc, first):
        return staff
    coming = first_staff(proc, first.id)
    return frozenset(first.actors) | (staff_of(proc, coming) if coming is not None else frozenset())


def _queues(version_id: int, proc: Procedure, first: Step) -> frozenset[int]:
    """The queues of those who may begin at ``first``."""
    bound = bindings(version_id)
    return frozenset(bound[actor].binding_id for actor in beginners(proc, first))


def begin(
    user: User,
    slug: str,
    *,
    at: str = "",
    title: str,
    company: Company | None = None,
    form_key: str = "",
    now: datetime,
) -> Case | Refusal:
    """Start a case by hand: as a member of staff, or as a customer for his company.

    The same ``form_key`` again gives the same case. Refused if the person may not start it, if it would get stuck, if the
    procedure is withdrawn at that moment, or if too many of a customer's cases wait already (too-many).
    Side effects: those of ``operations.start``.
    """
    key = key_of(user, slug, form_key)
    if key and (before := Case.objects.filter(start_key=key).first()):
        return before
    offer = next((one for one in offers(user, slug=slug, now=now) if one.rule.at == at), None)
    if offer is None:
        return Refusal("not-found", _("Prosedur ini tidak dapat Anda mulai."))
    if offer.blocked is not None:
        return offer.blocked
    if company is not None and (user.is_customer or company.institution_id != user.institution_id):
        return Refusal("not-found", _("Perusahaan ini tidak ada."), field="company")
    given: dict[str, Any] = {
        "institution": offer.entry.institution,
        "actor": user,
        "acting": _starting(user, offer, now=now),
        "entry": at,
        "title": title,
        "start_key": key,
        "facts": {
            "by": str(offer.rule.by),
            **({"on_behalf": offer.on_behalf} if offer.on_behalf and not company else {}),
        },
        "now": now,
    }
    if user.company is None:
        return started(slug, company=company, **given)
    return for_customer(slug, company=user.company, **given)


def key_of(user: User, slug: str, form_key: str) -> str | None:
    """The key of the case that a person begins by a form; None where the form has none."""
    return hashlib.sha256(f"{user.pk} {slug} {form_key}".encode()).hexdigest() if form_key else None


def started(slug: str, **given: Any) -> Case | Refusal:
    """``operations.start``; refused where the procedure was withdrawn, or lost its beginning, since it was offered."""
    try:
        return operations.start(slug, **given)
    except ProcedureVersion.DoesNotExist:
        return Refusal("not-in-force", _("Tidak ada versi SOP yang berlaku."))
    except operations.NoEntry:
        return Refusal("no-entry", _("SOP ini tidak mempunyai awal “%(entry)s”.") % {"entry": given.get("entry", "")})


def for_customer(
    slug: str, *, company: Company, institution: Institution, start_key: str | None, **given: Any
) -> Case | Refusal:
    """A case that a customer begins himself: no more than may wait at a time. One of his at a time, by the lock of his
    company, so that two windows do not begin one too many."""
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        known = start_key is not None and Case.objects.filter(start_key=start_key).exists()
        if not known and (no := full(company, slug, institution=institution)) is not None:
            return no
        return started(slug, company=company, institution=institution, start_key=start_key, **given)


def _starting(user: User, offer: Offer, *, now: datetime) -> access.Acting:
    """The person with the position by which he may start it."""
    if user.is_customer:
        return access.as_person(user, None)
    proc = procedure(offer.version.pk)
    held = Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        person=user,
        valid_from__lte=now,
        position__bindings__in=_queues(offer.version.pk, proc, offer.first),
    )
    return access.as_person(user, held.select_related("position").order_by("kind", "pk").first())


def beginning(slug: str, *, institution: Institution, entry: str, now: datetime) -> tuple[Procedure, Step] | Refusal:
    """The procedure in force now and its first step at ``entry``. Refused where it has been withdrawn, or has no such entry."""
    version = _versions(institution.pk, [slug], now=now).get(slug)
    if version is None:
        return Refusal("not-in-force", _("Tidak ada versi SOP yang berlaku."))
    proc = procedure(version.pk)
    if entry not in proc.entries:
        return Refusal("no-entry", _("SOP ini tidak mempunyai awal “%(entry)s”.") % {"entry": entry})
    return proc, proc.by_id[proc.entries[entry]]


# By rule: the calendar, and what follows a finished case --------------------------------------------------------------


def by_rule(
    rule: StartRule, *, key: str, title: str, facts: Mapping[str, Any], after: Case | None = None, now: datetime
) -> Case | Refusal:
    """Start a case by a rule, in the name of the system. Refused where no version is in force, or it would get stuck."""
    entry = rule.entry
    begins = beginning(entry.slug, institution=entry.institution, entry=rule.at, now=now)
    if isinstance(begins, Refusal):
        return begins
    proc, first = begins
    no = stuck(proc, [first.id], unbound(entry.institution_id, [entry.slug]).get(entry.slug, {}))
    if no is not None:
        return no
    return started(
        entry.slug,
        institution=entry.institution,
        actor=None,
        entry=rule.at,
        company=after.company if after is not None else None,
        title=title,
        subject=after.subject if after is not None else "",
        start_key=key,
        facts=facts,
        after=after,
        now=now,
    )


def next_of(rule: StartRule, institution: Institution, *, now: datetime) -> Occurrence | None:
    """When a rule of the calendar starts its next case; None for other rules."""
    if rule.by != By.CALENDAR or not rule.every:
        return None
    return following(Every(rule.every), calendar_of(institution), now, day=rule.day, month=rule.month)


@periodic("engine.start_by_calendar", every=timedelta(minutes=1))
def start_by_calendar(now: datetime) -> None:
    """Start what the calendar says is due. A rule that cannot be followed does not hold up the others."""
    rules = StartRule.objects.filter(by=By.CALENDAR, active=True).exclude(every="")
    for rule in rules.select_related("entry__institution").order_by("pk"):
        try:
            follow(rule, now=now)
        except Exception:
            log.exception("rule %s (%s) could not be followed", rule.pk, rule)


def follow(rule: StartRule, *, now: datetime) -> Case | Refusal | None:
    """Start the case of the current period, unless that has been done; None if nothing is due.

    Periods that passed while nothing ran are not made up for: they are noted at the rule and in the journal of the case.
    A rule seen for the first time begins with the next period. Side effects: case, mark of the rule.
    """
    mark, _made = CalendarMark.objects.get_or_create(rule=rule, defaults={"upto": now})
    due = _due(rule, mark.upto, now)
    if not due:
        return None
    current, missed = due[-1], [one.key for one in due[:-1]]
    try:
        with transaction.atomic():
            remembered = [*mark.missed, *missed][-KEPT:]
            changes: dict[str, Any] = {"upto": now, "period": current.key, "missed": remembered, "problem": ""}
            if CalendarMark.objects.filter(pk=mark.pk, upto=mark.upto).update(**changes) != 1:
                return None  # another worker was faster
            case = _of_period(rule, current, missed, now=now)
            if isinstance(case, Refusal):
                raise _Refused(case)
            CalendarMark.objects.filter(pk=mark.pk).update(case=case)
            return case
    except _Refused as no:
        CalendarMark.objects.filter(pk=mark.pk).update(problem=no.refusal.message)
        return no.refusal


class _Refused(Exception):
    """Undoes the move of a mark whose case could not begin: it is tried again."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def _due(rule: StartRule, since: datetime, now: datetime) -> list[Occurrence]:
    calendar = calendar_of(rule.entry.institution)
    first, last = calendar.local(since).date(), calendar.local(now).date()
    found = occurrences(Every(rule.every), calendar, first, last, day=rule.day, month=rule.month)
    return [one for one in found if since < one.at <= now]


def _of_period(rule: StartRule, period: Occurrence, missed: Sequence[str], *, now: datetime) -> Case | Refusal:
    facts: dict[str, Any] = {"by": "calendar", "rule": rule.pk, "period": period.key}
    if missed:
        facts |= {"missed": list(missed[-KEPT:]), "missed_count": len(missed)}
    key = f"calendar:{rule.pk}:{period.key}"
    return by_rule(rule, key=key, title=period_name(period.key), facts=facts, now=now)


def switched_on(rule: StartRule, *, now: datetime) -> None:
    """A rule of the calendar counts from now on: what passed before does not begin. Side effect: its mark."""
    CalendarMark.objects.update_or_create(rule=rule, defaults={"upto": now, "problem": ""})


class Unstartable(RuntimeError):
    """What follows a case cannot begin yet; the effect is tried again and then shown as failed."""


@handles(FOLLOW)
def start_following(effect: Effect) -> None:
    """Start what follows a finished case, and tell it in the journals of both."""
    rule = StartRule.objects.select_related("entry__institution").filter(pk=effect.data["rule"]).first()
    if rule is None or not rule.active or effect.case_id is None:
        return  # it was switched off meanwhile
    before = Case.objects.select_related("procedure", "company").get(pk=effect.case_id)
    now = timezone.now()
    with finishing(effect):
        facts = {"by": "procedure", "rule": rule.pk, "after": before.pk, "after_number": str(before)}
        case = by_rule(
            rule,
            key=f"after:{before.pk}:{rule.pk}",
            title=before.title,
            facts=facts,
            after=before,
            now=now,
        )
        if isinstance(case, Refusal):
            raise Unstartable(f"{rule.entry.slug}: {case.message}")
        operations.note(
            before.pk,
            acting=access.system_acting(before.institution_id),
            code="followed",
            data={"case": case.pk, "number": str(case), "procedure": rule.entry.name},
            now=now,
        )
