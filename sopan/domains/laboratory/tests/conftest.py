from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from sopan.people.models import User

from .cast import NOW, Cast, Play, make_cast, make_order


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return tmp_path


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The body once for a module whose tests only add to it; each undoes what it added, and the end undoes the body."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_cast()
        transaction.set_rollback(True)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


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
