"""Tables as bodies print them: heads, odd rows, lost and won cells. All procedures here are invented."""

from __future__ import annotations

from typing import Any

from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file

NIP = "9" * 8 + " 999999 9 999"  # as long as one, and nobody's
HEAD = """Nomor SOP\t: 12/PTSP/2024
Nama SOP\t: Izin Reklame
No\tKegiatan\tPelaksana\t\t\tMutu Baku\t\t\tKet.
\t\tPemohon\tPetugas Loket\tKepala Bidang\tKelengkapan\tWaktu\tOutput\t
"""


def read(text: str) -> list[dict[str, Any]]:
    found = read_file(text.encode(), name="sop.txt")
    assert not isinstance(found, Unreadable), found.reason
    return [as_data(draft) for draft in found]


def one(text: str) -> dict[str, Any]:
    drafts = read(text)
    assert len(drafts) == 1
    return drafts[0]


def what(draft: dict[str, Any]) -> str:
    return " ".join(warning["what"] for warning in draft["warnings"])


def test_a_plain_table():
    draft = one(HEAD + "1\tMengajukan permohonan\t○\t\t\tFormulir\t10 menit\tBerkas\tLoket 1\n")
    assert (draft["number"], draft["name"]) == ("12/PTSP/2024", "Izin Reklame")
    assert draft["actors"] == ["Pemohon", "Petugas Loket", "Kepala Bidang"]
    assert draft["steps"] == [
        {
            "no": "1", "seq": 1, "activity": "Mengajukan permohonan", "actor": "Pemohon", "actor_from": "cell",
            "requirements": "Formulir", "time_text": "10 menit", "time_minutes": 10, "time_kind": "exact",
            "output": "Berkas", "remarks": "Loket 1", "decision": None, "returns_to": None,
        }
    ]  # fmt: skip


def test_a_table_with_bars_reads_the_same():
    tabs = HEAD + "1\tMengajukan permohonan\t○\t\t\tFormulir\t10 menit\tBerkas\t\n"
    lines = [f"| {' | '.join(line.split(chr(9)))} |" for line in tabs.splitlines()[2:]]
    bars = "\n".join([*tabs.splitlines()[:2], lines[0], "|---|---|---|---|---|---|---|---|---|", *lines[1:]])
    assert one(bars)["steps"] == one(tabs)["steps"]
    assert one(bars)["actors"] == one(tabs)["actors"]


def test_nothing_is_told_where_the_table_says_nothing():
    step = one(HEAD + "1\tMemeriksa berkas\t\t\t\t\t\t\t\n2\tSelesai\t\t\t□\t\t1 jam\tIzin\t\n")["steps"][0]
    assert (
        step["actor"] is step["actor_from"] is step["requirements"] is step["time_text"] is step["time_minutes"] is None
    )
    assert step["time_kind"] == "missing"
    assert step["output"] is step["remarks"] is step["decision"] is step["returns_to"] is None


def test_numbers_stay_as_printed_and_are_warned_about():
    draft = one(HEAD + "".join(f"{no}\tKegiatan ke {i}\t\t□\t\tA\t1 jam\tB\t\n" for i, no in enumerate("1225")))
    assert [step["no"] for step in draft["steps"]] == ["1", "2", "2", "5"]
    assert [step["seq"] for step in draft["steps"]] == [1, 2, 3, 4]
    assert "The number 2 is printed more than once" in what(draft)
    assert "The number before is 2: one is missing" in what(draft)


def test_a_row_of_column_numbers_a_title_and_a_total_are_no_steps():
    draft = one(
        HEAD
        + "1\t2\t3\t4\t5\t6\t7\t8\t9\n"
        + "\tIzin Reklame\t\t\t\t\t\t\t\n"
        + "1\tMenerima berkas\t\t□\t\tBerkas\t5 menit\tTanda terima\t\n"
        + "\tJumlah waktu\t\t\t\t\t5 menit\t\t\n"
        + "\t\t\t\t\t\t5 menit\t\t\n"
    )
    assert [step["activity"] for step in draft["steps"]] == ["Menerima berkas"]
    assert "taken for a heading" in what(draft) and "totals is left out" in what(draft)


def test_a_step_without_number_is_a_step():
    draft = one(HEAD + "1\tMenerima berkas\t\t□\t\tA\t5 menit\tB\t\n\tMencatat berkas\t\t□\t\tA\t5 menit\tB\t\n")
    assert [step["no"] for step in draft["steps"]] == ["1", None]
    assert "no number" in what(draft)


