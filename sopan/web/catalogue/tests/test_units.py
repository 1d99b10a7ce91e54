"""A position may answer for the SOPs of a unit and of those under it alone; without a unit for all of the institution."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sopan.catalogue import appraisals, editing, ending, judging, life, requests
from sopan.catalogue.access import rights
from sopan.catalogue.models import CatalogueEntry, ChangeRequest, Revision
from sopan.catalogue.tests.revising import NOW, World, code, make_world
from sopan.core.flow import Refusal
from sopan.people.loading import load_institution
from sopan.people.models import Appointment, Institution, Position, Unit
from sopan.web.starting import operations as starting

pytestmark = pytest.mark.django_db
FLAGS = {"drafts_procedures": True, "reviews_procedures": True, "approves_procedures": True}


@pytest.fixture
def units(db: None) -> World:
    """The SOP "surat" is of tu, which stands under the uptd; vera answers for the uptd, kira for another unit, kepi for all."""
    world = make_world()
    body = world.body
    uptd = Unit.objects.create(institution=body, code="uptd", name="UPTD")
    tu = Unit.objects.create(institution=body, code="tu", name="TU UPTD", parent=uptd)
    other = Unit.objects.create(institution=body, code="bidang", name="Bidang")
    CatalogueEntry.objects.create(institution=body, slug="surat", name="Surat", unit=tu, place=1)
    for name, unit in (("vera", uptd), ("kira", other)):
        Appointment.objects.filter(person=world.people[name]).delete()
        Position.objects.create(
            institution=body, code=f"kepala-{unit.code}", name=f"Kepala {unit.name}", procedures_of=unit, **FLAGS
        )
        world.appoint(name, f"kepala-{unit.code}")
    return world


def under(units: World, unit: str | None) -> None:
    found = Unit.objects.get(code=unit) if unit else None
    CatalogueEntry.objects.filter(slug="surat").update(unit=found)


def test_the_head_of_a_unit_approves_the_sops_of_his_unit_and_of_those_under_it_alone(units: World) -> None:
    revision = units.approving()
    assert units.judge(revision, "kira") == "not-yours"
    assert units.judge(revision, "vera") == "done"


@pytest.mark.parametrize(
    ("unit", "may"), [("tu", "vera kepi"), ("uptd", "vera kepi"), ("bidang", "kira kepi"), (None, "kepi")]
)
def test_who_may_approve_depends_on_the_unit_of_the_sop(units: World, unit: str | None, may: str) -> None:
    under(units, unit)
    revision = units.approving()
    people = ("vera", "kira", "kepi")
    found = {
        name for name in people if not isinstance(judging.may_judge(revision, units.people[name], now=NOW), Refusal)
    }
    assert found == set(may.split())
    assert {name for name in people if judging.waiting_for(units.people[name], now=NOW)} == found
    for name in people:
        assert units.judge(revision, name) == (
            "done" if name == "kepi" else "not-yours" if name not in found else "done"
        )
        if name in found:
            break


def test_a_sop_that_no_list_names_belongs_to_the_whole_body(units: World) -> None:
    CatalogueEntry.objects.all().delete()
    mine = {name: rights(units.people[name], now=NOW).of("surat").approver for name in ("vera", "kira", "kepi")}
    assert [name for name, held in mine.items() if held is not None] == ["kepi"]


def test_who_answers_for_another_unit_does_nothing_to_it(units: World) -> None:
    kira, before = units.people["kira"], (Revision.objects.count(), ChangeRequest.objects.count())
    given = {"actor": kira, "reason": "x", "now": NOW}
    assert (
        code(editing.open_revision(units.body, actor=kira, slug="surat", based_on=units.first, now=NOW))
        == "not-drafter"
    )
    assert code(ending.withdraw(units.first, **given)) == "not-found"
    assert code(starting.set_bindings(units.body, "surat", chosen={}, by=kira, now=NOW)) == "not-drafter"
    entry = CatalogueEntry.objects.get()
    fields = {"by": "person", "at": ""}
    assert code(starting.add_rule(entry, fields=fields, by=kira, now=NOW)) == "not-drafter"
    asked = {"institution": units.body, "actor": kira, "version": units.first, "what": "a", "why": "b", "now": NOW}
    assert code(requests.ask("surat", **asked)) == "not-yours"
    form = {"answers": {}, "conclusion": "x", "kind": "evaluation", "period": "2026", "actor": kira, "now": NOW}
    assert code(appraisals.appraise(units.first, **form)) == "not-yours"
    assert (Revision.objects.count(), ChangeRequest.objects.count()) == before


def test_who_answers_for_another_unit_neither_writes_nor_ends_a_draft(units: World) -> None:
    revision, kira = units.draft(), units.people["kira"]
    assert editing.revision_for(kira, revision.pk, now=NOW) is None
    assert editing.revision_for(units.people["vera"], revision.pk, now=NOW) == revision
    saved = editing.save(revision.pk, actor=kira, content=revision.content, edit=1, now=NOW)
    assert code(saved) == "not-found"
    assert code(units.describe(revision, by="kira")) == "not-yours"
    assert code(life.drop(revision.pk, actor=kira, reason="x", now=NOW)) == "not-yours"
    assert code(life.send(revision.pk, actor=kira, edit=1, now=NOW)) == "not-yours"
    asked = ChangeRequest.objects.create(
        institution=units.body, slug="surat", what="a", why="b", person=units.people["wati"], at=NOW
    )
    assert code(requests.take(asked.pk, actor=kira, now=NOW)) == "not-found"
    assert code(requests.decline(asked.pk, actor=kira, answer="x", now=NOW)) == "not-found"
    assert code(requests.take(asked.pk, actor=units.people["vera"], now=NOW)) == "done"
    assert judging.authors(revision) == {units.people["dina"].pk, units.people["vera"].pk}


def test_a_new_sop_of_the_drafter_of_a_unit_is_one_of_that_unit(units: World) -> None:
    opened = editing.open_revision(
        units.body, actor=units.people["vera"], slug="arsip", content={"identity": {"name": "Arsip"}}, now=NOW
    )
    assert isinstance(opened, Revision)
    entry = CatalogueEntry.objects.get(slug="arsip")
    assert (entry.name, entry.unit, [rule.by for rule in entry.starts.all()]) == (
        "Arsip",
        Unit.objects.get(code="uptd"),
        ["person"],
    )
    assert editing.revision_for(units.people["vera"], opened.pk, now=NOW) == opened
    assert editing.revision_for(units.people["kira"], opened.pk, now=NOW) is None


def test_of_two_positions_the_one_that_covers_it_counts(units: World) -> None:
    units.appoint("kira", "kepala")
    held = rights(units.people["kira"], now=NOW).of("surat").approver
    assert held is not None and held.position.code == "kepala"


def test_units_come_from_the_file_with_what_they_stand_under() -> None:
    told = {
        "code": "dinas",
        "name": "Dinas",
        "short_name": "Dinas",
        "units": [{"code": "tu", "name": "TU", "parent": "uptd"}, {"code": "uptd", "name": "UPTD"}],
        "positions": [
            {"code": "kepala", "name": "Kepala", "unit": "tu", "approves_procedures": True, "procedures_of": "uptd"}
        ],
    }
    for _ in range(2):
        load_institution(told, now=NOW)
    position = Position.objects.get()
    assert (position.unit.parent, position.procedures_of.code) == (Unit.objects.get(code="uptd"), "uptd")
    told["units"][1]["parent"] = "tu"  # type: ignore[index]
    with pytest.raises(ValueError, match="stands under itself"):
        load_institution(told, now=NOW + timedelta(days=1))
    assert Unit.objects.get(code="uptd").parent is None
    assert Institution.objects.count() == 1
