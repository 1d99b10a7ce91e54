"""What the customer agreed to in the order is on the report, and nothing that needs an agreement is there without one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sopan.core.flow import Refusal
from sopan.domains.laboratory import calculation
from sopan.domains.laboratory.certificates import page, rules, snapshot
from sopan.domains.laboratory.measuring import decision_of
from sopan.domains.laboratory.models import Report
from sopan.domains.orders.forms import WishesForm
from sopan.domains.orders.models import Order
from sopan.engine.models import JournalEntry
from sopan.people.models import User

from .cast import Cast, make_order
from .reported import judged, stated, whole

WISHES = {"language": "id", "decision_rule": "guard", "risk": "", "in_tolerance": "", "interval_months": "", "note": ""}


def faults(**typed: str) -> set[str]:
    return set(WishesForm({**WISHES, **typed}).errors)


# The form --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, set()),
        ({"risk": "specific"}, set()),
        ({"risk": "specific", "decision_rule": "none"}, {"risk"}),
        ({"risk": "global"}, {"in_tolerance"}),
        ({"risk": "global", "in_tolerance": "95,5"}, set()),
        ({"risk": "global", "in_tolerance": "100"}, {"in_tolerance"}),
        ({"risk": "global", "in_tolerance": "0"}, {"in_tolerance"}),
        ({"risk": "specific", "in_tolerance": "100"}, set()),  # it belonged to the choice made before
        ({"risk": "lain"}, {"risk"}),
        ({"guard_fraction": "9"}, set()),
        ({"decision_rule": "none", "guard_fraction": "setengah"}, set()),
        ({"decision_rule": "fraction", "guard_fraction": "9"}, {"guard_fraction"}),
        ({"decision_rule": "customer", "rule_text": "U dibagi dua", "guard_fraction": "9"}, {"guard_fraction"}),
        ({"interval_months": "12"}, set()),
        ({"interval_months": "0"}, {"interval_months"}),
        ({"interval_months": "12,5"}, {"interval_months"}),
    ],
)
def test_what_may_be_wished(typed: dict[str, str], expected: set[str]) -> None:
    assert faults(**typed) == expected


def test_what_was_typed_for_another_rule_does_not_come_into_the_order() -> None:
    form = WishesForm({**WISHES, "guard_fraction": "0,5", "in_tolerance": "100"})
    assert form.is_valid()
    assert (form.cleaned_data["guard_fraction"], form.cleaned_data["in_tolerance"]) == (None, None)


# Risk ------------------------------------------------------------------------------------------------------------------


def test_global_risk_is_that_of_rp_19() -> None:
    """Draft NCSLI RP-19, 95 % in tolerance, TUR 4."""
    spread = calculation.spread_of(0.95, limit=1)
    found = calculation._global(1.0, 0.0, spread / 4, 95.0)
    assert found is not None
    assert 100 * found["false_accept"] == pytest.approx(0.87100925, abs=1e-6)


def test_the_guard_band_lowers_the_risk_to_accept_what_is_bad() -> None:
    without, with_band = (calculation._global(1.0, guard, 0.1, 95.0) for guard in (0.0, 0.2))
    assert without is not None and with_band is not None
    assert with_band["false_accept"] < without["false_accept"]
    assert with_band["false_reject"] > without["false_reject"]


@pytest.mark.parametrize(("risk", "share"), [("", None), ("specific", None), ("global", Decimal("95.0"))])
def test_only_an_order_that_asks_gets_the_global_risk(risk: str, share: Decimal | None) -> None:
    order = Order(decision_rule="guard", risk=risk, in_tolerance=Decimal("95.0"))
    assert decision_of(order).share == share


def cells(risk: str, languages: tuple[str, ...] = ("id",)) -> list[str]:
    told = judged(languages=list(languages))
    told["decision"] |= {"risk": risk, "share": "95"}
    shares = {"risk": "2.3", "global": {"false_accept": "0.87", "false_reject": "1.5"}}
    first = told["parts"][0]["tables"][0]["points"][0]
    first["conformity"] = stated("fail") | shares
    return page.content(told)["parts"][0]["tables"][0]["rows"][0][-1].split("\n")


def test_the_risk_stands_beside_the_statement_where_the_order_asks_for_it() -> None:
    assert cells("") == ["tidak memenuhi"]
    assert cells("specific") == ["tidak memenuhi", "risiko 2,3 %"]
    assert cells("global") == ["tidak memenuhi", "risiko 2,3 %", "global 0,87 / 1,5 %"]
    assert cells("specific", ("en",)) == ["fail", "risk 2.3 %"]


def test_the_page_tells_what_the_numbers_mean() -> None:
    told = judged()
    told["decision"] |= {"risk": "global", "share": "97.5"}
    said = " ".join(page.content(told)["statements"])
    assert "bila menurut pelanggan 97,5 % di antaranya memenuhi batas" in said


@pytest.mark.parametrize(
    ("share", "text"), [(0.023, "2.3"), (0.5, "50"), (1, "100"), (0, "<0.01"), (0.00009, "<0.01"), (0.000123, "0.012")]
)
def test_a_risk_is_printed_with_two_digits(share: float, text: str) -> None:
    assert snapshot.percent_of(share) == text


# Interval and simplified reports ---------------------------------------------------------------------------------------


def test_a_report_printed_before_these_wishes_existed_is_still_whole() -> None:
    assert rules.lint(whole()) == []


def test_the_agreed_interval_is_told_with_the_order_that_agrees_it(cast: Cast) -> None:
    play = make_order(cast, interval_months=12).to("number_report")
    told = snapshot.of_item(play.items[0], order=play.order)
    assert told["interval"] == {"text": ["12 bulan", "12 months"], "agreed": play.order.reference}
    assert "Kalibrasi ulang menurut kesepakatan dengan pelanggan: 12 bulan" in page.content(told)["statements"]
    assert rules.lint(told, numbered=False) == []
    assert snapshot._interval(Order()) is None


def test_a_simplified_report_that_was_not_agreed_gets_no_number_until_it_is(
    cast: Cast, as_: Callable[[User], Client]
) -> None:
    play = make_order(cast, accepts_simplified=False).to("number_report")
    refused = play.number()
    assert isinstance(refused, Refusal) and "7.8.1.3" in refused.message
    assert not Report.objects.exists()
    address = reverse("laboratory:consent", args=[play.case.pk])
    typed: dict[str, Any] = {"what": "simplified", "evidence": "Surel Rina"}
    for name in ("fajar", "yusuf", "agus", "hendra", "rina"):
        assert as_(getattr(cast, name)).post(address, typed).status_code == 404
    assert as_(cast.dewi).post(address, {"evidence": "Surel Rina"}).status_code == 422
    assert as_(cast.dewi).post(address, typed).status_code == 302
    order = Order.objects.get(pk=play.order.pk)
    assert (order.accepts_simplified, order.accepts_unaccredited) == (True, False)
    assert JournalEntry.objects.latest("pk").data == {"evidence": "Surel Rina", "what": "simplified"}
    assert not isinstance(play.number(), Refusal)
