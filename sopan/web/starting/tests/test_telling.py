"""A plain step that waits for a customer is told to his people, once; a plain case has a number where the body has a series."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sopan.documents import numbers
from sopan.documents.models import Number
from sopan.domains.orders.models import Notice
from sopan.engine import effects, operations
from sopan.engine.models import Case, Effect, Task
from sopan.web.tests.cast import Cast
from sopan.web.tests.test_plain import photo

from .test_applications import acted, task
from .test_starting import started

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    """It waits for the staff; the customer has done his first step."""
    case = started(cast, "rina", "layanan")
    acted(cast, case, jumlah="3", **{"file-0": photo()})
    return case


def answer(cast: Cast, case: Case, way: str, reason: str = "") -> None:
    operations.complete(task(case).pk, actor=cast.ana, answer=way, reason=reason, now=timezone.now())


def test_a_step_that_comes_to_the_customer_is_told_to_each_of_his_people_once(cast: Cast, case: Case) -> None:
    answer(cast, case, "ya")
    for _ in range(2):
        effects.run_due()
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.case, notice.link) == (cast.rina, case, f"/permohonan/{case.pk}/")
    assert "Layanan contoh" in notice.text and str(case) in notice.text
    (letter,) = mail.outbox
    assert letter.to == [cast.rina.email]
    assert f"/permohonan/{case.pk}/" in letter.body and "Menyatakan diterima" not in letter.body


def test_a_return_is_told_without_its_reason(cast: Cast, case: Case) -> None:
    answer(cast, case, "tidak", "Foto kabur dan rahasia")
    effects.run_due()
    assert len(mail.outbox) == 1
    assert "rahasia" not in mail.outbox[0].body + mail.outbox[0].subject


def test_what_he_brought_about_himself_is_not_told_to_him(cast: Cast, case: Case) -> None:
    assert not Effect.objects.filter(key="engine.tell_customer").exists()
    effects.run_due()
    assert (mail.outbox, Notice.objects.count()) == ([], 0)


def test_what_is_done_before_the_worker_comes_is_not_told(cast: Cast, case: Case) -> None:
    answer(cast, case, "ya")
    acted(cast, case)
    effects.run_due()
    assert mail.outbox == []


def test_a_worker_that_was_killed_tells_nobody_twice(cast: Cast, case: Case) -> None:
    answer(cast, case, "ya")
    effects.run_due()
    Effect.objects.update(status="waiting", run_after=timezone.now(), leased_until=None)
    effects.run_due()
    assert len(mail.outbox) == 1


def test_a_plain_case_takes_the_next_number_of_its_series(cast: Cast) -> None:
    numbers.define_series(cast.body, key="case", pattern="{seq:4}/REG/{yyyy}")
    numbers.define_series(cast.body, key="case-laporan", pattern="L-{seq:3}")
    year = timezone.localtime().year
    found = [
        started(cast, "ana", slug, form_key=f"{place}" * 32)
        for place, slug in enumerate(("laporan", "rekomendasi", "laporan"))
    ]
    assert [case.number for case in found] == ["L-001", f"0001/REG/{year}", "L-002"]
    assert [str(case) for case in Case.objects.order_by("pk")] == [case.number for case in found]
    assert Number.objects.get(text="L-001").used_for.startswith("Kasus LAPORAN BULANAN")


def test_two_presses_take_one_number(cast: Cast) -> None:
    numbers.define_series(cast.body, key="case", pattern="{seq:4}")
    first, second = (started(cast, "ana", "laporan") for _ in range(2))
    assert (first, Number.objects.count()) == (second, 1)


def test_without_a_series_a_case_is_known_by_its_key_and_nothing_is_asked_of_the_counters(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        case = started(cast, "ana", "laporan")
    assert (case.number, str(case)) == ("", f"P-{case.pk:06d}")
    assert not any("numbercounter" in one["sql"] for one in asked)


def test_a_case_that_its_domain_numbers_takes_none_of_it(cast: Cast) -> None:
    numbers.define_series(cast.body, key="case", pattern="{seq:4}")
    case = operations.start("laporan", institution=cast.body, actor=cast.ana, number="ORD-1", now=timezone.now())
    assert (case.number, Number.objects.count()) == ("ORD-1", 0)
    assert Task.objects.filter(case=case, status="open").count() == 1
