"""Changing the calendar and the settings of an institution. Each change raises ``calendar_revision``.

Calendars and due-time rules are kept by processes under that revision; a raised one makes all of them read again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people import access
from sopan.people.events import record
from sopan.people.models import Institution, User

LISTS = {"closed": "day_closed", "opened": "day_opened"}


def set_day(
    institution: Institution, day: date, *, kind: str, name: str, source: str, by: User, now: datetime
) -> Institution | Refusal:
    """Close or open one day (``kind``: closed or opened) by a decree (``source``); an earlier word on that day goes.

    Side effects: calendar and its revision, an event. Refusals: "not-manager", "source-missing".
    """
    if (refusal := access.may_manage(by, institution, now=now)) is not None:
        return refusal
    if not source.strip():
        return Refusal("source-missing", _("Isi dasar ketetapan hari ini."), "source")
    code = LISTS[kind]
    with transaction.atomic():
        row, _found = _without(institution, day)
        entry = {"date": day.isoformat(), "name": name.strip(), "source": source.strip()}
        row.calendar[kind] = sorted([*row.calendar[kind], entry], key=lambda other: str(other["date"]))
        _save(row, institution)
        record(institution, code, by=by, now=now, date=day.isoformat(), reason=entry["name"], source=entry["source"])
    return institution


def forget_day(institution: Institution, day: date, *, by: User, now: datetime) -> Institution | Refusal:
    """Remove what the institution itself said about a day; the national list holds again.

    Side effects: calendar and its revision, an event. Refusals: "not-manager", "day-unknown".
    """
    if (refusal := access.may_manage(by, institution, now=now)) is not None:
        return refusal
    with transaction.atomic():
        row, found = _without(institution, day)
        if not found:
            return Refusal("day-unknown", _("Tidak ada ketetapan sendiri untuk hari ini."))
        _save(row, institution)
        record(institution, "day_removed", by=by, now=now, date=day.isoformat())
    return institution


def change_setting(
    institution: Institution, key: str, *, value: str, source: str, verified: bool, by: User, now: datetime
) -> Institution | Refusal:
    """Give a setting another value, with the source and whether it was confirmed. A number stays a number.

    Side effects: settings and the calendar's revision (the kind of days is a setting), an event.
    Refusals: "not-manager", "setting-unknown", "value-wrong", "source-missing".
    """
    if (refusal := access.may_manage(by, institution, now=now)) is not None:
        return refusal
    with transaction.atomic():
        row = Institution.objects.select_for_update().get(pk=institution.pk)
        held = row.settings.get(key)
        if held is None:
            return Refusal("setting-unknown", _("Setelan ini tidak ada."))
        held = held if isinstance(held, dict) else {"value": held}
        before = held["value"]
        given = _like(before, value.strip(), held.get("choices"))
        if isinstance(given, Refusal):
            return given
        if not source.strip():
            return Refusal("source-missing", _("Isi dasar nilai ini."), "source")
        row.settings[key] = {**held, "value": given, "source": source.strip(), "verified": verified}
        _save(row, institution)
        record(
            institution, "setting_changed", by=by, now=now, key=key, before=before, after=given, source=source.strip()
        )
    return institution


def _without(institution: Institution, day: date) -> tuple[Institution, bool]:
    """The locked row with both lists present and free of ``day``, and whether it stood in one of them."""
    row = Institution.objects.select_for_update().get(pk=institution.pk)
    found = False
    for kind in LISTS:
        entries = row.calendar.get(kind) or []
        row.calendar[kind] = [entry for entry in entries if str(entry["date"]) != day.isoformat()]
        found = found or len(row.calendar[kind]) != len(entries)
    return row, found


def _save(row: Institution, shown: Institution) -> None:
    row.calendar_revision += 1
    row.save(update_fields=["calendar", "calendar_revision", "settings"])
    shown.calendar, shown.settings, shown.calendar_revision = row.calendar, row.settings, row.calendar_revision


def _like(before: Any, value: str, choices: list[str] | None) -> Any:
    """``value`` as the kind of thing that the setting held, or a Refusal."""
    if choices:
        return value if value in choices else Refusal("value-wrong", _("Pilih salah satu nilai yang ada."), "value")
    if isinstance(before, bool):
        return value in ("true", "on", "1")
    if isinstance(before, int):
        whole = value.isascii() and value.isdigit() and len(value) <= 6
        return int(value) if whole else Refusal("value-wrong", _("Isi bilangan bulat, paling banyak 6 angka."), "value")
    if not value or len(value) > 500:
        return Refusal("value-wrong", _("Isi nilai, paling panjang 500 huruf."), "value")
    return value
