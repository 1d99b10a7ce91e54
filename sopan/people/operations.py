"""Accounts: registration, activation, invitations, and taking access away. Appointments are in ``appointing``.

Every operation records a ``PeopleEvent`` in its transaction. None sends mail: the caller does, after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people import access, queries
from sopan.people.appointing import appoint, end_appointment
from sopan.people.events import By, record
from sopan.people.models import Appointment, Company, Institution, Position, User

__all__ = [
    "activate",
    "add_first_manager",
    "add_staff",
    "appoint",
    "change_profile",
    "deactivate",
    "end_appointment",
    "invite_member",
    "leave_company",
    "reactivate",
    "refuse_account",
    "record_company",
    "register_customer",
    "reset_second_factor",
]


def register_customer(
    *, institution: Institution, company: Mapping[str, str], person: Mapping[str, str], password: str, now: datetime
) -> User | Refusal:
    """Make an inactive account, and its company, for somebody who registers.

    ``company``: name, npwp, address, city, phone; ``person``: name, email, phone. The password is checked by the form.
    A company that the counter recorded, without an account so far, is kept as it was recorded.
    Side effects: a company row, a user row (owner of the company, inactive), an event.

    Refusals: "registered-already" (field email): the view answers as if it had worked, and the caller mails the owner
    of the address (``mails.tell_registered``), so that nobody learns who has an account. "company-known" (field npwp).
    """
    digits = npwp_digits(company.get("npwp", ""))
    email = person["email"].strip().lower()
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=institution.pk)  # two registrations of one company: one wins
        if User.objects.filter(email__iexact=email).exists():
            # The password is hashed all the same: the time of the answer must not tell.
            User().set_password(password)
            return _registered_already()
        row = company_of(institution, digits)
        if row is not None and row.users.exists():
            return Refusal(
                "company-known",
                _("Perusahaan dengan NPWP ini sudah terdaftar. Mintalah undangan kepada pengelola akunnya."),
                "npwp",
            )
        # One that the counter recorded gets its first account; who he is, the activation asks.
        row = row or _new_company(institution, digits, company)
        user = _new_user(
            institution, email, person, password=password, company=row, role=User.CompanyRole.OWNER, active=False
        )
        if user is not None:
            record(institution, "registered", by=None, now=now, about=user, company=row.name)
            return user
        transaction.set_rollback(True)
        return _registered_already()


def record_company(institution: Institution, company: Mapping[str, str], *, by: By, now: datetime) -> Company | Refusal:
    """Record a company that comes to the counter; nobody has an account for it. Who may is decided by who calls.

    ``company``: name, npwp ("" where it is not known), address, city, phone. Refusal: company-known (field npwp).
    Side effects: a company row, an event.
    """
    digits = npwp_digits(company.get("npwp", ""))
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=institution.pk)
        known = company_of(institution, digits)
        if known is not None:
            text = _("Perusahaan dengan NPWP ini sudah tercatat: %(name)s.")
            return Refusal("company-known", text % {"name": known.name}, "npwp")
        row = _new_company(institution, digits, company)
        record(institution, "company_recorded", by=by, now=now, company=row.name)
    return row


def _new_company(institution: Institution, digits: str, company: Mapping[str, str]) -> Company:
    told = {key: company.get(key, "").strip() for key in ("name", "address", "city", "phone")}
    return Company.objects.create(institution=institution, npwp=digits, **told)


def activate(user: User, *, by: By, now: datetime) -> User:
    """Let a registered person log in; again is harmless. Who may is decided by the step that calls.

    Side effects: the account becomes active, an event.
    """
    return _switch(user, active=True, code="activated", by=by, now=now)


def refuse_account(user: User, *, reason: str, by: By, now: datetime) -> User:
    """Leave a registered account inactive for a reason that is recorded. Side effects: an event."""
    with transaction.atomic():
        record(user.institution, "refused", by=by, now=now, about=user, reason=reason)
    return user


def invite_member(owner: User, *, name: str, email: str, phone: str = "", now: datetime) -> User | Refusal:
    """Make an account without a password for a colleague of the company, or find the one invited before.

    The caller mails the link to set a password (``mails.invite``). Side effects: an active user row, an event.
    Refusals: "not-owner"; "registered-already": answer as if it had worked and mail the owner of the address.
    """
    if (refusal := access.may_lead_company(owner)) is not None:
        return refusal
    address = email.strip().lower()
    with transaction.atomic():
        found = User.objects.filter(email__iexact=address).first()
        if found is not None:
            waiting = found.company_id == owner.company_id and found.is_active and not found.has_usable_password()
            return found if waiting else _registered_already()
        user = _new_user(
            owner.institution,
            address,
            {"name": name, "phone": phone},
            company=owner.company,
            role=User.CompanyRole.MEMBER,
            active=True,
        )
        if user is None:
            return _registered_already()
        record(owner.institution, "invited", by=owner, now=now, about=user, company=owner.company.name)
        return user


def add_staff(
    institution: Institution,
    *,
    name: str,
    email: str,
    by: User,
    now: datetime,
    title_before: str = "",
    title_after: str = "",
) -> User | Refusal:
    """Make an account without a password for somebody who works here; the caller mails the link (``mails.invite``).

    Side effects: an active user row, an event. Refusals: "not-manager"; "email-taken" (field email).
    """
    if (refusal := access.may_manage(by, institution, now=now)) is not None:
        return refusal
    address = email.strip().lower()
    titles = {"title_before": title_before.strip(), "title_after": title_after.strip()}
    taken = Refusal("email-taken", _("Alamat surel ini tidak dapat dipakai."), "email")
    with transaction.atomic():
        if User.objects.filter(email__iexact=address).exists():
            return taken
        user = _new_user(institution, address, {"name": name, **titles}, active=True)
        if user is None:
            return taken
        record(institution, "staff_added", by=by, now=now, about=user)
        return user


@transaction.atomic
def add_first_manager(
    institution: Institution, *, email: str, name: str, position: str, letter: str, now: datetime
) -> User | Refusal:
    """Make the account of the one who invites all others: possible only while nobody manages the institution's accounts.

    ``position`` is the code of a position that manages accounts. There is no password: send the link to set one.
    Side effects: a user, an appointment, two events. Refusals: "managed-already", "no-such-position", "email-taken".
    """
    Institution.objects.select_for_update().get(pk=institution.pk)  # two at once: one wins
    staff = User.objects.filter(institution=institution, kind=User.Kind.STAFF, is_active=True)
    if any(queries.manages_accounts(person, now) for person in staff):
        return Refusal("managed-already", _("Sudah ada yang mengelola akun lembaga ini; mintalah undangan kepadanya."))
    managing = Position.objects.filter(institution=institution, manages_accounts=True)
    held = managing.filter(code=position).first()
    if held is None:
        codes = ", ".join(managing.values_list("code", flat=True))
        return Refusal("no-such-position", _("Pilih jabatan yang mengelola akun: %(codes)s.") % {"codes": codes})
    user = _new_user(institution, email.strip().lower(), {"name": name.strip()}, active=True)
    if user is None:
        return Refusal("email-taken", _("Alamat surel ini tidak dapat dipakai."), "email")
    record(institution, "staff_added", by=None, now=now, about=user)
    appointment = Appointment.objects.create(position=held, person=user, valid_from=now, letter=letter)
    record(institution, "appointed", by=None, now=now, about=user, title=appointment.title, letter=letter or "–")
    return user


def deactivate(user: User, *, reason: str, by: User, now: datetime) -> User | Refusal:
    """Take away the log-in; running sessions end with their next request. Appointments stay, but count no more.

    Side effects: the account becomes inactive, an event. Refusals: "not-manager", "own-account", "last-manager".
    """
    if (refusal := access.may_manage(by, user.institution_id, now=now)) is not None:
        return refusal
    if user.pk == by.pk:
        return Refusal("own-account", _("Anda tidak dapat menonaktifkan akun Anda sendiri."))
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=user.institution_id)  # two managers remove each other: one wins
        by.refresh_from_db(fields=["is_active"])
        if (refusal := access.may_manage(by, user.institution_id, now=now)) is not None:
            return refusal
        if (refusal := access.last_manager(user, now)) is not None:
            return refusal
        return _switch(user, active=False, code="deactivated", by=by, now=now, reason=reason)


def reactivate(user: User, *, by: User, now: datetime) -> User | Refusal:
    """Give the log-in back. Side effects: the account becomes active, an event. Refusal: "not-manager"."""
    if (refusal := access.may_manage(by, user.institution_id, now=now)) is not None:
        return refusal
    return _switch(user, active=True, code="reactivated", by=by, now=now)


def leave_company(user: User, *, by: User, now: datetime) -> User | Refusal:
    """The owner of a company takes a colleague's access away.

    Side effects: the account becomes inactive, an event. Refusals: "not-owner", "stranger", "own-account".
    """
    if (refusal := access.may_lead_company(by)) is not None:
        return refusal
    if user.company_id != by.company_id:
        return Refusal("stranger", _("Orang ini bukan pengguna perusahaan Anda."))
    if user.pk == by.pk:
        return Refusal("own-account", _("Anda tidak dapat menonaktifkan akun Anda sendiri."))
    reason = "dilepas oleh perusahaan"  # kept: Indonesian, whoever acts
    return _switch(user, active=False, code="deactivated", by=by, now=now, reason=reason)


def reset_second_factor(user: User, *, by: User, now: datetime) -> User | Refusal:
    """Remove the second factor of somebody who lost it; he sets up a new one at his next log-in, if he needs one.

    Side effects: rows of allauth.mfa are deleted, an event. Refusals: "not-manager", "own-account".
    """
    if (refusal := access.may_manage(by, user.institution_id, now=now)) is not None:
        return refusal
    if user.pk == by.pk:
        return Refusal("own-account", _("Lepas verifikasi dua langkah Anda sendiri di halaman keamanan akun."))
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        record(user.institution, "factor_reset", by=by, now=now, about=user)
    return user


def change_profile(user: User, *, phone: str, language: str, keyboard: bool, name: str = "", now: datetime) -> User:
    """A person changes his own data. The name of staff stands on documents, so it is not theirs to change here.

    Side effects: the user row; an event if the name changes.
    """
    before = user.full_name
    user.phone, user.language, user.keyboard = phone.strip(), language, keyboard
    if user.is_customer and name.strip():
        user.name = name.strip()
    with transaction.atomic():
        user.save(update_fields=["phone", "language", "keyboard", "name"])
        if user.full_name != before:
            record(user.institution, "renamed", by=user, now=now, about=user, before=before)
    return user


def npwp_digits(text: str) -> str:
    """The digits of an NPWP as typed: "01.234.567.8-901.000" -> "012345678901000"."""
    return "".join(character for character in text if character in "0123456789")


def company_of(institution: Institution, digits: str) -> Company | None:
    """The company with this NPWP; the old 15 digits and the same with a 0 before them are one number. None for no digits."""
    if not digits:
        return None
    short = digits[1:] if len(digits) == 16 and digits[0] == "0" else digits
    return institution.companies.filter(npwp__in={digits, short, "0" + short}).order_by("pk").first()


def _registered_already() -> Refusal:
    return Refusal("registered-already", _("Bila alamat ini belum terdaftar, akun dibuat."), "email")


def _new_user(
    institution: Institution,
    email: str,
    person: Mapping[str, str],
    *,
    active: bool,
    password: str | None = None,
    company: Company | None = None,
    role: str = "",
) -> User | None:
    """A user row, or None if somebody else took the address in the same moment."""
    fields = {key: person.get(key, "").strip() for key in ("name", "phone", "title_before", "title_after")}
    if person.get("language") in dict(settings.LANGUAGES):
        fields["language"] = person["language"]
    kind = User.Kind.CUSTOMER if company else User.Kind.STAFF
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email,
                password,
                institution=institution,
                company=company,
                company_role=role,
                kind=kind,
                is_active=active,
                **fields,
            )
    except IntegrityError:
        return None


def _switch(user: User, *, active: bool, code: str, by: By, now: datetime, **data: str) -> User:
    """Change ``is_active`` and record it; nothing happens if it is so already."""
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
        user.is_active = active
        if changed:
            record(user.institution, code, by=by, now=now, about=user, **data)
    return user
