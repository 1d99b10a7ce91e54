"""The customer's instruments, reminders that he asked for, the same order again, wishes for a correction."""

from datetime import date, datetime

import pytest

from sopan.documents.models import IssuedDocument
from sopan.domains.orders import operations, queries
from sopan.domains.orders.customers import again, amendments, assets, handover
from sopan.domains.orders.models import AmendmentRequest, Asset, Notice, Order
from sopan.engine.access import as_person

from .conftest import DONI, RINA, TONO, ZONE

VALUES = {
    "kind": "oven", "kind_name": "Oven", "name": "Oven", "make": "Memmert", "type": "UN55", "serial_number": "OV-1",
    "place": "Ruang 2", "due_on": date(2026, 12, 12), "remind": True,
}  # fmt: skip


def keep(service, email=RINA, **changes):
    return assets.save(service.user(email).company, {**VALUES, **changes}, now=service.now)


def test_the_same_instrument_stands_on_the_list_once(service):
    keep(service)
    assert keep(service).code == "known"
    assert keep(service, make="MEMMERT").code == "known"
    assert isinstance(keep(service, TONO), Asset)  # another company
    assert isinstance(keep(service, serial_number="-"), Asset)
    assert isinstance(keep(service, serial_number="-"), Asset)  # without a number they cannot be told apart


def test_reminders_go_out_once_to_companies_that_asked_30_and_7_days_before(service, mailoutbox):
    keep(service)
    keep(service, serial_number="OV-2", remind=False)
    keep(service, TONO, due_on=None)
    for day in (date(2026, 11, 11), date(2026, 11, 12), date(2026, 11, 12), date(2026, 12, 5), date(2026, 12, 12)):
        assets.remind(datetime(day.year, day.month, day.day, 8, tzinfo=ZONE))
    told = Notice.objects.filter(person=service.user(RINA), key="due").order_by("pk")
    assert [notice.dedupe for notice in told] == ["due:2026-12-12:30", "due:2026-12-12:7"]
    assert told[0].text.startswith("1 alat pada daftar Anda jatuh tempo dalam 30 hari")
    assert not Notice.objects.filter(person=service.user(TONO)).exists()
    assert "OV-1" not in mailoutbox[0].body


def test_an_order_is_made_again_with_one_press_and_without_its_prices(service):
    old = service.to_offer(service.order())
    user = service.user(DONI)
    new = again.order_again(user, old, start_key="k9", now=service.now)
    assert again.order_again(user, old, start_key="k9", now=service.now) == new
    assert [(i.name, i.serial_number, i.size, i.price, i.tariff) for i in queries.items_of(new)] == [
        (i.name, i.serial_number, i.size, None, None) for i in queries.items_of(old)
    ]
    assert (new.contact_email, new.language, new.submitted_at, new.number) == (old.contact_email, "id", None, None)
    assert operations.missing(new, queries.items_of(new)) == []
    assert len(queries.items_of(old)) == 2


def test_the_instruments_of_an_order_are_kept_once_and_can_be_ordered_from_the_list(service):
    order = service.order()
    assert assets.keep_items(order, now=service.now) == 2
    assert assets.keep_items(order, now=service.now) == 0
    chosen = list(assets.of_company(order.company))
    new = again.order_assets(service.user(RINA), chosen, start_key="k7", now=service.now)
    kept = {
        i.name: (i.size, i.size_text, i.range_upper, i.points) for i in queries.items_of(Order.objects.get(pk=new.pk))
    }
    assert kept == {i.name: (i.size, i.size_text, i.range_upper, i.points) for i in queries.items_of(order)}
    assert again.order_assets(service.user(RINA), [], start_key="k8", now=service.now).code == "none-chosen"


def test_strangers_neither_see_nor_order_nor_change_an_instrument(client, service):
    asset, order = keep(service), service.order()
    client.force_login(service.user(TONO))
    assert client.get(f"/alat/{asset.pk}/").status_code == 404
    assert client.post(f"/alat/{asset.pk}/keluarkan/").status_code == 404
    for page in ("lagi", "simpan-alat"):
        assert client.post(f"/pesanan/{order.case_id}/{page}/", {"form_key": "kunci-lagi-1"}).status_code == 404
    before = Order.objects.count()
    client.post("/alat/pesan/", {"asset": asset.pk, "form_key": "kunci-alat-1"})
    assert Order.objects.count() == before
    asset.refresh_from_db()
    assert not asset.retired
    client.force_login(service.staff("dewi.anggraini"))
    assert client.get("/alat/").status_code == 404


def test_the_list_through_its_pages(client, service):
    client.force_login(service.user(RINA))
    typed = {**VALUES, "due_on": "12-12-2026", "remind": "on"}
    assert client.post("/alat/baru/", typed).status_code == 302
    assert client.post("/alat/baru/", typed).status_code == 422
    assert client.post("/alat/baru/", {**typed, "serial_number": "X", "due_on": ""}).status_code == 422
    page = client.get("/alat/").content.decode()
    assert "OV-1" in page
    asset = Asset.objects.get()
    answer = client.post("/alat/pesan/", {"asset": asset.pk, "form_key": "kunci-alat-1"})
    assert answer.url.endswith("/isi/")
    assert "OV-1" in client.get(answer.url.replace("/isi/", "/isi/alat/")).content.decode()
    assert client.post(f"/alat/{asset.pk}/keluarkan/").status_code == 302
    assert "OV-1" not in client.get("/alat/").content.decode()
    for wrong in ("9" * 30, "-1", "x", "²"):
        assert client.post("/alat/pesan/", {"asset": wrong, "form_key": "kunci-alat-2"}).status_code == 302


# Amendments


