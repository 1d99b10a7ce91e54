"""The screen of the regional levy: lines by validity, never changed in what they said, kept by one office of the body."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from sopan.catalogue.models import ProcedureVersion
from sopan.domains.orders.models import ServiceEvent, TariffLine

from .conftest import RINA, Service

LINE = {
    "code": "uji-kadar-air", "group": "Retribusi pengujian", "description": "Uji kadar air", "per": "contoh",
    "amount": "50.000", "legal_basis": "Perda contoh, Pasal 5", "source": "", "valid_from": "2025-01-01", "valid_to": "", "note": "",
}  # fmt: skip


@pytest.fixture
def keeper(client: Client, service: Service) -> Client:
    client.force_login(service.staff("hendra.kusuma"))
    return client


def lines() -> list[tuple[Any, ...]]:
    rows = TariffLine.objects.filter(code="uji-kadar-air").order_by("valid_from")
    return [(row.valid_from, row.valid_to, int(row.amount), row.revenue) for row in rows]


def with_second_factor(service: Service) -> None:
    """Who manages accounts must have one before any page."""
    person = service.staff("andi.saputra")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "unused"})


@pytest.fixture
def line(keeper: Client) -> TariffLine:
    assert keeper.post("/retribusi/baru/", LINE).status_code == 302
    return TariffLine.objects.get(code="uji-kadar-air")


def test_a_line_is_a_levy_whatever_is_posted(keeper: Client) -> None:
    keeper.post("/retribusi/baru/", {**LINE, "revenue": "pnbp", "kind": "oven"})
    row = TariffLine.objects.get(code="uji-kadar-air")
    assert (row.revenue, row.kind, row.legal_basis) == ("retribusi", "", "Perda contoh, Pasal 5")
    page = keeper.get("/retribusi/").content.decode()
    assert "Uji kadar air" in page and "Rp\u00a050.000" in page.replace("Rp 50", "Rp\u00a050")


def test_a_new_version_ends_the_old_one_the_day_before(keeper: Client, line: TariffLine) -> None:
    typed = {**LINE, "amount": "75.000", "valid_from": "2027-01-01"}
    assert keeper.post(f"/retribusi/{line.pk}/", typed).status_code == 302
    assert lines() == [
        (date(2025, 1, 1), date(2026, 12, 31), 50_000, "retribusi"), (date(2027, 1, 1), None, 75_000, "retribusi"),
    ]  # fmt: skip
    assert "Uji kadar air" in keeper.get("/retribusi/?keadaan=coming").content.decode()


@pytest.mark.parametrize("first", ["2025-01-01", "2024-06-01"])
def test_a_version_that_does_not_begin_later_is_refused_and_nothing_changes(
    keeper: Client, line: TariffLine, first: str
) -> None:
    assert keeper.post(f"/retribusi/{line.pk}/", {**LINE, "valid_from": first}).status_code == 422
    assert lines() == [(date(2025, 1, 1), None, 50_000, "retribusi")]


def test_a_line_is_ended_and_told_so(keeper: Client, line: TariffLine) -> None:
    address = f"/retribusi/{line.pk}/"
    assert keeper.post(address, {"end": "1", "akhir-last_day": "2024-01-01"}).status_code == 422
    assert keeper.post(address, {"end": "1", "akhir-last_day": "2025-12-31"}).status_code == 302
    assert lines() == [(date(2025, 1, 1), date(2025, 12, 31), 50_000, "retribusi")]
    assert ServiceEvent.objects.filter(code="tariff_changed").exists()
    assert "Uji kadar air" in keeper.get("/retribusi/?keadaan=ended").content.decode()
    assert "Uji kadar air" not in keeper.get("/retribusi/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"legal_basis": ""}, {"amount": "-1"}, {"amount": "NaN"}, {"valid_from": "kemarin"}, {"code": "a b"}, {"valid_to": "2024-01-01"}]
)  # fmt: skip
def test_a_line_without_its_parts_is_refused(keeper: Client, wrong: dict[str, str]) -> None:
    assert keeper.post("/retribusi/baru/", {**LINE, **wrong}).status_code == 422
    assert lines() == []


def test_a_line_of_the_tariff_is_no_levy(keeper: Client, service: Service) -> None:
    other = TariffLine.objects.filter(institution=service.institution, revenue="pnbp").earliest("pk")
    assert keeper.get(f"/retribusi/{other.pk}/").status_code == 404
    assert keeper.post(f"/retribusi/{other.pk}/", LINE).status_code == 404


def test_everybody_of_the_body_reads_and_one_office_writes(client: Client, service: Service, line: TariffLine) -> None:
    with_second_factor(service)
    before = lines()
    for name in ("dewi.anggraini", "siti.rahmawati", "andi.saputra", "agus.prasetyo"):
        client.force_login(service.staff(name))
        assert client.get("/retribusi/").status_code == 200
        for address in ("/retribusi/baru/", f"/retribusi/{line.pk}/"):
            assert client.get(address).status_code == 404
            assert client.post(address, LINE).status_code == 404
    client.force_login(service.user(RINA))
    assert client.get("/retribusi/").status_code == 404
    assert lines() == before


def test_a_body_without_the_order_procedure_has_its_lines_kept_by_who_keeps_its_settings(
    client: Client, service: Service
) -> None:
    with_second_factor(service)
    version = ProcedureVersion.objects.get(slug="sippt-kalibrasi")
    version.slug = "lain"
    version.save(update_fields=["slug"])
    client.force_login(service.staff("hendra.kusuma"))
    assert client.get("/retribusi/baru/").status_code == 404
    client.force_login(service.staff("andi.saputra"))
    assert client.get("/retribusi/baru/").status_code == 200
