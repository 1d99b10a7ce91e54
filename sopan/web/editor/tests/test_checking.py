"""Problems of a draft: told in Indonesian, at the row and the cell; whatever stands in a draft is looked at."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.catalogue import content as contents
from sopan.core.check import CHECKS
from sopan.core.durations import parse_duration
from sopan.core.model import Unit
from sopan.web.editor.checking import ACTORS, HEAD, WHOLE, look
from sopan.web.editor.picture import meaning, picture, times
from sopan.web.editor.wording import _WORDS

WHOLE_CONTENT: dict[str, Any] = {
    "format": "1",
    "identity": {"number": "1", "name": "Surat"},
    "actors": {"tu": {"name": "Tata Usaha"}, "ka": {"name": "Kepala"}},
    "steps": [
        {"no": "1", "actor": "tu", "activity": "Menerima", "kind": "start", "time": "10 menit"},
        {"no": "2", "actor": "ka", "activity": "Memutuskan", "kind": "decision", "time": "1 jam",
         "exits": {"ya": {"label": "Ya", "to": ["3"]}, "tidak": {"label": "Tidak", "to": ["1"]}}},
        {"no": "3", "actor": "tu", "activity": "Menyimpan", "kind": "end", "time": "1 jam"},
    ],
}  # fmt: skip


def changed(place: int = 0, **keys: Any) -> dict[str, Any]:
    """The whole content with other keys in one row; None takes a key away."""
    new = deepcopy(WHOLE_CONTENT)
    new["steps"][place] = {key: value for key, value in (new["steps"][place] | keys).items() if value is not None}
    return new


def told(content: dict[str, Any]) -> list[tuple[int, str, str, bool]]:
    return [(one.place, one.cell, one.what, one.error) for one in look(content, slug="surat").faults]


def test_a_whole_procedure_has_no_problem() -> None:
    looked = look(WHOLE_CONTENT, slug="surat")
    assert looked.faults == () and looked.procedure is not None
    drawn = picture(looked)
    assert drawn is not None and len(drawn.rows) == 3


MISSING = [
    (changed(0, activity=None), (0, "activity", "Uraian kegiatan belum diisi.", True)),
    (changed(2, actor=None), (2, "actor", "Pelaksana belum dipilih.", True)),
    (changed(2, actor="hilang"), (2, "actor", "Pelaksana langkah ini tidak ada lagi.", True)),
    (changed(0, no=None), (0, "no", "Nomor belum diisi.", True)),
    (changed(2, no="1"), (2, "no", "Nomor ini sudah dipakai baris di atas.", True)),
    (changed(0, next=["9"]), (0, "next", "Tujuan “9” bukan langkah SOP ini.", True)),
    (changed(1, exits={"ya": {"label": "Ya", "to": ["3"]}}), (1, "next", "Keputusan ini belum punya dua jawaban.", True)),
    (changed(1, exits={"ya": {"label": "Ya", "to": ["3"]}, "t": {"label": "Tidak"}}), (1, "next", "Jawaban “Tidak” belum bertujuan.", True)),
    (changed(1, exits={"ya": {"label": "Ya", "to": ["3"]}, "t": {"to": ["1"]}}), (1, "next", "Satu jawaban belum bernama.", True)),
    (changed(0, time=None), (0, "time", "Waktu belum diisi.", False)),
    (changed(0, fields=[{"label": "", "id": "a"}]), (0, "fields", "Satu isian belum berjudul.", True)),
    (changed(0, kind=None), (WHOLE, "actor", "Belum ada kapsul “Mulai”.", False)),
    (changed(0, next=["3"]), (1, "no", "Tidak ada langkah yang menuju ke sini.", True)),
    (changed(1, kind=None), (1, "actor", "Langkah ini punya beberapa jawaban, tetapi simbolnya bukan belah ketupat.", True)),
    (changed(2, no="5"), (2, "no", "Nomor 3–4 terlewati.", False)),
    (changed(0, separation=[{"not_same_as": ["1"]}]), (0, "separation", "Pemisahan tugas menunjuk langkah ini sendiri.", True)),
    (changed(0, join=True), (0, "next", "Langkah ini menunggu semua cabang, tetapi hanya satu yang menuju ke sini.", True)),
    (changed(1, actor="tu"), (1, "actor", "Yang mengerjakan langkah 1 juga memutuskan di sini.", False)),
    (WHOLE_CONTENT | {"identity": {"number": "1"}}, (HEAD, "name", "Nama SOP belum diisi.", True)),
    (WHOLE_CONTENT | {"identity": {"number": "1", "name": "x", "made": "kemarin"}}, (HEAD, "made", "Tanggal pembuatan “kemarin” bukan tanggal.", True)),
    (WHOLE_CONTENT | {"actors": {**WHOLE_CONTENT["actors"], "x": {"name": ""}}}, (ACTORS, "x", "Satu pelaksana belum bernama.", True)),
    (WHOLE_CONTENT | {"steps": []}, (WHOLE, "steps", "Belum ada langkah.", True)),
]  # fmt: skip


@pytest.mark.parametrize(("content", "want"), MISSING, ids=[want[2][:40] for _, want in MISSING])
def test_what_is_missing_is_told_where_it_is(content: dict[str, Any], want: tuple[int, str, str, bool]) -> None:
    assert want in told(content)


def test_a_problem_is_told_once() -> None:
    content = changed(0, next=["9"])
    assert [what for _, _, what, _ in told(content)].count("Tujuan “9” bukan langkah SOP ini.") == 1


def test_the_rest_is_checked_and_drawn_while_a_row_is_still_empty() -> None:
    content = changed(0, time=None)
    content["steps"].insert(1, {"no": "1a"})
    looked = look(content, slug="surat")
    assert (0, "time", "Waktu belum diisi.", False) in told(content)
    assert looked.procedure is None and looked.guessed == {"1a"}
    drawn = picture(looked)
    assert drawn is not None and len(drawn.rows) == 4 and 'class="box guess"' in drawn.rows[1]
    assert [fault for fault in looked.faults if fault.place == 1 and fault.rule == "drafts_and_validates"] == []


def test_every_rule_of_the_core_has_words() -> None:
    assert {rule.__name__ for rule in CHECKS} == set(_WORDS)


def test_no_problem_is_told_in_english() -> None:
    english = re.compile(r"\b(the|step|actor|is|has|no|and|not|write|add)\b", re.IGNORECASE)
    for content, _ in MISSING:
        for fault in look(content, slug="surat").faults:
            assert english.search(f"{fault.what} {fault.fix}") is None, fault


SHORT = st.sampled_from(["", "1", "2", "3", "a", "tu", "ka", "x y", "<b>", "–", "hilang"])
WAY = st.fixed_dictionaries(
    {},
    optional={"label": SHORT, "to": st.lists(SHORT, max_size=3), "end": st.sampled_from(["finished", "rejected", "x"]), "reason": st.booleans()},
)  # fmt: skip
ROW = st.fixed_dictionaries(
    {},
    optional={
        "no": SHORT, "id": SHORT, "actor": SHORT, "actors": st.lists(SHORT, max_size=3), "activity": SHORT,
        "kind": st.sampled_from(["start", "activity", "decision", "end", "x"]), "time": st.sampled_from(["", "1 jam", "∞", "9 / 0"]),
        "next": st.lists(SHORT, max_size=3), "end": st.sampled_from(["finished", "x"]), "exits": st.dictionaries(SHORT, WAY, max_size=3),
        "join": st.booleans(), "entry": SHORT, "separation": st.lists(st.fixed_dictionaries({}, optional={"not_same_as": st.lists(SHORT, max_size=2)}), max_size=2),
        "fields": st.lists(st.fixed_dictionaries({}, optional={"id": SHORT, "label": SHORT, "kind": st.sampled_from(["choice", "x"])}), max_size=2),
        "requirements": st.lists(st.one_of(SHORT, st.fixed_dictionaries({}, optional={"text": SHORT, "attach": st.booleans()})), max_size=2),
        "participation": st.sampled_from(["any", "all", "x"]), "inferred": st.lists(SHORT, max_size=2),
    },
)  # fmt: skip
CONTENT = st.fixed_dictionaries(
    {
        "identity": st.fixed_dictionaries({}, optional={"number": SHORT, "name": SHORT, "made": SHORT}),
        "actors": st.dictionaries(st.sampled_from(["tu", "ka", "a b", ""]), st.fixed_dictionaries({}, optional={"name": SHORT, "kind": SHORT}), max_size=3),
        "steps": st.lists(ROW, max_size=6),
    },
    optional={"time_unit": SHORT, "notes": st.lists(SHORT, max_size=2)},
)  # fmt: skip


@settings(max_examples=100)
@given(CONTENT)
def test_whatever_stands_in_a_draft_is_looked_at_and_drawn(data: dict[str, Any]) -> None:
    content = contents.read(data)
    assert isinstance(content, dict)
    looked = look(content, slug="surat")
    drawn = picture(looked)
    assert len(times(content)) == len(content["steps"])
    if looked.procedure is not None:
        assert looked.errors == 0 or all(fault.rule for fault in looked.faults if fault.error)
    if drawn is not None:
        assert len(drawn.rows) == len(content["steps"])


@pytest.mark.parametrize(
    ("printed", "want"),
    [("maks 14 hari", "paling lama 14 hari"), ("1/4 jam", "paling lama 1/4 jam"), ("± 5 Jam", "kira-kira 5 jam"), ("1 - 3 Hari Kerja", "paling lama 3 hari kerja"), ("2 menit/berkas", "2 menit per berkas"), ("Sesuai juknis", "bergantung keadaan, tanpa batas waktu"), ("∞", "tanpa batas waktu"), ("semesteran", "berulang setiap 6 bulan, tanpa batas waktu"), ("abc", "tidak terbaca sebagai waktu"), ("", "")],
)  # fmt: skip
def test_a_time_is_told_as_it_is_understood(printed: str, want: str) -> None:
    assert meaning(parse_duration(printed)) == want


def test_a_time_whose_meaning_is_plain_is_not_repeated() -> None:
    content = {"time_unit": "minute", "steps": [{"time": "10 Menit"}, {"time": "10"}, {}]}
    assert times(content) == ["", "paling lama 10 menit", ""]
    assert times(content | {"time_unit": "x"})[1] == "tidak terbaca sebagai waktu"
    assert Unit.MINUTE == "minute"
