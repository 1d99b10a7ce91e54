"""Who may send, judge and approve: by his position at the time, and nobody at two of the stages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sopan.catalogue import editing, judging, life
from sopan.catalogue.models import Revision, RevisionAct, RevisionEdit
from sopan.core.flow import Refusal
from sopan.people.models import Appointment, Institution, Position, User

from .revising import EVERYTHING, NOW, World, code

pytestmark = pytest.mark.django_db


def test_each_stage_belongs_to_its_positions(world: World) -> None:
    def may(revision: Revision) -> set[str]:
        revision.refresh_from_db()
        return {
            name
            for name, person in world.people.items()
            if not isinstance(judging.may_judge(revision, person, now=NOW), Refusal)
        }

    revision = world.draft()
    assert may(revision) == set()
    world.edit(revision)
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    assert may(revision) == {"wati", "sari", "rudi", "rita"}
    world.judge(revision, "wati")
    assert may(revision) == {"rudi", "rita"}
    world.judge(revision, "rudi")
    assert may(revision) == {"kepi", "kira"}
    world.judge(revision, "kepi")
    assert may(revision) == set()


@pytest.mark.parametrize("who", ["wati", "rudi", "kepi", "vera"])
def test_only_who_drafts_sends(world: World, who: str) -> None:
    revision = world.draft()
    world.edit(revision)
    done = life.send(revision.pk, actor=world.people[who], edit=revision.edit, now=NOW)
    assert code(done) in ("not-yours", "not-found")
    assert Revision.objects.get(pk=revision.pk).state == "draft"


def test_somebody_of_another_body_or_without_a_part_learns_of_nothing(world: World) -> None:
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    place = Position.objects.create(institution=other, code="kepala", name="Kepala", approves_procedures=True)
    stranger = User.objects.create_user(
        "x@lain.example", "rahasia-sekali", name="X", kind="staff", institution=other, is_active=True
    )
    Appointment.objects.create(position=place, person=stranger, valid_from=NOW - timedelta(days=9))
    world.people["stranger"] = stranger
    revision = world.approving()
    for who in ("stranger", "vera"):
        assert world.judge(revision, who) == "not-found"
        assert (
            code(life.send_back(revision.pk, actor=world.people[who], state="approving", reason="x", now=NOW))
            == "not-found"
        )
        assert code(life.drop(revision.pk, actor=world.people[who], reason="x", now=NOW)) == "not-found"


# Separation of duty ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["checking", "reviewing", "approving"])
@pytest.mark.parametrize("who", ["dina", "dodi"])
def test_who_opened_or_wrote_it_judges_at_no_stage_whatever_he_holds(world: World, who: str, stage: str) -> None:
    for position in EVERYTHING:
        world.appoint(who, position)
    revision = world.draft()
    world.edit(revision, by="dodi")
    world.edit(revision, by="dina", time="30 menit")
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    for name in {"checking": (), "reviewing": ("wati",), "approving": ("wati", "rudi")}[stage]:
        assert world.judge(revision, name) == "done"
    assert Revision.objects.get(pk=revision.pk).state == stage
    assert world.judge(revision, who) == "author"
    assert Revision.objects.get(pk=revision.pk).state == stage


def test_who_wrote_is_remembered_when_his_edits_have_gone(world: World) -> None:
    """Undone and overwritten by another, or pushed out by many later ones: he wrote all the same."""
    for position in EVERYTHING:
        world.appoint("dodi", position)
    revision = world.draft()
    world.edit(revision, by="dodi")
    editing.undo(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    revision.refresh_from_db()
    world.edit(revision, by="dina", time="30 menit")
    assert not RevisionEdit.objects.filter(revision=revision, person=world.people["dodi"]).exists()
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    assert world.judge(revision, "dodi") == "author"


def test_who_only_undid_chose_the_content_too(world: World) -> None:
    world.appoint("dodi", "pengkaji")
    revision = world.draft()
    world.edit(revision)
    world.edit(revision, time="40 menit", at=NOW + timedelta(minutes=5))
    editing.undo(revision.pk, actor=world.people["dodi"], edit=revision.edit, now=NOW)
    revision.refresh_from_db()
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    assert world.judge(revision, "dodi") == "author"


def test_who_sent_it_does_not_judge_it(world: World) -> None:
    world.appoint("dodi", "pengkaji")
    revision = world.draft()
    world.edit(revision)
    life.send(revision.pk, actor=world.people["dodi"], edit=revision.edit, now=NOW)
    assert world.judge(revision, "dodi") == "author"


@pytest.mark.parametrize(("checker", "reviewer"), [("kepi", "rudi"), ("wati", "kepi"), ("kepi", "kepi")])
def test_who_checked_or_reviewed_does_not_approve(world: World, checker: str, reviewer: str) -> None:
    world.appoint("kepi", "pengkaji")
    revision = world.sent()
    assert world.judge(revision, checker) == "done"
    assert world.judge(revision, reviewer) == "done"
    assert world.judge(revision, "kepi") == "judged-before"
    assert world.judge(revision, "kira") == "done"


def test_an_appointment_that_ended_gives_no_right(world: World) -> None:
    revision = world.approving()
    Appointment.objects.filter(person=world.people["kepi"]).update(valid_to=NOW)
    assert world.judge(revision, "kepi") == "not-found"


def test_a_deputy_approves_under_his_letter(world: World) -> None:
    place = Position.objects.get(code="kepala")
    Appointment.objects.create(
        position=place, person=world.people["sari"], kind="plh", letter="PRIN-7", valid_from=NOW - timedelta(days=1)
    )
    revision = world.approving()
    assert world.judge(revision, "sari") == "done"
    act = RevisionAct.objects.get(revision=revision, code="approved")
    assert (act.position, act.letter) == ("Plh. Kepala", "PRIN-7")


def test_who_describes_a_change_is_an_author_and_judges_it_at_no_stage(world: World) -> None:
    revision = world.draft()
    world.edit(revision)
    for position in EVERYTHING:
        world.appoint("dodi", position)
    assert code(world.describe(revision, by="dodi")) == "done"
    acts = RevisionAct.objects.filter(revision=revision, person=world.people["dodi"])
    assert [(act.code, act.position) for act in acts] == [("edited", "Penyusun")]
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    for judge in ("wati", "rudi"):
        assert world.judge(revision, "dodi") == "author"
        assert world.judge(revision, judge) == "done"
    assert world.judge(revision, "dodi") == "author"


def test_who_describes_nothing_new_is_no_author(world: World) -> None:
    revision = world.draft()
    world.describe(revision)
    world.describe(revision, by="dodi")
    assert not RevisionAct.objects.filter(revision=revision, person=world.people["dodi"]).exists()


# What waits -----------------------------------------------------------------------------------------------------------


def test_what_waits_for_somebody_is_what_he_may_judge(world: World, django_assert_max_num_queries: Callable) -> None:
    revision = world.sent()
    steps = ["wati", "rudi", "kepi"]
    for name in steps:
        revision.refresh_from_db()
        for person in world.people.values():
            may = not isinstance(judging.may_judge(revision, person, now=NOW), Refusal)
            assert [row.pk for row in judging.waiting_for(person, now=NOW)] == ([revision.pk] if may else []), person
        world.judge(revision, name)
    with django_assert_max_num_queries(1):
        assert judging.waiting_for(world.people["kepi"], now=NOW) == []
