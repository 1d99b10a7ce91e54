"""SPT and LPC on paper: what they say, who gets them, and that there is none before its number."""

from __future__ import annotations

import io

from django.urls import reverse
from pypdf import PdfReader

from sopan.domains.testing import letters
from sopan.people.models import User

from .cast import Play, as_


def got(play: Play, person: User, kind: str) -> tuple[int, bytes]:
    answer = as_(person).get(reverse("testing:sampling-paper", args=[play.case.pk, kind]))
    return answer.status_code, answer.content


def words_of(content: bytes) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).split())


def test_the_letter_and_the_report_are_printed_once_they_have_their_numbers(play: Play) -> None:
    cast = play.cast
    assert got(play, cast.lukman, "spt")[0] == 404  # no request yet
    play.request()
    play.do(cast.surya, officer=cast.lukman.pk, planned_on="2026-11-23")
    assert [got(play, cast.lukman, kind)[0] for kind in ("spt", "lpc", "lain")] == [200, 404, 404]
    told = words_of(got(play, cast.lukman, "spt")[1])
    for text in ("SURAT PERINTAH TUGAS", "001/SPT/BPSMB/XI/2026", cast.lukman.full_name, "23 November 2026",
                 "Surat permohonan 017/SPPC/XI/2026, 20 November 2026", "PT Contoh Kopi Lampung", cast.surya.full_name,
                 "Gudang 3, Jalan Pelabuhan Contoh", "Ditandatangani dengan tangan"):  # fmt: skip
        assert text in told
    assert "QR" not in told
    assert got(play, cast.lukman, "spt") == got(play, cast.kurnia, "spt")
    refused = {name: got(play, cast.people[name], "spt")[0] for name in ("fitri", "wahyu", "baskara", "citra")}
    assert refused == dict.fromkeys(refused, 404)  # the analyst works blind, the staff has no part in this procedure


def test_the_report_tells_what_was_done_at_the_warehouse(play: Play) -> None:
    play.to_worksheet()
    told = words_of(got(play, play.cast.lukman, "lpc")[1])
    for text in ("LAPORAN PENGAMBILAN CONTOH", "001/LPC/BPSMB/XI/2026", "001/SPT/BPSMB/XI/2026", "BPSMB-0117",
                 "23 November 2026", "10.00", "10.45", "Kering, berpalet", "tidak ada", "Budi Contoh"):  # fmt: skip
        assert text in told
    assert letters.letter(play.case.test_request, "lpc") == letters.letter(play.case.test_request, "lpc")
    panel = as_(play.cast.kurnia).get(reverse("case", args=[play.case.pk]), {"tab": "testing"}).content.decode()
    assert "Unduh SPT 001/SPT/BPSMB/XI/2026" in panel and "Unduh LPC 001/LPC/BPSMB/XI/2026" in panel
    assert got(play, play.cast.fitri, "lpc")[0] == 404
