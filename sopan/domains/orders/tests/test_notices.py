"""People are told once, over the channels that they chose, and nothing confidential leaves the house."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from sopan.core.flow import Refusal
from sopan.domains.orders import letters
from sopan.domains.orders.models import Delivery, Notice, NoticeChoice
from sopan.domains.orders.notices import channels, digest, sending, templates
from sopan.domains.orders.service import texts
from sopan.engine import effects
from sopan.engine.access import system_acting
from sopan.engine.models import Effect

from .conftest import DONI, RINA, ZONE, picture


class Broken(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionError("the post office is closed")


def give(service, person=None, **changes):
    given = {"key": "offer", "dedupe": "x:1", "subject": "Judul", "text": "dalam", "outside": "luar", **changes}
    return sending.give(person or service.user(RINA), institution=service.institution, now=service.now, **given)


def change(service, key, title, text):
    return texts.change(
        service.institution, "notice", key, title=title, text=text, source="SK-1", verified=True, place=1,
        acting=system_acting(service.institution.pk), now=service.now,
    )  # fmt: skip


def test_one_thing_is_told_once_to_each_person(service):
    assert give(service) is not None
    assert give(service) is None
    assert give(service, service.user(DONI)) is not None
    assert (Notice.objects.count(), Delivery.objects.count()) == (2, 2)


def test_a_handler_that_runs_twice_tells_nobody_twice(service, mailoutbox):
    service.to_offer(service.order())
    effects.run_due()
    count, told = len(mailoutbox), Notice.objects.count()
    assert count == told > 0
    for effect in Effect.objects.filter(key="orders.tell_customer"):
        letters.tell_customer(effect)
    assert (len(mailoutbox), Notice.objects.count()) == (count, told)


def test_one_notice_for_each_change_that_a_customer_sees(service):
    order = service.to_bill(service.order())
    service.must(order, "orders.pay", proof=picture())
    service.must(order, "orders.confirm_payment", "tidak", reason="Tidak terbaca")
    effects.run_due()
    told = Notice.objects.filter(person=service.user(RINA)).order_by("pk").values_list("key", flat=True)
    assert list(told) == ["submitted", "offer", "bill", "proof_refused"]


def test_a_delivery_that_fails_is_tried_again_and_then_shown_as_failed(service, settings):
    notice = give(service)
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    now = service.now
    for pause in (*sending.PAUSES, timedelta(0)):
        sending.deliver_due(now)
        delivery = notice.deliveries.get()
        assert "closed" in delivery.error
        now += pause
    assert (delivery.status, delivery.attempts) == ("failed", len(sending.PAUSES) + 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sending.deliver_due(now + timedelta(days=9))
    assert mail.outbox == []
    assert sending.try_again(delivery.pk, institution=service.institution, now=now)
    sending.deliver_due(now)
    sending.deliver_due(now + timedelta(days=1))
    assert [message.body for message in mail.outbox] == ["luar"]


def test_people_choose_their_channels_and_whatsapp_goes_through_the_provider_of_the_body(service, caplog):
    rina = service.user(RINA)
    NoticeChoice.objects.create(person=rina, email=False, whatsapp=True)
    assert give(service, service.user(RINA)).deliveries.count() == 0  # the body has no provider
    service.set(whatsapp_provider="log")
    notice = give(service, service.user(RINA), dedupe="x:2")
    delivery = notice.deliveries.get()
    assert (delivery.channel, delivery.address[:3]) == ("whatsapp", "+62")
    with caplog.at_level("INFO", logger="sopan.notices"):
        sending.deliver_due(service.now)
    delivery.refresh_from_db()
    assert delivery.status == "sent"
    assert "luar" not in caplog.text


def test_reasons_stay_inside_and_subjects_name_no_customer_and_no_result(service, mailoutbox):
    order = service.to_bill(service.order())
    service.must(order, "orders.pay", proof=picture())
    service.must(order, "orders.confirm_payment", "tidak", reason="Hasil 9,87 µm milik PT Rahasia")
    effects.run_due()
    assert Notice.objects.filter(text__contains="9,87 µm").exists()
    for message in mailoutbox:
        assert "9,87" not in message.body
        assert "Rahasia" not in message.body
        assert order.company.name not in message.subject
        assert "\n" not in message.subject
    for delivery in Delivery.objects.all():
        assert "9,87" not in delivery.text


def test_every_template_says_nothing_but_its_own_names(service):
    for key, words in templates.WORDS.items():
        shown = texts.one_of(service.institution, "notice", key)
        assert texts.unknown_names(shown.text, words.names) == []
        assert texts.unknown_names(shown.title, templates.IN_SUBJECT) == []
        assert "%(" not in shown.text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Judul {company}", "Teks"),
        ("Judul", "Teks {password}"),
        ("Judul", "Teks {number.__class__}"),
        ("Judul", "Teks {}"),
        ("Judul", "Teks {0}"),
        ("Judul", ""),
    ],
)
def test_a_template_with_other_names_or_code_is_refused(service, title, text):
    assert isinstance(change(service, "submitted", title, text), Refusal)


def test_a_changed_template_is_filled_once_and_its_values_are_never_looked_at_again(service):
    change(service, "submitted", "Masuk {number}", "Nomor {number}, kode {code}.")
    told = templates.told(service.institution, "submitted", {"number": "{code}", "code": "<b>%(x)s{number}"})
    assert told.text == "Nomor {code}, kode <b>%(x)s{number}."
    assert told.subject == "Masuk {code}"


def test_the_digest_goes_out_once_on_working_mornings_to_who_has_work(service, mailoutbox):
    service.must(service.order(), "orders.submit")
    digest.digest(datetime(2026, 11, 14, 7, 30, tzinfo=ZONE))  # a Saturday
    digest.digest(datetime(2026, 11, 16, 12, 0, tzinfo=ZONE))  # not the morning
    assert Notice.objects.filter(key="digest").count() == 0
    NoticeChoice.objects.create(person=service.staff("hendra.kusuma"), digest=False)
    for minute in (15, 30, 45):
        digest.digest(datetime(2026, 11, 16, 7, minute, tzinfo=ZONE))
    told = Notice.objects.get(key="digest", person=service.staff("dewi.anggraini"))
    assert not Notice.objects.filter(key="digest", person=service.staff("hendra.kusuma")).exists()
    assert told.text == "1 tugas menunggu, 1 di antaranya terlambat, 0 jatuh tempo hari ini."
    assert "Pangan" not in mailoutbox[-1].body


def test_the_bell_counts_what_is_unread_and_only_the_own_notices_open(client, service):
    mine, other = give(service, link="/pesanan/"), give(service, service.user(DONI), dedupe="y")
    client.force_login(service.user(RINA))
    page = client.get("/kabar/").content.decode()
    assert "Judul" in page
    assert 'class="cnt"' in page
    assert client.post(f"/kabar/{other.pk}/").status_code == 404
    assert client.post(f"/kabar/{mine.pk}/").url == "/pesanan/"
    mine.refresh_from_db()
    assert mine.read_at is not None
    assert sending.unread(service.user(RINA)) == 0
    assert client.post("/kabar/pilihan/", {"sent": "1"}).status_code == 302
    assert NoticeChoice.objects.get(person=service.user(RINA)).email is False


def test_only_managers_see_deliveries_and_never_their_texts(client, service):
    delivery = give(service, outside="rahasia-isi").deliveries.get()
    Delivery.objects.update(status="failed")
    for person in (service.user(RINA), service.staff("dewi.anggraini")):
        client.force_login(person)
        assert client.get("/pengaturan/pengiriman/").status_code == 404
        assert client.post(f"/pengaturan/pengiriman/{delivery.pk}/ulang/").status_code == 404
    delivery.refresh_from_db()
    assert delivery.status == "failed"
    assert isinstance(channels.providers["log"], channels.Log)


def test_a_notice_keeps_the_language_in_which_it_was_written(service):
    """The program's words come in the person's language; the body's own are Indonesian for everybody."""
    change(service, "bill", "Tagihan {number}", "Bayar {amount}.")
    with translation.override("en"):
        found = {key: templates.told(service.institution, key, {}).language for key in ("bill", "released")}
        give(service, language=found["bill"])
    assert found == {"bill": "id", "released": "en"}
    assert Notice.objects.get().language == "id"
