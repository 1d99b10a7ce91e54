"""The results sheet: what is typed is kept, what is wrong is told at its cell, what is handed in stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse

from sopan.core.flow import Refusal
from sopan.domains.laboratory import sheets
from sopan.domains.laboratory.models import Observation, ResultVersion, WorkOrder
from sopan.domains.laboratory.operations import results
from sopan.domains.laboratory.operations.results import Reading
from sopan.engine.models import JournalEntry

from .cast import NOW, Play, good_sheet

HEAD = {
    "measured_from": "2026-11-23",
    "measured_to": "2026-11-23",
    "place": "Laboratorium",
    "temperature_text": "23,1",
    "humidity_text": "55",
    "method": "IK-KAL-01",
    "standards": "Anak timbangan E2",
    "notes": "",
}
COLUMNS = ("point", "unit", "reference", "indication", "note")


def typed(*rows: tuple[str, ...], **head: str) -> dict[str, object]:
    return HEAD | head | {name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}


GOOD = ("50", "g", "50,00003", "50.0001", "")


@pytest.fixture
def work(play: Play) -> WorkOrder:
    return play.to("enter_results").works[0]


def address(work: WorkOrder) -> str:
    return f"/laboratorium/pekerjaan/{work.pk}/"


def kept(work: WorkOrder) -> list[tuple[object, ...]]:
    rows = Observation.objects.filter(result__work_order=work).order_by("result__version", "row")
    return [(r.row, r.point, r.unit, r.reference_text, r.indication_text, r.note) for r in rows]


def test_the_sheet_is_prepared_with_the_points_that_were_asked(work: WorkOrder, as_) -> None:
    lines = sheets.current(work).lines
    prepared = [[cell.value for cell in line.cells[:2]] for line in lines]
    assert prepared == [["50", "g"], ["100", "g"], *[["", ""]] * sheets.SPARE]
    page = as_(work.analyst).get(address(work)).content.decode()
    assert "Timbangan analitik" in page
    assert "data-grid" in page


def test_the_analyst_does_not_see_the_customer(work: WorkOrder, as_) -> None:
    page = as_(work.analyst).get(address(work)).content.decode()
    assert "PT Contoh Pangan Musi" not in page
    assert "ORD-2026" not in page


def test_a_draft_keeps_every_text_also_what_is_no_number(work: WorkOrder, as_) -> None:
    browser = as_(work.analyst)
    answer = browser.post(
        address(work) + "konsep/", typed(("50", "g", "lima puluh", "", ""), GOOD, temperature_text="hangat")
    )
    assert (answer.status_code, answer.json()) == (200, {"saved": "09.14 WIB"})
    assert kept(work) == [(1, "50", "g", "lima puluh", "", ""), (2, *GOOD)]
    result = ResultVersion.objects.get()
    assert (result.state, result.temperature_text, result.temperature) == ("draft", "hangat", None)
    assert "lima puluh" in browser.get(address(work)).content.decode()


def test_drafts_leave_no_trace_in_the_journal(work: WorkOrder, as_) -> None:
    before = JournalEntry.objects.count()
    as_(work.analyst).post(address(work) + "konsep/", typed(GOOD))
    assert JournalEntry.objects.count() == before


def test_the_decimal_stands_beside_the_text(work: WorkOrder) -> None:
    results.save(work.pk, good_sheet(), actor=work.analyst, now=NOW)
    row = Observation.objects.get(row=2)
    assert (row.reference_text, str(row.reference.normalize()), row.correction) == (
        "100.00002",
        "100.00002",
        "−0.00018",
    )


def test_saving_the_same_again_changes_nothing(work: WorkOrder) -> None:
    results.save(work.pk, good_sheet(), actor=work.analyst, now=NOW)
    before = list(Observation.objects.values()), list(ResultVersion.objects.values())
    results.save(work.pk, good_sheet(), actor=work.analyst, now=NOW + timedelta(hours=1))
    assert (list(Observation.objects.values()), list(ResultVersion.objects.values())) == before


def test_only_the_row_that_changed_tells_a_new_hour(work: WorkOrder) -> None:
    results.save(work.pk, good_sheet(), actor=work.analyst, now=NOW)
    later = NOW + timedelta(hours=1)
    rows = [good_sheet().rows[0], Reading("100", "g", "100.00002", "100.0003", "")]
    results.save(work.pk, good_sheet(rows=rows), actor=work.analyst, now=later)
    assert [row.entered_at for row in Observation.objects.order_by("row")] == [NOW, later]


def test_a_bad_number_is_told_at_its_cell_and_nothing_is_lost(work: WorkOrder, as_) -> None:
    answer = as_(work.analyst).post(
        address(work), typed(GOOD, ("100", "g", "100", "1O0,2", "cek")) | {"action": "submit"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#indication-2"' in page
    assert 'id="indication-2" name="indication" value="1O0,2"' in page
    assert 'aria-describedby="indication-2-e"' in page
    assert kept(work)[1] == (2, "100", "g", "100", "1O0,2", "cek")
    work.refresh_from_db()
    assert work.state == WorkOrder.State.MEASURING


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ({"method": " "}, "id_method"),
        ({"standards": ""}, "id_standards"),
        ({"place": ""}, "id_place"),
        ({"temperature_text": "hangat"}, "id_temperature_text"),
        ({"humidity_text": ""}, "id_humidity_text"),
        ({"measured_from": ""}, "id_measured_from"),
        ({"measured_to": "2026-11-24"}, "id_measured_to"),  # tomorrow
        ({"measured_from": "2026-11-22"}, "id_measured_from"),  # before it came
        ({"measured_from": "31-02-2026"}, "id_measured_from"),
        ({"method": "x" * 301}, "id_method"),
    ],
)
def test_what_is_missing_in_the_head_is_told_at_its_field(
    work: WorkOrder, as_, head: dict[str, str], field: str
) -> None:
    answer = as_(work.analyst).post(address(work), typed(GOOD, **head) | {"action": "submit"})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()


def test_the_summary_names_each_field_in_the_order_of_the_page(work: WorkOrder, as_) -> None:
    rows = typed(("50", "g", "", "1", ""), measured_from="", measured_to="", method="", humidity_text="")
    page = as_(work.analyst).post(address(work), rows | {"action": "submit"}).content.decode()
    summary = page.split('class="summary"')[1].split("</ul>")[0]
    assert re.findall(r">([^<>]+): [^<>]+</a>", summary) == [
        "Mulai kalibrasi",
        "Selesai kalibrasi",
        "Kelembapan relatif",
        "Metode",
        "Nilai standar, baris 1",
    ]


@pytest.mark.parametrize(
    ("rows", "anchor"),
    [
        ([("", "", "", "", "")], "reference-1"),
        ([("50", "g", "", "", "")], "reference-1"),
        ([("", "g", "1", "1", "")], "point-1"),
        ([("50", "", "1", "1", "")], "unit-1"),
        ([GOOD, ("1", "g", "1", "", "")], "indication-2"),
    ],
)
def test_a_row_is_whole_or_empty(work: WorkOrder, as_, rows: list[tuple[str, ...]], anchor: str) -> None:
    answer = as_(work.analyst).post(address(work), typed(*rows) | {"action": "submit"})
    assert answer.status_code == 422
    assert f'href="#{anchor}"' in answer.content.decode()


@pytest.mark.parametrize("text", ["x" * 61, "<script>alert(1)</script>" * 3])
def test_what_is_too_long_is_shown_again_and_not_cut(work: WorkOrder, as_, text: str) -> None:
    answer = as_(work.analyst).post(address(work), typed((text, "g", "1", "1", "")) | {"action": "save"})
    assert answer.status_code == 422
    assert answer.context["typed"].lines[0].cells[0].value == text
    assert "<script>alert" not in answer.content.decode()


def test_odd_bytes_and_ragged_columns_are_no_fault_of_the_server(work: WorkOrder, as_) -> None:
    post = typed(GOOD) | {"point": ["5\x000", "\u202e"], "unit": [], "reference": ["1"] * 900}
    assert as_(work.analyst).post(address(work), post | {"action": "save"}).status_code == 422
    assert Observation.objects.count() == sheets.MAX_ROWS


def test_rows_can_be_added_without_javascript(work: WorkOrder, as_) -> None:
    answer = as_(work.analyst).post(address(work), typed(GOOD) | {"action": "rows"})
    assert len(answer.context["typed"].lines) == 1 + 10
    assert kept(work) == [(1, *GOOD)]


def test_handed_in_results_go_to_the_next_sheet_or_back_to_the_step(work: WorkOrder, as_, play: Play) -> None:
    answer = as_(work.analyst).post(address(work), typed(GOOD) | {"action": "submit"})
    assert (answer.status_code, answer.url) == (302, reverse("task", args=[play.task.pk]))
    work.refresh_from_db()
    assert (work.state, work.version) == ("submitted", 1)
    result = ResultVersion.objects.get()
    assert (result.state, result.submitted_name, result.submitted_at) == ("submitted", work.analyst.full_name, NOW)


def test_nobody_edits_after_handing_in_and_the_typed_text_stays_on_the_page(work: WorkOrder, as_) -> None:
    browser = as_(work.analyst)
    browser.post(address(work), typed(GOOD) | {"action": "submit"})
    before = kept(work)
    other = ("50", "g", "50,00003", "49,9999", "lebih bagus")
    for action in ("save", "submit", "rows"):
        answer = browser.post(address(work), typed(other) | {"action": action})
        assert answer.status_code == 409
        assert 'value="49,9999"' in answer.content.decode()
    assert browser.post(address(work) + "konsep/", typed(other)).status_code == 409
    assert kept(work) == before
    assert "data-autosave" not in browser.get(address(work)).content.decode()


def test_the_returned_version_cannot_be_altered(work: WorkOrder, play: Play) -> None:
    play.submit(work)
    play.do(work.analyst)
    play.do(play.cast.yusuf, "tidak", typed={f"return_{work.pk}": "on"}, reason="Ulangi")
    results.save(work.pk, good_sheet(rows=[Reading("50", "g", "1", "2", "")]), actor=work.analyst, now=NOW)
    old, new = ResultVersion.objects.order_by("version")
    assert [row.reference_text for row in old.observations.all()] == ["50,00003", "100.00002"]
    assert [row.reference_text for row in new.observations.all()] == ["1"]
    assert (old.state, old.submitted_by, new.submitted_by) == ("superseded", work.analyst, None)


def test_a_held_case_takes_no_results(work: WorkOrder, play: Play, as_) -> None:
    from sopan.engine import operations

    operations.hold(play.case.pk, actor=work.analyst, reason="Menunggu standar", now=NOW)
    assert as_(work.analyst).post(address(work), typed(GOOD) | {"action": "submit"}).status_code == 409
    assert isinstance(play.submit(work), Refusal)


def test_reading_a_sheet_never_raises() -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    @given(st.lists(st.tuples(*[st.text(max_size=70)] * 5), max_size=4))
    def check(rows: list[tuple[str, ...]]) -> None:
        post = QueryDict(mutable=True)
        for at, name in enumerate(COLUMNS):
            post.setlist(name, [row[at] for row in rows])
        unsaved = WorkOrder()
        unsaved_item = type(
            "Item",
            (),
            {"received_at": None, "order": type("O", (), {"institution": type("I", (), {"zone": "Asia/Jakarta"})})},
        )
        unsaved.__dict__["_state"].fields_cache["item"] = unsaved_item
        found = sheets.read(post, unsaved, now=NOW)
        assert len(found.lines) == len(rows)

    check()
