"""Tables in shapes that few bodies use, as text. All procedures are invented."""

from __future__ import annotations

import pytest

from sopan.exchange.as_json import as_data
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.test_tables import one
from sopan.exchange.times import read_time

HEAD = "No\tKegiatan\tPelaksana\t\tMutu Baku\t\t\tKet\n\t\tPemohon\tStaf\tKelengkapan\tWaktu\tOutput\t\n"
FIRST = "1\tMenerima berkas\t\t□\tSurat\t5 menit\tBerkas\t\n"


def told(text: str, *keys: str) -> list[tuple[object, ...]]:
    """The values of ``keys`` of all steps of the one procedure in ``text``."""
    return [tuple(step[key] for key in keys) for step in one(text)["steps"]]


def test_a_head_in_one_row_that_names_its_groups():
    draft = one(
        "# 📋 SOP Rujukan Pasien\n\n"
        "| No | Kegiatan | Pelaksana | Mutu Baku: Kelengkapan | Waktu | Output | Keterangan / Catatan |\n"
        "|:--:|:---|:---|:---|:--:|:---|:---|\n"
        "| **1** | Memeriksa pasien | Seksi Perawatan | Rekam medik | 15 Menit | a. Hasil<br>b. Catatan | **Mulai**. |\n"
        "| **2** | Mengantar pasien | Seksi Umum | Kendaraan | 1 Jam | Tanda terima | |\n"
    )
    assert (draft["name"], draft["actors"]) == ("Rujukan Pasien", ["Seksi Perawatan", "Seksi Umum"])
    first = draft["steps"][0]
    assert (first["actor"], first["requirements"], first["output"]) == (
        "Seksi Perawatan",
        "Rekam medik",
        "a. Hasil b. Catatan",
    )
    assert first["remarks"] == "Mulai."


def test_every_column_with_the_name_of_its_group():
    text = (
        "No\tKegiatan\tPelaksana: Pemohon\tPelaksana: Staf\tMutu Baku - Kelengkapan\tMutu Baku - Waktu\tMutu Baku - Output\tKet\n"
        + FIRST
    )
    assert one(text)["actors"] == ["Pemohon", "Staf"]
    assert told(text, "actor", "requirements", "time_minutes", "output") == [("Staf", "Surat", 5, "Berkas")]


def test_headings_in_two_languages():
    head = (
        "No\tKegiatan / Activity\tPelaksana / Executor\t\tMutu Baku / Quality Standard\t\t\tKeterangan / Remarks\n"
        "\t\tPemohon (Applicant)\tStaf (Staff)\tKelengkapan / Requirements\tWaktu / Time\tKeluaran / Output\t\n"
    )
    text = head + "1\tMenerima / Receive\t\t□\tSurat\t5 menit / 5 minutes\tBerkas\t\n"
    assert one(text)["actors"] == ["Pemohon (Applicant)", "Staf (Staff)"]
    assert told(text, "actor", "requirements", "time_minutes", "output") == [("Staf (Staff)", "Surat", 5, "Berkas")]


SPREAD = {
    "a blank head": ("Kelengkapan\tWaktu\t\tOutput\t", "5\tmenit", "2\tjam", "5 menit"),
    "Satuan": ("Kelengkapan\tWaktu\tSatuan\tOutput\t", "5\tmenit", "2\tjam", "5 menit"),
    "a head that is narrower": ("Kelengkapan\tWaktu\tOutput\t", "5\tmenit", "2\tjam", "5 menit"),
    "a column a unit": (
        "Kelengkapan\tWaktu\t\t\tOutput\t\n\t\t\t\t\tMenit\tJam\tHari\t\t", "5\t\t", "\t2\t", "5 Menit"
    ),
}  # fmt: skip


@pytest.mark.parametrize("head, first, second, printed", SPREAD.values(), ids=SPREAD)
def test_times_in_several_columns(head, first, second, printed):
    text = (
        "No\tKegiatan\tPelaksana\t\tMutu Baku\t\t\t\tKet\n"
        f"\t\tPemohon\tStaf\t{head}\n"
        f"1\tMenerima berkas\t\t□\tSurat\t{first}\tBerkas\t\n"
        f"2\tMemeriksa berkas\t□\t\tSurat\t{second}\tHasil\tx\n"
    )
    assert told(text, "actor", "time_minutes", "output", "remarks") == [
        ("Staf", 5, "Berkas", None),
        ("Pemohon", 120, "Hasil", "x"),
    ]
    assert told(text, "time_text")[0] == (printed,)


