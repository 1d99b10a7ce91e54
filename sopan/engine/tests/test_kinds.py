"""A version that makes an actor of the staff somebody outside, or a customer, changes nothing for the cases that run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sopan.catalogue.models import ActorBinding, ProcedureVersion
from sopan.catalogue.operations import bind, publish
from sopan.catalogue.queries import bindings
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind
from sopan.engine import access, operations
from sopan.engine.models import Case, Task
from sopan.engine.operations import Done
from sopan.people.models import Position

from .cast import NOW, SMALL, Cast, small_procedure

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
SIGNED_OUTSIDE = SMALL.replace("head: {name: Kepala}", "head: {name: Kepala Biro, kind: outside}")
CHECKED_BY_CUSTOMER = SMALL.replace("clerk: {name: Petugas}", "clerk: {name: Pemohon, kind: customer}").replace(
    "customer: {name: Pelanggan, kind: customer}", "customer: {name: Penyedia, kind: outside}"
)


def newer(cast: Cast, text: str, **given: object) -> ProcedureVersion:
    return publish(small_procedure(text), institution=cast.institution, now=LATER, **given)  # type: ignore[arg-type]


def begin(cast: Cast) -> Case:
    return operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)


def open_task(case: Case) -> Task:
    return Task.objects.select_related("binding", "case__procedure").get(case=case, status="open")


def done(case: Case, person: object, answer: str = "") -> None:
    found = operations.complete(open_task(case).pk, actor=person, answer=answer, now=LATER)  # type: ignore[arg-type]
    assert isinstance(found, Done), found


def test_a_running_case_comes_to_the_staff_though_the_next_version_says_somebody_outside(cast: Cast) -> None:
    case = begin(cast)
    newer(cast, SIGNED_OUTSIDE)
    done(case, cast.rina)
    done(case, cast.ana, "ya")
    task = open_task(case)
    assert (task.actor, task.binding.kind) == ("head", ActorKind.STAFF)
    assert access.acting_for(cast.citra, task, now=LATER) is not None
    assert access.acting_for(cast.ana, task, now=LATER) is None  # she would record it, were it somebody outside
    done(case, cast.citra, "ya")


def test_an_open_step_stays_with_who_has_it(cast: Cast) -> None:
    case = begin(cast)
    newer(cast, CHECKED_BY_CUSTOMER)
    task = open_task(case)
    assert (task.actor, task.binding.kind, task.company) == ("customer", ActorKind.CUSTOMER, cast.company)
    assert access.acting_for(cast.rina, task, now=LATER) is not None
    done(case, cast.rina)
    assert open_task(case).company is None
    assert access.acting_for(cast.rina, open_task(case), now=LATER) is None
    done(case, cast.ana, "ya")


def test_a_new_case_goes_by_what_the_new_version_says(cast: Cast) -> None:
    begin(cast)
    second = newer(cast, CHECKED_BY_CUSTOMER)
    kinds = {actor: bound.kind for actor, bound in bindings(second.pk).items()}
    assert kinds == {"customer": ActorKind.OUTSIDE, "clerk": ActorKind.CUSTOMER, "head": ActorKind.STAFF}
    case = operations.start("surat", institution=cast.institution, actor=None, company=cast.company, now=LATER)
    assert open_task(case).binding.kind == ActorKind.OUTSIDE
    assert open_task(case).company is None


def test_a_version_that_waits_changes_nothing_before_its_day(cast: Cast) -> None:
    newer(cast, SIGNED_OUTSIDE, effective_from=LATER + timedelta(days=9))
    case = begin(cast)
    done(case, cast.rina)
    done(case, cast.ana, "ya")
    assert open_task(case).binding.kind == ActorKind.STAFF


def test_positions_are_bound_to_what_the_newest_version_says(cast: Cast) -> None:
    newer(cast, SIGNED_OUTSIDE)
    bind("surat", {"head": ["clerk"]}, institution=cast.institution)
    held = {row.kind: [p.code for p in row.positions.all()] for row in ActorBinding.objects.filter(actor="head")}
    assert held == {ActorKind.STAFF: ["head"], ActorKind.OUTSIDE: ["clerk"]}


def test_back_to_the_kind_before_it_is_the_queue_of_before(cast: Cast) -> None:
    first = ProcedureVersion.objects.get()
    newer(cast, SIGNED_OUTSIDE)
    third = publish(
        small_procedure(SMALL.replace("15 Menit", "20 Menit")), institution=cast.institution, now=LATER + timedelta(1)
    )
    assert bindings(third.pk)["head"].binding_id == bindings(first.pk)["head"].binding_id


def test_a_case_that_is_moved_gets_the_queue_and_the_customer_of_the_new_version(cast: Cast) -> None:
    Position.objects.filter(code="archive").update(drafts_procedures=True)
    case = begin(cast)
    done(case, cast.rina)
    operations.take(open_task(case).pk, actor=cast.ana, now=NOW)
    newer(cast, CHECKED_BY_CUSTOMER)
    seen = Case.objects.get(pk=case.pk).journal_length
    moved = operations.move(case.pk, actor=cast.vera, reason="Aturan baru", seen=seen, now=LATER)
    assert not isinstance(moved, Refusal), moved
    task = open_task(case)
    assert (task.binding.kind, task.company, task.assignee) == (ActorKind.CUSTOMER, cast.company, None)
    done(case, cast.rina, "ya")
