"""One version is in force at any instant; the list of SOPs is read from its file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import CatalogueEntry, ProcedureVersion, StartRule
from sopan.catalogue.operations import bind, publish
from sopan.catalogue.queries import in_force, version_in_force
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Institution, Position, Unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
LETTERS = """
format: 1
identity: {number: "1", name: Pengelolaan Surat}
actors: {staf: {name: STAF}, kepala: {name: KEPALA}}
steps:
  - {no: 1, actor: staf, activity: Mencatat surat, time: 10 menit}
  - {no: 2, actor: kepala, activity: Membaca surat, time: 10 menit, end: finished}
"""


def letters(**changes: str) -> Procedure:
    found = load(LETTERS, file="surat.yaml")
    assert isinstance(found, Procedure)
    return replace(found, identity=replace(found.identity, **changes)) if changes else found


@pytest.fixture
def body() -> Institution:
    return Institution.objects.create(code="balai", name="Balai Contoh", short_name="Balai")


def test_a_version_that_waits_for_its_day_leaves_the_one_before_it_in_force(body: Institution) -> None:
    first = publish(letters(), institution=body, now=NOW)
    later = NOW + timedelta(days=10)
    second = publish(letters(edition="2"), institution=body, now=NOW, effective_from=later)
    assert version_in_force("surat", institution=body, now=NOW) == first
    assert version_in_force("surat", institution=body, now=later - timedelta(seconds=1)) == first
    assert version_in_force("surat", institution=body, now=later) == second
    for day in range(20):
        assert ProcedureVersion.objects.filter(in_force(NOW + timedelta(days=day))).count() == 1


def test_a_second_version_cannot_wait_beside_one_that_waits(body: Institution) -> None:
    publish(letters(), institution=body, now=NOW)
    publish(letters(edition="2"), institution=body, now=NOW, effective_from=NOW + timedelta(days=10))
    with pytest.raises(ValueError, match="waits for"):
        publish(letters(edition="3"), institution=body, now=NOW, effective_from=NOW + timedelta(days=5))
    assert ProcedureVersion.objects.count() == 2


def test_only_the_first_version_may_have_been_in_force_before_it_was_brought_in(body: Institution) -> None:
    before = NOW - timedelta(days=400)
    assert publish(letters(), institution=body, now=NOW, effective_from=before).effective_from == before
    assert publish(letters(edition="2"), institution=body, now=NOW, effective_from=before).effective_from == NOW


def test_the_list_is_read_in_its_order_and_again_without_doubling(body: Institution) -> None:
    Unit.objects.create(institution=body, code="umum", name="Umum")
    told = {
        "source": "Daftar SOP",
        "entries": [
            {"procedure": "surat", "number": "1", "name": "Surat", "unit": "umum"},
            {"number": "2", "name": "Arsip", "starts": []},
            {"procedure": "laporan", "name": "Laporan", "starts": [{"by": "calendar", "every": "month", "day": 5}]},
        ],
    }
    for _ in range(2):
        load_entries(body, told)
    rows = CatalogueEntry.objects.filter(institution=body).order_by("place")
    assert [(row.slug, row.number, row.name) for row in rows] == [
        ("surat", "1", "Surat"),
        ("2-arsip", "2", "Arsip"),
        ("laporan", "", "Laporan"),
    ]
    assert [(rule.entry.slug, rule.by, rule.every, rule.day) for rule in StartRule.objects.order_by("pk")] == [
        ("surat", "person", "", None),
        ("laporan", "calendar", "month", 5),
    ]


def test_a_new_line_does_not_begin_what_would_go_on_for_ever_by_the_rules_of_the_institution(body: Institution) -> None:
    first, second = {"procedure": "surat", "name": "Surat", "starts": []}, {"procedure": "arsip", "name": "Arsip"}
    load_entries(body, {"entries": [first]})
    StartRule.objects.create(entry=CatalogueEntry.objects.get(), by="procedure", after="arsip")  # on its own screen
    load_entries(body, {"entries": [first, {**second, "starts": [{"by": "procedure", "after": "surat"}]}]})
    assert [(rule.entry.slug, rule.active) for rule in StartRule.objects.order_by("pk")] == [
        ("surat", True),
        ("arsip", False),
    ]


@pytest.mark.parametrize(
    ("every", "day", "month"), [("year", 1, 13), ("month", 32, None), ("month", 1, 2), ("week", 8, None)]
)
def test_a_day_that_there_is_not_changes_nothing(body: Institution, every: str, day: int, month: int | None) -> None:
    rule = {"by": "calendar", "every": every, "day": day, **({"month": month} if month else {})}
    with pytest.raises(ValueError, match="begins every"):
        load_entries(body, {"entries": [{"procedure": "surat", "name": "Surat", "starts": [rule]}]})
    assert not CatalogueEntry.objects.exists()


def test_a_line_of_an_unknown_unit_changes_nothing(body: Institution) -> None:
    with pytest.raises(LookupError, match="unknown unit"):
        load_entries(body, {"entries": [{"name": "Arsip"}, {"name": "Surat", "unit": "tidak-ada"}]})
    assert not CatalogueEntry.objects.exists()


def test_positions_that_the_institution_chose_are_kept_where_asked(body: Institution) -> None:
    publish(letters(), institution=body, now=NOW)
    for code in ("staf", "kasubbag"):
        Position.objects.create(institution=body, code=code, name=code)
    bind("surat", {"staf": ["kasubbag"]}, institution=body)
    bind("surat", {"staf": ["staf"]}, institution=body, keep=True)
    assert [p.code for p in body.bindings.get(actor="staf").positions.all()] == ["kasubbag"]
    bind("surat", {"staf": ["staf"]}, institution=body)
    assert [p.code for p in body.bindings.get(actor="staf").positions.all()] == ["staf"]
    with pytest.raises(LookupError, match="no actor"):
        bind("surat", {"orang": ["staf"]}, institution=body)


def test_positions_record_what_outsiders_do_and_never_what_customers_do(body: Institution) -> None:
    text = LETTERS.replace("{name: STAF}", "{name: BIRO, kind: outside}").replace(
        "{name: KEPALA}", "{name: PEMOHON, kind: customer}"
    )
    found = load(text, file="surat.yaml")
    assert isinstance(found, Procedure)
    publish(found, institution=body, now=NOW)
    Position.objects.create(institution=body, code="kasubbag", name="kasubbag")
    bind("surat", {"staf": ["kasubbag"], "kepala": ["kasubbag"]}, institution=body)
    bound = {row.actor: [p.code for p in row.positions.all()] for row in body.bindings.all()}
    assert bound == {"staf": ["kasubbag"], "kepala": []}
