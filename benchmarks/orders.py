"""The lists of orders while 100,000 are open: of staff and of customers, each page through the whole web stack.

sopan bench orders [--json] [--orders N] [--pages N] [--only sqlite|postgresql]

Every order has its case with the tasks and the journal of the steps before; they wait at all 22 steps, opened over three
years, for 500 companies. One company has a tenth of all. The database is one of its own.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from .apart import on_both
from .inbox import of_pages, times
from .tables import create_tables

COMPANIES = 500
YEARS = 3 * 365 * 24 * 60  # minutes
OPENED = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (id * 7919 % {years}) || ' minutes')",
    "postgresql": "now() - (id * 7919 % {years}) * interval '1 minute'",
}
PAGES = {  # what is looked at -> who looks, and where
    "staff: the newest": ("cs", "/kasus/"),
    "staff: a page from the middle": ("cs", "/kasus/?after={middle}"),
    "staff: by number": ("cs", "/kasus/?cari=ORD-77777"),
    "staff: by customer": ("cs", "/kasus/?cari=Contoh 077"),
    "staff: a text that is nowhere": ("cs", "/kasus/?cari=tidak ada"),
    "staff: search": ("cs", "/cari?q=ORD-4242"),
    "customer with 180 orders": ("kecil", "/pesanan/"),
    "customer with 10,000 orders": ("besar", "/pesanan/"),
    "customer with 10,000 orders, last page": ("besar", "/pesanan/?page=last"),
}


def measure(orders: int, pages: int) -> dict[str, Any]:
    """Runs in its own process on an empty database that DATABASE_URL names."""
    from django.test import Client

    from sopan.people.models import User

    from .engine_worker import make_body, open_cases

    create_tables()
    make_body()
    open_cases(orders)
    spread(orders)
    found: dict[str, Any] = {"orders": orders}
    for name, (who, address) in PAGES.items():
        client = Client(HTTP_HOST="127.0.0.1")
        person = User.objects.get(email=f"{who}@bench.example")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        path = address.format(middle=middle())
        answer = client.get(path)
        assert answer.status_code in (200, 302), (path, answer.status_code)
        found[name] = times(lambda client=client, path=path: client.get(path), pages)
    return found


def spread(orders: int) -> None:
    """Give the cases their companies and days, each its order, and two companies somebody who looks at them."""
    from django.db import connection

    from sopan.domains.orders.models import Order
    from sopan.engine.models import Case
    from sopan.people.models import Company, Institution, User

    body = Institution.objects.get()
    named = [Company(institution=body, name=f"PT Contoh {no:03}") for no in range(COMPANIES)]
    keys = [one.pk for one in Company.objects.bulk_create(named)]
    opened = OPENED[connection.vendor].format(years=YEARS)
    with connection.cursor() as cursor:
        # The first company has a tenth, the others the rest in turn.
        which = f"CASE WHEN id % 10 = 0 THEN {keys[0]} ELSE {keys[1]} + (id % {COMPANIES - 1}) END"
        cursor.execute(f"UPDATE engine_case SET opened_at = {opened}, company_id = {which}")
        cursor.execute(
            "UPDATE engine_case SET subject = (SELECT name FROM people_company c WHERE c.id = engine_case.company_id)"
        )
    rows = Case.objects.values_list("pk", "company_id", "number", "opened_at").iterator(chunk_size=5_000)
    Order.objects.bulk_create(
        (
            Order(case_id=pk, company_id=company, institution=body, number=number, language="id", created_at=at)
            for pk, company, number, at in rows
        ),
        batch_size=2_000,
    )
    for name, key in (("besar", keys[0]), ("kecil", keys[7])):
        User.objects.create(
            email=f"{name}@bench.example", name=name, kind="customer", institution=body, company_id=key, is_active=True
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def middle() -> str:
    """Where a page from the middle of the list begins, as the page before names it."""
    from sopan.engine.models import Case
    from sopan.web.viewing import key_text

    at = datetime.now(UTC) - timedelta(minutes=YEARS // 2)
    return str(key_text((at, Case.objects.count() // 2)))


def main(arguments: list[str]) -> None:
    sizes = {"orders": 100_000, "pages": 100}
    on_both("orders", arguments, sizes=sizes, measure=partial(of_pages, "orders"), tell=_tell)


def _tell(database: str, found: dict[str, Any]) -> None:
    print(f"{database}, {found.pop('orders'):,} orders")
    for name, row in found.items():
        print(f"  {name:40} p50 {row['p50_ms']:7.2f} ms   p95 {row['p95_ms']:7.2f} ms   p99 {row['p99_ms']:7.2f} ms")


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
