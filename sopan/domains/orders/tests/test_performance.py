"""Whose time an order took, the dashboard, the live queue, and what is owed to who waited long."""

import io
from datetime import timedelta

import openpyxl
import pytest

from sopan.core.flow import Refusal
from sopan.domains.orders.models import CompensationRule
from sopan.domains.orders.performance import compensation, figures, queue, turnaround
from sopan.domains.orders.performance.turnaround import CUSTOMER, PAYMENT, SIGNATURE, US, Split, split
from sopan.domains.orders.service import periods
from sopan.engine.access import system_acting
from sopan.engine.models import Case, Task

from .conftest import RINA, TONO

SLUG = "sippt-kalibrasi"
NOV = periods.parse("2026-11")
RULE = {
    "service": SLUG, "more_than": 1, "up_to": None, "unit": "working_day", "form": "Antar gratis",
    "needs_handover": True, "source": "SK-9", "verified": False, "active": True,
}  # fmt: skip


def test_every_minute_has_one_owner():
    tasks = [(US, 10, 0), (CUSTOMER, 20, 5), (PAYMENT, 30, 0), (SIGNATURE, 5, 0), (US, 1, 2)]
    assert split(tasks) == Split(us=11, customer=20, payment=30, signature=5, held=7)
    assert split(tasks).total == sum(minutes for _part, minutes, _held in tasks)
    assert split([]).total == 0


@pytest.fixture
def worked(service):
    """An order that ended by rule; CS took two days over it, the customer an hour."""
    order = service.order()
    service.must(order, "orders.submit")
    service.now += timedelta(days=5)
    service.must(order, "orders.validate", "ya")
    service.must(order, "orders.approve_tariff", "ya")
    Case.objects.filter(pk=order.case_id).update(status="finished", closed_at=service.now)
    Task.objects.filter(case=order.case, status="open").update(status="cancelled")
    return service, order


def test_the_split_of_an_order_follows_its_tasks(worked):
    service, order = worked
    found = turnaround.of_cases([(order.case_id, order.case.procedure_id)])[order.case_id]
    done = Task.objects.filter(case=order.case, status="done")
    assert found.total == sum(task.worked_minutes for task in done)
    assert found.us > 3 * turnaround.minutes_a_day(service.institution) > found.customer
    assert (found.payment, found.signature) == (0, 0)


def test_a_day_has_the_minutes_of_the_week_of_the_body(service):
    assert turnaround.minutes_a_day(service.institution) == 450  # 2.250 minutes in five days


def test_who_waited_longer_than_promised_is_owed_what_the_rule_says_once(worked):
    service, order = worked
    body, acting = service.institution, system_acting(service.institution.pk)
    assert compensation.owed(body, SLUG, NOV) == []
    assert compensation.save(body, {**RULE, "source": " "}, acting=acting, now=service.now).code == "source-missing"
    assert compensation.save(body, {**RULE, "up_to": 1}, acting=acting, now=service.now).code == "range"
    compensation.save(body, RULE, acting=acting, now=service.now)
    (one,) = compensation.owed(body, SLUG, NOV)
    assert (one.case.pk, one.rule.form, one.given) == (order.case_id, "Antar gratis", None)
    assert compensation.give(one, receiver="", acting=acting, now=service.now).code == "receiver"
    compensation.give(one, receiver="Rina", acting=acting, now=service.now)
    assert compensation.give(one, receiver="Rina", acting=acting, now=service.now).code == "given"
    assert compensation.owed(body, SLUG, NOV)[0].given.receiver == "Rina"
    order.refresh_from_db()
    assert order.bills.count() == 0  # never a discount by itself


@pytest.mark.parametrize(("late", "fits"), [(0, False), (450, False), (451, True), (900, True), (901, False)])
def test_a_rule_is_for_more_than_its_lower_and_up_to_its_upper_limit(late, fits):
    rule = CompensationRule(more_than=1, up_to=2, unit="working_day")
    assert compensation.fits(rule, late, per_day=450) is fits


def test_the_queue_counts_orders_that_wait_for_us_and_names_nobody(client, service):
    service.must(service.order(), "orders.submit")
    service.must(service.order(TONO, key="t"), "orders.submit")
    service.order(RINA, key="u")  # not sent
    found = queue.now_waiting(service.institution, now=service.now)
    assert (found.in_front, found.phases, found.days) == (2, [("Pendaftaran", 2)], None)
    page = client.get("/layanan/antrean/")
    assert "Pangan" not in page.content.decode()
    assert page["Cache-Control"] == "public, max-age=60"


def test_the_public_pages_need_no_log_in_and_show_six_components(client, service):
    page = client.get("/layanan/standar/").content.decode()
    assert page.count('<section class="card pad stack tight"><h2>') == 6
    assert page.count("Belum dipastikan oleh instansi.") == 6
    assert client.get("/layanan/").status_code == 200


def test_the_dashboard_has_a_table_behind_every_chart(client, worked):
    service, _order = worked
    client.force_login(service.staff("dewi.anggraini"))
    page = client.get("/kinerja/?periode=2026-11").content.decode()
    assert page.count("<svg") > 20
    assert "style=" not in page
    assert page.count("<caption") == 5  # steps, punctuality, weeks, owners of the time, ages
    assert 'class="chart matrix"' in page
    book = client.get("/kinerja/ekspor/?periode=2026-11").content
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    rows = {row[1]: row[3] for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]}
    assert rows["Validasi order"] == 1
    for wrong in ("?periode=kapan", "?layanan=tidak-ada", "?periode=2026-S9&layanan=%00"):
        assert client.get(f"/kinerja/{wrong}").status_code == 200
    client.force_login(service.user(RINA))
    assert client.get("/kinerja/").status_code == 404


def test_shares_and_medians_of_steps(worked):
    service, order = worked
    proc = figures.in_force(service.institution, SLUG, now=service.now)
    rows = {one.id: one for one in figures.steps(service.institution, proc, SLUG, NOV)}
    assert (rows["5"].done, rows["5"].punctual, rows["5"].share) == (1, 0, 0)
    assert (rows["6"].done, rows["6"].punctual, rows["6"].share) == (1, 1, 100)
    assert rows["14"].share is None
    assert figures.punctual(rows.values()) is not None
    assert sum(count for _name, _tone, count in figures.ages(service.institution, SLUG, now=service.now)) == 0
    assert sum(done for _name, (done, _still) in figures.weeks(service.institution, SLUG, now=service.now)) == 1


def test_only_managers_keep_rules_and_only_the_counter_records_what_was_given(client, worked):
    service, order = worked
    acting = system_acting(service.institution.pk)
    compensation.save(service.institution, RULE, acting=acting, now=service.now)
    client.force_login(service.staff("siti.rahmawati"))
    assert client.post("/kinerja/kompensasi/baru/", {**RULE, "up_to": ""}).status_code in (302, 404)
    assert CompensationRule.objects.count() == 1
    url, typed = f"/kinerja/kompensasi/pesanan/{order.case_id}/", {"periode": "2026-11", "receiver": "Rina"}
    assert client.post(url, typed).status_code in (302, 404)
    assert not isinstance(compensation.owed(service.institution, SLUG, NOV)[0], Refusal)
    assert compensation.owed(service.institution, SLUG, NOV)[0].given is None
    client.force_login(service.staff("dewi.anggraini"))
    assert client.get("/kinerja/kompensasi/?periode=2026-11").status_code == 200
    assert client.post(url, typed).status_code == 302
    assert compensation.owed(service.institution, SLUG, NOV)[0].given is not None
