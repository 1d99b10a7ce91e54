"""Who holds which position at a moment. An appointment is in force from ``valid_from`` up to, not at, ``valid_to``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from sopan.people import reading
from sopan.people.models import Appointment, Institution, PeopleEvent, Position, Unit, User


def in_force(now: datetime) -> Q:
    """Appointments in force: ``valid_from <= now < valid_to``, or open at the end."""
    return Q(valid_from__lte=now) & (Q(valid_to__isnull=True) | Q(valid_to__gt=now))


def appointments_at(person: User, now: datetime) -> list[Appointment]:
    """Appointments of a person in force at ``now``, with their positions; definitive ones first, then Plt., then Plh.

    A person without an active account holds nothing.
    """
    if not person.is_active:
        return []
    return list(reading.once(person, "appointments", lambda: _appointments(person, now), now=now))


def _appointments(person: User, now: datetime) -> list[Appointment]:
    found = person.appointments.filter(in_force(now)).select_related("position").order_by("valid_from", "pk")
    kinds = list(Appointment.Kind.values)
    return sorted(found, key=lambda appointment: kinds.index(appointment.kind))


def units_over(unit: Unit | None) -> frozenset[int]:
    """Keys of a unit and of all under which it stands; empty for none."""
    if unit is None:
        return frozenset()
    parents = dict(Unit.objects.filter(institution=unit.institution_id).values_list("pk", "parent_id"))
    found: set[int] = set()
    here: int | None = unit.pk
    while here is not None and here not in found:
        found.add(here)
        here = parents.get(here)
    return frozenset(found)


def positions_at(person: User, now: datetime) -> set[int]:
    """Keys of the positions that a person holds at ``now``, in whatever way."""
    return {appointment.position_id for appointment in appointments_at(person, now)}


def holders_of(positions: Position | int | Iterable[Position | int], now: datetime) -> list[User]:
    """Active people who hold one of these positions (rows or keys) at ``now``, by name, each once."""
    many = [positions] if isinstance(positions, Position | int) else list(positions)
    keys = [position.pk if isinstance(position, Position) else position for position in many]
    held = Appointment.objects.filter(in_force(now), position_id__in=keys)
    return list(User.objects.filter(is_active=True, pk__in=held.values("person_id")).order_by("name", "pk"))


def acting_title(person: User, now: datetime, *, positions: Iterable[int] | None = None) -> str:
    """The title under which a person acts: "Plh. Kepala Balai"; of ``positions`` (keys) only, if given.

    A customer acts as his company. Empty for somebody who holds nothing.
    """
    if person.is_customer:
        return person.company.name if person.company else ""
    wanted = None if positions is None else set(positions)
    titles = (a.title for a in appointments_at(person, now) if wanted is None or a.position_id in wanted)
    return next(titles, "")


def manages_accounts(person: User, now: datetime) -> bool:
    """Whether a person holds, at ``now``, a position that manages accounts, appointments and settings."""
    return any(appointment.position.manages_accounts for appointment in appointments_at(person, now))


def signs(person: User, now: datetime) -> bool:
    """Whether a person holds, at ``now``, a position that signs documents."""
    return any(appointment.position.signs for appointment in appointments_at(person, now))


def people_of(institution: Institution, *, text: str = "", kind: str = "", state: str = "") -> QuerySet[User]:
    """Accounts by name. ``text`` is sought in name, e-mail and company; ``state`` is "active", "inactive" or ""."""
    found = institution.people.select_related("company").order_by("name", "pk")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(company__name__icontains=text))
    if kind in User.Kind.values:
        found = found.filter(kind=kind)
    if state in ("active", "inactive"):
        found = found.filter(is_active=state == "active")
    return found


def colleagues_of(person: User) -> list[User]:
    """Users of the same company who have taken up their account, the owner first.

    Somebody who was invited and has not set a password is not listed: whether an address has an account is his affair.
    """
    users = User.objects.filter(company_id=person.company_id, is_active=True).order_by("-company_role", "name", "pk")
    return [user for user in users if user.has_usable_password()]


def appointments_of(institution: Institution, *, now: datetime, ended: bool = False) -> QuerySet[Appointment]:
    """Appointments in force or still to come, by position; with ``ended`` those that are over, the latest first."""
    found = Appointment.objects.filter(position__institution=institution).select_related("position__unit", "person")
    if ended:
        return found.filter(valid_to__lte=now).order_by("-valid_to", "pk")
    return found.exclude(valid_to__lte=now).order_by("position__name", "valid_from", "pk")


def events_of(institution: Institution, *, about: User | None = None) -> QuerySet[PeopleEvent]:
    """What happened to accounts, appointments and settings, the latest first; ``about`` one person alone."""
    found = institution.people_events.order_by("-at", "-pk")
    return found.filter(data__user=about.pk) if about else found


Cast = list[tuple[User, str]]


def cast(now: datetime) -> list[tuple[Institution, Cast, list[tuple[str, Cast]]]]:
    """Active accounts for the log-in chooser of a demo, an institution each: staff with what they hold now, and customers
    by company."""
    people = list(User.objects.filter(is_active=True).select_related("company").order_by("company__name", "pk"))
    titles = _titles(now)
    return [
        (body, *_cast_of([person for person in people if person.institution_id == body.pk], titles))
        for body in Institution.objects.order_by("pk")
    ]


def _titles(now: datetime) -> dict[int, str]:
    held: dict[int, list[str]] = {}
    for appointment in Appointment.objects.filter(in_force(now)).select_related("position").order_by("kind", "pk"):
        held.setdefault(appointment.person_id, []).append(appointment.title)
    return {person: ", ".join(titles) for person, titles in held.items()}


def _cast_of(people: list[User], titles: Mapping[int, str]) -> tuple[Cast, list[tuple[str, Cast]]]:
    staff = [(person, titles.get(person.pk, "")) for person in people if not person.is_customer]
    companies: dict[str, Cast] = {}
    for person in people:
        if person.company:
            companies.setdefault(person.company.name, []).append((person, str(person.get_company_role_display())))
    return staff, list(companies.items())