@pytest.fixture
def released(service):
    order = service.order()
    document = IssuedDocument.objects.create(
        institution=service.institution, case=order.case, kind="calibration_report", number="1/LHU", title="E-LHU",
        status="released", signed="x.pdf", signed_sha256="a" * 64, created_at=service.now, released_at=service.now,
    )  # fmt: skip
    return order, document


def ask(service, order, document, email=RINA):
    given = {"wrong": "Nomor seri SN-1", "right": "Nomor seri SN-11"}
    return amendments.ask(order, document, **given, actor=service.user(email), now=service.now)


def acting(service):
    return as_person(service.staff("dewi.anggraini"), None)


def test_a_report_has_one_open_wish_at_a_time_and_the_customer_is_told_the_answer(service, released):
    order, document = released
    row = ask(service, order, document)
    assert ask(service, order, document).code == "already"
    given = {"acting": acting(service), "now": service.now}
    assert amendments.decide(row, accept=False, answer=" ", **given).code == "answer-missing"
    done = amendments.decide(row, accept=False, answer="Nomor seri sesuai dengan alat.", **given)
    assert done.status == "refused"
    assert amendments.decide(row, accept=True, answer="Baik, kami ubah.", **given).code == "decided"
    assert Notice.objects.filter(key="amendment").count() == 2
    assert isinstance(ask(service, order, document), AmendmentRequest)


def test_strangers_and_unreleased_reports_are_refused(service, released):
    order, document = released
    assert ask(service, order, document, TONO).code == "not-found"
    document.status = "signed"
    assert ask(service, order, document).code == "not-found"
    assert AmendmentRequest.objects.count() == 0


def test_what_was_accepted_is_done_once_by_the_amended_report(service, released):
    order, document = released
    row = ask(service, order, document)
    given = {"accept": True, "answer": "Baik, kami ubah.", "acting": acting(service), "now": service.now}
    assert amendments.decide(row, **given).status == "accepted"
    assert amendments.finish(document, replacement=document)
    row.refresh_from_db()
    assert (row.status, row.replacement) == ("done", document)
    assert not amendments.finish(document, replacement=document)


def test_what_nobody_judged_is_done_when_the_report_is_replaced_for_another_reason(client, service, released):
    order, document = released
    row = ask(service, order, document)
    client.force_login(service.user(RINA))
    page = client.get(f"/pesanan/{order.case_id}/").content.decode()
    assert "Sudah kami terima, belum dinilai" in page
    assert amendments.finish(document, replacement=document)
    row.refresh_from_db()
    assert (row.status, row.replacement) == ("done", document)
    given = {"acting": acting(service), "now": service.now}
    assert amendments.decide(row, accept=True, answer="Baik, kami ubah.", **given).code == "done"
    assert isinstance(ask(service, order, document), AmendmentRequest)


def test_the_counter_answers_through_its_page_and_nobody_else(client, service, released):
    order, document = released
    client.force_login(service.user(RINA))
    url = f"/pesanan/{order.case_id}/perbaikan/{document.pk}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"wrong": "SN-1 keliru", "right": "SN-11"}).status_code == 302
    assert client.get(f"/pesanan/{order.case_id}/perbaikan/{document.pk + 99}/").status_code == 404
    row = AmendmentRequest.objects.get()
    for name in ("siti.rahmawati", "fajar.nugroho", "bambang.wirawan"):
        client.force_login(service.staff(name))
        assert client.post(f"/perbaikan/{row.pk}/", {"answer": "Baik, kami ubah."}).status_code in (302, 404)
        row.refresh_from_db()
        assert row.status == "received"
    client.force_login(service.staff("dewi.anggraini"))
    assert document.number in client.get("/perbaikan/").content.decode()
    assert client.post(f"/perbaikan/{row.pk}/", {"answer": ""}).status_code == 422
    assert client.post(f"/perbaikan/{row.pk}/", {"answer": "Baik, kami ubah.", "accept": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "accepted"


# Minutes of a return


def test_the_minutes_of_a_return_are_confirmed_once_by_the_own_company_and_printed(client, service):
    order = service.order()
    items = [["S-26-0001", *handover.described(item)] for item in queries.items_of(order)]
    row = handover.record(order, items, receiver="Rina", acting=acting(service), now=service.now)
    assert handover.confirm(row, actor=service.user(TONO), now=service.now).code == "not-found"
    client.force_login(service.user(RINA))
    url = f"/pesanan/{order.case_id}/serah-terima/{row.pk}/"
    assert client.get(url).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_at is None  # a look confirms nothing
    assert client.post(url).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == service.user(RINA)
    assert handover.confirm(row, actor=service.user(DONI), now=service.now).code == "confirmed"
    paper = client.get(f"/serah-terima/{row.pk}/")
    assert paper.content.startswith(b"%PDF")
    assert row.reference in client.get(f"/pesanan/{order.case_id}/").content.decode()
    client.force_login(service.user(TONO))
    assert client.get(f"/serah-terima/{row.pk}/").status_code == 404
    client.force_login(service.staff("fajar.nugroho"))  # an analyst, who works without knowing whose it is
    assert client.get(f"/serah-terima/{row.pk}/").status_code == 404


def test_the_offer_is_printed_for_its_customer(client, service):
    order = service.to_offer(service.order())
    client.force_login(service.user(RINA))
    paper = client.get(f"/pesanan/{order.case_id}/penawaran/pdf/")
    assert paper.content.startswith(b"%PDF")
    early = service.order(TONO, key="t")
    client.force_login(service.user(TONO))
    assert client.get(f"/pesanan/{order.case_id}/penawaran/pdf/").status_code == 404
    assert client.get(f"/pesanan/{early.case_id}/penawaran/pdf/").status_code == 302  # nothing is approved yet
