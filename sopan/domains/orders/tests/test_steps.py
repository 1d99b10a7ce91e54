"""The customer's side, step by step."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sopan.documents.models import Number
from sopan.domains.orders import jobs, operations, queries
from sopan.domains.orders.models import OrderItem, Survey
from sopan.engine import operations as engine
from sopan.engine.models import Case, Effect, JournalEntry
from sopan.people.models import User

from .conftest import BALANCE, DONI, PH_METER, RINA, TONO, picture
from .playing import ANSWERS, confirmed, released, told

COMPANY = {"name": "PT Baru Jaya", "npwp": "0000000000000033", "address": "Jl. A", "city": "Palembang", "phone": ""}
PERSON = {"name": "Sari Melati", "email": "sari@baru-jaya.example", "phone": "0812-0000-0031"}


def register(service, key="r1"):
    return operations.register(
        institution=service.institution,
        company=COMPANY,
        person=PERSON,
        password="kata-sandi-baru-1",
        start_key=key,
        now=service.now,
    )


# Registration


def test_a_registration_waits_for_the_activation_in_the_name_of_the_person(service):
    case = register(service)
    assert service.open(case) == ["orders.activate"]
    assert list(JournalEntry.objects.filter(case=case).order_by("seq").values_list("name", flat=True)) == [
        "Sistem",
        "Sari Melati",
        "Sari Melati",
    ]
    assert not User.objects.get(email=PERSON["email"]).is_active


def test_the_same_press_registers_once(service):
    first, second = register(service), register(service)
    assert first == second
    assert User.objects.filter(email=PERSON["email"]).count() == 1


def test_an_address_that_has_an_account_is_refused_and_leaves_nothing(service):
    before = Case.objects.count()
    taken = operations.register(
        institution=service.institution,
        company=COMPANY,
        person={**PERSON, "email": RINA},
        password="kata-sandi-baru-1",
        now=service.now,
    )
    assert taken.code == "registered-already"
    assert Case.objects.count() == before


def test_an_activated_person_may_fill_in_the_order_that_waits(service):
    case = register(service)
    task = service.task(case, "orders.activate")
    done = engine.complete(task.pk, actor=service.staff("andi.saputra"), answer="aktif", now=service.now)
    assert isinstance(done, engine.Done)
    user = User.objects.get(email=PERSON["email"])
    assert user.is_active
    assert service.open(case) == ["orders.submit"]
    assert queries.order_of(case.pk).company == user.company
    assert told(case) == ["registered", "activated"]


def test_a_refused_registration_ends_the_case_and_needs_a_reason(service):
    case = register(service)
    task = service.task(case, "orders.activate")
    admin = service.staff("andi.saputra")
    assert engine.complete(task.pk, actor=admin, answer="tolak", now=service.now).code == "reason"
    done = engine.complete(task.pk, actor=admin, answer="tolak", reason="Data tidak benar", now=service.now)
    assert done.ended == "rejected"
    assert not User.objects.get(email=PERSON["email"]).is_active


@pytest.mark.parametrize("name", ["dewi.anggraini", "siti.rahmawati", "bambang.wirawan"])
def test_only_admin_satker_activates(service, name):
    case = register(service)
    task = service.task(case, "orders.activate")
    refused = engine.complete(task.pk, actor=service.staff(name), answer="aktif", now=service.now)
    assert refused.code == "not-found"
    assert not User.objects.get(email=PERSON["email"]).is_active


# The form


def test_a_new_order_begins_at_the_form_and_the_same_key_opens_it_again(service):
    order = service.order(filled=False)
    assert service.open(order.case) == ["orders.submit"]
    assert operations.start_order(service.user(RINA), start_key="k1", now=service.now).pk == order.pk


def test_an_empty_order_cannot_be_sent_and_says_what_is_missing(service):
    order = service.order(filled=False)
    assert [lack.field for lack in operations.missing(order, [])] == ["contact", "items", "wishes"]
    assert service.do(order, "orders.submit").code == "contact"


def test_sending_numbers_the_instruments_and_names_the_case(service):
    order = service.order()
    first = queries.items_of(order)[0]
    operations.copy_item(order, item_id=first.pk)
    operations.remove_item(order, item_id=first.pk)
    OrderItem.objects.filter(order=order, serial_number="").update(serial_number="SN-3")
    order = service.must(order, "orders.submit")
    assert [(i.line, i.serial_number) for i in queries.items_of(order)] == [(1, "SN-2"), (2, "SN-3")]
    assert order.case.title == "Kalibrasi 2 alat"
    assert order.case.number == f"P-{order.case_id:06d}" == order.reference
    assert service.open(order.case) == ["orders.validate"]


def test_a_copy_wants_its_own_serial_number(service):
    order = service.order()
    copy = operations.copy_item(order, item_id=queries.items_of(order)[0].pk)
    assert (copy.line, copy.serial_number, copy.size_text) == (3, "", "10")
    assert service.do(order, "orders.submit").code == "serial"


def test_a_sent_order_cannot_be_changed_any_more(service):
    order = service.must(service.order(), "orders.submit")
    item = queries.items_of(order)[0]
    attempts = [
        operations.save_page(order, page="contact", values={"contact_name": "X"}),
        operations.keep_typed(order, page="contact", typed={"contact_name": "X"}),
        operations.save_item(order, item_id=item.pk, values={"name": "X"}, page="item"),
        operations.copy_item(order, item_id=item.pk),
        operations.remove_item(order, item_id=item.pk),
    ]
    assert [attempt.code for attempt in attempts] == ["sent"] * 5
    assert [i.name for i in queries.items_of(order)] == ["Timbangan elektronik", "pH meter"]


def test_an_order_holds_a_limited_number_of_instruments(service, monkeypatch):
    monkeypatch.setattr(operations, "MAX_ITEMS", 2)
    order = service.order()
    assert operations.copy_item(order, item_id=queries.items_of(order)[0].pk).code == "too-many"


# Validation, tariff, offer


def test_the_number_is_allocated_once_and_kept_in_later_rounds(service):
    order = service.must(service.order(), "orders.submit")
    order = service.must(order, "orders.validate", "ya")
    number = order.number
    assert number == "ORD-2026-11-0001" == order.case.number
    order = service.must(order, "orders.approve_tariff", "tidak", reason="Jenis alat keliru")
    order = service.must(order, "orders.validate", "tidak", reason="Perbaiki jenis alat")
    order = service.must(order, "orders.submit")
    order = service.must(order, "orders.validate", "ya")
    assert (order.number, order.case.number) == (number, number)
    assert Number.objects.filter(series__key="order").count() == 1


def test_two_orders_get_two_numbers(service):
    numbers = []
    for key in ("a", "b"):
        order = service.must(service.order(key=key), "orders.submit")
        numbers.append(service.must(order, "orders.validate", "ya").number)
    assert numbers == ["ORD-2026-11-0001", "ORD-2026-11-0002"]


def test_the_tariff_is_copied_with_its_legal_basis(service):
    order = service.to_offer(service.order())
    assert [(i.price, i.tariff_description, i.tariff_basis) for i in queries.items_of(order)] == [
        (Decimal(320000), "Timbangan elektronik 0–10 kg", "PP 54/2021 & PMK 108/2022"),
        (Decimal(255000), "pH meter", "PP 54/2021"),
    ]
    assert (order.quote_total, order.quoted_by) == (Decimal(575000), "Ir. Hendra Kusuma")


def test_an_instrument_in_no_range_stops_the_approval_until_somebody_decides(service):
    order = service.order(filled=False)
    operations.save_page(
        order, page="contact", values={"contact_name": "R", "contact_phone": "0812000011", "contact_email": RINA}
    )
    operations.save_page(order, page="wishes", values={"language": "id", "decision_rule": "none"})
    service.add(order, "timbangan-elektronik", {**BALANCE, "size_text": "10,5"})
    service.add(order, "ph-meter", PH_METER)
    order = service.must(order, "orders.submit")
    order = service.must(order, "orders.validate", "ya")
    hole, _ph = queries.items_of(order)
    larger = next(
        line for line in queries.lines_in_force(order.institution, service.now.date()) if line.code.endswith("11-150kg")
    )
    key, reason = f"line_{hole.pk}", f"reason_{hole.pk}"
    assert service.do(order, "orders.approve_tariff", "ya").field == key
    assert service.do(order, "orders.approve_tariff", "ya", **{key: larger.pk}).field == reason
    assert service.do(order, "orders.approve_tariff", "ya", **{key: "none"}).field == reason
    assert service.do(order, "orders.approve_tariff", "ya", **{key: "999999", reason: "x"}).code == "no-line"
    order = service.must(order, "orders.approve_tariff", "ya", **{key: larger.pk, reason: "Rentang terdekat"})
    hole.refresh_from_db()
    assert (hole.price, hole.tariff_override, order.quote_total) == (350000, "Rentang terdekat", 605000)


def test_an_order_without_anything_to_pay_is_not_offered(service):
    order = service.must(service.order(), "orders.submit")
    order = service.must(order, "orders.validate", "ya")
    none = {}
    for item in queries.items_of(order):
        none |= {f"line_{item.pk}": "none", f"reason_{item.pk}": "Kerja sama"}
    assert service.do(order, "orders.approve_tariff", "ya", **none).code == "nothing-to-pay"
    assert service.fresh(order).quote_total is None


def test_who_validated_the_order_does_not_approve_its_tariff(service):
    from sopan.people.models import Appointment, Position

    order = service.must(service.order(), "orders.submit")
    cs = service.staff("dewi.anggraini")
    leader = Position.objects.get(institution=service.institution, code="ketua-tim-pji")
    Appointment.objects.create(position=leader, person=cs, kind="plh", valid_from=service.now, letter="PRIN/1")
    order = service.must(order, "orders.validate", "ya")
    assert service.do(order, "orders.approve_tariff", "ya", by="dewi.anggraini").code == "separation"
    service.must(order, "orders.approve_tariff", "ya")


def test_a_later_tariff_does_not_touch_what_was_offered(service):
    order = service.to_offer(service.order())
    for item in queries.items_of(order):
        item.tariff.amount += 1
        item.tariff.description = "berubah"
        item.tariff.save()
    assert service.fresh(order).quote_total == 575000
    assert [i.price for i in queries.items_of(order)] == [320000, 255000]


def test_an_objection_needs_a_reason_and_goes_back_to_cs(service):
    order = service.to_offer(service.order())
    assert service.do(order, "orders.accept_offer", "tidak").code == "reason"
    service.must(order, "orders.accept_offer", "tidak", reason="Terlalu mahal")
    assert service.open(order.case) == ["orders.validate"]


def test_a_colleague_of_the_company_may_accept_and_a_stranger_may_not(service):
    order = service.to_offer(service.order())
    assert service.do(order, "orders.accept_offer", "ya", by=TONO).code == "not-found"
    assert service.do(order, "orders.accept_offer", "ya", by="hendra.kusuma").code == "not-found"
    service.must(order, "orders.accept_offer", "ya", by=DONI)


# The end


def test_the_survey_holds_back_the_report_where_the_body_says_so(service):
    from sopan.domains.orders.gates import survey_refusal

    order = released(service, service.order())
    assert survey_refusal(order.case).code == "survey"
    assert service.do(order, "orders.survey").code == "incomplete"
    assert service.do(order, "orders.survey", **{**ANSWERS, "biaya": "5"}).field == "biaya"
    order = service.must(order, "orders.survey", comment="Baik", **ANSWERS)
    assert Survey.objects.get().answers == dict.fromkeys(ANSWERS, 4)
    assert survey_refusal(order.case) is None


def test_where_the_survey_is_offered_it_may_be_left_out_but_not_half_filled(service):
    service.set(survey_gate="prompt")
    order = released(service, service.order())
    assert service.do(order, "orders.survey", persyaratan="4").code == "incomplete"
    service.must(order, "orders.survey")
    assert Survey.objects.count() == 0


def test_without_a_gate_the_report_may_be_downloaded_at_once(service):
    from sopan.domains.orders.gates import survey_refusal

    service.set(survey_gate="none")
    assert survey_refusal(released(service, service.order()).case) is None


def test_the_customer_closes_the_order(service):
    order = service.must(released(service, service.order()), "orders.survey", **ANSWERS)
    order = service.must(order, "orders.close")
    assert order.case.status == "finished"


def test_an_order_left_open_closes_itself_after_the_days_of_the_body(service):
    service.set(auto_close_days=14)
    order = service.must(released(service, service.order()), "orders.survey", **ANSWERS)
    jobs.close_finished(service.now + timedelta(days=13))
    assert service.open(order.case) == ["orders.close"]
    jobs.close_finished(service.now + timedelta(days=14))
    assert service.fresh(order).case.status == "finished"
    assert JournalEntry.objects.filter(case=order.case).latest("seq").name == "Sistem"


def test_no_days_means_no_closing_by_rule(service):
    service.set(auto_close_days=0)
    order = service.must(released(service, service.order()), "orders.survey", **ANSWERS)
    jobs.close_finished(service.now + timedelta(days=4_000))
    assert service.open(order.case) == ["orders.close"]


# Withdrawing


def test_an_unpaid_order_may_be_withdrawn_and_its_bill_with_it(service):
    order = service.to_bill(service.order())
    done = operations.withdraw(order, actor=service.user(RINA), reason="Batal", now=service.now)
    assert done.ended == "withdrawn"
    assert order.bills.get().status == "cancelled"


def test_a_paid_order_may_not_be_withdrawn_by_the_customer(service):
    order = service.must(service.to_bill(service.order()), "orders.pay", proof=picture())
    assert operations.withdraw(order, actor=service.user(RINA), reason="Batal", now=service.now).code == "paid"
    confirmed(service, order, service.now)
    order = service.fresh(order)
    assert operations.withdraw(order, actor=service.user(RINA), reason="Batal", now=service.now).code == "paid"
    assert order.case.status == "open"


def test_a_stranger_withdraws_nothing(service):
    order = service.to_bill(service.order())
    assert operations.withdraw(order, actor=service.user(TONO), reason="Batal", now=service.now).code == "not-found"
    assert order.bills.get().status == "issued"


# Letters


def test_every_letter_can_be_written_and_none_breaks_a_header(service, mailoutbox):
    from sopan.engine import effects

    order = service.to_bill(service.order())
    service.must(order, "orders.pay", proof=picture())
    service.must(order, "orders.confirm_payment", "tidak", reason="Tidak\r\nBcc: x@y.example terbaca")
    assert effects.run_due() > 0
    assert not Effect.objects.filter(status="failed").exists()
    assert not Effect.objects.exclude(error="").exists()
    subjects = {mail.subject.split(" (")[0] for mail in mailoutbox}
    assert subjects == {
        "Pesanan Anda kami terima",
        "Biaya pesanan Anda sudah siap",
        "Kode billing Anda sudah terbit",
        "Bukti pembayaran Anda perlu diperbaiki",
    }
    assert {mail.to[0] for mail in mailoutbox} == {RINA, DONI}
