"""The people of the tests of a revision, and what they do with it again and again."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sopan.catalogue import editing, life
from sopan.catalogue.editing import sha256
from sopan.catalogue.models import ProcedureVersion, Revision
from sopan.catalogue.operations import bind, publish
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Appointment, Institution, Position, User

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09.00 WIB
LETTERS = """
format: 1
identity: {number: "1", name: Pengelolaan Surat}
actors: {staf: {name: STAF}, kepala: {name: KEPALA}}
steps:
  - {no: 1, actor: staf, kind: start, activity: Mencatat surat, time: 10 menit}
  - {no: 2, actor: kepala, kind: end, activity: Membaca surat, time: 10 menit, end: finished}
"""
EVERYTHING = ("staf", "pengkaji", "kepala", "penyusun")


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


def make_world() -> World:
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


def coming(world: World, **given: object) -> ProcedureVersion:
    """The second version, approved by Kepi, in force from 1 January."""
    assert world.judge(world.approving(), "kepi", effective_from=date(2027, 1, 1), **given) == "done"
    return ProcedureVersion.objects.get(version=2)
