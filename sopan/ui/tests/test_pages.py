"""The log-in, second-factor and error pages, through the whole stack."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.core import mail
from django.test import Client

Institution, User = apps.get_model("people", "Institution"), apps.get_model("people", "User")
PASSWORD = "sebuah kata sandi panjang"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def start(settings):
    settings.LOGIN_REDIRECT_URL = "/akun/2fa/"


@pytest.fixture
def body() -> Institution:
    return Institution.objects.create(
        code="contoh", name="Balai Contoh", short_name="Balai Contoh", email="layanan@contoh.example"
    )


@pytest.fixture
def dewi(body) -> User:
    return User.objects.create_user(
        "dewi@contoh.example", PASSWORD, name="Dewi Lestari", kind="staff", institution=body, is_active=True
    )


@pytest.fixture
def inside(client, dewi) -> Client:
    client.post("/akun/login/", {"login": dewi.email, "password": PASSWORD})
    return client


def heading(answer) -> str:
    return re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1]


def test_log_in_page_speaks_indonesian(client, body):
    page = client.get("/akun/login/")
    text = page.content.decode()
    assert page.status_code == 200 and heading(page) == "Masuk"
    assert (
        "Alamat surel" in text
        and "Kata sandi" in text
        and "Balai Contoh" in text
        and 'href="/akun/password/reset/"' in text
    )


def test_a_wrong_password_is_said_in_the_summary_and_the_address_is_kept(client, dewi):
    text = client.post("/akun/login/", {"login": dewi.email, "password": "salah"}).content.decode()
    assert "Periksa isian berikut" in text and f'value="{dewi.email}"' in text and "salah" not in text


def test_a_wrong_address_gets_the_same_answer_as_a_wrong_password(client, dewi):
    errors = [
        re.search(
            r'<div class="summary".*?</div>',
            client.post("/akun/login/", {"login": login, "password": "salah"}).content.decode(),
            re.DOTALL,
        )[0]
        for login in (dewi.email, "tidak.ada@contoh.example")
    ]
    assert errors[0] == errors[1]


def test_an_account_that_waits_is_told_so(client, dewi):
    User.objects.update(is_active=False)
    page = client.post("/akun/login/", {"login": dewi.email, "password": PASSWORD}, follow=True)
    assert heading(page) == "Akun belum aktif"


def test_a_forgotten_password_is_replaced(client, dewi):
    assert heading(client.get("/akun/password/reset/")) == "Lupa kata sandi"
    page = client.post("/akun/password/reset/", {"email": dewi.email}, follow=True)
    assert heading(page) == "Periksa surel Anda"
    link = re.search(r"http://\S+?(/akun/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    assert heading(form) == "Buat kata sandi baru"
    new = "kata sandi lain yang panjang"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert heading(done) == "Kata sandi baru tersimpan"
    assert User.objects.get().check_password(new)


def test_a_link_that_was_used_says_that_nothing_changed(client, dewi):
    page = client.get("/akun/password/reset/key/1-abc-def/")
    assert heading(page) == "Tautan tidak berlaku" and "tidak berubah" in page.content.decode()


def test_pages_of_the_account(inside):
    for address, title in {
        "/akun/logout/": "Keluar dari akun?",
        "/akun/password/change/": "Ganti kata sandi",
        "/akun/2fa/": "Keamanan akun",
    }.items():
        page = inside.get(address)
        assert (page.status_code, heading(page)) == (200, title), address


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_second_factor_is_asked_after_the_password(client, dewi):
    secret = generate_totp_secret()
    TOTP.activate(dewi, secret)
    page = client.post("/akun/login/", {"login": dewi.email, "password": PASSWORD}, follow=True)
    assert heading(page) == "Kode verifikasi"
    assert client.get("/akun/2fa/").status_code == 302, "not inside yet"
    wrong = client.post("/akun/2fa/authenticate/", {"code": "000000"})
    assert "Periksa isian berikut" in wrong.content.decode()
    client.post("/akun/2fa/authenticate/", {"code": _code(secret)})
    assert client.get("/akun/2fa/").status_code == 200


def test_the_second_factor_is_activated_and_gives_recovery_codes(inside, dewi):
    page = inside.get("/akun/2fa/totp/activate/", follow=True)
    assert heading(page) == "Pastikan ini Anda"
    page = inside.post("/akun/reauthenticate/?next=/akun/2fa/totp/activate/", {"password": PASSWORD}, follow=True)
    assert heading(page) == "Aktifkan verifikasi dua langkah"
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text
    page = inside.post("/akun/2fa/totp/activate/", {"code": _code(page.context["form"].secret)}, follow=True)
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert heading(page) == "Kode pemulihan"
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert all(code in page.content.decode() for code in codes)
    for address, title in {
        "/akun/2fa/totp/deactivate/": "Matikan verifikasi dua langkah?",
        "/akun/2fa/recovery-codes/generate/": "Buat kode pemulihan",
    }.items():
        assert heading(inside.get(address)) == title
    assert "Aktif" in inside.get("/akun/2fa/").content.decode()


def test_a_page_that_does_not_exist(client, body):
    page = client.get("/tidak-ada")
    assert (page.status_code, heading(page)) == (404, "Halaman tidak ditemukan")


def test_a_form_from_elsewhere_is_refused_and_explained(body):
    page = Client(enforce_csrf_checks=True).post("/akun/login/", {"login": "a", "password": "b"})
    assert (page.status_code, heading(page)) == (403, "Halaman sudah terlalu lama terbuka")


def test_too_many_attempts_are_held_back(client, dewi):
    pages = [client.post("/akun/password/reset/", {"email": dewi.email}) for _ in range(30)]
    assert pages[-1].status_code == 429 and heading(pages[-1]) == "Terlalu banyak percobaan"


def test_the_language_is_kept_with_the_account(inside, dewi):
    inside.post("/bahasa", {"language": "en", "next": "/akun/2fa/"})
    dewi.refresh_from_db()
    assert dewi.language == "en"
    assert '<html lang="en"' in inside.get("/akun/2fa/").content.decode()


def test_single_letter_keys_are_switched_and_the_session_is_kept(inside, dewi):
    inside.post("/papan-tik", {"next": "/akun/2fa/"})
    dewi.refresh_from_db()
    assert dewi.keyboard is False
    assert inside.post("/sesi").json() == {"seconds": 12 * 3600}


@pytest.mark.parametrize("address", ["/papan-tik", "/sesi"])
def test_a_visitor_switches_nothing(client, body, address):
    assert client.post(address).status_code == 302
    assert client.get(address).status_code == 405


def test_every_page_carries_the_content_security_policy(client, body):
    assert "default-src 'self'" in client.get("/akun/login/").headers["Content-Security-Policy"]
