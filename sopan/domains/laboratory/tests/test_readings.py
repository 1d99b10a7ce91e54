"""The page of a sheet with a method: what is typed wrongly is told at its cell, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sopan.domains.laboratory.models import MeasuredPoint, RawReading, ResultVersion, WorkOrder
from sopan.people.models import User

from .cast import Cast
from .measured_cast import WHOLE, begin, certificate, equip, measuring_play, version

As = Callable[[User], Client]


@pytest.fixture
def cast(cast: Cast) -> Cast:
    equip(cast)
    return cast


@pytest.fixture
def work(cast: Cast) -> WorkOrder:
    work = measuring_play(cast).works[0]
    begin(work, cast)
    return work


def address(work: WorkOrder, name: str = "sheet") -> str:
    return reverse(f"laboratory:{name}", args=[work.pk])


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """A sheet as the browser sends it."""
    return {
        "action": "submit", "measured_from": "2026-11-23", "measured_to": "2026-11-23", "place": "Laboratorium Massa",
        "temperature_text": "22,3 ± 0,4", "humidity_text": "52", "deviation": "", "change_reason": "", "notes": "", "unit": "g",
        "std_weight": [certificate(cast).pk], "f_resolution": "0,0001", "f_ecc_load": "100", "f_drift_share": "1",
        "f_buoyancy": "0,5", "f_mpe": "", "point": ["50", "100", "200", ""], "note": ["", "", "", ""],
        "r_indication_1": ["50,0001", "100.0002", "200,0003", ""], **{f"s_{name}": list(texts) for name, texts in WHOLE.items()},
        **changes,
    }  # fmt: skip


def test_the_page_goes_from_readings_to_results(work: WorkOrder, cast: Cast, as_: As) -> None:
    fajar = as_(work.analyst)
    answer = fajar.post(address(work), typed(cast))
    assert answer.status_code == 302, answer.content.decode()
    result = ResultVersion.objects.get()
    assert (result.state, result.points.exclude(row=0).count()) == ("submitted", 3)
    page = fajar.get(address(work)).content.decode()
    assert "Anggaran ketidakpastian" in page
    assert "0,00030" in page


def test_the_method_is_offered_before_it_is_chosen(cast: Cast, as_: As) -> None:
    work = measuring_play(cast).works[0]
    fajar = as_(work.analyst)
    page = fajar.get(address(work)).content.decode()
    assert "Belum ada metode yang dipilih" in page
    assert f'<option value="{version(cast).pk}" selected>' in page
    assert fajar.post(address(work, "choose-method"), {"method_version": version(cast).pk}).status_code == 302
    assert 'name="r_indication_1"' in fajar.get(address(work)).content.decode()


def test_the_points_that_were_asked_stand_there(work: WorkOrder, as_: As) -> None:
    page = as_(work.analyst).get(address(work)).content.decode()
    for row, point in enumerate(("50", "100", "200"), 1):
        assert f'id="point-{row}" name="point" value="{point}"' in page


def test_results_are_computed_while_they_are_typed(work: WorkOrder, cast: Cast, as_: As) -> None:
    """Nothing is kept, and the page that is not ready says so at its point."""
    answer = as_(work.analyst).post(
        address(work, "calculate"), typed(cast, r_indication_1=["50,0001", "", "200,0003", ""])
    )
    page = answer.content.decode()
    assert (answer.status_code, "0,00007" in page, "0,00057" in page, "Pembacaan belum lengkap" in page) == (
        200,
        True,
        True,
        False,
    )
    assert not MeasuredPoint.objects.exists()
    for name in ("maya", "yusuf", "dewi", "rina"):
        assert as_(getattr(cast, name)).post(address(work, "calculate"), typed(cast)).status_code == 404


def test_a_draft_is_saved_while_it_is_typed(work: WorkOrder, cast: Cast, as_: As) -> None:
    answer = as_(work.analyst).post(address(work, "sheet-autosave"), typed(cast, temperature_text="hangat"))
    assert (answer.status_code, answer.json()) == (200, {"saved": "09.14 WIB"})
    assert (ResultVersion.objects.get().temperature_text, RawReading.objects.count()) == ("hangat", 14)


def test_the_customer_is_not_named(work: WorkOrder, cast: Cast, as_: As) -> None:
    page = as_(work.analyst).get(address(work)).content.decode()
    assert "PT Contoh Pangan Musi" not in page
    assert "ORD-2026" not in page


def test_before_and_after_an_adjustment(work: WorkOrder, cast: Cast, as_: As) -> None:
    data = typed(cast, adjusted="on", stage=["as_found", "as_left", "as_left", "as_found"])
    assert as_(work.analyst).post(address(work), data).status_code == 302
    assert list(MeasuredPoint.objects.exclude(row=0).values_list("stage", flat=True)) == [
        "as_found",
        "as_left",
        "as_left",
    ]


POINTS, READ, REP = "point", "r_indication_1", "s_rep"


def first(name: str, value: str, cast: Cast) -> dict[str, Any]:
    """The sheet with this value in the first cell of a column, or in a field."""
    whole = typed(cast)
    return whole | {name: [value, *whole[name][1:]] if isinstance(whole[name], list) else value}


BAD = [  # column or field, what is typed, where it is told
    *((READ, value, "r_indication_1-1") for value in (
        "1O0", "", "NaN", "nan", "inf", "-inf", "1e308", "1e-400", "1,2,3", "1.2.3,4", "12 34", "５０", "٥٠", "50 g", "=1+1", "+", "-", ",",
        "50,00001234567", "123456789012345", "😀", "<b>50</b>", "0x1F", "1_000", "50\u202e1", "½", "''", "TRUE", "#REF!", "50±1",
    )),
    *((POINTS, value, "point-1") for value in ("lima", "", "1e99", "∞", "a;b")),
    *((REP, value, "r_rep_1-0") for value in ("", "x", "1e308")),
    *(("f_resolution", value, "f_resolution") for value in ("", "-0,1", "abc", "1e99", "0,0001 g")),
    *(("temperature_text", value, "id_temperature_text") for value in ("", "hangat", "40", "-10", "22 ± besar", "1e308")),
    *(("humidity_text", value, "id_humidity_text") for value in ("", "101", "lembap")),
    *(("measured_from", value, "id_measured_from") for value in ("", "2026-02-30", "2099-01-01", "kemarin", "2026-11-01")),
    ("measured_to", "2026-11-01", "id_measured_to"), ("place", "", "id_place"), ("std_weight", "999999", "std_weight"),
    ("std_weight", "1' OR 1=1", "std_weight"), ("std_weight", "9" * 400, "std_weight"),
]  # fmt: skip


@pytest.mark.django_db
def test_every_bad_value_is_told_at_its_cell_and_shown_again(work: WorkOrder, cast: Cast, as_: As) -> None:
    fajar = as_(work.analyst)
    wrong = []
    for name, value, place in BAD:
        answer = fajar.post(address(work), first(name, value, cast))
        page = answer.content.decode()
        if answer.status_code != 422 or f'href="#{place}"' not in page:
            wrong.append((name, value, answer.status_code))
        if ResultVersion.objects.exclude(state="draft").exists():
            wrong.append((name, value, "handed in"))
    assert wrong == []
    assert len(BAD) > 50


@pytest.mark.parametrize("value", ["50,0001", "50.0001", " 50,0001 ", "5,00001e1", "+50,0001", "50,0001\u00a0"])
def test_what_is_a_number_is_taken(work: WorkOrder, cast: Cast, as_: As, value: str) -> None:
    assert as_(work.analyst).post(address(work), first(READ, value, cast)).status_code == 302
    assert float(RawReading.objects.get(point__row=1).value) == 50.0001


def test_texts_that_are_too_long_are_told_and_not_cut_silently(work: WorkOrder, cast: Cast, as_: As) -> None:
    answer = as_(work.analyst).post(address(work), first(READ, "1" * 61, cast) | {"action": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#r_indication_1-1"' in page


def test_more_points_than_fit_are_told(work: WorkOrder, cast: Cast, as_: As) -> None:
    many = ["50"] * 400
    data = typed(cast, point=many, note=[""] * 400, r_indication_1=many, action="save")
    answer = as_(work.analyst).post(address(work), data)
    assert (answer.status_code, "Paling banyak 60 titik" in answer.content.decode()) == (422, True)


def test_a_page_with_nothing_in_it_is_answered(work: WorkOrder, as_: As) -> None:
    fajar = as_(work.analyst)
    assert fajar.post(address(work), {"action": "submit"}).status_code == 422
    assert fajar.post(address(work), {}).status_code == 302
    assert fajar.post(address(work, "calculate"), {}).status_code == 200
    for junk in ("", "x", "9" * 400, "-1", "1;2"):
        assert fajar.post(address(work, "choose-method"), {"method_version": junk}).status_code == 302
