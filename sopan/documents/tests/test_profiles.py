"""How a person says how he signs, and that his number is kept sealed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sopan.documents import operations, sealed
from sopan.people.events import worded
from sopan.people.models import PeopleEvent, User

from .conftest import NOW
from .test_keys import PAGE, head, no_second_factor, p12, sent  # noqa: F401  fixtures
from .test_operations import everything_in_the_database

NIK = "1671000000000001"
pytestmark = pytest.mark.django_db


def test_a_number_is_kept_sealed_and_shown_in_part(body: SimpleNamespace) -> None:
    profile = operations.change_profile(body.head, method="bsre_v1", nik=NIK, now=NOW)
    assert NIK not in everything_in_the_database()
    assert sealed.unseal(profile.nik_sealed) == NIK
    assert sealed.masked(NIK) == "1671••••••••••01"
    assert operations.change_profile(body.head, method="bsre_v2", nik="", now=NOW).nik_sealed == profile.nik_sealed
    events = PeopleEvent.objects.filter(code="signing_changed").order_by("pk")
    assert [worded(event) for event in events] == [
        "Arya Judistira menandatangani dengan cara: BSrE Esign v1",
        "Arya Judistira menandatangani dengan cara: BSrE Esign v2",
    ]


@pytest.mark.parametrize("nik", ["1", "1" * 15, "1" * 17, "167100000000000x", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", "../../user/status"])
def test_what_is_no_number_is_refused(body: SimpleNamespace, nik: str) -> None:
    assert operations.change_profile(body.head, method="bsre_v1", nik=nik, now=NOW).code == "nik"
    assert operations.change_profile(body.head, method="lain", nik="", now=NOW).code == "method"


def test_another_secret_of_the_installation_does_not_open_the_number(settings: object) -> None:
    kept = sealed.seal(NIK)
    settings.SECRET_KEY = "another"
    assert sealed.unseal(kept) == ""


def test_a_signer_changes_it_on_his_page(client: Client, head: User) -> None:  # noqa: F811
    client.force_login(head)
    assert client.post(PAGE, {"act": "profile", "method": "bsre_v2", "nik": "1671 0000 0000 0001"}).status_code == 302
    shown = client.get(PAGE).content.decode()
    assert ("1671••••••••••01" in shown, NIK in shown, "BSrE Esign v2" in shown) == (True, False, True)
    assert "Layanan tanda tangan belum dipasang" in shown
    wrong = client.post(PAGE, {"act": "profile", "method": "lain", "nik": "12"})
    assert (wrong.status_code, "NIK terdiri" in wrong.content.decode() or "Pilih cara" in wrong.content.decode()) == (
        422,
        True,
    )
    assert sent(client, head, p12(head.full_name, now=timezone.now())).count("Berlaku</span>") == 1
