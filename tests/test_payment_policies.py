"""Each payment policy from the offer to the closed order, by the operations that people use; the SOP stays as written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from sopan.core.flow import Refusal
from sopan.demo.instruments import BALANCE
from sopan.demo.loading import PASSPHRASE, load_demo_body, load_demo_people
from sopan.demo.player import Player, receipt
from sopan.documents import gates
from sopan.documents.models import IssuedDocument
from sopan.domains.laboratory.models import Item
from sopan.domains.laboratory.operations import items
from sopan.domains.orders import queries
from sopan.domains.orders.models import Bill, Handover, Notice, Order
from sopan.domains.orders.money import contracts, later, policy
from sopan.engine import access, effects
from sopan.engine import operations as engine
from sopan.engine.models import Case, JournalEntry, Task
from sopan.people.models import Institution, User

pytestmark = pytest.mark.django_db(transaction=False)
START = datetime(2026, 11, 16, 2, 14, tzinfo=UTC)  # effects run by the real clock: before today
RINA = "rina.wulandari@pangan-musi.example"
P = Order.Payment


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def body(db, settings, tmp_path) -> Institution:
    settings.MEDIA_ROOT = tmp_path
    found = load_demo_body(now=START)
    load_demo_people(found, now=START)
    return found


def choose(body: Institution, value: str) -> None:
    body.settings = {**body.settings, "payment_policy": {"value": value, "source": "SK-7", "verified": False}}
    body.save()


def start(body: Institution) -> Player:
    player = Player(body, Clock(), [BALANCE], PASSPHRASE)
    player.order(User.objects.get(email=RINA), key="policy")
    return player


def offered(player: Player) -> Order:
    """The order after the customer accepted the offer, and the worker did what was planned."""
    player.play_to("7")
    player.act()
    effects.run_due(worker="test")
    return order_of(player)


def order_of(player: Player) -> Order:
    return Order.objects.select_related("case__procedure", "institution", "company").get(case=player.case)


def treasurer(order: Order, now: datetime) -> access.Acting:
    return access.as_person(User.objects.get(email="siti.rahmawati@bspji-palembang.example"), None)


def pay(order: Order, now: datetime) -> None:
    acting = treasurer(order, now)
    typed = {"provider": "manual", "code": "820261123004412", "expires_at": now + timedelta(days=7)}
    assert isinstance(later.bill(order, typed, acting=acting, now=now), Bill)
    customer = User.objects.get(email=RINA)
    assert later.prove(order, receipt("X"), actor=customer, now=now).status == "uploaded"
    found = {"ntpn": "8F21A3K9P0B7C6D5", "paid_at": now, "channel": "Bank Contoh"}
    assert later.confirm(order, found, acting=acting, now=now).status == "paid"


def passed(order: Order) -> list[dict]:
    entries = JournalEntry.objects.filter(case=order.case, code="completed", name="Sistem").order_by("seq")
    return [entry.data["facts"] for entry in entries if entry.data.get("facts", {}).get("skipped")]


def test_before_work_the_steps_of_the_payment_are_done_by_people(body):
    choose(body, P.BEFORE_WORK)
    player = start(body)
    order = offered(player)
    assert player.open_task().step == "8"
    assert (order.payment_policy, order.payment_basis, passed(order)) == ("before_work", "SK-7", [])
    assert later.bill(order, {}, acting=treasurer(order, START), now=START).code == "not-later"
    player.play_to("22")
    assert policy.refusal_at(order, "release") is None


@pytest.mark.parametrize("value", [P.BEFORE_RELEASE, P.ON_HANDOVER, P.PER_CONTRACT])
def test_paid_later_the_work_begins_at_once_and_the_journal_tells_why(body, value):
    choose(body, value)
    player = start(body)
    order = offered(player)
    assert player.open_task().step == "11"
    assert passed(order) == [{"payment": value, "basis": "SK-7", "skipped": True}] * 3
    assert policy.owed(order) == order.quote_total
    assert not order.bills.exists()


def test_before_release_the_reports_wait_for_the_payment(body):
    choose(body, P.BEFORE_RELEASE)
    player = start(body)
    order = offered(player)
    player.play_to("20")
    with pytest.raises(RuntimeError, match="unpaid"):
        player.act()
    back = player.open_task()
    assert back.step == "20"
    pay(order, START)
    player.play_to("22")
    player.act()
    assert Case.objects.get(pk=order.case_id).status == Case.Status.FINISHED


def test_unpaid_reports_may_still_be_taken_back_for_correction(body):
    choose(body, P.BEFORE_RELEASE)
    player = start(body)
    offered(player)
    player.play_to("20")
    task = player.open_task()
    done = engine.complete(
        task.pk, actor=player.person(task), answer="tidak", reason="Nomor keliru", data={}, now=START
    )
    assert not (isinstance(done, Refusal) and done.code == "unpaid")


def test_on_handover_the_instrument_and_the_download_wait_and_the_release_does_not(body):
    choose(body, P.ON_HANDOVER)
    player = start(body)
    order = offered(player)
    player.play_to("22")
    customer = User.objects.get(email=RINA)
    document = IssuedDocument.objects.get(case=order.case)
    assert gates.closed(document, user=customer).code == "unpaid"
    item = Item.objects.select_related("order").get(order=order)
    acting = access.as_person(User.objects.get(email="dewi.anggraini@bspji-palembang.example"), None)
    assert items.hand_back(item, acting=acting, receiver="Rina", now=START).code == "unpaid"
    pay(order, START)
    assert gates.closed(document, user=customer) is None
    back = items.hand_back(
        Item.objects.select_related("order").get(pk=item.pk), acting=acting, receiver="Rina", now=START
    )
    assert back.state == Item.State.RETURNED
    effects.run_due(worker="test")
    told = Notice.objects.filter(person=customer).order_by("pk").values_list("key", flat=True)
    assert list(told) == ["submitted", "offer", "received", "released", "bill", "paid_later", "handed_over"]
    assert Handover.objects.get(order=order).receiver == "Rina"


def test_a_contract_rules_over_the_setting_and_brings_its_prices(body):
    choose(body, P.BEFORE_WORK)
    company = User.objects.get(email=RINA).company
    acting = access.system_acting(body.pk)
    row = contracts.add(
        company, number="PKS-1", basis="PP 54/2021 Pasal 5", policy=P.PER_CONTRACT, first=date(2026, 1, 1),
        last=date(2026, 12, 31), acting=acting, now=START,
    )  # fmt: skip
    line = "neraca-analitik"
    contracts.set_price(row, code=line, amount=Decimal(150_000), acting=acting, now=START)
    player = start(body)
    order = offered(player)
    assert (order.payment_policy, order.quote_total) == ("per_contract", Decimal(150_000))
    assert "PKS-1" in order.payment_basis
    assert "PKS-1" in queries.items_of(order)[0].tariff_basis
    player.play_to("22")
    player.act()
    assert policy.refusal_at(order, "handover") is None


@pytest.mark.parametrize("changes", [{"last": date(2025, 1, 1)}, {"number": " "}, {"basis": ""}, {"policy": "nanti"}])
def test_a_contract_without_number_basis_or_sense_is_refused(body, changes):
    company = User.objects.get(email=RINA).company
    given = {"number": "PKS-1", "basis": "PP 54/2021", "policy": P.PER_CONTRACT}
    given |= {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    acting = access.system_acting(body.pk)
    assert isinstance(contracts.add(company, **{**given, **changes}, acting=acting, now=START), Refusal)
    contracts.add(company, **given, acting=acting, now=START)
    second = {**given, "number": "PKS-2", "first": date(2026, 12, 31), "last": date(2027, 12, 31)}
    assert contracts.add(company, **second, acting=acting, now=START).code == "overlap"


def test_nothing_is_charged_only_with_its_basis(body):
    choose(body, P.BEFORE_WORK)
    player = start(body)
    player.play_to("6")
    task = player.open_task()
    item = queries.items_of(order_of(player))[0]
    free = {f"line_{item.pk}": "none", f"reason_{item.pk}": "Pelanggan UMK"}
    person = player.person(task)
    refused = engine.complete(task.pk, actor=person, answer="ya", data=free, now=START)
    assert (refused.code, refused.field) == ("nothing-to-pay", "zero_basis")
    refused = engine.complete(task.pk, actor=person, answer="ya", data={**free, "zero_basis": " x "}, now=START)
    assert refused.code == "nothing-to-pay"
    basis = "Permenperin 19/2021, keputusan Kepala Balai 12/2026"
    engine.complete(task.pk, actor=person, answer="ya", data={**free, "zero_basis": basis}, now=START)
    order = offered(player)
    assert (order.payment_policy, order.payment_basis, order.quote_total) == ("none", basis, Decimal(0))
    assert player.open_task().step == "11"
    player.play_to("22")
    player.act()
    assert not Bill.objects.exists()


def test_a_held_case_is_passed_when_it_goes_on(body):
    choose(body, P.ON_HANDOVER)
    player = start(body)
    player.play_to("7")
    player.act()
    order = order_of(player)
    acting = User.objects.get(email="siti.rahmawati@bspji-palembang.example")
    engine.hold(order.case_id, actor=acting, reason="Audit", now=START)
    effects.run_due(worker="test")
    assert player.open_task().step == "8"
    engine.resume(order.case_id, actor=acting, now=START)
    policy.pass_all(START)
    policy.pass_all(START)
    assert player.open_task().step == "11"
    assert len(passed(order)) == 3


def test_the_treasurer_cannot_bill_by_hand_a_step_that_the_policy_does(body):
    choose(body, P.ON_HANDOVER)
    player = start(body)
    player.play_to("7")
    player.act()
    task = player.open_task()
    acting = User.objects.get(email="siti.rahmawati@bspji-palembang.example")
    typed = {"provider": "manual", "code": "820261123004412", "expires_at": START + timedelta(days=7)}
    assert engine.complete(task.pk, actor=acting, data=typed, now=START).code == "by-policy"
    assert Task.objects.get(pk=task.pk).status == "open"


def test_a_setting_that_is_no_policy_means_before_the_work(body):
    choose(body, "kapan-saja")
    order = offered(start(body))
    assert order.payment_policy == "before_work"
