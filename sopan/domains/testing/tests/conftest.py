from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.standing import standing

from .cast import LATER, Cast, Play, begin, make_cast


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(timezone, "now", lambda: LATER)
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
    """A request that has just arrived."""
    return begin(cast)
