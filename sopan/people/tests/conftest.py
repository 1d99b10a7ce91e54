"""The named cast: the people of the body in ``procedures/bspji-palembang``, and two customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from sopan.core.yamlfile import parse, plain
from sopan.people.loading import load_institution, load_people
from sopan.people.models import Institution, User

NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)  # Saturday, 09.14 WIB


def data_of(name: str) -> dict:
    path = Path(settings.PROCEDURES_DIR) / "bspji-palembang" / name
    return plain(parse(path.read_text(encoding="utf-8"), file=name))


@dataclass
class Cast:
    body: Institution
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, first_name: str) -> User:
        """``cast.andi``: the person with this first name."""
        try:
            return self.people[first_name]
        except KeyError:
            raise AttributeError(first_name) from None


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def cast(db) -> Cast:
    """bambang Kepala Balai, lestari Kasubbag (and Plh. Kepala Balai later), andi Admin Satker, dewi CS, …;
    rina (owner) and doni of PT Contoh Pangan Musi, tono (owner) and nina of CV Contoh Teknik Ampera."""
    body = load_institution(data_of("institution.yaml"), now=NOW)
    people = load_people(data_of("demo.yaml"), now=NOW)
    return Cast(body, {person.name.split()[0].lower(): person for person in people})


@pytest.fixture
def as_(client: Client):
    """``as_(person)``: a browser in which this person is logged in."""

    def log_in(person: User) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return log_in