def test_two_tables_beside_each_other_are_two_procedures():
    rows = [*HEAD.splitlines(), FIRST.rstrip("\n"), "2\tMengirim berkas\t□\t\tSurat\t1 jam\tResi\tx"]
    other = [row.replace("berkas", "kartu") for row in rows]
    text = "\n".join(f"{left}\t\t{right}" for left, right in zip(rows, other, strict=True))
    found = read_file(text.encode(), name="sop.txt")
    assert isinstance(found, list)
    assert [
        [(step["activity"], step["actor"], step["remarks"]) for step in as_data(draft)["steps"]] for draft in found
    ] == [
        [("Menerima berkas", "Staf", None), ("Mengirim berkas", "Pemohon", "x")],
        [("Menerima kartu", "Staf", None), ("Mengirim kartu", "Pemohon", "x")],
    ]


@pytest.mark.parametrize("part", ["a\tMenerima berkas", "a.\tMenerima berkas", "\ta. Menerima berkas"])
def test_a_bare_row_above_its_parts_is_a_heading(part):
    draft = one(HEAD + f"1\tPenerimaan\t\t\t\t\t\t\n{part}\t\t□\tSurat\t5 menit\tBerkas\t\n")
    assert [step["activity"].removeprefix("a. ") for step in draft["steps"]] == ["Menerima berkas"]
    assert any("taken for a heading" in warning["what"] for warning in draft["warnings"])


def test_a_bare_row_above_another_step_is_a_step():
    assert told(HEAD + "1\tMenunggu\t\t\t\t\t\t\n2\tMenerima\t\t□\tSurat\t5 menit\tBerkas\t\n", "no") == [
        ("1",),
        ("2",),
    ]


def test_marks_that_nobody_sees():
    head = HEAD.replace("Kegiatan", "Kegia\u200btan").replace("Waktu", "\u200eWaktu\u200f")
    text = head + "1\t\u202bMeneri\u00adma berkas\u202c\t\t\u200f□\ufe0e\tSurat\t\u200e5\u00a0menit\tBerkas\u2066\t\n"
    assert told(text, "activity", "actor", "time_minutes", "output") == [("Menerima berkas", "Staf", 5, "Berkas")]


TIMES = [
    ("seminggu", 2250, "exact"), ("sehari", 450, "exact"), ("setengah jam", 30, "exact"), ("tiga hari kerja", 1350, "exact"),
    ("maks. dua jam", 120, "max"), ("10 menit *)", 10, "exact"), ("1 jam/ 60 menit", 60, "exact"), ("1 hari / 1 day", 450, "exact"),
    ("2 minggu kerja", 4500, "exact"), ("90 dtk", 1.5, "exact"), ("1 th", None, "exact"), ("120 menit / 3 hari", None, "undetermined"),
    ("1 OH", None, "undetermined"), ("s.d. tanggal 10", None, "undetermined"), ('15"', None, "undetermined"), ("01:30", None, "undetermined"),
    ("sejumlah", None, "undetermined"), ("H+3", None, "undetermined"),
]  # fmt: skip


@pytest.mark.parametrize("printed, minutes, kind", TIMES)
def test_times_in_words_and_with_marks(printed, minutes, kind):
    assert (read_time(printed).minutes, read_time(printed).kind) == (minutes, kind)


COLUMNS = {
    "costs before the output": ("Kelengkapan\tWaktu\tBiaya\tOutput\tKet", "Surat\t5 menit\tRp 10.000\tBerkas\tx", "Biaya"),
    "an unknown one between": ("Kelengkapan\tWaktu\tOutput\tLampiran\tKet", "Surat\t5 menit\tBerkas\tF-01\tx", "Lampiran"),
    "forms first": ("Formulir\tKelengkapan\tWaktu\tOutput\tKet", "F-01\tSurat\t5 menit\tBerkas\tx", "Formulir"),
}  # fmt: skip


@pytest.mark.parametrize(("head", "row", "name"), COLUMNS.values(), ids=COLUMNS)
def test_columns_that_a_step_has_no_place_for_are_told(head, row, name):
    text = f"No\tKegiatan\tPelaksana\t\tMutu Baku\t\t\t\t\n\t\tPemohon\tStaf\t{head}\n1\tMenerima\t\t□\t{row}\n2\tMencatat\t□\t\t{row}\n"
    assert told(text, "actor", "requirements", "time_minutes", "output", "remarks") == [
        ("Staf", "Surat", 5, "Berkas", "x"),
        ("Pemohon", "Surat", 5, "Berkas", "x"),
    ]
    assert f"The column '{name}' is left out: a step has no place for it." in [
        one_["what"] for one_ in one(text)["warnings"]
    ]


