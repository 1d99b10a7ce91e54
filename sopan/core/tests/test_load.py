"""What the loader understands, and what it says when it does not. Bad input gives problems, never an exception."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.core.dump import from_data, to_data
from sopan.core.format import EXIT, IDENTITY, PROCEDURE, STEP
from sopan.core.load import load, load_with_lines
from sopan.core.model import (
    Actor,
    ActorKind,
    Approval,
    Duration,
    Exit,
    Field,
    FieldKind,
    Outcome,
    Participation,
    Problem,
    Procedure,
    Requirement,
    Separation,
    StepKind,
    TimeKind,
    Unit,
)
from sopan.core.schema import schema_text
from sopan.core.yamlfile import read_data

ROOT = Path(__file__).parents[3]

WHOLE = """\
format: 1
identity:
  number: 1.10
  name: Contoh
  made: 2025-05-05
  edition: 0/0
  approved_by: {position: Kepala Balai, name: Nama}
  legal_bases: [UU 1, UU 2]
  warnings: Satu saja
source: contoh
actors:
  pelanggan: {name: PELANGGAN, kind: customer}
  kepala: {name: KEPALA, signs: true}
steps:
  - no: 1
    actor: pelanggan
    kind: start
    activity: "Mulai: isi"
    requirements: [Surat, {text: KTP, attach: true, required: true}]
    time: 15 Menit
    outputs: Surat
    fields: [{id: jenis, label: Jenis, kind: choice, choices: [a, b]}]
    entry: visit
  - {no: 2, actors: [kepala, pelanggan], participation: all, activity: Bagi, next: [3, 3b], phase: Awal, public: Kami periksa}
  - {no: 3, actor: kepala, activity: Kiri, next: 4, work: orders.issue_bill}
  - {no: 3, id: 3b, actor: pelanggan, activity: Kanan, remarks: ulang}
  - no: 4
    actor: kepala
    kind: decision
    join: true
    activity: Putuskan
    exits:
      ya: {label: Ya, to: 5}
      tidak: {label: "Tidak, ulangi", to: [2], reason: true}
      tolak: {label: Tolak, end: rejected}
    separation: [{not_same_as: [3, 3b], why: beda orang}]
    inferred: [exits]
  - {no: 5, actor: kepala, kind: end, activity: Selesai, time: maks 14 hari}
