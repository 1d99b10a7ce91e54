"""The page on which a signer registers his certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sopan.documents.certificates import make_demo_pkcs12
from sopan.documents.models import SigningKey
from sopan.people.models import Appointment, PeopleEvent, Position, User

pytestmark = pytest.mark.django_db
PASSPHRASE = "rahasia sekali"
PAGE = "/akun/sertifikat/"


@pytest.fixture(autouse=True)
def no_second_factor(settings: object) -> None:
    settings.SECOND_FACTOR = "off"
    settings.DEMO = True


@pytest.fixture
def head(body: SimpleNamespace) -> User:
    position = Position.objects.create(institution=body.institution, code="kepala", name="Kepala Balai", signs=True)
    Appointment.objects.create(position=position, person=body.head, valid_from=datetime(2026, 1, 2, tzinfo=UTC))
    return body.head


def p12(name: str, *, now: datetime | None = None) -> bytes:
    return make_demo_pkcs12(name, position="Kepala Balai", passphrase=PASSPHRASE, now=now or timezone.now())


def sent(client: Client, person: User, content: bytes, *, passphrase: str = PASSPHRASE, name: str = "saya.p12") -> str:
    client.force_login(person)
    file = SimpleUploadedFile(name, content)
    return client.post(PAGE, {"file": file, "passphrase": passphrase}, follow=True).content.decode()


def test_a_signer_registers_his_certificate_and_sees_it(client: Client, head: User) -> None:
    page = sent(client, head, p12(head.full_name))
    key = SigningKey.objects.get(person=head)
    assert key.serial in page and "Berlaku" in page
    event = PeopleEvent.objects.get(code="certificate_added")
    assert (event.person, event.data["serial"]) == (head, key.serial)


def test_the_passphrase_is_kept_nowhere(client: Client, head: User, caplog: pytest.LogCaptureFixture) -> None:
    assert PASSPHRASE not in sent(client, head, p12(head.full_name))
    assert PASSPHRASE not in caplog.text
    assert PASSPHRASE not in str(list(PeopleEvent.objects.values()))


def test_the_same_file_again_is_harmless(client: Client, head: User) -> None:
    content = p12(head.full_name)
    sent(client, head, content)
    sent(client, head, content)
    assert (SigningKey.objects.count(), PeopleEvent.objects.filter(code="certificate_added").count()) == (1, 1)


@pytest.mark.parametrize(
    ("made", "passphrase", "told"),
    [
        (lambda head: p12(head.full_name), "salah", "tidak cocok dengan sertifikat"),
        (lambda head: p12("Orang Lain"), PASSPHRASE, "atas nama Orang Lain"),
        (lambda head: p12(head.full_name, now=timezone.now() - timedelta(days=4000)), PASSPHRASE, "tidak berlaku"),
        (lambda head: b"%PDF-1.7 bukan sertifikat", PASSPHRASE, "bukan berkas .p12"),
        (lambda head: b"", PASSPHRASE, "kosong"),
        (lambda head: b"x" * 100_001, PASSPHRASE, "terlalu besar"),
        (lambda head: p12(head.full_name), "", "Ketik"),
        (lambda head: p12(head.full_name), "a\0b", "Karakter"),
    ],
)
def test_what_cannot_be_registered_is_told_and_leaves_nothing(
    client: Client, head: User, made: object, passphrase: str, told: str
) -> None:
    page = sent(client, head, made(head), passphrase=passphrase)
    assert told in page
    assert not SigningKey.objects.exists()


def test_who_signs_nothing_finds_no_such_page(client: Client, body: SimpleNamespace, head: User) -> None:
    for person in (body.officer, body.customer, body.stranger):
        client.force_login(person)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"passphrase": "x"}).status_code == 404
        assert PAGE not in client.get(reverse("profile")).content.decode()


def test_a_visitor_is_led_to_the_log_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302


def test_the_page_is_in_the_menu_of_who_signs(client: Client, head: User) -> None:
    client.force_login(head)
    assert PAGE in client.get(reverse("profile")).content.decode()
