"""The pages of customers and of the public, through the test client."""

import re
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

OWN = [
    "order", "form", "contact", "wishes", "items", "item_new", "check", "sent", "offer", "bill", "survey", "close",
    "message", "withdraw", "pay_local", "draft",
]  # fmt: skip
ITEM = ["item", "item_kind", "item_copy", "item_remove"]
INTERNAL = ["PELANGGAN", "ADMIN SATKER", "Validasi order", "Persetujuan tarif", "Ketua Tim", "uraian"]


def url(name, order, *more):
    return reverse(f"orders:{name}", args=[order.case_id, *more])


def errors(answer) -> str:
    found = re.search(r'<div class="summary".*?</div>', answer.content.decode(), re.S)
    return found.group() if found else ""


@pytest.fixture
def rina(service, client):
    client.force_login(service.user(RINA))
    return client


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


# Public pages


def test_everybody_sees_services_and_tariff_with_its_legal_basis(service, client):
    page = client.get(reverse("orders:services"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Oven, volume &gt; 2.500 L" in text
    assert "Rp\u00a0950.000" in text
    assert "PP 54/2021" in text
    assert "belum diverifikasi" in text
    assert "Waktu kerja petugas menurut standar: 14 hari kerja dan 40 menit" in text
    for word in INTERNAL:
        assert word not in text, word


REGISTRATION = {
    "company_name": "PT Baru Jaya", "npwp": "00.000.000.0-000.033", "address": "Jl. A 1", "city": "Palembang",
    "company_phone": "", "name": "Sari Melati", "email": "sari@baru-jaya.example", "phone": "0812-0000-0031",
    "password": "kata-sandi-baru-1", "repeated": "kata-sandi-baru-1", "form_key": "key-of-the-form",
}  # fmt: skip


def test_a_registration_through_the_page(service, client):
    answer = client.post(reverse("orders:register"), REGISTRATION)
    assert (answer.status_code, answer.url) == (302, reverse("orders:registered"))
    client.post(reverse("orders:register"), REGISTRATION)
    assert Case.objects.count() == 1
    assert User.objects.get(email="sari@baru-jaya.example").company.npwp == "000000000000033"


def test_the_page_does_not_tell_whether_an_address_is_known(service, client, mailoutbox):
    known = client.post(reverse("orders:register"), {**REGISTRATION, "email": RINA})
    assert (known.status_code, known.url) == (302, reverse("orders:registered"))
    assert Case.objects.count() == 0
    assert [mail.to for mail in mailoutbox] == [[RINA]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company_name": ""}, "id_company_name"),
        ({"company_name": "x" * 201}, "id_company_name"),
        ({"npwp": "123"}, "id_npwp"),
        ({"npwp": "abc"}, "id_npwp"),
        ({"npwp": "0000000000000011"}, "id_npwp"),
        ({"email": "tanpa-at"}, "id_email"),
        ({"phone": "<script>alert(1)</script>"}, "id_phone"),
        ({"phone": "=1+1"}, "id_phone"),
        ({"password": "pendek", "repeated": "pendek"}, "id_password"),
        ({"repeated": "kata-sandi-lain-1"}, "id_repeated"),
        ({"name": "a\x00b"}, "id_name"),
    ],
)
def test_a_wrong_registration_is_told_at_its_field_and_keeps_what_was_typed(service, client, changes, field):
    answer = client.post(reverse("orders:register"), {**REGISTRATION, **changes})
    assert answer.status_code == 200
    assert f'href="#{field}"' in errors(answer)
    assert b"Jl. A 1" in answer.content
    assert b"kata-sandi" not in answer.content
    assert b"<script>alert" not in answer.content
    assert Case.objects.count() == 0


# Tracking


def test_the_tracking_link_shows_the_plain_status_and_nothing_personal(service, client):
    order = service.to_bill(service.order())
    page = client.get(reverse("orders:track", args=[order.case.tracking]))
    text = page.content.decode()
    assert page.status_code == 200
    assert order.number in text
    assert "Silakan bayar dengan kode billing" in text
    for hidden in ("Pangan Musi", "Rina", "0812", "SN-1", "820261112004412", "575.000", *INTERNAL):
        assert hidden not in text, hidden


def test_an_unknown_link_does_not_exist(service, client):
    service.order()
    for token in ("x", "a" * 400, "%00", "../x", "'or 1=1"):
        assert client.get(f"/lacak/{token}/").status_code == 404


def test_number_and_code_find_the_tracking_page(service, client):
    order = service.must(service.order(), "orders.submit")
    code = queries.tracking_code(order.case)
    form = reverse("orders:track_form")
    assert client.post(form, {"number": order.reference, "code": code.lower()}).status_code == 302
    order = service.must(order, "orders.validate", "ya")
    typed = f"{code[:4]}-{code[4:]}"
    found = client.post(form, {"number": order.number, "code": typed})
    assert found.url == reverse("orders:track", args=[order.case.tracking])
    for number, wrong in (
        (order.number, "AAAAAAAA"),
        ("ORD-2026-11-9999", code),
        ("P-99999999999999999", code),
        ("P-", "x"),
    ):
        answer = client.post(form, {"number": number, "code": wrong})
        assert (answer.status_code, "tidak cocok" in errors(answer)) == (200, True)


# The order form


def test_an_order_from_the_first_press_to_the_number_in_large_type(service, rina):
    first = rina.post(reverse("orders:new"), {"form_key": "one-time-key"})
    again = rina.post(reverse("orders:new"), {"form_key": "one-time-key"})
    assert first.url == again.url
    order = Order.objects.get()
    person = {"contact_name": "Rina", "contact_phone": "0812-0000-0011", "contact_email": RINA}
    assert rina.post(url("contact", order), person).url == url("form", order)
    assert (
        rina.post(url("wishes", order), {"language": "both", "decision_rule": "guard", "note": "Hati-hati"}).status_code
        == 302
    )
    chosen = rina.post(url("item_new", order), {"kind": "oven"})
    assert chosen.url == url("item_new", order) + "?jenis=oven"
    oven = {
        "name": "Oven",
        "make": "Memmert",
        "type": "UN",
        "serial_number": "B1",
        "size_text": "2.501",
        "size_unit": "L",
    }
    assert rina.post(chosen.url, oven).url == url("items", order)
    assert "Rp\u00a0950.000" in rina.get(url("items", order)).content.decode()
    item = OrderItem.objects.get()
    assert (item.kind, item.size_text, item.size) == ("oven", "2.501", 2501)
    assert rina.post(url("item_copy", order, item.pk)).status_code == 302
    copy = OrderItem.objects.get(line=2)
    assert rina.post(url("item", order, copy.pk), {**oven, "serial_number": "B2"}).status_code == 302
    page = rina.get(url("check", order)).content.decode()
    task = service.task(order.case, "orders.submit")
    assert f'name="task" value="{task.pk}"' in page
    undeclared = rina.post(url("check", order), {"task": task.pk, "form_key": "key-key-key"})
    assert "id_declared" in errors(undeclared)
    sent = {"task": task.pk, "form_key": "key-key-key", "declared": "on"}
    assert rina.post(url("check", order), sent).url == url("sent", order)
    assert rina.post(url("check", order), sent).url == url("sent", order)
    order.refresh_from_db()
    text = rina.get(url("sent", order)).content.decode()
    assert f'<p class="number">{order.reference}</p>' in text
    assert queries.tracking_code(order.case) in text
    assert service.open(order.case) == ["orders.validate"]


ITEM_TYPED = {
    "name": "Timbangan", "make": "Ohaus", "type": "R", "serial_number": "SN", "size_text": "10", "size_unit": "kg",
    "range_lower_text": "0", "range_upper_text": "10", "range_unit": "kg", "points": "", "remark": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "id_name"),
        ({"name": "x" * 151}, "id_name"),
        ({"serial_number": ""}, "id_serial_number"),
        ({"size_text": ""}, "id_size_text"),
        ({"size_text": "sepuluh"}, "id_size_text"),
        ({"size_text": "9" * 30}, "id_size_text"),
        ({"size_text": "1e400"}, "id_size_text"),
        ({"size_unit": "L"}, "id_size_unit"),
        ({"size_unit": ""}, "id_size_unit"),
        ({"range_upper_text": "-1"}, "id_range_upper_text"),
        ({"range_upper_text": "NaN"}, "id_range_upper_text"),
        ({"range_unit": ""}, "id_range_unit"),
        ({"points": "1" * 1_001}, "id_points"),
        ({"make": "\x00"}, "id_make"),
    ],
)
def test_a_wrong_instrument_is_told_at_its_field_and_nothing_typed_is_lost(service, rina, changes, field):
    order = service.order(filled=False)
    address = url("item_new", order) + "?jenis=timbangan-elektronik"
    answer = rina.post(address, {**ITEM_TYPED, "remark": "tetap ada", **changes})
    assert answer.status_code == 200
    assert f'href="#{field}"' in errors(answer)
    assert b"tetap ada" in answer.content
    assert OrderItem.objects.count() == 0
    later = rina.get(address)
    assert b"tetap ada" in later.content


