"""Addresses, requests, and what counts as refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sopan.domains.orders.models import Handover

from .row import Row
from .world import UNCOUNTED, World, digest, undone

WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)


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


def keys_of(world: World, name: str, row: Row, *, of: str = "owner", step: str = "") -> dict[str, Any]:
    """What the address of a row asks for, from the object that the row is about; of another customer's case if told."""
    if not row.at:
        return dict(row.values)
    kind, at = row.at.split()
    at = step or at
    case = world.cases[of, at]
    if kind == "tracking":
        return {"token": case.tracking}
    if kind == "token":
        return {"token": case.documents.get().token}
    if kind == "scan":
        return {"pk": world.object("document", at, of=of), "scan_id": world.object("scan", at, of=of)}
    if kind == "amendable":
        return {"case_id": case.pk, "document_id": world.object("document", at, of=of)}
    if kind == "given":  # back, by minutes that stand in an order of their own
        minutes = world.object("minutes", at, of=of)
        return {"case_id": Handover.objects.get(pk=minutes).order.case_id, "handover_id": minutes}
    if kind == "item":
        return {"case_id": case.pk, "item_id": world.object("item", at, of=of)}
    return {PATTERNS[name][0]: world.object(kind, at, of=of)}


def address(name: str, keys: dict[str, Any], query: str = "") -> str:
    """The path of a row; routes without a name stand for themselves."""
    if name.startswith("^"):
        path = "/akun/confirm-email/kunci/"
    elif "/" in name:
        path = f"/{name}"
    else:
        path = reverse(name, kwargs=keys)
    return f"{path}?{query}" if query else path


class Written:
    """Watches the statements: the tables that were written to, but for sessions and counters of rate limits."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and found.group(1) not in UNCOUNTED:
            self.tables.add(found.group(1))
        return execute(sql, params, many, context)


def ask(
    world: World, role: str, method: str, url: str, typed: Any = None, *, strict: bool = False
) -> tuple[HttpResponse, bool]:
    """The answer, and whether any row was changed; both undone. ``strict`` asks for the CSRF token."""
    written = Written()
    with undone():
        with connection.execute_wrapper(written):
            answer = getattr(world.browser(role, strict=strict), method)(url, dict(typed or {}))
        changed = bool(written.tables) and digest() != world.rows
    return answer, changed


def refused(answer: HttpResponse) -> bool:
    """Not there, not with this method, or "log in first"."""
    return answer.status_code in (404, 405) or to_log_in(answer)


def to_log_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.url.startswith("/akun/login/")


def answered(answer: HttpResponse, name: str) -> bool:
    """An answer of one's own. Whom allauth's pages lead to the log-in is at home there."""
    if to_log_in(answer):
        return name.startswith(("account_", "mfa_"))
    return answer.status_code in (200, 204, 302, 409, 422)