def test_a_row_split_by_the_end_of_a_page_is_joined():
    draft = one(
        HEAD + "1\tMenerima berkas dan\t\t□\t\tFormulir\t5 menit\tTanda\t\n\tmencatatnya\t\t\t\tterisi\t\tterima\t\n"
    )
    assert len(draft["steps"]) == 1
    step = draft["steps"][0]
    assert (step["activity"], step["requirements"], step["output"]) == (
        "Menerima berkas dan mencatatnya",
        "Formulir terisi",
        "Tanda terima",
    )


def test_a_table_goes_on_with_and_without_its_head():
    second = "2\tMemeriksa\t\t□\t\tA\t1 jam\tB\t\n"
    begin = HEAD + "1\tMenerima berkas\t\t□\t\tA\t5 menit\tB\t\n"
    table_head = "\n".join(HEAD.splitlines()[2:]) + "\n"
    for page in ("\n\n2\tMemeriksa\t\t□\t\tA\t1 jam\tB\t\n", "\nhalaman 2\n\n" + table_head + second):
        assert [step["no"] for step in one(begin + page)["steps"]] == ["1", "2"]


def test_several_procedures_in_one_file():
    first = HEAD + "1\tMenerima berkas\t\t□\t\tA\t5 menit\tB\t\n"
    drafts = read(first + "\n\n" + first.replace("12/PTSP", "13/PTSP").replace("Reklame", "Parkir"))
    assert [(draft["number"], draft["name"], len(draft["steps"])) for draft in drafts] == [
        ("12/PTSP/2024", "Izin Reklame", 1),
        ("13/PTSP/2024", "Izin Parkir", 1),
    ]


def test_a_row_that_lost_cells_is_read_by_the_place_of_its_time_and_its_symbol_tells_no_actor():
    rows = "".join(f"{i}\tKegiatan {i}\t\t□\t\tSyarat\t5 menit\tHasil\t\n" for i in (1, 2, 3))
    draft = one(HEAD + rows + "4\tMencetak izin\t□\tKertas\t10 menit\tIzin\t\n")
    step = draft["steps"][3]
    assert (step["requirements"], step["time_text"], step["output"], step["actor"]) == (
        "Kertas",
        "10 menit",
        "Izin",
        None,
    )
    assert "fewer or more cells" in what(draft)


def test_requirements_that_strayed_into_a_column_of_an_actor():
    draft = one(
        HEAD + "1\tMenerima berkas\t\t\t- Formulir dan fotokopi kartu tanda penduduk\t\t5 menit\tTanda terima\t\n"
    )
    assert draft["steps"][0]["requirements"] == "- Formulir dan fotokopi kartu tanda penduduk"
    assert draft["steps"][0]["actor"] is None


def test_the_unit_of_the_head_counts_for_bare_numbers():
    draft = one(HEAD.replace("Waktu", "Waktu (jam)") + "1\tMenerima berkas\t\t□\t\tA\t2\tB\t\n")
    assert (draft["steps"][0]["time_text"], draft["steps"][0]["time_minutes"]) == ("2", 120)


def test_one_column_of_actors_that_holds_names():
    draft = one(
        "No\tUraian Kegiatan\tPelaksana\tKelengkapan\tWaktu\tHasil\n"
        "1\tMenerima berkas\tPetugas Loket\tBerkas\t5 menit\tTanda terima\n"
        "2\tMenandatangani izin\tKepala Dinas\tDraf\t1 jam\tIzin\n"
        "3\tMenyerahkan izin\tPetugas Loket\tIzin\t5 menit\tBukti\n"
    )
    assert draft["actors"] == ["Petugas Loket", "Kepala Dinas"]
    assert [step["actor"] for step in draft["steps"]] == ["Petugas Loket", "Kepala Dinas", "Petugas Loket"]


def test_a_column_of_staff_that_is_headed_pelaksana():
    draft = one(
        "No\tKegiatan\tPelaksana\t\tMutu Baku\t\t\n\t\tKepala\tPelaksana\tKelengkapan\tWaktu\tOutput\n"
        "1\tMenyusun konsep\t\t□\tATK\t1 jam\tKonsep\n"
    )
    assert draft["actors"] == ["Kepala", "Pelaksana"]
    assert draft["steps"][0]["actor"] == "Pelaksana"


