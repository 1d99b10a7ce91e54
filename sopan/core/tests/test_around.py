"""What lies around a step of somebody outside."""

from __future__ import annotations

from sopan.core.around import first_staff, reached, recorders
from sopan.core.load import load
from sopan.core.model import Procedure

TEXT = """
format: 1
identity: {number: "1", name: Rekomendasi}
actors:
  pemohon: {name: PEMOHON, kind: outside}
  loket: {name: LOKET}
  kepala: {name: KEPALA}
  dinas: {name: DINAS LAIN, kind: outside}
  arsip: {name: ARSIP}
steps:
  - {no: 1, actor: pemohon, activity: Mengajukan}
  - {no: 2, actor: pemohon, activity: Melengkapi}
  - {no: 3, actor: loket, activity: Memeriksa, kind: decision, exits: {ya: {to: 4}, tidak: {to: 1}}}
  - {no: 4, actor: dinas, activity: Memberi pertimbangan}
  - {no: 5, actor: kepala, activity: Menyetujui, end: finished}
  - {no: 6, actor: arsip, activity: Mencatat, entry: arsip, end: finished}
"""


def proc() -> Procedure:
    found = load(TEXT, file="rekomendasi.yaml")
    assert isinstance(found, Procedure), found
    return found


def test_the_staff_come_in_at_the_first_step_that_is_theirs() -> None:
    assert [getattr(first_staff(proc(), key), "id", None) for key in ("1", "4", "6")] == ["3", "5", "6"]


def test_who_deals_with_somebody_outside_records_what_he_did() -> None:
    assert recorders(proc(), "1") == {"loket"}  # he comes back to it from 3, and goes on to 3
    assert recorders(proc(), "2") == {"loket"}
    assert recorders(proc(), "4") == {"loket", "kepala"}


def test_other_entries_are_not_reached() -> None:
    assert reached(proc(), "1") == {"1", "2", "3", "4", "5"}
    assert reached(proc(), "6") == {"6"}
