"""The pages of the validity of results: what they show, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from sopan.domains.laboratory.methods.load import shipped
from sopan.domains.laboratory.models import ChartPoint, ControlChart, Finding, ProficiencyTest, RepeatCheck
from sopan.domains.laboratory.operations.methods import publish_method
from sopan.domains.laboratory.validity import charts, dashboard, queries
from sopan.domains.laboratory.validity.charts import Typed
from sopan.people.models import Institution, User
from sopan.ui.control_chart import Level, Mark, draw

from .cast import NOW, Cast
from .test_validity import NUMBERS, REPEAT, TEST
from .validity_cast import HEAD, add, at, chart, laboratory, limited

As = Callable[[User], Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"laboratory:{name}", args=args)


@pytest.fixture
def with_method(cast: Cast) -> None:
    publish_method(
        shipped()["neraca-elektronik"], institution=cast.body, valid_from=at(0).date(), actor=None, by="Agus", now=NOW
    )  # fmt: skip


def test_without_anything_the_page_says_what_to_do(cast: Cast, as_: As) -> None:
    page = as_(cast.fajar).get(url("validity")).content.decode()
    for said in ("Belum ada bagan kendali", "Belum ada uji profisiensi", "Belum ada pengukuran ulang"):
        assert said in page
    assert "Bagan baru" not in page  # an analyst sets up none
    assert "Bagan baru" in as_(cast.yusuf).get(url("validity")).content.decode()
    assert dashboard.part(cast.body, NOW) is None


@pytest.mark.parametrize("name", ["dewi", "hendra", "siti", "rina", "bambang"])
def test_who_works_in_no_laboratory_finds_nothing(cast: Cast, as_: As, name: str) -> None:
    one = limited(cast)
    for address in (url("validity"), url("chart", one.pk), url("chart-export", one.pk), url("trials-export")):
        assert as_(getattr(cast, name)).get(address).status_code == 404, address


def test_a_chart_is_set_up_for_a_laboratory_that_one_keeps(cast: Cast, as_: As, with_method: None) -> None:
    far = laboratory(cast, "dimensi-tekanan")
    assert as_(cast.yusuf).post(url("chart-new"), HEAD | {"laboratory": far.pk}).status_code == 422
    assert as_(cast.fajar).post(url("chart-new"), HEAD | {"laboratory": laboratory(cast).pk}).status_code == 404
    assert as_(cast.yusuf).post(url("chart-new"), HEAD | {"laboratory": laboratory(cast).pk}).status_code == 302
    assert ControlChart.objects.get().created_name.startswith("Yusuf")


TYPED = {"text": "100,0001", "on": "2026-11-20", "at": "09.14", "note": ""}


def test_a_point_is_entered_by_who_works_there_at_the_time_of_the_body(cast: Cast, as_: As) -> None:
    one = limited(cast)
    address = url("chart", one.pk)
    assert as_(cast.rizki).get(address).status_code == 200
    assert as_(cast.rizki).post(address, TYPED).status_code == 404  # of another laboratory
    assert as_(cast.maya).post(address, TYPED).status_code == 302
    made = ChartPoint.objects.latest("number")
    assert (made.taken_at.isoformat(), made.entered_by) == ("2026-11-20T02:14:00+00:00", cast.maya)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "seratus"},
        {"text": "1e308"},
        {"on": "2027-01-01"},
        {"on": "0001-01-01"},
        {"on": "9999-12-31"},
        {"on": "kemarin"},
        {"at": "25.00"},
        {"at": ""},
    ],
)
def test_a_wrong_point_is_told_at_its_field_and_what_was_typed_stays(
    cast: Cast, as_: As, wrong: dict[str, str]
) -> None:
    one = chart(cast)
    answer = as_(cast.fajar).post(url("chart", one.pk), TYPED | {"note": "Sesudah pemanasan 🙂"} | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Sesudah pemanasan 🙂" in page and "Periksa isian berikut" in page
    assert not ChartPoint.objects.exists()


def test_the_page_draws_every_point_and_tells_the_same_in_its_table(cast: Cast, as_: As) -> None:
    one = limited(cast)
    for day, text in enumerate(("100,00025", "100,0004", "100,0000"), 20):
        add(one, text, day=day, by=cast.fajar)
    gone = ChartPoint.objects.get(number=23)
    charts.withdraw_point(gone, reason="Salah alat", actor=cast.yusuf, now=NOW)
    page = as_(cast.yusuf).get(url("chart", one.pk)).content.decode()
    svg = re.search(r'<svg class="chart control" viewBox="0 0 860.*?</svg>', page, re.DOTALL)
    assert svg is not None
    shapes = [
        len(re.findall(shape, svg[0])) for shape in ('class="mark"', 'class="warn"', 'class="bad"', 'class="gone"')
    ]
    assert shapes == [20, 1, 1, 1]
    assert "style=" not in svg[0]
    assert page.count('<tr><td class="main">') - 1 == 23  # a row a point, and one for the limits
    for said in ("1-2s", "1-3s", "Salah alat", "100,0004", "+3 s"):
        assert said in page


def test_a_point_that_was_entered_on_a_later_day_is_marked_so(cast: Cast, as_: As) -> None:
    one = chart(cast)
    late = add(one, "100,0000", day=0, by=cast.fajar)
    typed = {"actor": cast.fajar, "by": "Fajar", "now": NOW}
    same_day = charts.add_point(one, Typed("100,0001", NOW - timedelta(hours=2)), **typed)
    told = {row.point: row.late for row in queries.shown(ControlChart.objects.all())[0].points}
    assert told == {late: True, same_day: False}
    page = as_(cast.fajar).get(url("chart", one.pk)).content.decode()
    assert page.count("dicatat menyusul</span> <small>23 Nov 2026 09.14 WIB</small>") == 1
    assert page.count("<title>Titik 1: dicatat menyusul, 23 Nov 2026</title>") == 1
    assert page.count('<circle class="late"') == 2  # the point, and the legend


def test_the_spreadsheet_holds_every_point_with_its_number(cast: Cast, as_: As) -> None:
    one = limited(cast)
    add(one, "100,0004", day=20, by=cast.fajar)
    answer = as_(cast.fajar).get(url("chart-export", one.pk))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    points = [row for row in rows if isinstance(row[0], int)]
    assert len(points) == 21
    assert points[-1][:7] == (21, "14 Sep 2026 09.14 WIB", 100.0004, "100,0004", "g", "+3,90", "1-3s")


def test_limits_are_set_and_a_chart_closed_by_who_keeps_it(cast: Cast, as_: As) -> None:
    one = limited(cast)
    days = {"first_day": str(at(0).date()), "last_day": str(at(19).date()), "reason": "Ditinjau"}
    for name in ("fajar", "ratna"):
        for page, typed in (("chart-limits", days), ("chart-close", {"reason": "Selesai"})):
            assert as_(getattr(cast, name)).post(url(page, one.pk), typed).status_code == 404
    assert (
        as_(cast.yusuf).post(url("chart-limits", one.pk), days | {"first_day": str(at(15).date())}).status_code == 422
    )
    assert as_(cast.yusuf).post(url("chart-limits", one.pk), days).status_code == 302
    assert one.limits.count() == 2
    assert as_(cast.agus).post(url("chart-close", one.pk), {"reason": "Selesai"}).status_code == 302
    assert "Catat titik" not in as_(cast.fajar).get(url("chart", one.pk)).content.decode()


def test_a_finding_is_answered_and_closed_on_its_page(cast: Cast, as_: As) -> None:
    one = limited(cast)
    add(one, "100,0004", day=20, by=cast.fajar)
    finding = Finding.objects.get()
    address = url("finding", finding.pk)
    assert address in as_(cast.yusuf).get(url("validity")).content.decode()
    assert as_(cast.rizki).post(address, {"cause": "x", "action": "y"}).status_code == 404
    assert as_(cast.fajar).post(address, {"cause": "Kotor", "action": " "}).status_code == 422
    assert as_(cast.fajar).post(address, {"cause": "Kotor", "action": "Dibersihkan"}).status_code == 302
    assert as_(cast.fajar).post(address, {"answer": "tutup", "remark": ""}).status_code == 404
    assert as_(cast.yusuf).post(address, {"answer": "kembali", "remark": ""}).status_code == 422
    assert as_(cast.yusuf).post(address, {"answer": "tutup", "remark": ""}).status_code == 302
    page = as_(cast.maya).get(address).content.decode()
    assert "Kotor" in page and "Dibersihkan" in page and "Ditutup" in page
    assert as_(cast.agus).post(address, {"answer": "tutup", "remark": ""}).status_code == 404


def test_tests_and_repeats_are_recorded_shown_and_told_on_the_dashboard(cast: Cast, as_: As, with_method: None) -> None:
    place = {"laboratory": laboratory(cast).pk, "on": "2026-11-20"}
    assert as_(cast.fajar).post(url("proficiency-new"), TEST | NUMBERS | place).status_code == 404
    assert as_(cast.yusuf).post(url("proficiency-new"), TEST | NUMBERS | place | {"k": "0"}).status_code == 422
    assert as_(cast.yusuf).post(url("proficiency-new"), TEST | NUMBERS | place | {"result": "11"}).status_code == 302
    repeat = REPEAT | place | {"first": "10,0", "second": "10,1", "limit": "0,3"}
    assert as_(cast.rizki).post(url("repeat-new"), repeat).status_code == 422  # not of his laboratory
    assert as_(cast.fajar).post(url("repeat-new"), repeat).status_code == 302
    test, check = ProficiencyTest.objects.get(), RepeatCheck.objects.get()
    assert "Tidak memuaskan" in as_(cast.maya).get(url("proficiency", test.pk)).content.decode()
    assert "0,1" in as_(cast.maya).get(url("repeat", check.pk)).content.decode()
    assert as_(cast.yusuf).post(url("proficiency-withdraw", test.pk), {"reason": "Salah"}).status_code == 422
    assert as_(cast.agus).post(url("proficiency-withdraw", test.pk), {"reason": "Salah"}).status_code == 302
    answer = as_(cast.fajar).get(url("trials-export"))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[9] for row in rows[-2:]] == ["Tidak memuaskan", "Memuaskan"]
    limited(cast)
    template, told = dashboard.part(cast.body, NOW)
    assert (len(told["charts"]), told["open"]) == (1, 1)
    assert "Keabsahan hasil" in as_(cast.dewi).get("/kinerja/").content.decode()


def test_a_body_reads_its_own_charts_alone(cast: Cast) -> None:
    limited(cast)
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    assert queries.charts(other) == []


# The drawing -----------------------------------------------------------------------------------------------------------


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw([], newest=None) == ""


@pytest.mark.parametrize("values", [[5.0], [5.0, 5.0], [1e300, -1e300], [0.0], [1e-12, 2e-12]])
def test_a_chart_without_limits_is_drawn_from_any_values(values: list[float]) -> None:
    svg = draw([Mark(value, "1 Jan", None) for value in values], newest=None)
    assert svg.count("<circle") == len(values)
    assert "nan" not in svg and "inf" not in svg


def test_a_point_far_away_is_held_at_the_edge_and_flattens_no_other() -> None:
    level = Level(100.0, 1.0, {z: str(z) for z in (3, 2, 0, -2, -3)})
    svg = draw([Mark(100.0, "a", level), Mark(1e9, "b", level, "bad"), Mark(102.0, "c", level)], newest=level)
    heights = [float(h) for h in re.findall(r'class="mark" cx="[\d.]+" cy="([\d.]+)"', svg)]
    assert heights[0] - heights[1] > 20
    places = [float(h) for h in re.findall(r'class="bad" x="[\d.]+" y="([\d.]+)"', svg)]
    assert 0 <= places[0] <= 320


def test_words_of_a_chart_are_escaped() -> None:
    assert "<b>" not in draw([Mark(1.0, "<b>", None)], newest=None)
