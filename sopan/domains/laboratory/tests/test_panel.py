"""The laboratory's part of the case page, and the pages beside the steps as people see them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sopan.domains.laboratory.steps.panel import panel
from sopan.engine.access import acting_on_case, as_person

from .cast import GAUGE, NOW, SCALE, Cast, Play, make_order


def seen(play: Play, name: str) -> dict:
    person = getattr(play.cast, name)
    template, context = panel(play.case, acting_on_case(person, play.case, now=NOW))
    assert template == "laboratory/panel.html"
    return context


def page(play: Play, name: str, as_) -> str:
    return (
        as_(getattr(play.cast, name)).get(reverse("case", args=[play.case.pk]), {"tab": "laboratory"}).content.decode()
    )


def test_it_has_a_name_in_indonesian_and_is_not_for_customers(play: Play) -> None:
    assert seen(play, "dewi")["label"] == "Sampel dan hasil"
    assert panel(play.case, as_person(play.cast.rina, None)) is None


@pytest.mark.parametrize(
    ("name", "reads"),
    [("fajar", True), ("yusuf", True), ("agus", True), ("hendra", True)]
    + [(name, False) for name in ("dewi", "ratna", "maya", "rizki", "bambang")],
)
def test_results_are_shown_to_those_who_work_on_them_alone(play: Play, as_, name: str, reads: bool) -> None:
    play.to("verify_results")
    assert ("50,00003" in page(play, name, as_)) is reads
    address = reverse("laboratory:results", args=[play.works[0].pk])
    assert as_(getattr(play.cast, name)).get(address).status_code == (200 if reads else 404)


def test_a_draft_is_the_analysts_own_affair(play: Play, as_) -> None:
    from sopan.domains.laboratory.operations import results

    from .cast import good_sheet

    play.to("enter_results")
    results.save(play.works[0].pk, good_sheet(), actor=play.cast.fajar, now=NOW)
    assert "50,00003" not in page(play, "yusuf", as_)


def test_what_is_late_is_offered_to_who_may_act_on_it(cast: Cast) -> None:
    play = make_order(cast, SCALE, GAUGE)
    play.receive(absent=(2,))
    assert [item.order_item.line for item in seen(play, "dewi")["late"]] == [2]
    assert [seen(play, name)["late"] for name in ("yusuf", "agus", "fajar")] == [[], [], []]


def test_labels_tell_the_sample_and_not_the_customer(cast: Cast, as_) -> None:
    play = make_order(cast, SCALE, GAUGE)
    play.receive(absent=(2,))
    labels = as_(cast.dewi).get(reverse("laboratory:labels", args=[play.case.pk])).content.decode()
    assert labels.count("<svg") >= 1
    assert "S-26-0001" in labels
    assert "Pressure gauge" not in labels
    assert "PT Contoh Pangan Musi" not in labels
