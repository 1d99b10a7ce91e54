"""Logging in: inactive accounts, second factor, rate limits, the demo chooser."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import checks
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory
from django.urls import reverse

from sopan.people import mails, operations, second_factor
from sopan.people.events import worded
from sopan.people.limits import limited
from sopan.people.loading import DEMO_PASSWORD
from sopan.people.models import PeopleEvent, User

LOGIN = "/akun/login/"


def log_in(browser, person, password=DEMO_PASSWORD, **more):
    return browser.post(LOGIN, {"login": person.email, "password": password}, **more)


def is_in(browser):
    return "_auth_user_id" in browser.session


# Accounts


def test_an_account_that_is_not_activated_is_sent_to_a_page_that_says_so(cast, client, now):
    cast.rina.is_active = False
    cast.rina.save()
    answer = log_in(client, cast.rina)
    assert (answer.status_code, answer.url, is_in(client)) == (302, reverse("account_inactive"), False)
    assert client.get(answer.url).status_code == 200


def test_a_session_ends_when_the_account_is_deactivated(cast, as_, now):
    browser = as_(cast.fajar)
    assert browser.get(reverse("profile")).status_code == 200
    operations.deactivate(cast.fajar, reason="x", by=cast.andi, now=now)
    assert browser.get(reverse("profile")).url.startswith(LOGIN)


def test_a_wrong_password_is_recorded_and_what_was_typed_is_not(cast, client):
    log_in(client, cast.rina, "salah-besar-sekali")
    client.post(LOGIN, {"login": "kata-sandi-saya@contoh.example", "password": "x"})
    known, unknown = PeopleEvent.objects.filter(code="login_failed").order_by("pk")
    assert worded(known) == "Gagal masuk sebagai Rina Wulandari dari 127.0.0.1"
    assert (worded(unknown), unknown.data) == ("Gagal masuk sebagai – dari 127.0.0.1", {"ip": "127.0.0.1"})
    assert "salah-besar" not in str(known.data)


def test_signing_up_and_adding_addresses_past_the_procedure_is_closed(cast, as_, client):
    assert b"password1" not in client.get(reverse("account_signup")).content
    client.post(
        reverse("account_signup"), {"email": "a@b.example", "password1": "kuda-laut-9", "password2": "kuda-laut-9"}
    )
    assert User.objects.filter(email="a@b.example").exists() is False
    browser = as_(cast.rina)
    assert browser.get("/akun/email/").status_code == 404
    assert browser.post("/akun/email/", {"email": cast.andi.email, "action_add": ""}).status_code == 404


def test_the_reset_of_a_password_answers_alike_for_every_address(cast, client, mailoutbox):
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (cast.rina.email, "nobody@contoh.example")
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 2


# Mails


def test_an_invited_colleague_sets_his_password_by_the_link_and_logs_in(cast, client, mailoutbox, now, settings):
    user = operations.invite_member(cast.rina, name="Budi Baru", email="baru@pangan-musi.example", now=now)
    assert mails.invite(user, by=cast.rina) is True
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["baru@pangan-musi.example"], "Undangan akun BSPJI Palembang")
    assert "Rina Wulandari membuatkan akun" in mail.body
    link = next(line for line in mail.body.splitlines() if line.startswith(settings.SITE_URL))
    form = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "kuda-laut-berenang", "password2": "kuda-laut-berenang"})
    user.refresh_from_db()
    assert user.check_password("kuda-laut-berenang")
    assert log_in(client, user, "kuda-laut-berenang").url == "/"
    assert "kuda-laut" not in Client().get(link.removeprefix(settings.SITE_URL), follow=True).content.decode()


def test_the_link_in_a_mail_has_the_address_of_the_settings(cast, client, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": cast.rina.email}, headers={"host": "evil.example"})
    assert (settings.SITE_URL in mailoutbox[0].body, "evil.example" in mailoutbox[0].body) == (True, False)


def test_the_owner_of_an_address_is_told_and_nobody_else(cast, mailoutbox):
    assert mails.tell_registered(cast.rina.email.upper()) is True
    assert mails.tell_registered("nobody@contoh.example") is False
    assert [mail.to for mail in mailoutbox] == [[cast.rina.email]]


def test_mails_of_a_reset_are_in_our_words(cast, client, mailoutbox):
    for email in (cast.rina.email, "nobody@contoh.example"):
        client.post(reverse("account_reset_password"), {"email": email})
    assert [mail.subject for mail in mailoutbox] == ["Buat kata sandi baru", "Tidak ada akun dengan alamat ini"]
    assert mailoutbox[0].body.startswith("Yth. Rina Wulandari,")
    assert "testserver" not in mailoutbox[1].body


def test_a_mail_server_that_is_down_is_told(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert mails.tell_registered(cast.rina.email) is False


# The second factor


def code_of(secret, at=None):
    return format_hotp_value(hotp_value(secret, int((at or time.time()) // 30)))


def test_who_signs_or_manages_accounts_needs_a_second_factor(cast, now):
    needing = {name for name, person in cast.people.items() if second_factor.needs_second_factor(person, now)}
    assert needing == {"bambang", "andi"}


def test_a_deputy_needs_it_while_he_is_one(cast, now):
    from datetime import timedelta

    needs = [second_factor.needs_second_factor(cast.lestari, now + timedelta(days=days)) for days in (0, 8, 20)]
    assert needs == [False, True, False]


def test_without_it_every_page_leads_to_setting_it_up(cast, as_):
    browser = as_(cast.bambang)
    for name in ("profile", "calendar", "accounts"):
        assert browser.get(reverse(name)).url == reverse("mfa_activate_totp")
    assert browser.post(reverse("calendar"), {"date": "2026-12-01"}).url == reverse("mfa_activate_totp")
    fragment = browser.get(reverse("profile"), headers={"HX-Request": "true"})
    assert (fragment.content, fragment["HX-Redirect"]) == (b"", reverse("mfa_activate_totp"))
    assert browser.post(reverse("account_logout")).url == "/"
    assert is_in(browser) is False


def set_up(browser):
    """The page that sets a second factor up asks for the password once more."""
    address = reverse("mfa_activate_totp")
    asked = browser.get(address)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert browser.post(asked.url, {"password": "salah-salah"}).status_code == 200
    assert browser.post(asked.url, {"password": DEMO_PASSWORD}).url == address
    secret = browser.get(address).context["form"].secret
    browser.post(address, {"code": code_of(secret)})
    return secret


def test_those_who_do_not_need_it_are_left_alone_and_may_set_it_up(cast, client):
    log_in(client, cast.dewi)
    assert client.get(reverse("profile")).status_code == 200
    set_up(client)
    assert second_factor.has_second_factor(cast.dewi)


def test_it_is_set_up_used_and_a_code_is_good_once(cast, client):
    log_in(client, cast.bambang)
    secret = set_up(client)
    assert second_factor.has_second_factor(cast.bambang)
    assert client.get(reverse("profile")).status_code == 200

    def second_step(browser, code):
        assert log_in(browser, cast.bambang).url == reverse("mfa_authenticate")
        assert is_in(browser) is False
        browser.post(reverse("mfa_authenticate"), {"code": code})
        return is_in(browser)

    code = code_of(secret)
    assert second_step(Client(), "000000") is False
    assert second_step(Client(), code) is True
    assert second_step(Client(), code) is False


def test_the_secret_is_not_readable_in_the_database_and_dies_with_the_key(cast, client, settings):
    log_in(client, cast.bambang)
    secret = set_up(client)
    (held,) = Authenticator.objects.filter(user=cast.bambang, type="totp")
    assert (secret in str(held.data), validated(held, code_of(secret))) == (False, True)
    settings.SECRET_KEY = "another"
    assert validated(held, code_of(secret)) is False


def validated(held, code):
    cache.clear()
    return TOTP(held).validate_code(code)


def test_a_password_alone_is_not_enough_after_a_reset(cast, client):
    TOTP.activate(cast.bambang, generate_totp_secret())
    link = mails.set_password_url(cast.bambang)
    form = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "kuda-laut-baru", "password2": "kuda-laut-baru"})
    assert is_in(client) is False
    assert log_in(client, cast.bambang, "kuda-laut-baru").url == reverse("mfa_authenticate")


def test_only_a_demo_does_without(cast, now, settings):
    settings.SECOND_FACTOR = "off"
    assert second_factor.needs_second_factor(cast.bambang, now) is True
    assert [error.id for error in checks.run_checks() if error.id == "people.E001"] == ["people.E001"]
    settings.DEMO = True
    assert second_factor.needs_second_factor(cast.bambang, now) is False
    assert [error.id for error in checks.run_checks() if error.id == "people.E001"] == []
    settings.SECOND_FACTOR = "signers"
    assert second_factor.needs_second_factor(cast.bambang, now) is True


def test_a_bare_web_server_does_not_start_without_the_second_factor_outside_a_demo(settings):
    """gunicorn runs no system checks."""
    settings.SECOND_FACTOR, settings.DEMO = "off", False
    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR must be 'signers'"):
        get_wsgi_application()
    settings.DEMO = True
    assert callable(get_wsgi_application())


# Rate limits


def test_after_five_wrong_passwords_the_right_one_is_refused_too(cast, client):
    for _attempt in range(5):
        log_in(client, cast.rina, "salah-salah")
    assert (log_in(client, cast.rina).status_code, is_in(client)) == (200, False)
    assert log_in(Client(), cast.tono).status_code == 302


def test_an_action_is_limited_for_one_address_and_not_for_another(db, settings):
    settings.RATE_LIMITS = {"tracking": "3/m/ip"}
    here = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
    there = RequestFactory().get("/", REMOTE_ADDR="10.0.0.2")
    assert [limited(here, "tracking") for _ in range(5)] == [False, False, False, True, True]
    assert limited(there, "tracking") is False


def test_an_action_without_a_rate_is_a_mistake(db):
    with pytest.raises(KeyError):
        limited(RequestFactory().get("/"), "no-such-action")


@pytest.mark.parametrize(("proxies", "counted_as_one"), [(0, True), (1, False)])
def test_a_forwarded_address_counts_only_behind_a_proxy(db, settings, proxies, counted_as_one):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.RATE_LIMITS = {"tracking": "1/m/ip"}
    asked = [
        RequestFactory().get("/", headers={"X-Forwarded-For": f"1.2.3.4, 10.9.9.{last}"}, REMOTE_ADDR="10.0.0.1")
        for last in (1, 2)
    ]
    assert [limited(request, "tracking") for request in asked] == [False, counted_as_one]


# The chooser of a demo


def test_the_chooser_does_not_exist_outside_of_a_demo(cast, client):
    answer = client.post(reverse("demo_login", args=[cast.bambang.pk]))
    assert (answer.status_code, is_in(client)) == (404, False)
    assert DEMO_PASSWORD not in client.get(LOGIN).content.decode()


def test_in_a_demo_a_press_logs_in(cast, client, settings):
    settings.DEMO, settings.SECOND_FACTOR = True, "off"
    page = client.get(LOGIN).content.decode()
    assert (DEMO_PASSWORD in page, "Ir. Bambang Wirawan, M.T.<small>Kepala Balai</small>" in page) == (True, True)
    assert client.get(reverse("demo_login", args=[cast.bambang.pk])).status_code == 405
    assert client.post(reverse("demo_login", args=[cast.bambang.pk])).url == "/"
    assert client.session["_auth_user_id"] == str(cast.bambang.pk)
    client.post(reverse("demo_login", args=[cast.rina.pk]))
    assert client.session["_auth_user_id"] == str(cast.rina.pk)


def test_the_chooser_wants_the_token_of_a_form(cast, settings):
    settings.DEMO = True
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("demo_login", args=[cast.bambang.pk])).status_code == 403


def test_the_chooser_lets_no_inactive_account_in(cast, client, settings):
    settings.DEMO = True
    cast.rina.is_active = False
    cast.rina.save()
    assert client.post(reverse("demo_login", args=[cast.rina.pk])).status_code == 404
