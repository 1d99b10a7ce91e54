"""Who sees and does what in the screens of people. What is not listed here as allowed is a 404 or the log-in."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sopan.people.forms import AppointmentForm
from sopan.people.models import Appointment, Company, Institution, PeopleEvent

MANAGER, STAFF, CUSTOMER, OWNER = "manager", "staff", "customer", "owner"
ROLES = {"andi": {STAFF, MANAGER}, "bambang": {STAFF}, "dewi": {STAFF}, "rina": {CUSTOMER, OWNER}, "doni": {CUSTOMER}}

# (method, address) -> roles that get through. {target} is fajar, an analyst; {colleague} is doni; {held} fajar's position
TABLE = {
    ("get", "/akun/"): {STAFF, CUSTOMER},
    ("get", "/perusahaan/"): {CUSTOMER},
    ("post", "/perusahaan/"): {OWNER},
    ("post", "/perusahaan/{colleague}/lepas/"): {OWNER},
    ("get", "/pengaturan/akun/"): {MANAGER},
    ("get", "/pengaturan/akun/baru/"): {MANAGER},
    ("post", "/pengaturan/akun/baru/"): {MANAGER},
    ("get", "/pengaturan/akun/{target}/"): {MANAGER},
    ("post", "/pengaturan/akun/{target}/nonaktif/"): {MANAGER},
    ("post", "/pengaturan/akun/{target}/aktif/"): {MANAGER},
    ("post", "/pengaturan/akun/{target}/dua-langkah/"): {MANAGER},
    ("get", "/pengaturan/jabatan/"): {MANAGER},
    ("get", "/pengaturan/jabatan/?berakhir=1"): {MANAGER},
    ("get", "/pengaturan/jabatan/tunjuk/"): {MANAGER},
    ("post", "/pengaturan/jabatan/tunjuk/"): {MANAGER},
    ("get", "/pengaturan/jabatan/{held}/akhiri/"): {MANAGER},
    ("post", "/pengaturan/jabatan/{held}/akhiri/"): {MANAGER},
    ("get", "/pengaturan/catatan/"): {MANAGER},
    ("get", "/pengaturan/kalender/"): {STAFF},
    ("get", "/pengaturan/kalender/?tahun=2026"): {STAFF},
    ("post", "/pengaturan/kalender/"): {MANAGER},
    ("post", "/pengaturan/kalender/2026-12-24/hapus/"): {MANAGER},
    ("get", "/pengaturan/setelan/"): {MANAGER},
    ("get", "/pengaturan/setelan/survey_gate/"): {MANAGER},
    ("post", "/pengaturan/setelan/survey_gate/"): {MANAGER},
}
TYPED = {
    "reason": "uji",
    "name": "Uji Coba",
    "email": "uji@contoh.example",
    "date": "2026-12-01",
    "kind": "closed",
    "source": "SE 1",
    "value": "none",
}


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    """The second factor has its own tests; here every role reaches the rule of the page."""
    settings.DEMO, settings.SECOND_FACTOR = True, "off"


def rows():
    models = (get_user_model(), Company, Institution, Appointment, PeopleEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def filled(address, cast):
    held = cast.fajar.appointments.get().pk
    return address.format(target=cast.fajar.pk, colleague=cast.doni.pk, held=held)


@pytest.mark.parametrize(("method", "address"), TABLE)
def test_every_page_answers_those_it_is_for_and_nobody_else(cast, as_, client, method, address):
    allowed = TABLE[method, address]
    page = filled(address, cast)
    for name, roles in sorted(ROLES.items(), key=lambda item: bool(item[1] & allowed)):
        if name == "doni" and "{colleague}" in address:
            continue  # himself: refused below
        browser = as_(getattr(cast, name))
        before = rows()
        answer = getattr(browser, method)(page, TYPED if method == "post" else None)
        if roles & allowed:
            assert answer.status_code in (200, 302, 422), (name, answer.status_code)
        else:
            assert (name, answer.status_code, rows() == before) == (name, 404, True)
    before = rows()
    visitor = getattr(client, method)(page, TYPED if method == "post" else None)
    assert (visitor.status_code, visitor.url.startswith("/akun/login/"), rows() == before) == (302, True, True)


@pytest.mark.parametrize("address", [address for method, address in TABLE if method == "post"])
def test_what_writes_does_not_answer_a_plain_visit_by_writing(cast, as_, address):
    browser = as_(cast.andi)
    before = rows()
    assert browser.get(filled(address, cast)).status_code in (200, 404, 405)
    assert rows() == before


def test_accounts_of_another_institution_and_another_company_are_not_found(cast, as_):
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    stranger = get_user_model().objects.create_user("x@lain.example", name="X", kind="staff", institution=other)
    office = other.positions.create(code="p", name="P")
    held = Appointment.objects.create(person=stranger, position=office, valid_from=cast.andi.joined_at)
    andi, rina = as_(cast.andi), as_(cast.rina)
    assert [
        andi.get(reverse("account", args=[stranger.pk])).status_code,
        andi.post(reverse("account_deactivate", args=[stranger.pk]), TYPED).status_code,
        andi.post(reverse("appointment_end", args=[held.pk])).status_code,
        rina.post(reverse("company_remove", args=[cast.nina.pk])).status_code,
        rina.post(reverse("company_remove", args=[cast.rina.pk])).status_code,
        rina.post(reverse("company_remove", args=[10**30])).status_code,
    ] == [404] * 6


def test_the_list_of_accounts_is_filtered_by_its_address(cast, as_):
    def names(query):
        page = as_(cast.andi).get(reverse("accounts") + query).context["page_obj"]
        return [person.name for person in page]

    assert names("?q=Musi") == ["Doni Setiawan", "Rina Wulandari"]
    assert names("?kind=customer&q=tono") == ["Tono Wijaya"]
    assert names("?state=inactive") == []
    assert len(names("?kind=wrong&page=99")) == 20


def test_an_account_is_made_for_a_colleague_and_the_link_goes_by_mail(cast, as_, mailoutbox):
    browser = as_(cast.andi)
    made = browser.post(reverse("staff_new"), {"name": "Uji Coba", "email": "uji@contoh.example"})
    person = get_user_model().objects.get(email="uji@contoh.example")
    assert (made.url, mailoutbox[0].to) == (reverse("account", args=[person.pk]), ["uji@contoh.example"])
    assert "Akun pegawai Uji Coba dibuat" in browser.get(made.url).content.decode()


def test_nothing_typed_is_lost_when_it_is_refused(cast, as_):
    typed = {
        "person": cast.agus.pk,
        "position": cast.body.positions.get(code="kepala-balai").pk,
        "kind": "plh",
        "first": "2026-12-01",
        "last": "",
        "letter": "PRIN-99",
    }
    answer = as_(cast.andi).post(reverse("appointment_new"), typed)
    page = answer.content.decode()
    assert (answer.status_code, "Isi akhir masa Plh." in page, 'value="PRIN-99"' in page) == (422, True, True)
    assert 'href="#id_last"' in page


def test_a_deputy_is_appointed_through_the_last_day(cast, as_):
    typed = {
        "person": cast.agus.pk,
        "position": cast.body.positions.get(code="kepala-balai").pk,
        "kind": "plh",
        "first": "2099-12-01",
        "last": "2099-12-03",
        "letter": "PRIN-99",
    }
    assert as_(cast.andi).post(reverse("appointment_new"), typed).url == reverse("appointments")
    held = Appointment.objects.get(letter="PRIN-99")
    assert [moment.isoformat() for moment in (held.valid_from, held.valid_to)] == [
        "2099-11-30T17:00:00+00:00",
        "2099-12-03T17:00:00+00:00",
    ]


def test_a_position_or_person_of_another_institution_cannot_be_chosen(cast):
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    office = other.positions.create(code="p", name="P")
    form = AppointmentForm({"person": cast.rina.pk, "position": office.pk}, institution=cast.body)
    assert {"person", "position"} <= set(form.errors)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "besok", "-1", "", "2026-12-01\x00"])
def test_a_wrong_day_is_told_at_its_field(cast, as_, day):
    answer = as_(cast.andi).post(reverse("calendar"), TYPED | {"date": day})
    assert (answer.status_code, "date" in answer.context["form"].errors) == (422, True)


def test_the_calendar_shows_its_sources_and_takes_decrees(cast, as_):
    browser = as_(cast.andi)
    page = browser.get(reverse("calendar") + "?tahun=2026").content.decode()
    assert all(words in page for words in ("07.30–12.00, 13.00–16.00", "Perpres 21/2023", "Belum dipastikan"))
    browser.post(reverse("calendar"), TYPED)
    assert "SE 1" in browser.get(reverse("calendar") + "?tahun=2026").content.decode()
    browser.post(reverse("calendar_forget", args=["2026-12-01"]))
    assert "SE 1" not in browser.get(reverse("calendar") + "?tahun=2026").content.decode()
    assert browser.post(reverse("calendar_forget", args=["kemarin"])).status_code == 404


def test_a_setting_nobody_has_confirmed_is_marked_until_somebody_does(cast, as_):
    browser = as_(cast.andi)
    unconfirmed = browser.get(reverse("settings")).content.decode().count("Belum dipastikan")
    assert unconfirmed == sum(not one["verified"] for one in cast.andi.institution.settings.values())
    typed = {"value": "10", "source": "SK 3/2026", "verified": "on"}
    assert browser.post(reverse("setting", args=["auto_close_days"]), typed).url == reverse("settings")
    assert browser.get(reverse("settings")).content.decode().count("Belum dipastikan") == unconfirmed - 1
    wrong = browser.post(reverse("setting", args=["auto_close_days"]), typed | {"value": "sepuluh"})
    assert (wrong.status_code, wrong.context["form"]["value"].value()) == (422, "sepuluh")
    assert browser.get(reverse("setting", args=["nothing"])).status_code == 404


def test_an_invitation_looks_the_same_whether_or_not_the_address_has_an_account(cast, as_, mailoutbox):
    browser = as_(cast.rina)

    def invited(email):
        answer = browser.post(reverse("company"), {"name": "Budi", "email": email}, follow=True)
        return answer.status_code, answer.content.decode().replace(email, "…").count("Undangan dikirim ke …")

    assert invited("baru@contoh.example") == invited(cast.tono.email) == (200, 1)
    assert [mail.subject for mail in mailoutbox] == [
        "Undangan akun BSPJI Palembang",
        "Alamat surel Anda sudah terdaftar",
    ]
    assert "Budi" not in browser.get(reverse("company")).content.decode()


def test_the_owner_removes_a_colleague(cast, as_):
    as_(cast.rina).post(reverse("company_remove", args=[cast.doni.pk]))
    cast.doni.refresh_from_db()
    assert cast.doni.is_active is False


def test_a_person_keeps_his_own_profile(cast, as_):
    typed = {"name": "Rina W.", "phone": "0812", "language": "en"}
    assert as_(cast.rina).post(reverse("profile"), typed).status_code == 302
    cast.rina.refresh_from_db()
    assert (cast.rina.name, cast.rina.phone, cast.rina.language, cast.rina.keyboard) == ("Rina W.", "0812", "en", False)
    as_(cast.dewi).post(reverse("profile"), typed | {"kind": "customer", "email": "x@y.example", "is_active": ""})
    cast.dewi.refresh_from_db()
    assert (cast.dewi.name, cast.dewi.kind, cast.dewi.phone) == ("Dewi Anggraini", "staff", "0812")


def test_what_people_type_is_shown_as_text(cast, as_):
    typed = {"name": "<script>alert(1)</script>{{ 7 }}", "phone": "<b>", "language": "id"}
    as_(cast.rina).post(reverse("profile"), typed)
    page = as_(cast.andi).get(reverse("account", args=[cast.rina.pk])).content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page) == (False, True)


def test_the_list_of_accounts_asks_the_database_the_same_however_long_it_is(cast, as_):
    browser = as_(cast.andi)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("accounts"))
        return len(queries)

    asked()  # fills what is kept by the process
    before = asked()
    for index in range(3):
        get_user_model().objects.create_user(f"u{index}@x.example", name="U", kind="staff", institution=cast.body)
    assert asked() == before
