"""The remarks of the readers are told in Indonesian: all that the source documents bring forth."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sopan.catalogue import reading_words
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from tests.seeds import needed

EXCHANGE = Path(reading_words.__file__).parent.parent / "exchange"
SAYS_WHY = {"Refused": 0, "Unreadable": 1, "Damage": 0}  # name of what is made -> which argument says why
FILLED = {
    "more than {}": "more than 5",
    "names {} actors": "names 3 actors",
    "rest of {}": "rest of step 3",
    "{} Symbols": "The head names 3 actors, the rows 4. Symbols",
    "{}": "'x'",
}
REMARKS = {"warn": 1, "_warn": 2, "Remark": 1}


def said(names: dict[str, int]) -> Iterator[str]:
    """The texts with which ``names`` are made anywhere in the exchange; what is filled into them is a word or a number."""
    for path in EXCHANGE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in names and len(call.args) > names[name]:
                yield from _texts(call.args[names[name]])


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        text = "".join(map(str, parts))
        for before, filled in FILLED.items():
            text = text.replace(before, filled)
        yield text


def test_every_reason_of_the_readers_has_words() -> None:
    reasons = [reason for reason in said(SAYS_WHY) if reason.count(" ") > 1]
    assert len(reasons) > 50
    assert [reason for reason in reasons if reason in reading_words.refusal(reason)] == []


def test_every_remark_of_the_readers_has_words() -> None:
    remarks = [remark for remark in said(REMARKS) if remark.count(" ") > 1]
    assert len(remarks) > 20
    assert [remark for remark in remarks if remark in reading_words.remark("table", remark)] == []


def test_every_remark_on_the_source_documents_has_words() -> None:
    for path in needed().iterdir():
        read = read_file(path.read_bytes(), name=path.name)
        if isinstance(read, Unreadable):
            assert "(" not in reading_words.refusal(read.reason)
            continue
        remarks = [remark for draft in read for remark in draft.warnings]
        assert [one.what for one in remarks if one.what in reading_words.remark(one.where, one.what)] == []


@pytest.mark.parametrize(
    ("where", "what", "want"),
    [
        ("step 3 (table 1, row 5)", "Who does it is not told.", "Langkah 3: Pelaksananya tidak tertulis."),
        ("table", "The time '7 harl' is taken for '7 hari'.", "Tabel: Waktu “7 harl” dibaca sebagai “7 hari”."),
        ("identity", "No number was found.", "Identitas: Nomor SOP tidak ditemukan."),
        ("somewhere", "Something new.", "somewhere: Something new."),
        ("table", "A row of totals is left out: 100% %(a)s.", "Tabel: Baris jumlah tidak diikutkan: 100% %(a)s."),
    ],
)
def test_a_remark_is_told_with_its_place(where: str, what: str, want: str) -> None:
    assert reading_words.remark(where, what) == want


@pytest.mark.parametrize(
    ("reason", "want"),
    [
        ("It is empty.", "Berkas ini kosong."),
        ("Its part 'x' unpacks to too much: it looks like a zip bomb.", "Berkas ini mengembang terlalu besar saat dibuka."),
        (
            "A procedure has no place for subProcess 'Rapat' (id U).",
            "SOP tidak mengenal subProcess “Rapat” (id U).",
        ),
        (
            "line 5: a row stands behind the end of its table; the table cannot be read whole.",
            "Ada baris di luar akhir tabel: tabelnya tidak dapat dibaca utuh.",
        ),
        (
            "line 5: the table has a head, but which words stand in which column cannot be told.",
            "Tabelnya berjudul, tetapi batas kolomnya tidak dapat dipastikan.",
        ),
        ("task (id none) has no name.", "task (tanpa id) tidak punya nama."),
        ("It has two heads.", "Dokumen ini tidak dapat dibaca dengan aman (It has two heads.)."),
    ],
)  # fmt: skip
def test_a_refusal_says_why(reason: str, want: str) -> None:
    assert reading_words.refusal(reason) == want
