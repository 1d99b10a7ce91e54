"""A step of somebody outside (kind outside): the positions bound to it record what he did; nobody's clock runs."""

from __future__ import annotations

import pytest

from sopan.catalogue.operations import bind, publish
from sopan.core.flow import Refusal
from sopan.engine import access, queries
from sopan.engine.models import Case, Task
from sopan.engine.operations import complete, start
from sopan.people.models import User

from .cast import NOW, Cast, small_procedure

pytestmark = pytest.mark.django_db
ACCOUNTS = """
format: 1
identity: {number: SOP 2, name: Rekonsiliasi barang}
actors:
  clerk: {name: Petugas}
  bureau: {name: Biro Perlengkapan, kind: outside}
steps:
  - {no: 1, actor: clerk, activity: Mengirim laporan, time: 1 Jam, kind: start}
  - {no: 2, actor: bureau, activity: Menyerahkan hasil rekonsiliasi, time: 1 Jam, next: 3}
  - {no: 3, actor: clerk, activity: Mengarsipkan, time: 1 Jam, kind: end, end: finished}
"""


@pytest.fixture
def case(cast: Cast) -> Case:
    """Waits for the bureau, whose answers the head records."""
    publish(small_procedure(ACCOUNTS), institution=cast.institution, now=NOW)
    bind("surat", {"clerk": ["clerk"], "bureau": ["head"]}, institution=cast.institution)
    case = start("surat", institution=cast.institution, actor=cast.ana, now=NOW)
    assert not isinstance(complete(open_task(case).pk, actor=cast.ana, now=NOW), Refusal)
    return case


def open_task(case: Case) -> Task:
    return Task.objects.get(case=case, status=Task.Status.OPEN)


def test_who_is_bound_to_the_outsider_records_what_he_did(cast: Cast, case: Case) -> None:
    task = open_task(case)
    assert access.acting_for(cast.citra, task, now=NOW) is not None
    assert not isinstance(complete(task.pk, actor=cast.citra, now=NOW), Refusal)
    assert open_task(case).step == "3"


@pytest.mark.parametrize("who", ["ana", "vera", "rina", "tono"])
def test_nobody_else_does(cast: Cast, case: Case, who: str) -> None:
    person: User = getattr(cast, who)
    task = open_task(case)
    assert access.acting_for(person, task, now=NOW) is None
    assert isinstance(complete(task.pk, actor=person, now=NOW), Refusal)
    assert open_task(case) == task


def test_it_stands_in_one_list_of_a_person_only(cast: Cast, case: Case) -> None:
    task = open_task(case)
    assert [one.pk for one in queries.inbox(cast.citra, now=NOW).tasks] == [task.pk]
    assert queries.waiting_outside(cast.citra, now=NOW) == []
    assert queries.inbox(cast.ana, now=NOW).tasks == []
    assert [one.pk for one in queries.waiting_outside(cast.ana, now=NOW)] == [task.pk]