def test_symbols_under_two_actors_tell_none_alone():
    draft = one(HEAD + "1\tMembahas berkas\t\t□\t□\tA\t1 jam\tB\t\n")
    assert draft["steps"][0]["actor"] is None
    assert "Petugas Loket, Kepala Bidang" in what(draft)


def test_an_arrow_or_an_answer_tells_no_actor():
    draft = one(HEAD + "1\tMembahas berkas\t\t↓\t\tA\t1 jam\tB\t\n2\tMenimbang berkas\t\ttidak\t\tA\t1 jam\tB\t\n")
    assert [step["actor"] for step in draft["steps"]] == [None, None]


def test_words_that_name_another_column_than_the_symbol_are_warned_about():
    draft = one(HEAD + "1\tKepala Bidang memeriksa berkas\t\t□\t\tA\t1 jam\tB\t\n")
    assert draft["steps"][0]["actor"] == "Petugas Loket"
    assert "the words name 'Kepala Bidang'" in what(draft)


def test_a_list_of_procedures_is_no_table_of_activities():
    refused = read_file(b"No. Urut\tNo. SOP\tJudul SOP\n1\tA.1\tSurat masuk\n2\tA.2\tSurat keluar\n", name="daftar.txt")
    assert isinstance(refused, Unreadable)


def test_a_number_of_an_official_is_never_kept():
    draft = one(
        f"Disahkan oleh\tKepala Dinas Ani Contoh, S.E. NIP. {NIP}\n" + HEAD + "1\tMenerima\t□\t\t\tA\t1 jam\tB\t\n"
    )
    assert draft["identity"]["approved_by"] == "Kepala Dinas Ani Contoh, S.E."


def test_identity_on_lines_in_cells_and_in_one_text():
    table = "\n".join(HEAD.splitlines()[2:]) + "\n1\tMenerima\t□\t\t\tA\t1 jam\tB\t\n"
    for block in (
        "Nomor SOP\n\n7/A\n\nNama SOP\n\nIzin\n\nDasar Hukum\n\n1. UU 1\n2. UU 2\n",
        "Nomor SOP 7/A\nNama SOP : Izin\n\nDasar Hukum :\n1. UU 1\n2. UU 2\n",
        "BADAN CONTOH\tNomor SOP\t: 7/A\n\tNama SOP\t: Izin\nDasar Hukum\tKualifikasi Pelaksana\n1. UU 1 2. UU 2\t1. Teliti\n",
    ):
        draft = one(block + table)
        assert (draft["number"], draft["name"], draft["identity"]["legal_bases"]) == ("7/A", "Izin", ["UU 1", "UU 2"])


def test_a_table_written_as_html_inside_text():
    cells = "".join(
        f"<td>{cell}</td>" for cell in ["1", "Mengajukan permohonan", "○", "", "", "Formulir", "10 menit", "Berkas", ""]
    )
    draft = one(
        "# SOP IZIN\n\nNomor SOP : 7/A\n\nNama SOP : Izin\n\n<table><tr><th rowspan=2>No</th><th rowspan=2>Kegiatan</th>"
        "<th colspan=3>Pelaksana</th><th colspan=3>Mutu Baku</th><th rowspan=2>Ket</th></tr>\n<tr><th>Pemohon</th><th>Loket</th>"
        f"<th>Kepala</th><th>Kelengkapan</th><th>Waktu</th><th>Output</th></tr><tr>{cells}</tr></table>\n\nKepala Dinas\n"
    )
    assert (draft["number"], draft["actors"]) == ("7/A", ["Pemohon", "Loket", "Kepala"])
    assert [(step["actor"], step["output"]) for step in draft["steps"]] == [("Pemohon", "Berkas")]


def test_a_signature_in_the_table_is_no_step():
    signed = f"\t\t\t\tKepala Bidang,\t\t\t\n\t\t\t\tAni Contoh\t\t\t\n\t\t\t\tNIP {NIP}\t\t\t\n"
    steps = one(HEAD + "1\tMenerima berkas\t\t□\t\tA\t5 menit\tB\t\n" + signed)["steps"]
    assert [(step["requirements"], step["output"]) for step in steps] == [("A", "B")]


