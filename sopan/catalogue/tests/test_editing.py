"""Writing a revision: one at a time, nothing overwritten unseen, back and forth along what was saved."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sopan.catalogue import content as contents
from sopan.catalogue import editing
from sopan.catalogue.editing import Saved, open_revision, redo, save, undo
from sopan.catalogue.models import Revision
from sopan.catalogue.operations import publish
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.write import text_of
from sopan.people.models import Appointment, Institution, Position, User

NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)  # 09.14 WIB
SECOND = timedelta(seconds=1)
TEXT = """
format: 1
identity: {number: SOP 1, name: Surat masuk}
actors: {tu: {name: Tata Usaha}, ka: {name: Kepala}}
steps:
  - {no: 1, actor: tu, activity: Menerima surat, kind: start, time: 10 menit}
  - {no: 2, actor: ka, activity: Mendisposisi, kind: decision, exits: {ya: {label: Ya, to: 3}, tidak: {label: Tidak, to: 1}}}
  - {no: 3, actor: tu, activity: Menyimpan surat, kind: end}
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Institution:
    return Institution.objects.create(code="balai", name="Balai Contoh")


@pytest.fixture
def people(body: Institution) -> dict[str, User]:
    drafting = Position.objects.create(institution=body, code="qm", name="Manajer Mutu", drafts_procedures=True)
    other = Position.objects.create(institution=body, code="tu", name="Tata Usaha")
    away = Institution.objects.create(code="jauh", name="Balai Jauh")
    abroad = Position.objects.create(institution=away, code="qm", name="Manajer Mutu", drafts_procedures=True)
    held = {"dewi": drafting, "budi": drafting, "tata": other, "jauh": abroad}
    return {name: _appointed(name, position) for name, position in held.items()}


def _appointed(name: str, position: Position) -> User:
    person = User.objects.create_user(
        f"{name}@contoh.example", "rahasia-sekali", name=name.title(), kind="staff", is_active=True,
        institution=position.institution,
    )  # fmt: skip
    Appointment.objects.create(person=person, position=position, valid_from=NOW - timedelta(days=9))
    return person


@pytest.fixture
def revision(body: Institution, people: dict[str, User]) -> Revision:
    version = publish(procedure(), institution=body, now=NOW - timedelta(days=1))
    opened = open_revision(body, actor=people["dewi"], slug="surat", based_on=version, why="Berubah", now=NOW)
    assert isinstance(opened, Revision)
    return opened


def procedure() -> Procedure:
    found = load(TEXT, file="surat.yaml")
    assert isinstance(found, Procedure), found
    return found


def changed(content: dict[str, Any], place: int, **keys: Any) -> dict[str, Any]:
    new = deepcopy(content)
    new["steps"][place] |= keys
    return new


def saved(result: Saved | Refusal) -> Saved:
    assert isinstance(result, Saved), result
    return result


def code(result: object) -> str:
    return result.code if isinstance(result, Refusal) else "done"


def test_a_revision_begins_with_the_version_that_it_changes(revision: Revision) -> None:
    read = load(text_of(revision.content), file="surat.yaml")
    assert read == procedure()
    assert (revision.edit, revision.state, revision.name) == (1, "draft", "Surat masuk")
    assert list(revision.acts.values_list("code", "name", "position")) == [("opened", "Dewi", "Manajer Mutu")]


def test_the_order_of_the_actors_survives_the_database(body: Institution, people: dict[str, User]) -> None:
    content = contents.fresh() | {"actors": {"zz": {"name": "Z"}, "b": {"name": "B"}, "aaa": {"name": "A"}}}
    opened = open_revision(body, actor=people["dewi"], slug="lain", content=content, now=NOW)
    assert list(Revision.objects.get(pk=opened.pk).content["actors"]) == ["zz", "b", "aaa"]


def test_one_revision_of_a_procedure_is_open_at_a_time(body: Institution, people: dict, revision: Revision) -> None:
    refused = open_revision(body, actor=people["budi"], slug="surat", now=NOW)
    assert code(refused) == "open"
    assert refused.message == (
        "Konsep “Surat masuk” sudah dibuka oleh Dewi pada 23 November 2026, 09.14 WIB dan belum selesai."
    )
    Revision.objects.update(state="dropped")
    assert isinstance(open_revision(body, actor=people["budi"], slug="surat", now=NOW), Revision)