@pytest.mark.parametrize("numbers", ["a\tb\tc\td\te\tf\tg\th", "(1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)\t(8)"])
def test_a_row_of_column_letters_is_no_step(numbers):
    assert told(f"{HEAD}{numbers}\n{FIRST}", "no", "actor") == [("1", "Staf")]


def test_words_of_capsules_are_no_steps():
    text = f"{HEAD}\tMulai\t\t\t\t\t\t\n{FIRST}\tSelesai\t\t\t\t\t\t\n"
    assert told(text, "activity") == [("Menerima berkas",)]


def test_numbers_before_the_words_of_the_activities():
    text = HEAD + "\t1. Menerima\t\t□\tSurat\t5 menit\tBerkas\t\n\t2. Memeriksa\t□\t\tSurat\t5 menit\tHasil\t\n"
    assert told(text, "no", "activity") == [("1.", "Menerima"), ("2.", "Memeriksa")]


def test_rows_with_line_breaks_in_their_cells():
    text = (
        HEAD
        + "1\tMenerima berkas\n dari pemohon\t\t□\tSurat\n permohonan\t5 menit\tBerkas\t\n2\tMencatat\t□\t\tBuku\t5 menit\tNomor\t\n"
    )
    assert told(text, "no", "activity", "actor", "requirements", "time_minutes", "output") == [
        ("1", "Menerima berkas dari pemohon", "Staf", "Surat permohonan", 5, "Berkas"),
        ("2", "Mencatat", "Pemohon", "Buku", 5, "Nomor"),
    ]


def test_one_column_of_names_before_the_activities():
    text = (
        "No\tPelaksana\tKegiatan\tKelengkapan\tWaktu\tOutput\n1\tStaf\tMenerima berkas\tSurat\t5 menit\tBerkas\n"
        "2\t\tMencatat\tBuku\t5 menit\tNomor\n3\tCamat\tMemeriksa\tBerkas\t1 jam\tHasil\n"
    )
    draft = one(text)
    assert draft["actors"] == ["Staf", "Camat"]
    assert [(step["activity"], step["actor"]) for step in draft["steps"]] == [
        ("Menerima berkas", "Staf"),
        ("Mencatat", None),
        ("Memeriksa", "Camat"),
    ]
    assert {"where": "step 2 (line 3)", "what": "Who does it is not told."} in draft["warnings"]


BARS = "No | Kegiatan | Pemohon | Staf | Kelengkapan | Waktu | Output"
DRAWN = {
    "no bars at the ends": f"{BARS}\n---|:---|---|---|---|---|---\n1 | Menerima berkas | | x | Surat | 5 menit | Berkas",
    "a drawn frame": f"┌──┬──┬──┐\n│ {BARS.replace('|', '│')} │\n├──┼──┼──┤\n│ 1 │ Menerima berkas │ │ x │ Surat │ 5 menit │ Berkas │\n└──┴──┴──┘",
    "lines of pluses": f"+---+---+---+\n| {BARS} |\n+---+---+---+\n| 1 | Menerima | | x | Surat | 5 menit | Berkas |\n|  | berkas | | | | | |\n+---+---+---+",
}  # fmt: skip


@pytest.mark.parametrize("table", DRAWN.values(), ids=DRAWN)
def test_tables_drawn_with_characters(table):
    assert told(f"SOP PELAYANAN SURAT\n{table}\n", "activity", "actor", "time_minutes") == [
        ("Menerima berkas", "Staf", 5)
    ]


def test_labels_in_the_right_half_of_the_page():
    draft = one(
        "PEMERINTAH KOTA BAHARI         Nomor SOP            : 067/12/2024\n"
        "KECAMATAN SUKA MAJU            Tanggal Pembuatan    : 3 Juni 2024\n"
        "SEKSI PELAYANAN                Nama SOP             : Pelayanan Surat\n\n" + HEAD + FIRST
    )
    assert (draft["number"], draft["name"], draft["identity"]["made"]) == (
        "067/12/2024",
        "Pelayanan Surat",
        "3 Juni 2024",
    )