def test_a_numbered_row_over_sub_steps_is_a_heading():
    rows = "1\tPenerimaan\t\t\t\t\t\t\t\n1.1\tMenerima berkas\t\t□\t\tA\t5 menit\tB\t\n2\tMemeriksa\t\t□\t\tA\t5 menit\tB\t\n"
    assert [step["no"] for step in one(HEAD + rows)["steps"]] == ["1.1", "2"]


def test_a_colon_in_a_cell_of_its_own():
    draft = one(
        HEAD.replace("Nomor SOP\t: ", "NOMOR SOP\t:\t").replace("Nama SOP\t: ", "JUDUL SOP\t:\t")
        + "1\tMenerima\t□\t\t\tA\t1 jam\tB\t\n"
    )
    assert (draft["number"], draft["name"]) == ("12/PTSP/2024", "Izin Reklame")


def test_names_in_the_upper_row_of_the_head_over_several_columns_each():
    draft = one(
        "No\tKegiatan\tPemohon\t\t\tKepala Bidang\t\t\tMUTU BAKU\t\t\tKeterangan\n"
        "\t\t\t\t\t\t\t\tKelengkapan\tWaktu\tOutput\t\n"
        "1\tMengajukan\t\t○\t\t\t\t\tFormulir\t5 menit\tBerkas\t\n"
        "2\tMenandatangani\t\t\t\t\t□\t\tDraf\t5 menit\tIzin\t\n"
    )
    assert draft["actors"] == ["Pemohon", "Kepala Bidang"]
    assert [step["actor"] for step in draft["steps"]] == ["Pemohon", "Kepala Bidang"]


def test_a_table_without_any_number():
    draft = one(
        "Nomor : 45/B\nJudul : Tamu\nKegiatan\tPelaksana\t\tMutu Baku\t\t\n\tSatpam\tResepsionis\tKelengkapan\tWaktu\tOutput\n"
        "Menerima tamu\tx\t\tKTP\t2 menit\tBuku tamu\nMencatat tamu\t\tx\tBuku\t3 menit\tCatatan\n"
    )
    assert (draft["number"], draft["name"]) == ("45/B", "Tamu")
    assert [(step["no"], step["activity"], step["actor"]) for step in draft["steps"]] == [
        (None, "Menerima tamu", "Satpam"),
        (None, "Mencatat tamu", "Resepsionis"),
    ]


def test_remarks_may_tell_where_a_decision_returns_to():
    rows = "1\tMengisi formulir\t○\t\t\tA\t1 jam\tB\t\n2\tMenyetujui permohonan\t\t□\t\tA\t1 jam\tB\tbila ditolak kembali ke langkah 1\n"
    step = one(HEAD + rows)["steps"][1]
    assert (step["decision"], step["returns_to"]) == (True, 1)


def test_an_answer_beside_the_next_step_is_not_its_decision():
    rows = (
        "1\tMengajukan\tMulai\t\t\tA\t1 jam\tB\t\n2\tMemeriksa\ttidak\t◇\t\tA\t1 jam\tB\t\n"
        "3\tMenandatangani\t\tya →\t□\tA\t1 jam\tB\t\n4\tMenelaah\ttidak\t□\tya\tA\t1 jam\tB\t\n"
    )
    assert [step["decision"] for step in one(HEAD + rows)["steps"]] == [None, True, None, True]


def test_another_page_with_its_columns_in_another_order():
    page = "No\tKegiatan\tPetugas Loket\tPemohon\tKepala Seksi\tKelengkapan\tWaktu\tOutput\tKet.\n"
    draft = one(
        HEAD
        + "1\tMengajukan\t○\t\t\tA\t1 jam\tB\t\n\n"
        + page
        + "2\tMencatat\t□\t\t\tA\t1 jam\tB\t\n3\tMenelaah\t\t\t□\tA\t1 jam\tB\t\n"
    )
    assert draft["actors"] == ["Pemohon", "Petugas Loket", "Kepala Bidang", "Kepala Seksi"]
    assert [step["actor"] for step in draft["steps"]] == ["Pemohon", "Petugas Loket", "Kepala Seksi"]


def test_a_damaged_table_does_not_take_a_good_one_down():
    bad = (
        "SOP PENGADUAN\nNo Kegiatan\nPetugas Kepala Kelengkapan Waktu Output\n1 Menerima aduan Formulir 10 menit Aduan\n"
        "2 Menelaah aduan Aduan 1 jam Telaah\n\n"
    )
    good = HEAD + "1\tMengajukan\t○\t\t\tA\t1 jam\tB\t\n"
    for text in (bad + good, good + bad):
        drafts = {draft["name"]: draft for draft in read(text)}
        assert [step["activity"] for step in drafts["Izin Reklame"]["steps"]] == ["Mengajukan"]
        assert drafts["PENGADUAN"]["steps"] == []
        assert "run into each other" in what(drafts["PENGADUAN"])


