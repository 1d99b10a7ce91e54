"""The world is built once for this folder, inside a transaction that is rolled back at the end; so is every test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from tests.standing import standing

from .crawl import Found, crawl
from .world import World, make_world


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("bad-input")
    changed = {
        "DATA_DIR": folder,
        "MEDIA_ROOT": folder / "files",
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "RATE_LIMITS": {name: "1000000/" + rate.partition("/")[2] for name, rate in settings.RATE_LIMITS.items()},
        "ACCOUNT_RATE_LIMITS": False,
    }
    with override_settings(**changed), standing(django_db_blocker):
        yield make_world(timezone.now())


@pytest.fixture(scope="package")
def forms(built: World, django_db_blocker: Any) -> Found:
    """Every form of the product, and the pages on which people find them."""
    with standing(django_db_blocker):
        return crawl(built)


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log: what is refused here by the thousand is told by the test."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(built: World, db: None) -> World:
    """Everything that a test does to it is undone afterwards."""
    return built
