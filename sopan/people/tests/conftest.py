"""The named cast: the people of the body in ``procedures/bspji-palembang``, and two customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from sopan.core.yamlfile import parse, plain
from sopan.people.loading import load_institution, load_people
from sopan.people.models import User
from tests.standing import Cast, standing

NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)  # Saturday, 09.14 WIB


def data_of(name: str) -> dict:
    path = Path(settings.PROCEDURES_DIR) / "bspji-palembang" / name
    return plain(parse(path.read_text(encoding="utf-8"), file=name))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    with standing(django_db_blocker):
        body = load_institution(data_of("institution.yaml"), now=NOW)
        people = load_people(data_of("demo.yaml"), now=NOW)
        yield Cast(body, {person.name.split()[0].lower(): person for person in people})


@pytest.fixture
def cast(built: Cast, db) -> Cast:
    """bambang Kepala Balai, lestari Kasubbag (and Plh. Kepala Balai later), andi Admin Satker, dewi CS, …;
    rina (owner) and doni of PT Contoh Pangan Musi, tono (owner) and nina of CV Contoh Teknik Ampera."""
    return built.copy()


@pytest.fixture
def as_(client: Client):
    """``as_(person)``: a browser in which this person is logged in."""

    def log_in(person: User) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return log_in
