"""Text whose columns are told by position alone, as `pdftotext -layout` writes it. The procedure is invented."""

from __future__ import annotations

from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.test_tables import one

IDENTITY = """Nomor SOP                         12/PTSP/2024
Nama SOP                          Izin Reklame
Dasar Hukum                       Kualifikasi Pelaksana
1. UU 1                           1. Teliti
2. Peraturan Daerah tentang       2. Ramah
   reklame

"""
HEAD = """No        Uraian Kegiatan                          Pelaksana                            Mutu Baku                                          Ket
                                                   Pemohon     Petugas Loket   Kepala   Kelengkapan   Waktu               Output
                                                                               Bidang
"""
ROWS = """1         Mengajukan permohonan izin                                                    Formulir      10 menit            Berkas           Loket 1

2         Memeriksa berkas, jika tidak lengkap                     ◇                    Berkas        1/2 jam             Berkas lengkap
          dikembalikan kepada Pemohon untuk
          dilengkapi

3         Kepala Bidang menandatangani izin                                             Draf izin     maks 2 hari kerja   Izin
"""
CENTRED = """          Pemohon mengajukan                                                            Formulir
1                                                                                                     10 menit            Berkas
          permohonan izin                                                               dan kartu

2         Petugas Loket memeriksa berkas                                                Berkas        1/2 jam             Berkas lengkap
"""
SECOND_PAGE = """\f4     Kepala Bidang menyerahkan izin               Izin         5 menit    Tanda
                                                                           terima

5     Mengarsipkan berkas                          Map          5 menit    Arsip
"""


def test_columns_are_told_by_the_head_and_the_blanks():
    draft = one(IDENTITY + HEAD + ROWS)
    assert draft["actors"] == ["Pemohon", "Petugas Loket", "Kepala Bidang"]
    assert [
        (step["no"], step["requirements"], step["time_text"], step["output"], step["remarks"])
        for step in draft["steps"]
    ] == [
        ("1", "Formulir", "10 menit", "Berkas", "Loket 1"),
        ("2", "Berkas", "1/2 jam", "Berkas lengkap", None),
        ("3", "Draf izin", "maks 2 hari kerja", "Izin", None),
    ]
    assert (
        draft["steps"][1]["activity"]
        == "Memeriksa berkas, jika tidak lengkap dikembalikan kepada Pemohon untuk dilengkapi"
    )
    assert [step["actor"] for step in draft["steps"]] == [None, "Petugas Loket", "Kepala Bidang"]


def test_lists_beside_each_other_are_kept_apart():
    draft = one(IDENTITY + HEAD + ROWS)
    assert (draft["number"], draft["name"]) == ("12/PTSP/2024", "Izin Reklame")
    assert draft["identity"]["qualifications"] == ["Teliti", "Ramah"]
    assert draft["identity"]["legal_bases"][:2] == ["UU 1", "Peraturan Daerah tentang"]


def test_numbers_in_the_middle_of_their_rows():
    steps = one(IDENTITY + HEAD + CENTRED)["steps"]
    assert [(step["no"], step["activity"], step["requirements"]) for step in steps] == [
        ("1", "Pemohon mengajukan permohonan izin", "Formulir dan kartu"),
        ("2", "Petugas Loket memeriksa berkas", "Berkas"),
    ]


def test_rows_without_blanks_between_them():
    lines = [line for line in ROWS.splitlines() if line]
    assert one(IDENTITY + HEAD + "\n".join(lines))["steps"][1]["activity"].endswith(
        "dikembalikan kepada Pemohon untuk dilengkapi"
    )
    centred = [line for line in CENTRED.splitlines() if line]
    steps = one(IDENTITY + HEAD + "\n".join(centred))["steps"]
    assert [(step["no"], step["activity"], step["requirements"]) for step in steps] == [
        ("1", "Pemohon mengajukan permohonan izin", "Formulir dan kartu"),
        ("2", "Petugas Loket memeriksa berkas", "Berkas"),
    ]


def test_rows_that_could_be_read_in_two_ways_are_refused():
    rows = (  # "Kartu" could end the first row, or begin the second, whose number then stands in its middle
        "1         Mengajukan                                                                    Formulir      10 menit            Berkas\n"
        "                                                                                        Kartu\n"
        "2         Mencatat                                                                      Buku          10 menit            Nomor\n"
        "                                                                                        Surat\n"
    )
    refused = read_file((IDENTITY + HEAD + rows).encode(), name="sop.txt")
    assert isinstance(refused, Unreadable)


def test_a_page_with_other_places_for_its_columns():
    steps = one(IDENTITY + HEAD + ROWS + SECOND_PAGE)["steps"]
    assert [
        (step["no"], step["actor"], step["requirements"], step["time_minutes"], step["output"]) for step in steps[3:]
    ] == [
        ("4", "Kepala Bidang", "Izin", 5, "Tanda terima"),
        ("5", None, "Map", 5, "Arsip"),
    ]


def test_a_signature_behind_the_table_is_no_step():
    signed = "\n\n                                              Kepala Dinas,\n\n\n                                              Ani Contoh\n"
    draft = one(IDENTITY + HEAD + ROWS + signed)
    assert len(draft["steps"]) == 3
    assert draft["steps"][2]["output"] == "Izin"


def test_columns_that_have_run_together_are_refused():
    run = "NO URAIAN KEGIATAN Pemohon Petugas KELENGKAPAN WAKTU OUTPUT KET\n1 Mengajukan permohonan Formulir 10 menit Berkas\n"
    refused = read_file(run.encode(), name="pindai.txt")
    assert isinstance(refused, Unreadable)
    assert "run into each other" in refused.reason


def test_a_page_whose_columns_cannot_be_told_refuses_the_whole():
    crammed = "\f4 Kepala Bidang menyerahkan izin Izin 5 menit Tanda\n5 Mengarsipkan berkas Map 5 menit Arsip\n"
    refused = read_file((IDENTITY + HEAD + ROWS + crammed).encode(), name="pindai.txt")
    assert isinstance(refused, Unreadable)
    assert "cannot be told" in refused.reason


def test_rows_behind_the_end_of_their_table_refuse_the_whole():
    behind = "\n\n\n\n\n4         Kepala Bidang menyerahkan izin                                                Izin          5 menit             Tanda\n"
    refused = read_file((IDENTITY + HEAD + ROWS + behind).encode(), name="sop.txt")
    assert isinstance(refused, Unreadable)
    assert "cannot be read whole" in refused.reason


def test_a_symbol_in_the_middle_of_two_words_does_not_make_them_two_names():
    head = "No        Uraian Kegiatan            Pemohon     Kasi Layanan   Kelengkapan   Waktu      Output\n"
    rows = (
        "1         Mengajukan permohonan         □                       Formulir      10 menit   Berkas\n\n"
        "2         Memeriksa permohonan                        □         Berkas        5 menit    Hasil\n"
    )
    assert [step["actor"] for step in one(IDENTITY + head + rows)["steps"]] == ["Pemohon", None]
