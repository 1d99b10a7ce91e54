"""Whatever a text holds: nothing raises, and nothing is told that the text does not hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.core.load import load
from sopan.exchange.as_file import as_file
from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.test_tables import HEAD
from sopan.exchange.words import clean

CELLS = st.sampled_from(
    ["", "", "", "1", "2", "3.", "A.", "Memeriksa berkas", "Kepala Bidang memeriksa, jika tidak dikembalikan ke Pemohon", "□", "◇", "↓",
     "ya", "10 menit", "maks 2 hari", "7 harl", "0 menit", "∞", "Berkas", "- ATK", "Jumlah", "NIP 1980", "Waktu", "Output", "Nomor SOP",
     "Dasar Hukum", "<b>x</b>", "| a |", "\f", "---", "Kegiatan"]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=11), max_size=14)
SEPARATORS = st.sampled_from(["\t", "\t", " | ", "   "])


@given(ROWS, SEPARATORS, st.booleans())
@settings(max_examples=300)
def test_any_table_is_read_or_refused(rows, separator, headed):
    text = (HEAD if headed else "") + "\n".join(separator.join(row) for row in rows)
    found = read_file(text.encode(), name="sop.txt")
    if isinstance(found, Unreadable):
        assert found.reason
        return
    words = clean(text)
    for draft in found:
        told = as_data(draft)
        for at, step in enumerate(told["steps"], 1):
            assert step["seq"] == at
            assert step["actor"] is None or step["actor"] in told["actors"]
            assert (step["actor"] is None) == (step["actor_from"] is None)
            assert step["returns_to"] is None or step["returns_to"] < at
            assert step["time_text"] is None or clean(step["time_text"]) in words
            assert step["time_minutes"] is None or step["time_minutes"] > 0
        load(as_file(draft, source="sop.txt"), file="sop.yaml")


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1", b"<html>", b"Nomor SOP\t", HEAD.encode()])
)
@settings(max_examples=60)
def test_any_bytes_are_read_or_refused(data, start):
    if start == b"%PDF-1":
        return  # each needs a process of its own; see test_readers
    found = read_file(start + data, name="berkas")
    assert isinstance(found, list | Unreadable)
