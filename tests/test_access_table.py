"""Every address, for every role, by GET and by POST: what the table allows is answered, all else is refused.

Refused means: not found, not allowed as a method, or sent to the log-in; and no row of any table changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import sopan.urls
from tests.access import world as worlds
from tests.access.table import ALL, OUT, TABLE, Row
from tests.access.world import NOW, ROLES, World, digest, undone

pytestmark = pytest.mark.django_db

METHODS = ("get", "post")
LIMITS = {"register", "invite", "verify_upload", "tracking", "demo_login"}


# The world, built once, and undone at the end -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "procedures").mkdir()
    given = {
        "DATA_DIR": folder,
        "MEDIA_ROOT": folder / "files",
        "RATE_LIMITS": dict.fromkeys(LIMITS, "100000/m/ip"),
        "ACCOUNT_RATE_LIMITS": False,
        "LOGGING_CONFIG": None,
    }
    with django_db_blocker.unblock(), override_settings(**given), pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr(timezone, "now", lambda: NOW)
        # What the page says is tested elsewhere; here it would be rendered thousands of times.
        patch.setattr(sopan.urls, "handler404", lambda request, exception: HttpResponse(status=404), raising=False)
        yield worlds.build(folder / "procedures")


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="django.request")


# Addresses ------------------------------------------------------------------------------------------------------------


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", spaces: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """Every pattern of the project: its name (the route, if it has none) and what its address asks for."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inside = f"{spaces}{one.namespace}:" if one.namespace else spaces
            yield from patterns(one, prefix + str(one.pattern), inside)
        elif isinstance(one, URLPattern):
            asked = list(one.pattern.converters) or list(one.pattern.regex.groupindex)
            yield (spaces + one.name if one.name else prefix + str(one.pattern)), asked


PATTERNS = dict(patterns())
GIVEN = {"task_id": "task", "case_id": "case", "item_id": "item"}  # the others take what ``at`` says


def keys_of(world: World, name: str, row: Row, *, of: str = "owner", step: str = "") -> dict[str, Any]:
    """What the address of a row asks for, from the object that the row is about."""
    if not row.at:
        return dict(row.values)
    kind, at = row.at.split()
    at = step or at
    case = world.cases[of, at]
    if kind == "tracking":
        return {"token": case.tracking}
    if kind == "token":
        return {"token": case.documents.get().token}
    if name.startswith("orders:") and kind == "item":
        return {"case_id": case.pk, "item_id": world.object("item", at, of=of)}
    return {PATTERNS[name][0]: world.object(kind, at, of=of)}


def address(name: str, keys: dict[str, Any], query: str = "") -> str:
    if name not in TABLE or name.startswith("^"):
        path = "/akun/confirm-email/kunci/"
    elif "/" in name:
        path = f"/{name}"
    else:
        path = reverse(name, kwargs=keys)
    return f"{path}?{query}" if query else path


# Asking ---------------------------------------------------------------------------------------------------------------

WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)


class Written:
    """Watches the statements: the tables that were written to, but for sessions and counters of rate limits."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and found.group(1) not in worlds.UNCOUNTED:
            self.tables.add(found.group(1))
        return execute(sql, params, many, context)


def ask(world: World, role: str, method: str, url: str, typed: Any = None) -> tuple[HttpResponse, bool]:
    """The answer, and whether any row was changed; both undone."""
    written = Written()
    with undone():
        before = world.rows
        with connection.execute_wrapper(written):
            answer = getattr(world.browser(role), method)(url, dict(typed or {}))
        changed = bool(written.tables) and digest() != before
    return answer, changed


def refused(answer: HttpResponse) -> bool:
    """Not there, not with this method, or "log in first"."""
    to_log_in = answer.status_code == 302 and answer.url.startswith(("/akun/login/?next=", "/akun/login/"))
    return answer.status_code in (404, 405) or to_log_in


def answered(answer: HttpResponse, name: str) -> bool:
    """An answer of one's own. Who comes to the log-in page, or is led there from allauth's pages, is at home there."""
    if answer.status_code == 302 and answer.url.startswith("/akun/login/"):
        return name.startswith(("account_", "mfa_"))
    return answer.status_code in (200, 204, 302, 409, 422)


# The tests ------------------------------------------------------------------------------------------------------------


def test_the_table_names_every_address_and_no_other() -> None:
    assert set(PATTERNS) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_who_may(world: World, name: str) -> None:
    """The row of the table, cell by cell."""
    row = TABLE[name]
    url = address(name, keys_of(world, name, row), row.query)
    wrong = []
    for role in ROLES:
        for method in METHODS:
            allowed = role in getattr(row, method)
            answer, changed = ask(world, role, method, url, row.given(world) if method == "post" else None)
            told = f"{role} {method}: {answer.status_code} {answer.headers.get('Location', '')} changed={changed}"
            if method == "get" and changed:
                wrong.append(f"{told}: a GET changes rows")
            elif allowed and not answered(answer, name) and answer.status_code not in row.answers:
                wrong.append(f"{told}: is allowed")
            elif allowed and method == "post" and changed == (role in row.idle):
                wrong.append(f"{told}: {'should change nothing' if changed else 'did nothing'}")
            elif not allowed and changed:
                wrong.append(f"{told}: refused, and changed rows")
            elif not allowed and not refused(answer) and not (method == "post" and led_home(answer, row, role)):
                wrong.append(f"{told}: is not allowed")
    assert wrong == []


def led_home(answer: HttpResponse, row: Row, role: str) -> bool:
    """A post that nobody has a reason for, by who is logged in already: led to his own page, nothing changed."""
    return role in row.get and row.get == ALL and row.post == OUT and answer.status_code == 302
