"""The counter of testing: a company comes in person, with a letter or with its samples, and has no account.

Staff choose the company, or record it, and begin its case; what it asks for is typed into the first step, or where its samples
are booked in. Its case is seen on the pages of the company as soon as somebody has an account for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.catalogue.models import CatalogueEntry, ProcedureVersion, StartRule
from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.core.model import Step
from sopan.domains.laboratory.access import holding, positions_of
from sopan.engine import starts
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.engine.unbound import stuck, unbound
from sopan.people.models import Company, User
from sopan.people.operations import record_company

from . import access

By = StartRule.By


@dataclass(frozen=True, slots=True)
class Counter:
    """A procedure of testing that a person begins for a company. ``brings``: it brings its samples, to be booked in."""

    rule: StartRule
    version: ProcedureVersion
    first: Step
    acting: Acting

    @property
    def entry(self) -> CatalogueEntry:
        return self.rule.entry

    @property
    def brings(self) -> bool:
        return self.first.work == access.TESTS


def counters(user: User, *, slug: str = "", now: datetime) -> list[Counter]:
    """What this person may begin for a company now, in the order of the list of SOPs.

    Where the letter is recorded first: who holds a position of that step. Where the case only tests: who books in what is
    brought (``access.receives``). Where the institution lets nobody begin by hand, nobody does here.
    """
    if not user.is_authenticated or user.is_customer:
        return []
    versions = {one.slug: one for one in access.tests(user, now=now) if slug in ("", one.slug)}
    if not versions:
        return []
    rules = StartRule.objects.filter(
        entry__institution=user.institution_id, entry__slug__in=versions, active=True, by=By.PERSON
    )
    rows = rules.select_related("entry__institution").order_by("entry__place", "entry_id", "pk")
    found = (_counter(user, rule, versions[rule.entry.slug], now=now) for rule in rows)
    return [one for one in found if one is not None]


def _counter(user: User, rule: StartRule, version: ProcedureVersion, *, now: datetime) -> Counter | None:
    proc = procedure(version.pk)
    if rule.at not in proc.entries:
        return None
    first = proc.by_id[proc.entries[rule.at]]
    case = Case(
        procedure=version, institution_id=version.institution_id
    )  # not kept: asks for the positions of a version
    acting = None
    if first.work == access.RECORDS:
        acting = holding(user, [key for actor in first.actors for key in positions_of(case, actor)], now=now)
    elif first.work == access.TESTS:
        acting = access.receives(user, case, now=now)
    return Counter(rule, version, first, acting) if acting is not None else None


def begin(
    user: User, slug: str, *, company: Company | Mapping[str, str], form_key: str, now: datetime
) -> Case | Refusal:
    """Begin a case for a company that came in person; one that is told as a mapping is recorded first.

    The same ``form_key`` again gives the same case. Refusals: not-found, company-known (field npwp), those of
    ``starts.begin``. Side effects: those of ``record_company`` and of ``engine.operations.start``.
    """
    key = starts.key_of(user, slug, form_key)
    if key and (before := Case.objects.filter(start_key=key).first()):
        return before
    one = next(iter(counters(user, slug=slug, now=now)), None)
    if one is None or (isinstance(company, Company) and company.institution_id != user.institution_id):
        return Refusal("not-found", _("Prosedur ini tidak dapat Anda mulai."))
    with transaction.atomic():
        whose = company
        if not isinstance(whose, Company):
            made = record_company(one.entry.institution, whose, by=one.acting, now=now)
            if isinstance(made, Refusal):
                return made
            whose = made
        case = _begin(user, one, whose, form_key=form_key, now=now)
        if isinstance(case, Refusal):
            transaction.set_rollback(True)  # no company without its case
    return case


def _begin(user: User, one: Counter, company: Company, *, form_key: str, now: datetime) -> Case | Refusal:
    slug, title = one.entry.slug, one.version.name
    if not one.brings:
        return starts.begin(user, slug, at=one.rule.at, title=title, company=company, form_key=form_key, now=now)
    without = unbound(one.entry.institution_id, [slug]).get(slug, {})
    if (no := stuck(procedure(one.version.pk), [one.first.id], without)) is not None:
        return no
    return starts.started(
        slug, institution=one.entry.institution, actor=user, acting=one.acting, entry=one.rule.at, company=company, title=title,
        start_key=starts.key_of(user, slug, form_key), facts={"by": str(By.PERSON)}, now=now,
    )  # fmt: skip
