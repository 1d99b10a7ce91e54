"""Bindings and rules in the browser: drafters change them, everybody of the staff reads them, all of it is told."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from sopan.catalogue.models import CatalogueEntry, StartRule
from sopan.core.flow import Refusal
from sopan.engine.models import Case, Task
from sopan.people.models import Position
from sopan.web.starting import operations
from sopan.web.tests.cast import Cast

from .test_starting import started

pytestmark = pytest.mark.django_db


def binding(cast: Cast, actor: str, slug: str = "laporan") -> object:
    return cast.body.bindings.get(slug=slug, actor=actor)


def sent(cast: Cast, actor: str, *, shown: list[str], wanted: list[str]) -> dict[str, object]:
    keys = {one.code: one.pk for one in Position.objects.filter(institution=cast.body)}
    row = binding(cast, actor)
    return {
        f"shown_{row.pk}": ",".join(str(keys[code]) for code in shown),  # type: ignore[attr-defined]
        f"keep_{row.pk}": [keys[code] for code in wanted],  # type: ignore[attr-defined]
    }


def codes(cast: Cast, actor: str) -> set[str]:
    return set(binding(cast, actor).positions.values_list("code", flat=True))  # type: ignore[attr-defined]


URL = "/sop/laporan/pelaksana/"


def test_a_drafter_changes_who_stands_behind_an_actor_and_it_is_told(cast: Cast) -> None:
    answer = cast.client("citra").post(URL, sent(cast, "counter", shown=["counter"], wanted=["counter", "archive"]))
    assert answer.status_code == 302
    assert codes(cast, "counter") == {"counter", "archive"}
    page = cast.client("vera").get(URL).content.decode()
    assert "diubah dari Petugas Loket menjadi Arsiparis, Petugas Loket" in page
    assert "Kepala Balai" in page and "Citra" in page


@pytest.mark.parametrize("who", ["ana", "vera", "hasan", "rina"])
def test_nobody_else_changes_them(cast: Cast, who: str) -> None:
    answer = cast.client(who).post(URL, sent(cast, "counter", shown=["counter"], wanted=["archive"]))
    assert answer.status_code == 404
    assert codes(cast, "counter") == {"counter"}
    assert not cast.body.people_events.filter(code="bound").exists()


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    answer = cast.client("citra").post(URL, sent(cast, "counter", shown=[], wanted=["archive"]))
    assert answer.status_code == 409
    assert codes(cast, "counter") == {"counter"}


def test_a_position_of_another_institution_is_refused(cast: Cast) -> None:
    from sopan.people.models import Institution

    away = Institution.objects.create(code="lain", name="Lain", short_name="Lain")
    foreign = Position.objects.create(institution=away, code="x", name="X")
    row = binding(cast, "counter")
    data = {f"shown_{row.pk}": "", f"keep_{row.pk}": [foreign.pk]}  # type: ignore[attr-defined]
    cast.body.bindings.get(slug="laporan", actor="counter").positions.clear()
    assert cast.client("citra").post(URL, data).status_code == 409
    assert codes(cast, "counter") == set()


def test_running_cases_follow_at_once(cast: Cast) -> None:
    case = started(cast, "ana", "laporan")
    cast.client("citra").post(URL, sent(cast, "counter", shown=["counter"], wanted=["archive"]))
    task = Task.objects.get(case=case)
    assert cast.client("ana").post(reverse("task_complete", args=[task.pk]), {}).status_code == 404
    assert cast.client("vera").post(reverse("task_complete", args=[task.pk]), {}).status_code == 302


def test_the_name_of_an_unbound_actor_proposes_its_position(cast: Cast) -> None:
    binding(cast, "head").positions.clear()  # type: ignore[attr-defined]
    page = cast.client("citra").get(URL).content.decode()
    assert "1 pelaksana belum punya jabatan" in page
    assert "Usulan menurut sebagian namanya" in page
    head = Position.objects.get(code="head")
    assert f'<option value="{head.pk}" selected' in page


def test_a_position_without_a_holder_is_told(cast: Cast) -> None:
    Position.objects.get(code="head").appointments.all().delete()
    assert "tidak ada pemegang sekarang" in cast.client("ana").get(URL).content.decode()


# Rules ----------------------------------------------------------------------------------------------------------------

RULES = "/sop/laporan/mulai/"


def add(cast: Cast, who: str = "citra", url: str = RULES, **fields: object) -> int:
    given = {"by": "calendar", "at": "", "every": "month", "day": "5", "month": "", "after": ""}
    return cast.client(who).post(url, {**given, **fields}).status_code


def test_a_drafter_adds_a_rule_of_the_calendar_and_sees_when_it_begins(cast: Cast) -> None:
    assert add(cast) == 302
    rule = StartRule.objects.get(by="calendar")
    assert (rule.every, rule.day, rule.active, rule.inferred) == ("month", 5, True, False)
    page = cast.client("ana").get(RULES).content.decode()
    assert "Kalender: setiap bulan, tanggal 5" in page
    assert "Cara mulai SOP LAPORAN BULANAN ditambahkan" in page
    assert not Case.objects.exists()
    assert add(cast) == 422  # it is there already


@pytest.mark.parametrize("who", ["ana", "vera", "hasan", "rina"])
def test_nobody_else_adds_or_switches(cast: Cast, who: str) -> None:
    rule = StartRule.objects.get(entry__slug="laporan")
    assert add(cast, who) == 404
    url = reverse("sop_start_rule", args=["laporan", rule.pk])
    assert cast.client(who).post(url, {"act": "off"}).status_code == 404
    assert StartRule.objects.get(pk=rule.pk).active


def test_a_rule_is_switched_off_and_on_and_given_another_day(cast: Cast) -> None:
    add(cast)
    rule = StartRule.objects.get(by="calendar")
    url, client = reverse("sop_start_rule", args=["laporan", rule.pk]), cast.client("citra")
    client.post(url, {"act": "off"})
    rule.refresh_from_db()
    assert not rule.active
    client.post(url, {"act": "on"})
    client.post(url, {"act": "day", f"r{rule.pk}-day": "9"})
    rule.refresh_from_db()
    assert (rule.active, rule.day) == (True, 9)
    assert client.post(url, {"act": "day", f"r{rule.pk}-day": "77"}).status_code == 422
    told = list(cast.body.people_events.order_by("pk").values_list("code", flat=True))
    assert told == ["rule_added", "rule_off", "rule_on", "rule_changed"]


def test_the_day_of_a_weekly_rule_is_one_of_seven_and_other_rules_keep_all_days(cast: Cast) -> None:
    add(cast)
    add(cast, every="week", day="1")
    client = cast.client("citra")
    client.get(RULES)  # both forms are made

    def day(every: str, day: str) -> int:
        rule = StartRule.objects.get(every=every)
        url = reverse("sop_start_rule", args=["laporan", rule.pk])
        return client.post(url, {"act": "day", f"r{rule.pk}-day": day}).status_code

    assert (day("week", "8"), day("week", "2"), day("month", "3"), day("month", "20")) == (422, 302, 302, 302)
    assert dict(StartRule.objects.filter(by="calendar").values_list("every", "day")) == {"week": 2, "month": 20}


@pytest.mark.parametrize(
    "fields",
    [{"day": "32"}, {"day": "0"}, {"every": "week", "day": "8"}, {"every": "year", "month": "13"}, {"every": ""}],
)
def test_a_day_that_there_is_not_is_told_and_makes_no_rule(cast: Cast, fields: dict[str, str]) -> None:
    assert add(cast, **fields) == 422
    assert not StartRule.objects.filter(by="calendar").exists()


def test_each_working_day_needs_no_day(cast: Cast) -> None:
    assert add(cast, every="working_day", day="5") == 302
    assert StartRule.objects.get(by="calendar").day is None


def test_what_no_form_would_send_is_refused_all_the_same(cast: Cast) -> None:
    entry, now = CatalogueEntry.objects.get(slug="laporan"), timezone.now()
    fields = {"by": "calendar", "at": "", "every": "month", "day": 5, "month": 2}
    done = operations.add_rule(entry, fields=fields, by=cast.citra, now=now)
    assert isinstance(done, Refusal) and (done.code, done.field) == ("no-such-day", "month")
    rule = StartRule.objects.create(entry=entry, by="calendar", every="week", day=1)
    done = operations.change_day(rule, day=8, month=None, by=cast.citra, now=now)
    assert isinstance(done, Refusal) and (done.code, done.field) == ("no-such-day", "day")


def test_a_rule_of_another_procedure_is_not_reached(cast: Cast) -> None:
    rule = StartRule.objects.get(entry__slug="rekomendasi")
    url = reverse("sop_start_rule", args=["laporan", rule.pk])
    assert cast.client("citra").post(url, {"act": "off"}).status_code == 404


def test_procedures_cannot_start_each_other_for_ever(cast: Cast) -> None:
    after = {"by": "procedure", "every": "", "day": ""}
    assert add(cast, url="/sop/laporan/mulai/", after="rekomendasi", **after) == 302
    assert add(cast, url="/sop/layanan/mulai/", after="laporan", **after) == 302
    assert add(cast, url="/sop/rekomendasi/mulai/", after="layanan", **after) == 422
    assert StartRule.objects.filter(by="procedure").count() == 2


def test_a_rule_that_was_inferred_says_so_and_is_off(cast: Cast) -> None:
    entry = CatalogueEntry.objects.get(slug="laporan")
    StartRule.objects.create(entry=entry, by="calendar", every="year", month=1, day=5, inferred=True, active=False)
    page = cast.client("ana").get(RULES).content.decode()
    assert "disimpulkan" in page and "bila dinyalakan:" in page and "setiap tahun, 5 Januari" in page
