"""The money of an order: its bill, its payment, and what happens when the bill runs out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sopan.domains.orders import jobs, queries
from sopan.domains.orders.models import Bill, PaymentProof
from sopan.engine import operations as engine

from .conftest import picture
from .playing import confirmed, told


def test_a_bill_carries_the_amount_in_figures_and_words(service):
    order = service.to_bill(service.order())
    bill = order.bills.get()
    assert (bill.code, bill.amount, bill.amount_words, bill.status) == (
        "820261112004412",
        Decimal(575000),
        "Lima ratus tujuh puluh lima ribu rupiah",
        "issued",
    )
    assert told(order.case)[-1] == "bill"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"code": "12345"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "820261112004412", "expires_at": "past"}, "expires_at"),
        ({"code": "820261112004412", "provider": "bank-gelap"}, "provider"),
    ],
)
def test_a_wrong_bill_is_refused_at_its_field(service, data, field):
    order = service.to_offer(service.order())
    service.must(order, "orders.accept_offer", "ya")
    if data.get("expires_at"):
        data = {**data, "expires_at": service.now - timedelta(days=1)}
    assert service.do(order, "orders.issue_bill", **{"provider": "manual", **data}).field == field
    assert Bill.objects.count() == 0


def test_the_local_provider_makes_a_code_that_expires_to_the_second(service):
    bill = service.to_local_bill(service.order()).bills.get()
    assert len(bill.code) == 15 and bill.code.isdigit()
    assert bill.expires_at == bill.issued_at + timedelta(days=7)


def test_a_code_is_used_once(service):
    service.to_bill(service.order(key="a"))
    other = service.to_offer(service.order(key="b"))
    service.must(other, "orders.accept_offer", "ya")
    assert service.do(other, "orders.issue_bill", provider="manual", code="820261112004412").code == "code-used"


def test_a_payment_needs_a_real_file(service):
    from django.core.files.uploadedfile import SimpleUploadedFile

    order = service.to_bill(service.order())
    assert service.do(order, "orders.pay").field == "proof"
    disguised = SimpleUploadedFile("bukti.pdf", b"MZ\x90\x00 not a pdf", "application/pdf")
    assert service.do(order, "orders.pay", proof=disguised).field == "proof"
    service.must(order, "orders.pay", proof=picture())
    assert service.open(order.case) == ["orders.confirm_payment"]
    assert queries.last_proof(order).attachment.name == "bukti.png"


def test_the_treasurer_confirms_with_the_ntpn(service):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    assert confirmed(service, order, service.now, ntpn="pendek").field == "ntpn"
    assert confirmed(service, order, service.now + timedelta(days=1)).field == "paid_at"
    assert confirmed(service, order, None).field == "paid_at"
    assert isinstance(confirmed(service, order, service.now), engine.Done)
    bill = order.bills.get()
    assert (bill.status, bill.ntpn, bill.confirmed_by_name) == ("paid", "8F21A3K9P0B7C6D5", "Siti Rahmawati, S.E.")
    assert PaymentProof.objects.get().status == "accepted"
    assert service.open(order.case) == ["laboratory.receive_items"]


def test_a_payment_one_second_after_the_expiry_is_refused(service):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    ends = order.bills.get().expires_at
    service.now = ends + timedelta(days=1)
    assert confirmed(service, order, ends + timedelta(seconds=1)).code == "billing_kedaluwarsa"
    assert isinstance(confirmed(service, order, ends), engine.Done)


def test_an_ntpn_counts_for_one_payment(service):
    for key, code in (("a", "1" * 15), ("b", "2" * 15)):
        order = service.must(service.to_bill(service.order(key=key), code=code), "orders.pay", proof=picture())
        last = confirmed(service, order, service.now)
    assert last.code == "ntpn-used"


def test_a_refused_proof_goes_back_with_its_reason(service):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    assert service.do(order, "orders.confirm_payment", "tidak").code == "reason"
    order = service.must(order, "orders.confirm_payment", "tidak", reason="Tidak terbaca")
    assert service.open(order.case) == ["orders.pay"]
    proof = queries.last_proof(order)
    assert (proof.status, proof.refusal) == ("refused", "Tidak terbaca")


def test_a_valid_bill_is_not_issued_again(service):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    assert service.do(order, "orders.confirm_payment", "kedaluwarsa").code == "not-expired"


def test_an_expired_bill_comes_back_to_the_treasurer_and_is_issued_again_on_the_same_order(service):
    order = service.to_bill(service.order())
    number = order.number
    bill = order.bills.get()
    jobs.expire_bills(bill.expires_at)
    assert Bill.objects.get().status == "issued"
    service.now = bill.expires_at + timedelta(seconds=1)
    assert queries.bill_state(bill, now=service.now) == "expired"
    jobs.expire_bills(service.now)
    jobs.expire_bills(service.now)
    assert Bill.objects.get().status == "expired"
    assert service.open(order.case) == ["orders.confirm_payment"]
    assert told(order.case).count("bill_expired") == 1
    service.must(order, "orders.confirm_payment", "kedaluwarsa")
    order = service.must(order, "orders.issue_bill", provider="manual", code="9" * 15)
    assert order.number == number
    assert list(order.bills.order_by("pk").values_list("status", flat=True)) == ["expired", "issued"]
    assert queries.current_bill(order).code == "9" * 15


def test_a_bill_whose_proof_is_being_checked_does_not_expire_by_itself(service):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    jobs.expire_bills(order.bills.get().expires_at + timedelta(days=1))
    assert order.bills.get().status == "issued"
