"""The remarks of the readers are told in Indonesian: all that the source documents bring forth."""

from __future__ import annotations

import pytest

from sopan.catalogue import reading_words
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from tests.seeds import needed


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
        ("It has two heads.", "Dokumen ini tidak dapat dibaca dengan aman (It has two heads.)."),
    ],
)  # fmt: skip
def test_a_refusal_says_why(reason: str, want: str) -> None:
    assert reading_words.refusal(reason) == want
