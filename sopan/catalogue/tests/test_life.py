"""From draft to approval: each by another person, each on the content that was seen, nothing back-dated, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from sopan.catalogue import editing, ending, judging, life
from sopan.catalogue.editing import sha256
from sopan.catalogue.models import CatalogueEntry, ChangeRequest, ProcedureVersion, Revision, RevisionAct, RevisionEdit
from sopan.catalogue.operations import bind, publish
from sopan.catalogue.queries import in_force, version_in_force
from sopan.catalogue.versions import versions_of
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Appointment, Institution, Position, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09.00 WIB
LETTERS = """
format: 1
identity: {number: "1", name: Pengelolaan Surat}
actors: {staf: {name: STAF}, kepala: {name: KEPALA}}
steps:
  - {no: 1, actor: staf, kind: start, activity: Mencatat surat, time: 10 menit}
  - {no: 2, actor: kepala, kind: end, activity: Membaca surat, time: 10 menit, end: finished}
"""


@dataclass
class World:
    body: Institution
    people: dict[str, User]
    first: ProcedureVersion

    def appoint(self, who: str, position: str) -> None:
        found = Position.objects.get(institution=self.body, code=position)
        Appointment.objects.create(position=found, person=self.people[who], valid_from=NOW - timedelta(days=9))

    def draft(self, by: str = "dina") -> Revision:
        found = editing.open_revision(
            self.body, actor=self.people[by], slug="surat", based_on=self.first, what="Waktu", why="Audit", now=NOW
        )
        assert isinstance(found, Revision), found
        return found

    def edit(self, revision: Revision, by: str = "dina", time: str = "20 menit", at: datetime = NOW) -> None:
        content = deepcopy(Revision.objects.get(pk=revision.pk).content)
        content["steps"][0]["time"] = time
        edit = Revision.objects.get(pk=revision.pk).edit
        done = editing.save(revision.pk, actor=self.people[by], content=content, edit=edit, now=at)
        assert not isinstance(done, Refusal), done
        revision.refresh_from_db()

    def describe(self, revision: Revision, by: str = "dina", **changes: object) -> Revision | Refusal:
        """As of who has just opened the page."""
        seen = life.described(Revision.objects.get(pk=revision.pk))
        given = {"what": "a", "why": "b", "effective_from": None, "seen": seen, "now": NOW, **changes}
        return life.describe(revision.pk, actor=self.people[by], **given)  # type: ignore[arg-type]

    def sent(self) -> Revision:
        revision = self.draft()
        self.edit(revision)
        assert code(life.send(revision.pk, actor=self.people["dina"], edit=revision.edit, now=NOW)) == "done"
        revision.refresh_from_db()
        return revision

    def judge(self, revision: Revision, by: str, **changes: object) -> str:
        seen = Revision.objects.get(pk=revision.pk)
        given = {"state": seen.state, "seen": sha256(seen.content), "now": NOW, **changes}
        return code(life.judge(revision.pk, actor=self.people[by], **given))  # type: ignore[arg-type]

    def approving(self) -> Revision:
        revision = self.sent()
        assert self.judge(revision, "wati") == "done"
        assert self.judge(revision, "rudi") == "done"
        revision.refresh_from_db()
        return revision


def code(done: object) -> str:
    return done.code if isinstance(done, Refusal) else "done"


@pytest.fixture
def world(db: None) -> World:
    """Dina and Dodi draft, Wati and Sari work by it, Rudi and Rita review, Kepi and Kira approve, Vera does nothing."""
    body = Institution.objects.create(code="balai", name="Balai Contoh", short_name="Balai")
    rights = {"penyusun": "drafts_procedures", "pengkaji": "reviews_procedures", "kepala": "approves_procedures"}
    for name in ("penyusun", "pengkaji", "kepala", "staf", "arsip"):
        Position.objects.create(
            institution=body, code=name, name=name.title(), **({rights[name]: True} if name in rights else {})
        )
    names = ("dina", "dodi", "wati", "sari", "rudi", "rita", "kepi", "kira", "vera")
    people = {
        name: User.objects.create_user(
            f"{name}@balai.example", "rahasia-sekali", name=name.title(), kind="staff", institution=body, is_active=True
        )
        for name in names
    }
    procedure = load(LETTERS, file="surat.yaml")
    assert isinstance(procedure, Procedure)
    first = publish(procedure, institution=body, now=NOW - timedelta(days=30))
    bind("surat", {"staf": ["staf"]}, institution=body)
    made = World(body, people, first)
    for pair, position in (
        ("dina dodi", "penyusun"),
        ("wati sari", "staf"),
        ("rudi rita", "pengkaji"),
        ("kepi kira", "kepala"),
        ("vera", "arsip"),
    ):
        for name in pair.split():
            made.appoint(name, position)
    return made


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


# Who may --------------------------------------------------------------------------------------------------------------


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


EVERYTHING = ("staf", "pengkaji", "kepala", "penyusun")


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


# Taken back before its day --------------------------------------------------------------------------------------------


def coming(world: World, **given: object) -> ProcedureVersion:
    """The second version, approved by Kepi, in force from 1 January."""
    assert world.judge(world.approving(), "kepi", effective_from=date(2027, 1, 1), **given) == "done"
    return ProcedureVersion.objects.get(version=2)


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