"""


def test_a_whole_file() -> None:
    procedure = load(WHOLE, file="procedures/x/contoh.yaml")
    assert isinstance(procedure, Procedure)
    assert procedure.slug == "contoh"
    assert procedure.identity.number == "1.10", "as printed, not a fraction"
    assert procedure.identity.made == date(2025, 5, 5)
    assert procedure.identity.approved_by == Approval("Kepala Balai", "Nama")
    assert (procedure.identity.legal_bases, procedure.identity.warnings) == (("UU 1", "UU 2"), ("Satu saja",))
    assert procedure.actors == (
        Actor("pelanggan", "PELANGGAN", ActorKind.CUSTOMER),
        Actor("kepala", "KEPALA", signs=True),
    )
    start, share, left, right, decide, end = procedure.steps
    assert [step.id for step in procedure.steps] == ["1", "2", "3", "3b", "4", "5"]
    assert [step.no for step in procedure.steps] == ["1", "2", "3", "3", "4", "5"]
    assert [step.sequence for step in procedure.steps] == [1, 2, 3, 4, 5, 6]
    assert (start.kind, start.entry, start.exits) == (StepKind.START, "visit", (Exit("", to=("2",)),))
    assert start.requirements == (Requirement("Surat"), Requirement("KTP", attach=True, required=True))
    assert start.time == Duration(TimeKind.EXACT, "15 Menit", Decimal(15), Unit.MINUTE)
    assert start.fields == (Field("jenis", "Jenis", FieldKind.CHOICE, True, ("a", "b")),)
    assert start.activity == "Mulai: isi"
    assert share.actors == ("kepala", "pelanggan")
    assert share.participation is Participation.ALL
    assert share.exits == (Exit("", to=("3", "3b")),)
    assert left.work == "orders.issue_bill"
    assert right.exits == (Exit("", to=("4",)),), "the row below follows unless told"
    assert right.time == Duration(TimeKind.MISSING)
    assert decide.join
    assert decide.exits == (
        Exit("ya", "Ya", ("5",)),
        Exit("tidak", "Tidak, ulangi", ("2",), reason=True),
        Exit("tolak", "Tolak", end=Outcome.REJECTED),
    )
    assert decide.separation == (Separation(("3", "3b"), "beda orang"),)
    assert decide.inferred == ("exits",)
    assert end.exits == (Exit("", end=Outcome.FINISHED),)


def test_lines_of_steps() -> None:
    found = load_with_lines(WHOLE, file="contoh.yaml")
    assert isinstance(found, tuple)
    assert found[1] == {"1": 15, "2": 24, "3": 25, "3b": 26, "4": 27, "5": 38}


def test_the_words_of_no_and_yes_stay_words() -> None:
    assert read_data("ya: no\nya2: yes\nn: [on, off, y, 1.10, 2025-05-05, 0o7, 007]", file="f") == {
        "ya": "no",
        "ya2": "yes",
        "n": ["on", "off", "y", "1.10", "2025-05-05", "0o7", "007"],
    }


def test_plain_data_knows_whole_numbers_truth_and_nothing() -> None:
    assert read_data("{a: 12, b: -3, c: true, d: null, e: '12', f: , g: 0}", file="f") == {
        "a": 12,
        "b": -3,
        "c": True,
        "d": None,
        "e": "12",
        "f": None,
        "g": 0,
    }


def problems(text: str) -> list[Problem]:
    found = load(text, file="f.yaml")
    assert isinstance(found, list), "a problem was expected"
    return found


def told(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.what) for problem in problems(text)]


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new, 1)


WRONG = {
    "unknown key": ("source: contoh", "sorce: contoh", 10, "The key 'sorce' is not known here (procedure)."),
    "key twice": ("source: contoh", "source: a\nsource: b", 11, "The key 'source' stands here a second time."),
    "other format": ("format: 1", "format: 2", 1, "format is '2'."),
    "no date": ("2025-05-05", "2025-02-30", 5, "identity: made is '2025-02-30'."),
    "date in words": ("2025-05-05", "05-Mei-25", 5, "identity: made is '05-Mei-25'."),
    "no truth value": ("signs: true", "signs: ya", 13, "actors, kepala: signs is 'ya'."),
    "unknown kind": ("kind: customer", "kind: tamu", 12, "actors, pelanggan: kind is 'tamu'."),
    "a list for a text": ("source: contoh", "source: [a]", 10, "source is a list, but a text is expected."),
    "id twice": (", id: 3b,", ",", 26, "Two steps are called '3'; the first is on line 25."),
    "printed number is no name": ("{no: 5,", "{no: 5 / 6,", 38, "The printed number '5 / 6' is no name."),
    "no actor": ("{no: 5, actor: kepala,", "{no: 5,", 38, "Step 5 has no actor."),
    "two kinds of actors": (
        "actors: [kepala, pelanggan]",
        "actors: [kepala], actor: kepala",
        24,
        "Step 2 has both actor and actors.",
    ),
    "actor twice": ("[kepala, pelanggan]", "[kepala, kepala]", 24, "Step 2 names an actor twice."),
    "next and end": ("Kiri, next: 4", "Kiri, next: 4, end: finished", 25, "Step 3 has next and end."),
    "exit to nowhere": ("{label: Ya, to: 5}", "{label: Ya}", 33, "Step 4: the exit 'ya' must have either to or end."),
    "exit with two ways": (
        "end: rejected",
        "end: rejected, to: 5",
        35,
        "Step 4: the exit 'tolak' must have either to or end.",
    ),
    "answer is no name": ("      ya:", "      YA!:", 33, "The name 'YA!' in steps, item 5: exits cannot be used."),
    "no activity": (", activity: Kiri", "", 25, "steps, item 3 has no activity."),
    "empty activity": ("activity: Kiri", 'activity: ""', 25, "steps, item 3 has no activity."),
    "work is no key": ("orders.issue_bill", "bill", 25, "steps, item 3: work is 'bill'."),
    "anchor": ("source: contoh", "source: &a contoh", 10, "Anchors and aliases (& and *) are not read."),
    "tag": ("source: contoh", "source: !!python/name:os.system x", 10, "Tags (!) are not read."),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_problem_is_told_with_its_line(name: str) -> None:
    old, new, line, what = WRONG[name]
    assert (line, what) in told(changed(old, new))


def test_all_problems_are_told_not_the_first() -> None:
    text = changed("source: contoh", "sorce: contoh").replace("signs: true", "signs: ya").replace(", id: 3b,", ",")
    assert [line for line, _ in told(text)] == [10, 13, 26]


def test_an_unknown_key_gets_a_suggestion() -> None:
    (problem,) = problems(changed("source: contoh", "sorce: contoh"))
    assert str(problem) == "f.yaml:10: error: The key 'sorce' is not known here (procedure). Did you mean source?"


NO_PROCEDURE = {
    "nothing": "",
    "comment only": "# ...",
    "a text": "halo",
    "a list": "- a",
    "nul": "a: \0",
    "lone surrogate": "a: \ud800",
    "no steps": "format: 1\nidentity: {number: 1, name: x}\nactors: {a: {name: A}}\nsteps: []\n",
    "steps are empty": "format: 1\nidentity: {number: 1, name: x}\nactors: {a: {name: A}}\nsteps: [null, ]\n",
    "alias bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    "deep flow": "[" * 100_000,
    "deep block": "- " * 100_000,
    "deep mapping": "{a: " * 50_000,
    "huge": "a" * 10_000_000,
    "many items": "steps: [" + "a," * 20_000 + "]",
    "many unknown keys": "".join(f"k{n}: 1\n" for n in range(20_000)),
    "long text": "source: " + "a" * 100_000,
    "two documents": WHOLE + "---\n" + WHOLE,
    "bad directive": "%YAML 9.9.9\n---\na: 1",
    "bad escape": 'a: "\\xZZ"',
    "bad code point": 'a: "\\UFFFFFFFF"',
    "nul behind an escape": 'source: "\\0"',
    "surrogate behind an escape": 'source: "\\ud800"',
    "bad percent": "a: !<%zz> b",
    "list as key": "? [a]\n: b",
    "merge key": WHOLE + "<<: {a: 1}\n",
    "big number": "format: 1" + "0" * 5000,
}


@pytest.mark.parametrize("name", NO_PROCEDURE)
def test_what_is_no_procedure_gives_problems(name: str) -> None:
    for problem in problems(NO_PROCEDURE[name]):
        assert problem.file == "f.yaml"
        assert problem.line >= 1
        assert problem.what
        assert problem.fix or name in ("nothing", "comment only")
        assert len(str(problem)) < 1_000


@given(st.text())
@settings(max_examples=120, deadline=None)
def test_any_text_gives_an_answer(text: str) -> None:
    assert isinstance(load(text, file="f"), (Procedure, list))


WORDS = st.sampled_from(
    [
        *PROCEDURE.keys,
        *IDENTITY.keys,
        *STEP.keys,
        *EXIT.keys,
        *[
            "1",
            "2",
            "3b",
            "true",
            "end",
            "decision",
            "null",
            "~",
            "{}",
            "[]",
            "-",
            ":",
            "&",
            "*",
            "!",
            "|",
            ">",
            "%",
            "@",
            "#",
            "\\",
            "'",
            '"',
        ],
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=6),
    max_leaves=30,
)


@given(st.lists(WORDS | st.sampled_from(["\n", "\n  ", "\n    ", " ", ": "]), max_size=60).map("".join))
@settings(max_examples=120, deadline=None)
def test_any_heap_of_yaml_signs_gives_an_answer(text: str) -> None:
    assert isinstance(load(text, file="f"), (Procedure, list))


@given(st.dictionaries(st.sampled_from(list(PROCEDURE.keys)), VALUES))
@settings(max_examples=120, deadline=None)
def test_any_types_under_known_keys_give_an_answer(data: dict[str, object]) -> None:
    assert isinstance(load(json.dumps(data), file="f"), (Procedure, list))


@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text(max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_gives_an_answer(at: int, cut: int, put: str) -> None:
    found = load(WHOLE[:at] + put + WHOLE[at + cut :], file="f")
    assert found if isinstance(found, list) else found.steps


@given(st.from_type(Procedure))
@settings(max_examples=200, deadline=None)
def test_data_and_back_gives_an_equal_procedure(procedure: Procedure) -> None:
    if not procedure.steps or "NaN" in repr(procedure):
        return
    stored = json.dumps(to_data(procedure))
    assert from_data(json.loads(stored)) == procedure


def test_data_is_sorted_and_tells_no_defaults() -> None:
    procedure = load(WHOLE, file="contoh.yaml")
    assert isinstance(procedure, Procedure)
    data = to_data(procedure)
    assert json.dumps(data) == json.dumps(data, sort_keys=True)
    assert data["steps"][2] == {
        "activity": "Kiri",
        "actors": ["kepala"],
        "exits": [{"answer": "", "to": ["4"]}],
        "id": "3",
        "no": "3",
        "sequence": 3,
        "work": "orders.issue_bill",
    }
    assert from_data(data) == procedure


@pytest.mark.parametrize(
    "change",
    [
        {"steps": []},
        {"steps": "x"},
        {"slug": 1},
        {"slug": None},
        {"colour": "red"},
        {"identity": {"number": "1"}},
        {"identity": {"number": "1", "name": "x", "made": "yesterday"}},
        {"actors": [{"id": "a", "name": "A", "kind": "guest"}]},
        {"actors": [{"id": "a", "name": "A", "signs": "yes"}]},
    ],
)
def test_data_of_another_making_is_refused(change: dict[str, object]) -> None:
    procedure = load(WHOLE, file="contoh.yaml")
    assert isinstance(procedure, Procedure)
    with pytest.raises(ValueError):
        from_data({**to_data(procedure), **change})


@pytest.mark.parametrize(("name", "good"), [("reason", False), ("outputs", False), ("reasons", True), ("output", True)])
def test_a_field_is_not_called_as_what_a_step_has_anyhow(name: str, good: bool) -> None:
    step = {"no": "1", "actor": "a", "activity": "Mencatat", "end": "finished", "fields": [{"id": name, "label": "L"}]}
    told = {"format": "1", "identity": {"number": "1", "name": "N"}, "actors": {"a": {"name": "A"}}, "steps": [step]}
    assert isinstance(load(json.dumps(told), file="n.yaml"), Procedure) is good


def test_the_schema_in_the_repository_is_the_generated_one() -> None:
    assert (ROOT / "procedures" / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_a_data_file_with_problems_is_refused_as_a_whole() -> None:
    with pytest.raises(ValueError, match="second time"):
        read_data("a: 1\na: 2", file="f")