@pytest.mark.parametrize("who", ["tata", "jauh"])
def test_only_who_drafts_for_the_institution_opens_and_writes(body, people, revision, who: str) -> None:
    assert code(open_revision(body, actor=people[who], slug="baru", now=NOW)) == "not-drafter"
    for act in (
        save(revision.pk, actor=people[who], content=revision.content, edit=1, now=NOW),
        undo(revision.pk, actor=people[who], edit=1, now=NOW),
        redo(revision.pk, actor=people[who], edit=1, now=NOW),
    ):
        assert code(act) == "not-found"
    assert editing.revision_for(people[who], revision.pk, now=NOW) is None


def test_who_drafted_until_yesterday_drafts_no_more(people, revision: Revision) -> None:
    people["dewi"].appointments.update(valid_to=NOW)
    assert code(save(revision.pk, actor=people["dewi"], content=revision.content, edit=1, now=NOW)) == "not-found"


@pytest.mark.parametrize("state", [s for s in Revision.State.values if s != "draft"])
def test_only_a_draft_is_written(people, revision: Revision, state: str) -> None:
    Revision.objects.update(state=state)
    new = changed(revision.content, 0, activity="Lain")
    assert code(save(revision.pk, actor=people["dewi"], content=new, edit=1, now=NOW)) == "not-draft"
    assert code(undo(revision.pk, actor=people["dewi"], edit=1, now=NOW)) == "not-draft"
    revision.refresh_from_db()
    assert revision.content["steps"][0]["activity"] == "Menerima surat"


def test_who_did_not_see_the_last_save_is_told_whose_it_is(people, revision: Revision) -> None:
    one = saved(
        save(revision.pk, actor=people["dewi"], content=changed(revision.content, 0, time="1 jam"), edit=1, now=NOW)
    )
    mine = changed(revision.content, 1, time="2 jam")
    refused = save(revision.pk, actor=people["budi"], content=mine, edit=1, now=NOW)
    assert (code(refused), refused.message) == ("stale", "Dewi menyimpan konsep ini pukul 09.14 WIB di jendela lain.")
    both = saved(save(revision.pk, actor=people["budi"], content=mine, edit=one.edit, now=NOW))
    assert both.content == contents.read(mine)
    assert saved(undo(revision.pk, actor=people["budi"], edit=both.edit, now=NOW)).content == one.content


def test_typing_on_in_one_cell_replaces_the_edit_and_another_cell_is_another_edit(people, revision: Revision) -> None:
    edit, dewi = 1, people["dewi"]
    for at, text in enumerate(("S", "Su", "Surat")):
        one = changed(revision.content, 0, activity=text)
        edit = saved(save(revision.pk, actor=dewi, content=one, edit=edit, now=NOW + at * SECOND)).edit
    assert revision.edits.count() == 2 and edit == 4
    two = changed(one, 1, time="2 jam")
    edit = saved(save(revision.pk, actor=dewi, content=two, edit=edit, now=NOW + 5 * SECOND)).edit
    later = changed(two, 1, time="3 jam")
    edit = saved(save(revision.pk, actor=dewi, content=later, edit=edit, now=NOW + 99 * SECOND)).edit
    edit = saved(
        save(
            revision.pk,
            actor=people["budi"],
            content=changed(later, 1, time="4 jam"),
            edit=edit,
            now=NOW + 100 * SECOND,
        )
    ).edit
    assert revision.edits.count() == 5
    back = saved(undo(revision.pk, actor=dewi, edit=edit, now=NOW))
    assert back.content["steps"][1]["time"] == "3 jam"


def test_undo_and_redo_go_along_the_edits_and_a_save_drops_what_was_undone(people, revision: Revision) -> None:
    dewi, states = people["dewi"], [revision.content]
    edit = 1
    for place in range(3):
        states.append(changed(states[-1], place, remarks=f"Catatan {place}"))
        edit = saved(save(revision.pk, actor=dewi, content=states[-1], edit=edit, now=NOW)).edit
    for want in (states[2], states[1], states[0]):
        at = saved(undo(revision.pk, actor=dewi, edit=edit, now=NOW))
        assert at.content == want and at.can_redo
        edit = at.edit
    assert not at.can_undo and code(undo(revision.pk, actor=dewi, edit=edit, now=NOW)) == "nothing-left"
    at = saved(redo(revision.pk, actor=dewi, edit=edit, now=NOW))
    assert at.content == states[1]
    new = saved(save(revision.pk, actor=dewi, content=changed(states[1], 2, remarks="Baru"), edit=at.edit, now=NOW))
    assert not new.can_redo and new.edit > edit + 3
    assert saved(undo(revision.pk, actor=dewi, edit=new.edit, now=NOW)).content == states[1]


