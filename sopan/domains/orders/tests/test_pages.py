"""The pages of customers, through the test client."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sopan.catalogue.models import ProcedureVersion
from sopan.core.flow import Refusal
from sopan.domains.orders import jobs, operations, queries
from sopan.domains.orders.models import Bill, Order, OrderItem
from sopan.engine.models import Case, Comment, Task
from sopan.people.models import User

from .conftest import DONI, RINA, TONO, picture
from .pages import INTERNAL, REGISTRATION, errors, url
from .playing import ANSWERS, released

OWN = [
    "order", "form", "contact", "wishes", "items", "item_new", "check", "sent", "offer", "bill", "survey", "close",
    "message", "withdraw", "pay_local", "draft",
]  # fmt: skip
ITEM = ["item", "item_kind", "item_copy", "item_remove"]


# Who may see


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_order_does_not_exist_for_strangers(service, client, method):
    order = service.to_bill(service.order())
    item = queries.items_of(order)[0]
    addresses = [url(name, order) for name in OWN] + [url(name, order, item.pk) for name in ITEM]
    before = (list(Order.objects.values()), list(OrderItem.objects.values()), Task.objects.count())
    for address in addresses:
        assert getattr(client, method)(address).status_code == 302, address
    for person in (service.user(TONO), service.staff("dewi.anggraini"), service.staff("siti.rahmawati")):
        client.force_login(person)
        for address in addresses:
            assert getattr(client, method)(address).status_code == 404, (person, address)
    assert (list(Order.objects.values()), list(OrderItem.objects.values()), Task.objects.count()) == before


def test_an_item_of_another_order_does_not_exist(service, rina):
    mine, other = service.order(key="a"), service.order(key="b")
    foreign = queries.items_of(other)[0]
    for name in ITEM:
        assert rina.post(url(name, mine, foreign.pk)).status_code == 404
    assert OrderItem.objects.count() == 4


def test_a_task_of_another_order_or_step_cannot_be_finished_through_a_page(service, rina):
    mine, other = service.to_offer(service.order(key="a")), service.to_offer(service.order(TONO, key="b"))
    foreign = service.task(other.case, "orders.accept_offer")
    data = {"task": foreign.pk, "answer": "ya", "form_key": "abcdefgh"}
    assert rina.post(url("offer", mine), data).status_code == 404
    own = service.task(mine.case, "orders.accept_offer")
    assert rina.post(url("close", mine), {"task": own.pk, "form_key": "abcdefgh"}).status_code == 404
    assert service.open(other.case) == ["orders.accept_offer"]


def test_staff_have_no_orders_of_their_own(service, client):
    client.force_login(service.staff("dewi.anggraini"))
    assert client.get(reverse("orders:mine")).status_code == 404
    assert client.post(reverse("orders:new"), {"form_key": "abcdefgh"}).status_code == 404
    assert Order.objects.count() == 0


def test_no_order_begins_by_a_procedure_that_was_withdrawn(service, rina):
    old = service.order(key="a")
    ProcedureVersion.objects.filter(slug="sippt-kalibrasi").update(effective_to=timezone.now() - timedelta(days=1))
    for address in (reverse("orders:new"), url("again", old)):
        page = rina.post(address, {"form_key": "abcdefgh"}, follow=True)
        assert (page.status_code, "sedang tidak menerima pesanan" in page.content.decode()) == (200, True), address
    page = Client().post(reverse("orders:register"), REGISTRATION)
    assert "sedang tidak menerima pesanan" in page.content.decode()
    assert (Case.objects.count(), User.objects.filter(email="sari@baru-jaya.example").count()) == (1, 0)


def test_the_list_shows_the_orders_of_the_own_company_alone(service, rina):
    mine, other = service.order(key="a"), service.order(TONO, key="b")
    page = rina.get(reverse("orders:mine")).content.decode()
    assert mine.reference in page
    assert other.reference not in page
    assert rina.get(reverse("orders:order", args=[10**30])).status_code == 404


# Offer, bill, survey, end


def test_the_offer_is_accepted_once_though_pressed_twice(service, rina):
    order = service.to_offer(service.order())
    page = rina.get(url("offer", order)).content.decode()
    assert "Lima ratus tujuh puluh lima ribu rupiah" in page
    assert "PP 54/2021" in page
    data = {"task": service.task(order.case, "orders.accept_offer").pk, "answer": "ya", "form_key": "key-key-key"}
    assert rina.post(url("offer", order), data).status_code == 302
    assert rina.post(url("offer", order), data).status_code == 302
    assert service.open(order.case) == ["orders.issue_bill"]


def test_an_objection_without_a_reason_is_told_at_its_field(service, rina):
    order = service.to_offer(service.order())
    data = {"task": service.task(order.case, "orders.accept_offer").pk, "answer": "tidak", "form_key": "key-key-key"}
    answer = rina.post(url("offer", order), data)
    assert b'id="reason-error"' in answer.content
    assert rina.post(url("offer", order), {**data, "answer": "mungkin"}).status_code == 200
    assert rina.post(url("offer", order), {**data, "reason": "Mahal"}).status_code == 302
    assert service.open(order.case) == ["orders.validate"]


def test_who_was_too_late_is_told_who_did_it_and_keeps_his_words(service, rina):
    order = service.to_offer(service.order())
    task = service.task(order.case, "orders.accept_offer")
    service.must(order, "orders.accept_offer", "ya", by=DONI)
    data = {"task": task.pk, "answer": "tidak", "reason": "Terlalu mahal bagi kami", "form_key": "key-key-key"}
    answer = rina.post(url("offer", order), data)
    assert answer.status_code == 409
    assert b"Doni Setiawan" in answer.content
    assert b"Terlalu mahal bagi kami" in answer.content


def test_the_bill_shows_its_code_in_groups_and_takes_the_proof(service, rina):
    service.now = timezone.now()
    order = service.to_bill(service.order())
    page = rina.get(url("bill", order)).content.decode()
    assert "8202 6111 2004 412" in page
    assert "PDF, JPG, PNG; paling besar 10 MB." in page
    data = {"task": service.task(order.case, "orders.pay").pk, "form_key": "key-key-key"}
    assert "id_proof" in errors(rina.post(url("bill", order), data))
    wrong = rina.post(url("bill", order), {**data, "proof": picture("bukti.exe")})
    assert "id_proof" in errors(wrong)
    assert rina.post(url("bill", order), {**data, "proof": picture()}).status_code == 302
    assert service.open(order.case) == ["orders.confirm_payment"]
    assert b"bukti.png" in rina.get(url("bill", order)).content


def test_an_expired_bill_is_said_to_be_expired(service, rina):
    order = service.to_bill(service.order())
    Bill.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for name in ("order", "bill"):
        text = rina.get(url(name, order)).content.decode()
        assert "Kedaluwarsa" in text
        assert "Jangan membayar dengan kode ini" in text


def test_nobody_is_told_that_his_payment_is_checked_when_the_bill_ran_out_unpaid(service, rina):
    order = service.to_bill(service.order())
    jobs.expire_bills(order.bills.get().expires_at + timedelta(seconds=1))
    assert service.open(order.case) == ["orders.confirm_payment"]
    said = "Kode billing kedaluwarsa. Kami akan menerbitkan kode baru."
    for address in (url("order", order), reverse("orders:mine"), reverse("orders:track", args=[order.case.tracking])):
        text = rina.get(address).content.decode()
        assert said in text
        assert "memeriksa pembayaran" not in text


def test_a_refused_proof_shows_its_reason(service, rina):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    order = service.must(order, "orders.confirm_payment", "tidak", reason="Foto gelap")
    for name in ("order", "bill"):
        assert b"Foto gelap" in rina.get(url(name, order)).content


def test_the_survey_keeps_what_was_answered_when_one_is_missing(service, rina):
    order = released(service, service.order())
    data = {
        **ANSWERS,
        "comment": "Cepat",
        "task": service.task(order.case, "orders.survey").pk,
        "form_key": "key-key-key",
    }
    without = {key: value for key, value in data.items() if key != "biaya"}
    answer = rina.post(url("survey", order), without)
    assert "id_biaya_0" in errors(answer)
    assert b"Cepat" in answer.content
    assert rina.post(url("survey", order), data).status_code == 302
    close = {"task": service.task(order.case, "orders.close").pk, "form_key": "key-key-key"}
    assert rina.get(url("close", order)).status_code == 200
    assert rina.post(url("close", order), close).status_code == 302
    assert b"Pesanan selesai." in rina.get(url("order", order)).content


def test_messages_to_staff_are_shown_and_internal_notes_are_not(service, rina):
    from sopan.engine import operations as engine

    order = service.must(service.order(), "orders.submit")
    rina.post(url("message", order), {"text": "Alat kami kirim <b>besok</b>"})
    cs = service.staff("dewi.anggraini")
    engine.comment(order.case_id, actor=cs, text="catatan rahasia", internal=True, now=service.now)
    engine.comment(order.case_id, actor=cs, text="Terima kasih", internal=False, now=service.now)
    text = rina.get(url("order", order)).content.decode()
    assert "Alat kami kirim &lt;b&gt;besok&lt;/b&gt;" in text
    assert "Terima kasih" in text
    assert "catatan rahasia" not in text
    assert "Dewi" not in text
    assert Comment.objects.filter(internal=False).count() == 2
    assert "id_text" in errors(rina.post(url("message", order), {"text": " "}))


def test_no_customer_page_speaks_of_the_inside(service, rina):
    order = service.to_bill(service.order())
    for name in ("order", "bill", "message"):
        text = rina.get(url(name, order)).content.decode()
        for word in INTERNAL:
            assert word not in text, (name, word)


def test_pages_of_a_step_that_is_not_open_lead_back_to_the_order(service, rina):
    order = service.must(service.order(), "orders.submit")
    for name in ("form", "check", "offer", "bill", "survey", "close", "items"):
        answer = rina.get(url(name, order))
        assert (answer.status_code, answer.url) == (302, url("order", order)), name


def test_an_order_is_withdrawn_with_a_reason(service, rina):
    order = service.to_offer(service.order())
    assert "id_reason" in errors(rina.post(url("withdraw", order), {"reason": ""}))
    assert rina.post(url("withdraw", order), {"reason": "Alat rusak"}).status_code == 302
    assert b"Pesanan dibatalkan." in rina.get(url("order", order)).content


def test_the_panel_and_the_step_templates_can_be_shown(service):
    from django.template.loader import render_to_string

    from sopan.domains.orders.panels import panel
    from sopan.engine import access
    from sopan.engine.stepwork import step_works

    order = service.to_bill(service.order())
    template, context = panel(order.case, None)
    assert "8202 6111 2004 412" in render_to_string(template, context)
    works = {"orders.validate": "dewi.anggraini", "orders.issue_bill": "siti.rahmawati", "orders.activate": "andi.saputra",
             "orders.approve_tariff": "hendra.kusuma", "orders.confirm_payment": "siti.rahmawati"}  # fmt: skip
    done = Task.objects.filter(case=order.case).select_related("case__institution", "case__company").first()
    for key, name in works.items():
        work, actor = step_works[key], access.as_person(service.staff(name), None)
        shown = render_to_string(
            work.template, {"form": work.form(done, actor=actor), **work.context(done, actor=actor)}
        )
        assert shown.strip(), key


def test_the_list_asks_for_no_more_rows_than_a_few_an_order(service, rina, django_assert_max_num_queries):
    for key in "abc":
        service.order(key=key)
    with django_assert_max_num_queries(20):
        rina.get(reverse("orders:mine"))


def test_refusals_are_refusals(service):
    assert isinstance(operations.may_withdraw(released_case(service)), Refusal)


def released_case(service):
    order = service.to_bill(service.order())
    operations.withdraw(order, actor=service.user(RINA), reason="x", now=service.now)
    return service.fresh(order)
