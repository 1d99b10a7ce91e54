"""What a customer is told about the day on which his order will be ready."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from sopan.engine.models import Case
from sopan.engine.queries import expected_at
from sopan.ui.formats import long_date

from .conftest import RINA


def page(client: Client, service, order) -> str:
    client.force_login(service.user(RINA))
    return client.get(f"/pesanan/{order.case_id}/").content.decode()


def test_a_sent_order_tells_the_estimate_and_what_it_leaves_out(service, client: Client) -> None:
    order = service.to_bill(service.order())
    expected = expected_at(order.case, now=timezone.now())
    with timezone.override(order.institution.zone):
        assert expected is not None and long_date(expected) in page(client, service, order)
    assert "Perkiraan selesai" in page(client, service, order)
    # Fourteen working days of measuring lie ahead, and much of an hour beside.
    assert (expected - timezone.now()).days >= 18


def test_a_draft_and_a_held_order_promise_nothing(service, client: Client) -> None:
    assert "Perkiraan selesai" not in page(client, service, service.order(key="draft"))
    order = service.to_bill(service.order(key="held"))
    Case.objects.filter(pk=order.case_id).update(status="held")
    assert "Perkiraan selesai" not in page(client, service, order)


def test_an_ended_order_promises_nothing(service) -> None:
    order = service.order(key="draft")
    Case.objects.filter(pk=order.case_id).update(status="finished")
    order.case.refresh_from_db()

    assert expected_at(order.case, now=timezone.now()) is None