def test_the_number_of_an_edit_is_never_given_twice(people, revision: Revision) -> None:
    """A window that still shows an edit that was undone and dropped must not save over another."""
    dewi = people["dewi"]
    old = saved(save(revision.pk, actor=dewi, content=changed(revision.content, 0, remarks="a"), edit=1, now=NOW)).edit
    saved(undo(revision.pk, actor=dewi, edit=old, now=NOW))
    new = saved(save(revision.pk, actor=dewi, content=changed(revision.content, 1, remarks="b"), edit=1, now=NOW)).edit
    assert new != old
    assert code(save(revision.pk, actor=dewi, content=revision.content, edit=old, now=NOW)) == "stale"


def test_the_same_content_again_changes_nothing(people, revision: Revision) -> None:
    later = NOW + 600 * SECOND
    assert saved(save(revision.pk, actor=people["dewi"], content=revision.content, edit=1, now=later)).edit == 1
    revision.refresh_from_db()
    assert revision.changed_at == NOW and revision.edits.count() == 1


def test_edits_are_bounded(people, revision: Revision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "MOST_EDITS", 5)
    edit = 1
    for n in range(12):
        new = changed(revision.content, n % 3, remarks=f"{n}")
        edit = saved(save(revision.pk, actor=people["dewi"], content=new, edit=edit, now=NOW)).edit
    assert list(revision.edits.order_by("seq").values_list("seq", flat=True)) == [9, 10, 11, 12, 13]


DEEP: Any = "x"
for _ in range(200):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "content",
    [
        None, [], "teks", 7, {}, {"steps": {}}, {"steps": ["x"]}, {"steps": [{"no": []}]}, {"actors": []}, {"nama": "x"},
        {"actors": {"a": "x"}}, {"identity": "x"}, {"steps": [{"no": 1.5}]}, {"steps": [{"exits": {"ya": []}}]},
        {"steps": [{"requirements": [{"text": {"x": 1}}]}]}, {"steps": DEEP}, {"steps": [{"no": 10**30}]},
        {"steps": [{"no": "1"}] * 501}, {"steps": [{"activity": "x" * 6000}]}, {"steps": [{"next": {"a": 1}}]},
        {"actors": {str(n): {} for n in range(501)}}, {"steps": [None, True, {"no": None}]},
    ],
    ids=lambda content: repr(content)[:40],
)  # fmt: skip
def test_any_data_is_taken_in_shape_or_refused(people, revision: Revision, content: Any) -> None:
    result = save(revision.pk, actor=people["dewi"], content=content, edit=1, now=NOW)
    assert code(result) in ("done", "shape", "too-large")
    if isinstance(result, Saved):
        assert contents.read(result.content) == result.content


def test_a_content_that_is_too_large_is_refused(people, revision: Revision) -> None:
    huge = changed(revision.content, 0) | {"notes": ["x" * 4_900] * 100}
    assert code(save(revision.pk, actor=people["dewi"], content=huge, edit=1, now=NOW)) == "too-large"


def test_signs_that_no_database_holds_become_blanks() -> None:
    read = contents.read({"steps": [{"no": 1, "activity": "a\x00b\ud800c\x0bd\r\ne", "requirements": "Surat"}]})
    assert read["steps"] == [{"no": "1", "activity": "a b c\nd\ne", "requirements": ["Surat"]}]


def test_what_is_read_is_what_the_file_format_means() -> None:
    data = {"steps": [{"no": 1, "fields": [{"id": "a", "label": "A", "required": False}], "join": "true", "name": ""}]}
    assert contents.read(data)["steps"] == [
        {"no": "1", "join": True, "fields": [{"id": "a", "label": "A", "required": False}]}
    ]
    assert contents.read(json.loads(json.dumps(contents.fresh()))) == contents.fresh()
