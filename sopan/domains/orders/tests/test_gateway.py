"""Payments that a gateway reports: signed, of now, and counted once."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from sopan.domains.orders import billing, jobs, payments
from sopan.domains.orders.models import Bill, GatewayMessage
from sopan.engine import operations as engine
from sopan.engine.models import JournalEntry

from .conftest import picture

URL = "/gateway/pembayaran/"


def message(bill, service, **changes):
    told = {
        "event": "evt-1",
        "code": bill.code,
        "amount": str(bill.amount),
        "ntpn": "8F21A3K9P0B7C6D5",
        "paid_at": service.now.isoformat(),
        "channel": "Bank Contoh",
    }
    return json.dumps({**told, **changes}).encode()


def receive(body, service, *, at=None, signature=None):
    at = at or service.now
    timestamp = str(int(at.timestamp()))
    signature = signature or billing.sign(body, timestamp=timestamp)
    return payments.receive_payment(body, timestamp=timestamp, signature=signature, now=service.now)


@pytest.fixture
def billed(service):
    order = service.to_local_bill(service.order())
    return order, order.bills.get()


def test_a_reported_payment_does_the_waiting_steps_by_itself(service, billed):
    order, bill = billed
    assert receive(message(bill, service), service) == {"code": bill.code, "status": "paid", "repeated": False}
    assert service.open(order.case) == ["laboratory.receive_items"]
    bill.refresh_from_db()
    assert (bill.status, bill.ntpn, bill.channel) == ("paid", "8F21A3K9P0B7C6D5", "Bank Contoh")
    names = JournalEntry.objects.filter(case=order.case).order_by("-seq").values_list("name", flat=True)[:2]
    assert list(names) == ["Gerbang pembayaran"] * 2


def test_a_payment_reported_while_the_proof_is_checked_closes_the_check(service, billed):
    order, bill = billed
    service.must(order, "orders.pay", proof=picture())
    receive(message(bill, service), service)
    assert service.open(order.case) == ["laboratory.receive_items"]
    assert order.bills.get().proofs.get().status == "accepted"


def test_the_same_event_told_again_gets_the_same_answer_and_counts_once(service, billed):
    order, bill = billed
    body = message(bill, service)
    receive(body, service)
    entries = JournalEntry.objects.filter(case=order.case).count()
    service.now += timedelta(minutes=1)
    assert receive(body, service)["repeated"] is True
    assert JournalEntry.objects.filter(case=order.case).count() == entries


def test_the_very_same_message_is_a_replay_and_refused(service, billed):
    _order, bill = billed
    body = message(bill, service)
    receive(body, service)
    assert receive(body, service).code == "replayed"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_early_message_is_refused(service, billed, minutes):
    _order, bill = billed
    body = message(bill, service)
    assert receive(body, service, at=service.now + timedelta(minutes=minutes)).code == "stale"


def test_a_forged_message_changes_nothing(service, billed):
    order, bill = billed
    body = message(bill, service)
    timestamp = str(int(service.now.timestamp()))
    good = billing.sign(body, timestamp=timestamp)
    for wrong in ("", "0" * 64, good[:-1] + ("0" if good[-1] != "0" else "1"), good.upper() + " ", "é"):
        refused = payments.receive_payment(body, timestamp=timestamp, signature=wrong, now=service.now)
        assert refused.code == "bad-signature"
    assert receive(body + b" ", service, signature=good).code == "bad-signature"
    assert service.open(order.case) == ["orders.pay"]
    assert Bill.objects.get().status == "issued"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "1"}, "amount"),
        ({"amount": "574999.99"}, "amount"),
        ({"amount": "NaN"}, "malformed"),
        ({"amount": "-575000"}, "amount"),
        ({"code": "1" * 15}, "unknown-code"),
        ({"code": "123"}, "malformed"),
        ({"ntpn": "short"}, "malformed"),
        ({"paid_at": "yesterday"}, "malformed"),
        ({"paid_at": "2026-11-12T09:00:00"}, "malformed"),
        ({"event": ""}, "malformed"),
        ({"event": "x" * 65}, "malformed"),
        ({"channel": "\x00"}, "malformed"),
    ],
)
def test_a_message_that_does_not_fit_is_refused(service, billed, changes, code):
    order, bill = billed
    assert receive(message(bill, service, **changes), service).code == code
    assert (Bill.objects.get().status, GatewayMessage.objects.count()) == ("issued", 0)
    assert service.open(order.case) == ["orders.pay"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"[" * 4_000, b"\xff\xfe", b'{"code": 1}'])
def test_any_signed_bytes_give_an_answer(service, billed, body):
    assert receive(body, service).code == "malformed"


def test_a_payment_after_the_expiry_is_refused_and_one_in_time_but_told_late_is_taken(service, billed):
    order, bill = billed
    ends = bill.expires_at
    service.now = ends + timedelta(minutes=2)
    jobs.expire_bills(service.now)
    late = message(bill, service, paid_at=(ends + timedelta(seconds=1)).isoformat())
    assert receive(late, service).code == "billing_kedaluwarsa"
    in_time = message(bill, service, event="evt-2", paid_at=ends.isoformat())
    assert receive(in_time, service)["status"] == "paid"
    assert service.open(order.case) == ["laboratory.receive_items"]


def test_a_late_report_on_the_old_code_cancels_the_new_one(service, billed):
    order, bill = billed
    ends = bill.expires_at
    service.now = ends + timedelta(minutes=2)
    jobs.expire_bills(service.now)
    service.must(order, "orders.confirm_payment", "kedaluwarsa")
    service.must(order, "orders.issue_bill", provider="local")
    assert receive(message(bill, service, paid_at=ends.isoformat()), service)["status"] == "paid"
    assert sorted(Bill.objects.values_list("status", flat=True)) == ["cancelled", "paid"]
    assert service.open(order.case) == ["laboratory.receive_items"]


def test_a_paid_bill_is_not_paid_with_another_ntpn(service, billed):
    _order, bill = billed
    receive(message(bill, service), service)
    other = message(bill, service, event="evt-2", ntpn="Z" * 16)
    assert receive(other, service).code == "paid-otherwise"


def test_a_payment_reported_while_the_case_is_held_is_taken_in_when_it_goes_on(service, billed):
    order, bill = billed
    treasurer = service.staff("siti.rahmawati")
    held = engine.hold(order.case_id, actor=treasurer, reason="Audit", now=service.now)
    assert isinstance(held, engine.Done)
    assert receive(message(bill, service), service)["status"] == "paid"
    assert service.open(order.case) == ["orders.pay"]
    engine.resume(order.case_id, actor=treasurer, now=service.now)
    jobs.settle_payments(service.now)
    jobs.settle_payments(service.now)
    assert service.open(order.case) == ["laboratory.receive_items"]


def test_the_local_gateway_speaks_like_a_real_one(service, billed):
    _order, bill = billed
    body, timestamp, signature = billing.payment_message(
        bill.code, amount=Decimal(575000), paid_at=service.now, now=service.now
    )
    assert payments.receive_payment(body, timestamp=timestamp, signature=signature, now=service.now)["status"] == "paid"


def test_the_door_answers_in_json_and_needs_no_token(client, service, billed, settings):
    from django.utils import timezone

    settings.DEMO = False
    order, bill = billed
    service.now = timezone.now()
    Bill.objects.update(expires_at=service.now + timedelta(days=1))
    body = message(bill, service)
    timestamp = str(int(service.now.timestamp()))
    headers = {"X-Sopan-Timestamp": timestamp, "X-Sopan-Signature": billing.sign(body, timestamp=timestamp)}
    post = {"content_type": "application/json", "headers": headers}
    assert client.get(URL).status_code == 405
    assert client.post(URL, body, content_type="application/json").status_code == 400
    assert client.post(URL, b"x" * 10_000, **post).status_code == 400
    assert client.post(URL, body.replace(b"evt", b"EVT"), **post).status_code == 403
    first = client.post(URL, body, **post)
    assert (first.status_code, first.json()["status"]) == (200, "paid")
    assert client.post(URL, body, **post).status_code == 409
    client.force_login(order.company.users.first())
    assert client.post(reverse("orders:pay_local", args=[order.case_id])).status_code == 404
