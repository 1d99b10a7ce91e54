"""The index of a service and a period: on the screen, in the spreadsheet, and published."""

import io
from datetime import datetime

import openpyxl
import pytest

from sopan.core.flow import Refusal
from sopan.domains.orders.models import ServiceEvent, Survey, SurveyPublication
from sopan.domains.orders.rules import ELEMENTS
from sopan.domains.orders.service import periods, texts
from sopan.domains.orders.skm import elements, queries
from sopan.engine.access import system_acting

from .conftest import DONI, RINA, TONO, ZONE

SLUG = "sippt-kalibrasi"
NOV = periods.parse("2026-11")


@pytest.fixture
def answered(service):
    """Three filled surveys: two in November, one in October."""
    for place, (email, value, at) in enumerate(
        [(RINA, 4, datetime(2026, 11, 10, 9, tzinfo=ZONE)), (TONO, 3, datetime(2026, 11, 30, 23, 59, tzinfo=ZONE)),
         (DONI, 1, datetime(2026, 10, 31, 23, 59, tzinfo=ZONE))]
    ):  # fmt: skip
        order = service.order(email, key=f"s{place}", filled=False)
        Survey.objects.create(order=order, answers=dict.fromkeys(ELEMENTS, value), comment=f"Saran {place}", at=at)
    return service


def texts_change(service, kind, key, **more):
    given = {"title": "Judul", "text": "a\nb\nc\nd", "source": "SK-1", "verified": True, "place": 4, **more}
    acting = system_acting(service.institution.pk)
    return texts.change(service.institution, kind, key, **given, acting=acting, now=service.now)


def test_a_period_counts_the_surveys_of_its_days_in_the_zone_of_the_body(answered):
    found = queries.found(answered.institution, service=SLUG, period=NOV)
    assert (found.index.respondents, str(found.index.value), found.index.grade) == (2, "87.50", "B")
    october = queries.found(answered.institution, service=SLUG, period=periods.parse("2026-10"))
    assert (october.index.respondents, october.index.grade) == (1, "D")


def test_another_service_and_an_empty_period_have_no_index(answered):
    assert queries.found(answered.institution, service="lain", period=NOV).index is None
    assert queries.found(answered.institution, service=SLUG, period=periods.parse("2025")).index is None


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-S1", "2026-01-01", "2026-06-30"),
        ("2026-S2", "2026-07-01", "2026-12-31"),
        ("2026-T4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_period_is_its_days(key, first, last):
    found = periods.parse(key)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert periods.of_day(found.last, periods.size_of(found)) == found


@pytest.mark.parametrize("wrong", ["", "26", "2026-S3", "2026-T5", "2026-13", "2026-00", "2026-S1 ", "１９", "2026-s1"])
def test_what_is_no_period_is_none(wrong):
    assert periods.parse(wrong) is None


def test_the_trend_goes_back_in_steps_of_the_same_size(answered):
    told = [
        one.period.key for one in queries.trend(answered.institution, service=SLUG, period=periods.parse("2026-T1"))
    ]
    assert told[-3:] == ["2025-T3", "2025-T4", "2026-T1"]


def test_an_index_is_published_once_and_only_when_its_period_is_over(answered):
    body, acting = answered.institution, system_acting(answered.institution.pk)
    early = queries.publish(body, service=SLUG, period=NOV, acting=acting, now=answered.now)
    assert early.code == "not-over"
    later = datetime(2026, 12, 1, 8, tzinfo=ZONE)
    row = queries.publish(body, service=SLUG, period=NOV, acting=acting, now=later)
    assert (str(row.value), row.grade, row.respondents, len(row.elements)) == ("87.50", "B", 2, 9)
    assert queries.publish(body, service=SLUG, period=NOV, acting=acting, now=later).code == "published"
    Survey.objects.all().delete()
    assert str(SurveyPublication.objects.get().value) == "87.50"
    assert (
        queries.publish(body, service=SLUG, period=periods.parse("2025"), acting=acting, now=later).code == "no-answers"
    )


def test_the_words_of_the_body_change_the_form_and_not_the_codes(answered):
    assert isinstance(texts_change(answered, "survey", "biaya", text="satu\ndua\ntiga", title="Biaya"), Refusal)
    texts_change(
        answered, "survey", "biaya", text="Sangat mahal\nCukup mahal\nMurah\nSangat wajar", title="Biaya", place=9
    )
    asked = elements.questions(answered.institution)
    # "biaya" now shares the last place with "sarana": the code decides between equals
    assert [question.code for question in asked][-2:] == ["biaya", "sarana"]
    assert asked[-2].answers[3] == "Sangat wajar"
    assert {question.code for question in asked} == set(ELEMENTS)
    assert ServiceEvent.objects.get().data["after"][0] == "Biaya"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"source": " "}, "source-missing"), ({"title": ""}, "empty"), ({"text": "x" * 9_000}, "too-long")],
)
def test_a_text_needs_a_title_and_a_source(service, changes, code):
    assert texts_change(service, "survey", "biaya", **changes).code == code
    assert texts_change(service, "survey", "tidak-ada").code == "unknown"


def test_the_screen_of_the_staff_shows_nine_rows_and_the_spreadsheet_keeps_numbers(client, answered):
    client.force_login(answered.staff("dewi.anggraini"))
    page = client.get(f"/kinerja/skm/?layanan={SLUG}&periode=2026-11").content.decode()
    assert page.count('scope="row"') == 9
    assert "87,50" in page
    book = client.get(f"/kinerja/skm/ekspor/?layanan={SLUG}&periode=2026-11")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert "IKM 87,50, mutu B" in [cell.value for cell in sheet["A"]]
    assert sheet["F8"].value == 87.5


def test_the_public_page_shows_only_what_was_published_and_is_not_sent_twice(client, answered):
    page = client.get("/skm/")
    assert page.status_code == 200
    assert "87,50" not in page.content.decode()
    queries.publish(
        answered.institution, service=SLUG, period=NOV, acting=system_acting(answered.institution.pk),
        now=datetime(2026, 12, 1, 8, tzinfo=ZONE),
    )  # fmt: skip
    page = client.get("/skm/")
    assert "87,50" in page.content.decode()
    assert "Saran" not in page.content.decode()
    assert client.get("/skm/", headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert page["Cache-Control"] == "public, max-age=300"


def test_customers_have_no_screen_of_the_index_and_cannot_publish(client, answered):
    client.force_login(answered.user(RINA))
    assert client.get("/kinerja/skm/").status_code == 404
    assert client.post("/kinerja/skm/terbitkan/", {"layanan": SLUG, "periode": "2026-10"}).status_code == 404
    client.force_login(answered.staff("dewi.anggraini"))  # of the staff, but she keeps no settings
    assert client.post("/kinerja/skm/terbitkan/", {"layanan": SLUG, "periode": "2026-10"}).status_code == 404
    assert SurveyPublication.objects.count() == 0


def test_only_who_keeps_the_settings_changes_texts(client, service):
    url = "/pengaturan/teks/survey/biaya/"
    typed = {"title": "Biaya", "text": "a\nb\nc\nd", "source": "SK-1", "place": "4"}
    for person in (service.user(RINA), service.staff("dewi.anggraini")):
        client.force_login(person)
        assert client.post(url, typed).status_code == 404
    admin = service.staff("andi.saputra")
    client.force_login(admin)
    assert client.get("/pengaturan/teks/").status_code in (200, 302)
    assert ServiceEvent.objects.count() == 0
