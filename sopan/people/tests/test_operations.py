"""Accounts and appointments: what each operation does, and each of its rules broken on purpose."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from sopan.core.flow import Refusal
from sopan.people import operations, queries
from sopan.people.events import worded
from sopan.people.models import Appointment, Company, Institution, PeopleEvent, User

DAY = timedelta(days=1)
COMPANY = {
    "name": "PT Contoh Baja Kapuas",
    "npwp": "01.234.567.8-901.000",
    "address": "Jalan Contoh 5",
    "city": "Palembang",
    "phone": "0711-000033",
}
PERSON = {"name": "Sari Melati", "email": "Sari.Melati@Baja-Kapuas.example", "phone": "0812-0000-0033"}


def register(cast, now, *, company=None, person=None):
    return operations.register_customer(
        institution=cast.body,
        company=COMPANY | (company or {}),
        person=PERSON | (person or {}),
        password="kuda-laut-berenang",
        now=now,
    )


def codes():
    return list(PeopleEvent.objects.order_by("pk").values_list("code", flat=True))


def give(cast, person, code, now, **fields):
    position = cast.body.positions.get(code=code)
    return Appointment.objects.create(person=person, position=position, valid_from=now - DAY, **fields)


# Registration and activation


def test_a_registered_customer_waits_for_activation(cast, now):
    user = register(cast, now)
    assert (user.email, user.is_active, user.kind, user.company_role) == (
        "sari.melati@baja-kapuas.example",
        False,
        "customer",
        "owner",
    )
    assert (user.company.npwp, user.company.city) == ("012345678901000", "Palembang")
    assert user.check_password("kuda-laut-berenang")
    assert [worded(event) for event in PeopleEvent.objects.all()] == [
        "Sari Melati mendaftarkan akun untuk PT Contoh Baja Kapuas"
    ]


def test_activation_names_who_did_it_and_in_which_position(cast, now):
    user = operations.activate(register(cast, now), by=cast.andi, now=now)
    event = PeopleEvent.objects.get(code="activated")
    assert (user.is_active, event.by_name, event.by_position) == (True, "Andi Saputra, S.Kom.", "Admin Satker")
    operations.activate(user, by=cast.andi, now=now)
    assert codes() == ["registered", "activated"]


def test_activation_takes_whoever_the_engine_names(cast, now):
    @dataclass
    class Acting:
        person_id: int
        name: str
        position: str

    operations.activate(register(cast, now), by=Acting(cast.andi.pk, "Andi", "Plh. Admin Satker"), now=now)
    assert PeopleEvent.objects.get(code="activated").by_position == "Plh. Admin Satker"


def test_an_address_that_has_an_account_makes_nothing(cast, now):
    before = User.objects.count(), Company.objects.count()
    refusal = register(cast, now, person={"email": cast.rina.email.upper()})
    assert (refusal.code, refusal.field) == ("registered-already", "email")
    assert (User.objects.count(), Company.objects.count(), codes()) == (*before, [])


def test_the_words_for_a_known_address_do_not_say_that_it_is_known(cast, now):
    assert register(cast, now, person={"email": cast.rina.email}).message == (
        "Bila alamat ini belum terdaftar, akun dibuat."
    )


@pytest.mark.parametrize("typed", ["0000000000000011", "00.000.000.0-000.0011", "000000000000011"])
def test_a_company_is_known_by_the_digits_of_its_number(cast, now, typed):
    refusal = register(cast, now, company={"npwp": typed})
    assert (refusal.code, refusal.field) == ("company-known", "npwp")
    assert User.objects.filter(name="Sari Melati").exists() is False


def test_a_company_of_another_institution_is_another_company(cast, now):
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    user = operations.register_customer(
        institution=other, company=COMPANY | {"npwp": "0000000000000011"}, person=PERSON, password="x", now=now
    )
    assert user.company.institution == other


def test_two_companies_without_a_number_are_two(cast, now):
    assert register(cast, now, company={"npwp": ""})
    assert register(cast, now, company={"npwp": "-"}, person={"email": "dua@baja-kapuas.example"})


def test_a_refused_registration_stays_inactive(cast, now):
    user = operations.refuse_account(register(cast, now), reason="NPWP tidak terbaca", by=cast.andi, now=now)
    assert (user.is_active, worded(PeopleEvent.objects.get(code="refused"))) == (
        False,
        "Pendaftaran akun Sari Melati ditolak: NPWP tidak terbaca",
    )


# Colleagues of a company


def invite(owner, now, email="baru@pangan-musi.example"):
    return operations.invite_member(owner, name="Budi Baru", email=email, now=now)


def test_an_owner_invites_a_colleague_of_his_own_company(cast, now):
    user = invite(cast.rina, now)
    assert (user.company, user.company_role, user.is_active, user.has_usable_password()) == (
        cast.rina.company,
        "member",
        True,
        False,
    )
    assert invite(cast.rina, now) == user
    assert codes() == ["invited"]


@pytest.mark.parametrize("name", ["doni", "dewi", "andi"])
def test_only_an_owner_invites(cast, now, name):
    assert invite(getattr(cast, name), now).code == "not-owner"


def test_an_invitation_never_touches_an_account_of_somebody_else(cast, now):
    for person in (cast.tono, cast.doni, cast.andi):
        assert invite(cast.rina, now, person.email).code == "registered-already"
        before = person.company
        person.refresh_from_db()
        assert person.company == before


def test_an_invitation_pending_at_another_company_stays_there(cast, now):
    user = invite(cast.tono, now)
    assert invite(cast.rina, now).code == "registered-already"
    user.refresh_from_db()
    assert user.company == cast.tono.company


def test_who_was_invited_is_listed_only_after_he_took_up_the_account(cast, now):
    user = invite(cast.rina, now)
    assert user not in queries.colleagues_of(cast.rina)
    user.set_password("kuda-laut-berenang")
    user.save()
    assert [person.name for person in queries.colleagues_of(cast.rina)] == [
        "Rina Wulandari",
        "Budi Baru",
        "Doni Setiawan",
    ]


@pytest.mark.parametrize(
    ("by", "person", "code"),
    [("doni", "rina", "not-owner"), ("tono", "doni", "stranger"), ("rina", "rina", "own-account")],
)
def test_access_is_taken_away_by_the_owner_of_the_same_company_alone(cast, now, by, person, code):
    target = getattr(cast, person)
    assert operations.leave_company(target, by=getattr(cast, by), now=now).code == code
    target.refresh_from_db()
    assert target.is_active is True


def test_the_owner_takes_access_away(cast, now):
    assert operations.leave_company(cast.doni, by=cast.rina, now=now).is_active is False


# Accounts under a manager


@pytest.mark.parametrize("name", ["bambang", "dewi", "lestari", "rina"])
def test_only_a_manager_touches_accounts(cast, now, name):
    by, target = getattr(cast, name), cast.fajar
    office = cast.body.positions.get(code="cs")
    refusals = [
        operations.deactivate(target, reason="x", by=by, now=now),
        operations.reactivate(target, by=by, now=now),
        operations.reset_second_factor(target, by=by, now=now),
        operations.add_staff(cast.body, name="x", email="x@y.example", by=by, now=now),
        operations.appoint(target, office, "definitive", now, None, "", by=by, now=now),
        operations.end_appointment(target.appointments.get(), at=now, by=by, now=now),
    ]
    assert [refusal.code for refusal in refusals] == ["not-manager"] * 6
    assert codes() == []


def test_a_manager_of_another_institution_is_a_stranger(cast, now):
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    office = other.positions.create(code="admin", name="Admin", manages_accounts=True)
    boss = User.objects.create_user("bos@lain.example", name="Bos", kind="staff", institution=other, is_active=True)
    Appointment.objects.create(person=boss, position=office, valid_from=now - DAY)
    assert queries.manages_accounts(boss, now)
    assert operations.deactivate(cast.fajar, reason="x", by=boss, now=now).code == "not-manager"


def test_a_deactivated_account_is_recorded_with_its_reason(cast, now):
    operations.deactivate(cast.fajar, reason="pindah tugas", by=cast.andi, now=now)
    assert worded(PeopleEvent.objects.get()) == "Akun Fajar Nugroho, A.Md. dinonaktifkan: pindah tugas"
    operations.reactivate(cast.fajar, by=cast.andi, now=now)
    cast.fajar.refresh_from_db()
    assert (cast.fajar.is_active, codes()) == (True, ["deactivated", "reactivated"])


def test_the_last_manager_cannot_be_shut_out(cast, now):
    assert operations.deactivate(cast.andi, reason="x", by=cast.andi, now=now).code == "own-account"
    assert operations.end_appointment(cast.andi.appointments.get(), at=now, by=cast.andi, now=now).code == (
        "last-manager"
    )
    give(cast, cast.dewi, "admin-satker", now)
    assert operations.deactivate(cast.andi, reason="x", by=cast.dewi, now=now).is_active is False


def test_an_expired_manager_does_not_count_as_one_who_is_left(cast, now):
    give(cast, cast.dewi, "admin-satker", now - 9 * DAY, kind="plh", valid_to=now - DAY)
    assert operations.end_appointment(cast.andi.appointments.get(), at=now, by=cast.andi, now=now).code == (
        "last-manager"
    )


def test_a_lost_second_factor_is_reset_by_somebody_else(cast, now):
    Authenticator.objects.create(user=cast.bambang, type="totp", data={"secret": "x"})
    assert operations.reset_second_factor(cast.andi, by=cast.andi, now=now).code == "own-account"
    operations.reset_second_factor(cast.bambang, by=cast.andi, now=now)
    assert (Authenticator.objects.count(), codes()) == (0, ["factor_reset"])


def test_an_address_in_use_gets_no_second_account(cast, now):
    done = operations.add_staff(cast.body, name="Dewi", email=cast.dewi.email, by=cast.andi, now=now)
    assert done == Refusal("email-taken", "Alamat surel ini tidak dapat dipakai.", "email")


def test_a_changed_name_is_recorded_and_staff_cannot_change_theirs(cast, now):
    operations.change_profile(cast.rina, name="Rina W.", phone="1", language="en", keyboard=False, now=now)
    operations.change_profile(cast.dewi, name="Dewi X", phone="2", language="id", keyboard=True, now=now)
    assert (cast.rina.name, cast.dewi.name) == ("Rina W.", "Dewi Anggraini")
    assert worded(PeopleEvent.objects.get()) == "Nama Rina Wulandari diganti menjadi Rina W."


# Appointments


def appoint(cast, now, *, person=None, position="kepala-balai", kind="plh", start=None, end=DAY, letter="PRIN-7"):
    begin = now if start is None else now + start
    return operations.appoint(
        person or cast.agus,
        cast.body.positions.get(code=position),
        kind,
        begin,
        None if end is None else now + end,
        letter,
        by=cast.andi,
        now=now,
    )


def test_an_appointment_is_in_force_and_recorded(cast, now):
    made = appoint(cast, now)
    assert (made.title, made.letter) == ("Plh. Kepala Balai", "PRIN-7")
    assert worded(PeopleEvent.objects.get()) == "Agus Prasetyo, M.Si. ditunjuk sebagai Plh. Kepala Balai (PRIN-7)"
    assert queries.acting_title(cast.agus, now, positions=[made.position_id]) == "Plh. Kepala Balai"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"letter": "  "}, "letter-missing", "letter"),
        ({"kind": "plt", "letter": ""}, "letter-missing", "letter"),
        ({"end": None}, "end-missing", "valid_to"),
        ({"end": timedelta(0)}, "ends-too-early", "valid_to"),
        ({"start": -3 * DAY, "end": -DAY}, "ends-too-early", "valid_to"),
        ({"position": "mt"}, "held-already", "position"),
    ],
)
def test_an_incomplete_appointment_is_refused_at_its_field(cast, now, fields, code, field):
    refusal = appoint(cast, now, **fields)
    assert (refusal.code, refusal.field, codes()) == (code, field, [])


def test_nobody_appoints_himself(cast, now):
    assert appoint(cast, now, person=cast.andi).code == "own-appointment"


def test_customers_strangers_and_deactivated_people_hold_no_position(cast, now):
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    stranger = User.objects.create_user("a@lain.example", name="A", kind="staff", institution=other, is_active=True)
    operations.deactivate(cast.fajar, reason="x", by=cast.andi, now=now)
    for person in (cast.rina, stranger, cast.fajar):
        assert appoint(cast, now, person=person).code == "not-staff"


def test_ending_an_appointment_takes_effect_at_once_and_keeps_the_row(cast, now):
    made = appoint(cast, now - DAY, end=9 * DAY)
    operations.end_appointment(made, at=now, by=cast.andi, now=now)
    made.refresh_from_db()
    assert (made.valid_to, made.position_id in queries.positions_at(cast.agus, now)) == (now, False)
    assert operations.end_appointment(made, at=now, by=cast.andi, now=now).code == "ended-already"


def test_an_appointment_that_never_began_is_removed(cast, now):
    made = appoint(cast, now, start=3 * DAY, end=5 * DAY)
    operations.end_appointment(made, at=now, by=cast.andi, now=now)
    assert (Appointment.objects.filter(pk=made.pk).exists(), codes()) == (
        False,
        ["appointed", "appointment_withdrawn"],
    )


def test_the_past_is_not_rewritten(cast, now):
    made = appoint(cast, now - 5 * DAY, end=9 * DAY)
    assert operations.end_appointment(made, at=now - DAY, by=cast.andi, now=now).code == "in-the-past"
