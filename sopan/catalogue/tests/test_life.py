"""From draft to approval: each by another person, each on the content that was seen, nothing back-dated, nothing twice."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest

from sopan.catalogue import editing, life
from sopan.catalogue.editing import sha256
from sopan.catalogue.models import CatalogueEntry, ChangeRequest, ProcedureVersion, Revision, RevisionAct
from sopan.catalogue.queries import version_in_force
from sopan.core.flow import Refusal

from .revising import NOW, World, code

pytestmark = pytest.mark.django_db


def test_four_people_bring_a_change_into_force(world: World) -> None:
    revision = world.approving()
    assert world.judge(revision, "kepi", comment="Baik") == "done"
    revision.refresh_from_db()
    assert revision.state == "approved"
    version = version_in_force("surat", institution=world.body, now=NOW)
    assert (version, version.version, version.published_by) == (revision.version, 2, "Kepi, Kepala")
    acts = RevisionAct.objects.filter(revision=revision).order_by("seq")
    assert [(act.code, act.name, act.position) for act in acts] == [
        ("opened", "Dina", "Penyusun"),
        ("sent", "Dina", "Penyusun"),
        ("checked", "Wati", "Staf"),
        ("reviewed", "Rudi", "Pengkaji"),
        ("approved", "Kepi", "Kepala"),
    ]
    assert len({act.sha256 for act in acts if act.code != "opened"}) == 1


# The content ----------------------------------------------------------------------------------------------------------


def test_after_sending_the_content_changes_only_after_a_return(world: World) -> None:
    revision = world.sent()
    done = editing.save(
        revision.pk, actor=world.people["dina"], content={**revision.content}, edit=revision.edit, now=NOW
    )
    assert code(done) == "not-draft"
    assert (
        code(life.send_back(revision.pk, actor=world.people["wati"], state="checking", reason="Salah", now=NOW))
        == "done"
    )
    revision.refresh_from_db()
    world.edit(revision, time="45 menit")
    assert revision.state == "draft"


def test_a_content_changed_behind_the_door_is_not_approved(world: World) -> None:
    revision = world.approving()
    content = deepcopy(revision.content)
    content["steps"][0]["time"] = "9 jam"
    Revision.objects.filter(pk=revision.pk).update(content=content)
    assert world.judge(revision, "kepi") == "changed"  # although he saw just this content
    assert ProcedureVersion.objects.count() == 1


def test_what_a_person_did_not_see_he_does_not_approve(world: World) -> None:
    revision = world.approving()
    assert world.judge(revision, "kepi", seen="0" * 64) == "changed"
    assert world.judge(revision, "kepi", seen="") == "changed"


def test_sending_needs_what_and_why_and_a_content_without_errors(world: World) -> None:
    revision = world.draft()
    for text in ("what", "why"):
        Revision.objects.filter(pk=revision.pk).update(**{text: ""})
        done = life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
        assert (code(done), getattr(done, "field", "")) == (text, text)
        Revision.objects.filter(pk=revision.pk).update(**{text: "Sesuatu"})
    content = deepcopy(revision.content)
    content["steps"][0]["next"] = ["9"]
    Revision.objects.filter(pk=revision.pk).update(content=content)
    assert code(life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)) == "errors"
    Revision.objects.filter(pk=revision.pk).update(content={"format": "1", "identity": {}, "actors": {}, "steps": []})
    assert code(life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)) == "errors"


def test_what_was_saved_meanwhile_is_not_sent_unseen(world: World) -> None:
    revision = world.draft()
    seen = revision.edit
    world.edit(revision, by="dodi")
    assert code(life.send(revision.pk, actor=world.people["dina"], edit=seen, now=NOW)) == "stale"


def test_a_work_that_no_domain_offers_keeps_it_from_being_sent(world: World) -> None:
    revision = world.draft()
    content = deepcopy(revision.content)
    content["steps"][0]["work"] = "orders.nothing"
    Revision.objects.filter(pk=revision.pk).update(content=content)
    known = life.Works(set(), set())
    assert (
        code(life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, known=known, now=NOW)) == "errors"
    )


# Rounds ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["checking", "reviewing", "approving"])
def test_from_each_stage_it_goes_back_with_a_reason_and_begins_again(world: World, stage: str) -> None:
    revision = world.sent()
    for name in {"checking": (), "reviewing": ("wati",), "approving": ("wati", "rudi")}[stage]:
        world.judge(revision, name)
    by = {"checking": "sari", "reviewing": "rita", "approving": "kira"}[stage]
    assert code(life.send_back(revision.pk, actor=world.people[by], state=stage, reason="  ", now=NOW)) == "reason"
    assert code(life.send_back(revision.pk, actor=world.people[by], state=stage, reason="Perbaiki", now=NOW)) == "done"
    revision.refresh_from_db()
    assert revision.state == "draft"
    assert RevisionAct.objects.filter(revision=revision).latest("seq").comment == "Perbaiki"
    world.edit(revision, time="50 menit")
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    assert [world.judge(revision, name) for name in ("wati", "rudi", "kepi")] == ["done", "done", "done"]


def test_a_judgement_of_an_earlier_round_does_not_count_in_this_one(world: World) -> None:
    """Kepi checked before the return; the content is another one now, and he has not judged that."""
    world.appoint("kepi", "staf")
    revision = world.sent()
    world.judge(revision, "kepi")
    life.send_back(revision.pk, actor=world.people["rudi"], state="reviewing", reason="Perbaiki", now=NOW)
    revision.refresh_from_db()
    world.edit(revision, time="50 menit")
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    assert [world.judge(revision, name) for name in ("wati", "rudi", "kepi")] == ["done", "done", "done"]


def test_two_at_once_and_a_double_press_one_is_told_who_was_first(world: World) -> None:
    revision = world.sent()
    assert world.judge(revision, "wati", state="checking") == "done"
    done = life.judge(revision.pk, actor=world.people["sari"], state="checking", seen=sha256(revision.content), now=NOW)
    assert isinstance(done, Refusal)
    assert done.message == "Sudah ditindaklanjuti oleh Wati pada 23 Nov 2026 09.00 WIB: Dikaji ulang."
    assert world.judge(revision, "wati", state="checking") == "first"
    assert RevisionAct.objects.filter(revision=revision, code="checked").count() == 1
    assert world.judge(revision, "rudi") == "done"
    assert world.judge(revision, "kepi", state="approving") == "done"
    assert world.judge(revision, "kira", state="approving") == "first"
    assert ProcedureVersion.objects.count() == 2


def test_a_stage_that_there_is_not_is_refused(world: World) -> None:
    revision = world.sent()
    for state in ("draft", "approved", "dropped", "x"):
        assert world.judge(revision, "wati", state=state) == "not-judging"
    assert world.judge(revision, "kepi", state="approving") == "first"  # two stages cannot be jumped


# In force -------------------------------------------------------------------------------------------------------------


def test_an_approval_may_lie_ahead_and_never_back(world: World) -> None:
    revision = world.approving()
    assert world.judge(revision, "kepi", effective_from=date(2026, 11, 22)) == "past"
    assert world.judge(revision, "kepi", effective_from=date(2027, 1, 1)) == "done"
    midnight = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # in WIB
    assert version_in_force("surat", institution=world.body, now=midnight - timedelta(seconds=1)) == world.first
    assert version_in_force("surat", institution=world.body, now=midnight).version == 2


def test_the_day_that_the_author_wished_holds_unless_it_is_over(world: World) -> None:
    revision = world.draft()
    world.edit(revision)
    wish = world.describe(revision, effective_from=date(2026, 11, 22))
    assert (code(wish), getattr(wish, "field", "")) == ("past", "effective_from")
    assert code(world.describe(revision, effective_from=date(2026, 11, 25))) == "done"
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    world.judge(revision, "wati")
    world.judge(revision, "rudi")
    late = NOW + timedelta(days=5)
    assert world.judge(revision, "kepi", now=late) == "past"
    assert world.judge(revision, "kepi", now=late, effective_from=date(2026, 11, 28)) == "done"
    assert version_in_force("surat", institution=world.body, now=late).version == 2


def test_while_a_version_waits_for_its_day_another_is_not_approved(world: World) -> None:
    world.judge(world.approving(), "kepi", effective_from=date(2027, 1, 1))
    world.first = ProcedureVersion.objects.get(version=2)
    second = world.draft()
    world.edit(second, time="55 menit")
    life.send(second.pk, actor=world.people["dina"], edit=second.edit, now=NOW)
    world.judge(second, "wati")
    world.judge(second, "rudi")
    assert world.judge(second, "kepi") == "waits"
    assert (Revision.objects.get(pk=second.pk).state, ProcedureVersion.objects.count()) == ("approving", 2)


def test_nothing_is_published_twice_without_a_change(world: World) -> None:
    revision = world.draft()
    life.send(revision.pk, actor=world.people["dina"], edit=revision.edit, now=NOW)
    world.judge(revision, "wati")
    world.judge(revision, "rudi")
    assert world.judge(revision, "kepi") == "same"
    assert RevisionAct.objects.filter(revision=revision, code="approved").count() == 0


def test_a_procedure_that_is_in_no_list_gets_a_line_and_begins_by_hand(world: World) -> None:
    world.judge(world.approving(), "kepi")
    (entry,) = CatalogueEntry.objects.all()
    assert (entry.slug, entry.name, [rule.by for rule in entry.starts.all()]) == (
        "surat",
        "Pengelolaan Surat",
        ["person"],
    )


def test_a_dropped_revision_sets_its_requests_free(world: World) -> None:
    revision = world.draft()
    asked = ChangeRequest.objects.create(
        institution=world.body,
        slug="surat",
        what="a",
        why="b",
        person=world.people["wati"],
        at=NOW,
        state="taken",
        revision=revision,
    )
    assert code(life.drop(revision.pk, actor=world.people["wati"], reason="Tidak perlu", now=NOW)) == "not-yours"
    assert code(life.drop(revision.pk, actor=world.people["dodi"], reason="Tidak perlu", now=NOW)) == "done"
    asked.refresh_from_db()
    assert (asked.state, asked.revision) == ("open", None)
    assert code(life.drop(revision.pk, actor=world.people["dodi"], reason="Lagi", now=NOW)) == "first"


# What changes, and why ------------------------------------------------------------------------------------------------


def test_of_two_windows_the_second_is_told_and_writes_nothing_over(world: World) -> None:
    revision = world.draft()
    seen = life.described(revision)
    assert code(world.describe(revision, what="Waktu langkah 1", seen=seen)) == "done"
    assert code(world.describe(revision, by="dodi", what="Pelaksana", seen=seen)) == "stale"
    revision.refresh_from_db()
    assert revision.what == "Waktu langkah 1"
    assert code(world.describe(revision, by="dodi", what="Waktu dan pelaksana")) == "done"


def test_the_same_press_twice_is_no_clash(world: World) -> None:
    revision = world.draft()
    seen = life.described(revision)
    assert [code(world.describe(revision, seen=seen)) for _ in range(2)] == ["done", "done"]
