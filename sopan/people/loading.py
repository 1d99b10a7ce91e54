"""Loading an institution and demo people from data files. Loading again changes what differs and doubles nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from sopan.people import calendars
from sopan.people.models import Appointment, Company, Institution, Position, Unit, User
from sopan.people.operations import npwp_digits

DEMO_PASSWORD = "sopan-demo-2026"  # noqa: S105  public: printed on the log-in page of a demo
FLAGS = ("signs", "manages_accounts", "drafts_procedures", "reviews_procedures", "approves_procedures")
TEXTS = ("name", "short_name", "parent_name", "address", "phone", "email", "accreditation", "zone")


def load_institution(data: Mapping[str, Any], *, now: datetime) -> Institution:
    """Create or update an institution with its units, positions, settings and calendar.

    ``data``: the content of ``institution.yaml`` as plain values. On a second load the file brings texts, units and
    positions up to date; settings and the calendar are only added to, as the institution keeps them in its own screens.
    Units and positions that the file no longer has stay, as history points at them.
    Raises KeyError or ValueError for data that are no institution.
    """
    texts = {key: str(data[key]) for key in TEXTS if data.get(key)}
    calendar, settings = _plain(data.get("calendar") or {}), _plain(data.get("settings") or {})
    calendars.build(calendar, texts.get("zone", "Asia/Jakarta"))  # refuses a calendar that cannot be counted with
    with transaction.atomic():
        row, made = Institution.objects.get_or_create(
            code=data["code"], defaults={**texts, "calendar": calendar, "settings": settings}
        )
        if not made:
            _bring_up_to_date(row, texts, {**settings, **row.settings})
        _load_positions(row, data, _load_units(row, data))
    return row


def _bring_up_to_date(row: Institution, texts: Mapping[str, str], settings: dict[str, Any]) -> None:
    changed = [key for key, text in texts.items() if getattr(row, key) != text]
    if not changed and settings == row.settings:
        return
    for key in changed:
        setattr(row, key, texts[key])
    row.settings = settings
    row.calendar_revision += 1
    row.save()


def _load_units(row: Institution, data: Mapping[str, Any]) -> dict[str, Unit]:
    units = {}
    for unit in data.get("units") or ():
        units[unit["code"]], _ = Unit.objects.update_or_create(
            institution=row, code=unit["code"], defaults={"name": unit["name"]}
        )
    for unit in data.get("units") or ():
        _put_under(units[unit["code"]], units[unit["parent"]] if unit.get("parent") else None)
    return units


def _put_under(unit: Unit, parent: Unit | None) -> None:
    """Raises ValueError for a unit that would stand under itself."""
    above = parent
    while above is not None:
        if above.pk == unit.pk:
            raise ValueError(f"institution.yaml: the unit {unit.code} stands under itself")
        above = above.parent
    if unit.parent_id != (parent.pk if parent else None):
        unit.parent = parent
        unit.save(update_fields=["parent"])


def _load_positions(row: Institution, data: Mapping[str, Any], units: Mapping[str, Unit]) -> None:
    for position in data.get("positions") or ():
        Position.objects.update_or_create(
            institution=row,
            code=position["code"],
            defaults={
                "name": position["name"],
                "unit": units[position["unit"]] if position.get("unit") else None,
                "procedures_of": units[position["procedures_of"]] if position.get("procedures_of") else None,
                **{flag: bool(position.get(flag)) for flag in FLAGS},
            },
        )


def load_people(data: Mapping[str, Any], *, now: datetime, password: str = DEMO_PASSWORD) -> list[User]:
    """Create or update the people and companies of a demo file, active, all with one public password.

    ``data``: the content of ``demo.yaml``. ``from_day`` and ``to_day`` of an appointment count from the day of ``now``;
    an appointment that was loaded before keeps its dates. Never for a system in real use.
    """
    with transaction.atomic():
        institution = Institution.objects.get(code=data["institution"])
        staff = [_load_staff(row, institution, now, password) for row in data.get("people") or ()]
        customers = [user for row in data.get("companies") or () for user in _load_company(row, institution, password)]
    return staff + customers


def _load_staff(row: Mapping[str, Any], institution: Institution, now: datetime, password: str) -> User:
    titles = {key: row.get(key) or "" for key in ("title_before", "title_after", "phone")}
    user = _load_user(row, password, institution=institution, kind=User.Kind.STAFF, **titles)
    for held in row.get("appointments") or ():
        position = institution.positions.get(code=held["position"])
        kind = held.get("kind", Appointment.Kind.DEFINITIVE)
        Appointment.objects.get_or_create(
            person=user,
            position=position,
            kind=kind,
            letter=held.get("letter") or "",
            defaults={
                "valid_from": _moment(held, "from", institution, now),
                "valid_to": _moment(held, "to", institution, now),
            },
        )
    return user


def _load_company(row: Mapping[str, Any], institution: Institution, password: str) -> list[User]:
    texts = {key: str(row.get(key) or "") for key in ("name", "address", "city", "phone")}
    company, _ = Company.objects.update_or_create(
        institution=institution, npwp=npwp_digits(str(row["npwp"])), defaults=texts
    )
    return [
        _load_user(
            user,
            password,
            institution=institution,
            company=company,
            kind=User.Kind.CUSTOMER,
            company_role=user["role"],
            phone=user.get("phone") or "",
        )
        for user in row.get("users") or ()
    ]


def _load_user(row: Mapping[str, Any], password: str, **fields: Any) -> User:
    fields |= {"name": row["name"], "is_active": True}
    email = row["email"].lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        return User.objects.create(email=email, password=_encoded(password), **fields)
    for key, value in fields.items():
        setattr(user, key, value)
    user.save()
    return user


@cache
def _encoded(password: str) -> str:
    """Hashed once: hashing is slow by design, and all accounts of a demo share one public password."""
    return make_password(password)


def _moment(held: Mapping[str, Any], edge: str, institution: Institution, now: datetime) -> datetime | None:
    """Local midnight of ``from``/``to`` (a date) or of ``from_day``/``to_day`` (days after today)."""
    zone = ZoneInfo(institution.zone)
    if held.get(f"{edge}_day") is not None:
        day = now.astimezone(zone).date() + timedelta(days=held[f"{edge}_day"])
    elif held.get(edge):
        day = date.fromisoformat(str(held[edge]))
    else:
        return None
    return datetime.combine(day, time.min, zone)


def _plain(data: Mapping[str, Any]) -> Any:
    """As JSON keeps it: a reader of YAML may have made dates of texts."""
    return json.loads(json.dumps(data, default=str))
