"""What a page of staff asks of the database: few questions, and no more of them when more waits."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any, TypeVar

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sopan.documents import desks
from sopan.domains.laboratory.models import Report, ReportChange, WorkOrder
from sopan.domains.laboratory.views import changes, corrections
from sopan.engine.models import Task
from sopan.people import reading
from sopan.people.models import User
from sopan.people.second_factor import has_second_factor

from .cast import NOW, SCALE, Cast, Play, make_order

State = WorkOrder.State
M = TypeVar("M", bound=Model)
ROLES = ("andi", "dewi", "hendra", "siti", "agus", "yusuf", "ratna", "fajar", "maya", "bambang")
MOST = 34  # questions for the inbox with its menu, whoever looks


@pytest.fixture
def play(cast: Cast) -> Play:
    """A report that waits for the head, a wish to change it, and a correction of its results that is open."""
    play = make_order(cast, SCALE).to("sign_report")
    wish(Report.objects.get(), ReportChange.State.ASKED)
    wish(Report.objects.get(), ReportChange.State.APPROVED)
    return play


def wish(report: Report, state: str) -> None:
    asked_by = User.objects.get(name__startswith="Hendra")
    made = ReportChange.objects.create(
        report=report, kind="amend", reason="x", state=state, asked_by=asked_by, asked_at=NOW
    )
    made.works.set(report.item.work_orders.all() if state == ReportChange.State.APPROVED else [])


def again(row: M, **told: Any) -> M:
    """Another row like this one."""
    row = type(row)._default_manager.get(pk=row.pk)
    row.pk = None
    for name, value in told.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def another(play: Play, state: str) -> None:
    """The same once more, in a case of its own."""
    report = Report.objects.select_related("document", "item__order_item", "order__case").first()
    assert report is not None and report.document is not None
    case = again(report.order.case, tracking=token_hex(8), start_key=None)
    for task in Task.objects.filter(case=report.order.case):
        again(task, case=case)
    order = again(report.order, case=case, number=f"ORD-{case.pk}")
    item = again(report.item, order=order, order_item=again(report.item.order_item, order=order), number=f"S-{case.pk}")
    again(WorkOrder.objects.get(item=report.item), item=item, state=state)
    document = again(report.document, case=case, number=f"E-{case.pk}", token=token_hex(12))
    copied = again(report, order=order, item=item, document=document, number=f"E-{case.pk}")
    wish(copied, ReportChange.State.ASKED)
    wish(copied, ReportChange.State.APPROVED)


def asked(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_the_inbox_asks_no_more_when_more_waits(play: Play, cast: Cast, as_: Callable[[User], Client]) -> None:
    everybody = [cast.people[role] for role in ROLES]
    for person in everybody:
        if not has_second_factor(person):
            TOTP.activate(person, generate_totp_secret())
    browsers = {person.name: as_(person) for person in everybody}
    asked(browsers[everybody[0].name], "/tugas/")  # what the process keeps is filled
    first = {name: asked(browser, "/tugas/") for name, browser in browsers.items()}
    for state in (State.MEASURING, State.SUBMITTED, State.SUBMITTED, State.VERIFIED):
        another(play, state)
    assert {name: asked(browser, "/tugas/") for name, browser in browsers.items()} == first
    assert {name: count for name, count in first.items() if count > MOST} == {}

    counted = {}
    for person in everybody:
        told = desks.count(person, now=NOW), corrections.count(person, now=NOW), changes.count(person, now=NOW)
        listed = [one for one in corrections.waiting(person, now=NOW) if one.act]
        assert told == (len(desks.waiting(person, now=NOW)), len(listed), len(changes.waiting(person, now=NOW))), person
        counted[person.name.split()[0].lower()] = told
    assert {name: told for name, told in counted.items() if any(told)} == {
        "bambang": (5, 0, 5), "yusuf": (0, 2, 0), "fajar": (0, 1, 0), "agus": (0, 1, 0),
    }  # fmt: skip


def test_what_is_kept_for_a_page_is_not_kept_for_an_act_or_another_moment(cast: Cast) -> None:
    found = iter(range(9))
    person = cast.dewi
    assert [reading.once(person, "x", lambda: next(found), now=NOW) for _ in range(2)] == [0, 1]
    reading.begin(person, now=NOW)
    assert [reading.once(person, "x", lambda: next(found), now=NOW) for _ in range(2)] == [2, 2]
    assert reading.once(person, "x", lambda: next(found), now=NOW - reading.LONGEST) == 3
    assert reading.once(person, "x", lambda: next(found), now=NOW + 2 * reading.LONGEST) == 4
    assert [reading.once(person, "y", lambda: next(found), now=NOW), next(found)] == [5, 6]
