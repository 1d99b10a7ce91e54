"""The pages of everybody, through the test client: what is offered, registering, following an order."""

import pytest
from django.urls import reverse

from sopan.domains.orders import queries
from sopan.engine.models import Case
from sopan.people.models import User

from .conftest import RINA
from .pages import INTERNAL, REGISTRATION, errors


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