def test_markup_and_formulas_are_kept_as_text_and_shown_as_text(service, rina):
    order = service.order(filled=False)
    nasty = '<img src=x onerror=alert(1)>"\'&=HYPERLINK("http://x")'
    typed = {**ITEM_TYPED, "name": nasty, "make": "=1+1", "points": "{{ 7*7 }} {% now %}"}
    assert rina.post(url("item_new", order) + "?jenis=timbangan-elektronik", typed).status_code == 302
    assert OrderItem.objects.get().name == nasty
    for page in ("items", "check", "order"):
        text = rina.get(url(page, order)).content.decode()
        assert "<img src=x" not in text
        assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_an_unknown_kind_does_not_exist_and_another_one_may_be_described(service, rina):
    order = service.order(filled=False)
    assert rina.get(url("item_new", order) + "?jenis=teleskop").status_code == 404
    other = rina.post(url("item_new", order) + "?jenis=lainnya", ITEM_TYPED)
    assert other.status_code == 302
    text = rina.get(url("items", order)).content.decode()
    assert "Jenis alat ini tidak ada dalam tarif." in text


def test_a_draft_is_kept_and_restored(service, rina):
    order = service.order(filled=False)
    saved = rina.post(url("contact", order), {"contact_name": "", "contact_phone": "08", "draft": "1"})
    assert saved.url == url("form", order)
    assert b'value="08"' in rina.get(url("contact", order)).content
    by_itself = rina.post(url("draft", order) + "?page=wishes", {"note": "setengah jadi"})
    assert by_itself.status_code == 204
    assert b"setengah jadi" in rina.get(url("wishes", order)).content
    assert rina.post(url("draft", order) + "?page=../x", {"note": "x"}).status_code == 404
    huge = rina.post(url("draft", order) + "?page=wishes", {"note": "x" * 1_000_000})
    assert huge.status_code == 409  # said, so that the script keeps it on the device


def test_what_was_typed_after_somebody_else_sent_the_order_is_kept(service, rina):
    order = service.order()
    service.must(order, "orders.submit", by=DONI)
    typed = {"contact_name": "Nama Baru", "contact_phone": "0812-0000-0099", "contact_email": RINA}
    answer = rina.post(url("contact", order), typed)
    assert answer.status_code == 409
    assert b"Nama Baru" in answer.content
    assert b"sudah dikirim" in answer.content


def test_a_removed_instrument_is_asked_for_first(service, rina):
    order = service.order()
    item = queries.items_of(order)[0]
    assert rina.get(url("item_remove", order, item.pk)).status_code == 200
    assert OrderItem.objects.count() == 2
    rina.post(url("item_remove", order, item.pk))
    assert OrderItem.objects.count() == 1


def test_a_correction_shows_its_reason(service, rina):
    order = service.must(service.order(), "orders.submit")
    order = service.must(order, "orders.validate", "tidak", reason="Nomor seri <b>keliru</b>")
    for name in ("form", "order"):
        assert b"Nomor seri &lt;b&gt;keliru&lt;/b&gt;" in rina.get(url(name, order)).content


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
    from .test_steps import ANSWERS, released

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
