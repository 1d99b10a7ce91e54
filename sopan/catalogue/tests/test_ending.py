"""A version ends: withdrawn, or taken back before its day, by who approves, once and with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sopan.catalogue import ending, life
from sopan.catalogue.models import ProcedureVersion, Revision, RevisionAct
from sopan.catalogue.queries import in_force, version_in_force
from sopan.catalogue.versions import versions_of
from sopan.core.flow import Refusal

from .revising import NOW, World, code, coming

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["dina", "wati", "rudi", "vera"])
def test_only_who_approves_withdraws(world: World, who: str) -> None:
    assert code(ending.withdraw(world.first, actor=world.people[who], reason="Usang", now=NOW)) == "not-found"


def test_a_withdrawn_procedure_begins_no_case_and_the_second_is_told_who_was_first(world: World) -> None:
    assert code(ending.withdraw(world.first, actor=world.people["kepi"], reason="", now=NOW)) == "reason"
    assert code(ending.withdraw(world.first, actor=world.people["kepi"], reason="Usang", now=NOW)) == "done"
    with pytest.raises(ProcedureVersion.DoesNotExist):
        version_in_force("surat", institution=world.body, now=NOW)
    again = ending.withdraw(ProcedureVersion.objects.get(), actor=world.people["kira"], reason="Usang", now=NOW)
    assert isinstance(again, Refusal) and "Kepi, Kepala" in again.message


# Taken back before its day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["kepi", "kira"])
def test_any_approver_takes_an_approved_version_back_before_its_day(world: World, who: str) -> None:
    version = coming(world)
    assert code(ending.take_back(version, actor=world.people[who], reason="Anggaran", now=NOW)) == "done"
    day = version.effective_from
    for at in (NOW, day - timedelta(seconds=1), day, day + timedelta(days=400)):
        assert version_in_force("surat", institution=world.body, now=at) == world.first
    world.first.refresh_from_db()
    assert world.first.effective_to is None
    known = versions_of("surat", institution=world.body, now=day + timedelta(days=1))
    assert [one.state for one in known.all] == ["stopped", "now"]
    assert (version.withdrawn_by, version.withdrawn_why) == (f"{who.title()}, Kepala", "Anggaran")


def test_what_was_taken_back_is_a_draft_again_and_its_acts_tell_why(world: World) -> None:
    version = coming(world)
    revision = Revision.objects.get(version=version)
    ending.take_back(version, actor=world.people["kira"], reason="Anggaran", now=NOW)
    revision.refresh_from_db()
    assert (revision.state, revision.version) == ("draft", None)
    acts = [(act.code, act.name) for act in RevisionAct.objects.filter(revision=revision).order_by("seq")]
    assert acts[-2:] == [("approved", "Kepi"), ("taken-back", "Kira")]
    world.edit(revision, time="25 menit")
    assert code(life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)) == "done"
    for name in ("wati", "rudi", "kepi"):
        assert world.judge(revision, name) == "done"
    assert version_in_force("surat", institution=world.body, now=version.effective_from).version == 3


def test_what_was_taken_back_is_dropped_where_another_draft_is_open(world: World) -> None:
    version = coming(world)
    first, other = Revision.objects.get(), world.draft("dodi")
    assert code(ending.take_back(version, actor=world.people["kira"], reason="Anggaran", now=NOW)) == "done"
    first.refresh_from_db()
    assert (first.state, Revision.objects.get(pk=other.pk).state) == ("dropped", "draft")


@pytest.mark.parametrize("who", ["dina", "wati", "rudi", "vera"])
def test_who_does_not_approve_takes_nothing_back(world: World, who: str) -> None:
    version = coming(world)
    assert code(ending.take_back(version, actor=world.people[who], reason="x", now=NOW)) == "not-found"
    assert version_in_force("surat", institution=world.body, now=version.effective_from) == version


def test_a_version_is_taken_back_once_with_a_reason_and_not_from_its_day_on(world: World) -> None:
    version = coming(world)
    kepi, kira, day = world.people["kepi"], world.people["kira"], version.effective_from
    assert code(ending.take_back(version, actor=kepi, reason=" ", now=NOW)) == "reason"
    assert code(ending.take_back(version, actor=kepi, reason="x" * 4_001, now=NOW)) == "too-long"
    assert code(ending.take_back(version, actor=kepi, reason="Terlambat", now=day)) == "begun"
    assert code(ending.take_back(world.first, actor=kepi, reason="Salah", now=NOW)) == "begun"
    assert code(ending.take_back(version, actor=kepi, reason="Anggaran", now=NOW)) == "done"
    again = ending.take_back(ProcedureVersion.objects.get(version=2), actor=kira, reason="Juga", now=NOW)
    assert isinstance(again, Refusal) and again.code == "over" and "Kepi, Kepala" in again.message


def test_what_was_withdrawn_meanwhile_does_not_come_back(world: World) -> None:
    version = coming(world)
    ending.withdraw(world.first, actor=world.people["kepi"], reason="Usang", now=NOW)
    ending.take_back(version, actor=world.people["kepi"], reason="Anggaran", now=NOW)
    assert not ProcedureVersion.objects.filter(in_force(version.effective_from)).exists()


def test_the_content_of_the_version_in_force_is_not_published_again_after_a_take_back(world: World) -> None:
    version = coming(world)
    ending.take_back(version, actor=world.people["kepi"], reason="Anggaran", now=NOW)
    revision = Revision.objects.get()
    world.edit(revision, time="10 menit")
    assert code(life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)) == "done"
    assert [world.judge(revision, name) for name in ("wati", "rudi", "kepi")] == ["done", "done", "same"]
