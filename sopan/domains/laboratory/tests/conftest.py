from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sopan.people.models import User
from tests.standing import standing

from .cast import NOW, Cast, Play, make_cast, make_order


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return tmp_path


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with standing(django_db_blocker):
        yield make_cast()


@pytest.fixture
def cast(built: Cast, db: None) -> Cast:
    return built.copy()


@pytest.fixture
def play(cast: Cast) -> Play:
    """One instrument, at the counter."""
    return make_order(cast)


@pytest.fixture
def as_() -> Callable[[User], Client]:
    """``as_(person)``: a browser in which this person is logged in."""

    def log_in(person: User) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return log_in
