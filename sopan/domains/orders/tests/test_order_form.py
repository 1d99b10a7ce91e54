"""The form of an order, page by page, through the test client."""

import pytest
from django.urls import reverse

from sopan.domains.orders import queries
from sopan.domains.orders.models import Order, OrderItem

from .conftest import DONI, RINA
from .pages import errors, url


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