def test_several_tables_under_headings_of_one_document():
    head = "| No | Kegiatan | Pelaksana | Waktu | Keterangan |\n|---|---|---|---|---|\n"
    drafts = read(
        f"# LAYANAN\n\n**Kode SOP** : 1\n\n### Surat aktif\n\n{head}| 1 | Mengisi formulir | Siswa | 5 menit | - |\n\n"
        f"### Surat pindah\n\n**Prosedur:**\n\n{head}| 1 | Mengajukan | Wali | 1-2 hari | - |\n\n"
        "| Jenis Surat | Waktu |\n|---|---|\n| Surat aktif | 2 hari |\n"
    )
    assert [(draft["name"], [step["actor"] for step in draft["steps"]]) for draft in drafts][1:] == [
        ("Surat pindah", ["Wali"])
    ]
    assert [step["actor"] for step in drafts[0]["steps"]] == ["Siswa"]


def test_words_of_the_head_with_blanks_in_them_and_a_unit_in_a_row_of_its_own():
    draft = one(
        HEAD.replace("No\t", "N O\t")
        .replace("Waktu", "W A K T U")
        .replace("Kelengkapan", "Keleng kapan")
        .replace("Output", "Out put")
        + "\t\t\t\t\t\t(menit)\t\t\n1\tMengajukan\t○\t\t\tA\t45\tB\t\n"
    )
    assert [(step["activity"], step["time_minutes"], step["output"]) for step in draft["steps"]] == [
        ("Mengajukan", 45, "B")
    ]


def test_semicolons_or_commas_between_the_cells():
    for mark in ";,":
        rows = [
            ["Nomor SOP", "7", "", "", "", "", ""],
            ["Nama SOP", "Surat", "", "", "", "", ""],
            ["No", "Kegiatan", "Staf", "Kepala", "Kelengkapan", "Waktu", "Output"],
            ["1", f'"Mencatat{mark} lalu memberi nomor"', "x", "", "Surat", "5 menit", "Catatan"],
        ]
        draft = one("\n".join(mark.join(row) for row in rows))
        assert (draft["number"], draft["name"]) == ("7", "Surat")
        assert [(step["activity"], step["actor"]) for step in draft["steps"]] == [
            (f"Mencatat{mark} lalu memberi nomor", "Staf")
        ]


def test_the_unit_on_a_cover_is_no_name_of_an_sop():
    table = "No\tUraian Kegiatan\tPelaksana\t\tMutu Baku\t\t\n\t\tStaf\tKasi\tKelengkapan\tWaktu\tOutput\n"
    rows = "1\tMencatat surat\t■\t\tBuku\t5 menit\tAgenda\n2\tMemeriksa surat\t\t■\tAgenda\t1 jam\tSurat\n"
    (draft,) = read_file(
        f"STANDAR OPERASIONAL PROSEDUR (SOP)\n\nSEKSI CONTOH\nTAHUN 2020\n\n{table}{rows}".encode(), name="s.txt"
    )
    assert draft.name is None
    assert len(draft.steps) == 2


def test_every_value_tells_where_it_comes_from_and_how_sure_it_is():
    head = "No\tKegiatan\tPelaksana\t\tMutu Baku\t\t\n\t\tPemohon\tPetugas Loket\tKelengkapan\tWaktu (menit)\tOutput\n"
    rows = (
        "1\tPemohon mengajukan permohonan\t\t\tFormulir\t10\tBerkas\n"
        "2\tMemeriksa berkas, jika lengkap diteruskan, jika tidak dikembalikan\t\t□\tBuku\t15\tNomor\n"
    )
    (draft,) = read_file(f"Nama SOP\t: Izin\n{head}{rows}".encode(), name="s.txt")
    first, second = draft.steps
    assert (first.actor.source, first.actor.sure) == ("words", "certain")
    assert (second.actor.source, second.actor.sure) == ("cell", "certain")
    assert (second.decision.source, second.decision.sure) == ("words", "likely")
    assert (first.requirements.source, first.time.text.source, first.time.minutes.source) == ("cell", "cell", "default")
