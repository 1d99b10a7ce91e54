"""A customer has a handful of applications waiting at a time; a procedure withdrawn at that very moment is told, not broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.operations import publish
from sopan.core.flow import Refusal
from sopan.engine import operations, starts
from sopan.engine.models import Case, Task

from .cast import NOW, SMALL, Cast, small_procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_to_customers(cast: Cast) -> Cast:
    told = {"procedure": "surat", "name": "Surat", "starts": [{"by": "person"}, {"by": "customer"}]}
    load_entries(cast.institution, {"entries": [told]})
    cast.institution.settings = {"open_applications": {"value": 2, "source": "Contoh", "verified": False}}
    cast.institution.save()
    for user in (cast.rina, cast.tono, cast.ana):
        user.institution.refresh_from_db()
    return cast


def begin(user: Any, key: str = "", **given: Any) -> str:
    done = starts.begin(user, "surat", title="x", form_key=key, now=NOW, **given)
    return done.code if isinstance(done, Refusal) else f"case {done.pk}"


def test_no_more_wait_than_the_institution_allows_and_the_reason_is_told(open_to_customers: Cast) -> None:
    cast = open_to_customers
    assert [begin(cast.rina)[:4], begin(cast.rina)[:4], begin(cast.rina)] == ["case", "case", "too-many"]
    no = starts.begin(cast.rina, "surat", title="x", now=NOW)
    assert isinstance(no, Refusal) and "2 permohonan" in no.message
    assert begin(cast.tono)[:4] == "case"  # another company
    assert Case.objects.count() == 3


def test_the_same_press_again_gives_its_case_though_no_more_may_wait(open_to_customers: Cast) -> None:
    first = begin(open_to_customers.rina, "k1")
    begin(open_to_customers.rina, "k2")
    assert begin(open_to_customers.rina, "k1") == first
    assert begin(open_to_customers.rina, "k3") == "too-many"


def test_what_the_staff_have_worked_on_or_has_ended_waits_no_longer(open_to_customers: Cast) -> None:
    cast = open_to_customers
    for _ in range(2):
        begin(cast.rina)
    first, second = Case.objects.order_by("pk")
    operations.withdraw_by_customer(second.pk, actor=cast.rina, reason="Salah", now=NOW)
    assert begin(cast.rina)[:4] == "case"
    assert begin(cast.rina) == "too-many"
    for person, answer in ((cast.rina, ""), (cast.ana, "ya")):
        operations.complete(Task.objects.get(case=first, status="open").pk, actor=person, answer=answer, now=NOW)
    assert begin(cast.rina)[:4] == "case"


def test_the_staff_may_begin_for_a_customer_as_many_as_they_need(open_to_customers: Cast) -> None:
    cast = open_to_customers
    for _ in range(4):
        assert begin(cast.ana, company=cast.company)[:4] == "case"


@pytest.mark.parametrize("value", [0, "", None])
def test_without_a_limit_any_number_may_wait(open_to_customers: Cast, value: object) -> None:
    cast = open_to_customers
    cast.institution.settings = {"open_applications": value}
    cast.institution.save()
    cast.rina.institution.refresh_from_db()
    assert {begin(cast.rina)[:4] for _ in range(12)} == {"case"}


def test_ten_may_wait_where_the_institution_has_not_said(open_to_customers: Cast) -> None:
    cast = open_to_customers
    cast.institution.settings = {}
    cast.institution.save()
    cast.rina.institution.refresh_from_db()
    assert [begin(cast.rina)[:4] for _ in range(11)] == ["case"] * 10 + ["too-"]


# Somebody else at that very moment ------------------------------------------------------------------------------------


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """``act`` happens once, after the person was offered the procedure and before the case begins."""
    left = [act]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if left and "actorbinding" in sql and "kind" in sql and "staff" in (params or ()):
            left.pop()()
        return found

    with connection.execute_wrapper(watch):
        yield
    assert not left, "nothing happened meanwhile"


@pytest.mark.parametrize("who", ["rina", "ana"])
def test_a_procedure_that_is_withdrawn_meanwhile_is_told(open_to_customers: Cast, who: str) -> None:
    versions = ProcedureVersion.objects.filter(slug="surat")
    with meanwhile(lambda: versions.update(effective_to=NOW - timedelta(seconds=1))):
        assert begin(getattr(open_to_customers, who)) == "not-in-force"
    assert not Case.objects.exists()


def test_an_entry_that_is_gone_meanwhile_is_told(cast: Cast) -> None:
    named = SMALL.replace("kind: start}", "kind: start, entry: pelanggan}", 1)
    publish(small_procedure(named), institution=cast.institution, now=NOW)
    told = {"procedure": "surat", "name": "Surat", "starts": [{"by": "customer", "entry": "pelanggan"}]}
    load_entries(cast.institution, {"entries": [told]})

    def changed() -> None:
        publish(small_procedure(), institution=cast.institution, now=NOW)

    with meanwhile(changed):
        assert begin(cast.rina, at="pelanggan") == "no-entry"
    assert not Case.objects.exists()
