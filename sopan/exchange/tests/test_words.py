"""What the words of a step tell: who acts, whether it decides, where it returns to."""

from __future__ import annotations

import pytest

from sopan.exchange.decisions import decides
from sopan.exchange.people import actor_in_words, columns_of, named
from sopan.exchange.tests.test_tables import one
from sopan.exchange.words import clean, items

COLUMNS = columns_of(
    [
        "Kepala Dinas",
        "Sekretaris",
        "Kasubbag Umum & Kepeg",
        "Staf/Pegawai",
        "MT",
        "CS",
        "Ka. UPTD/M. Puncak",
        "Kasi Desain dan Kemasan",
    ]
)


def actor(activity: str, requirements: str = "") -> str | None:
    told = actor_in_words(activity, requirements, COLUMNS)
    return told.value if told else None


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ("Kasubbag memerintahkan Staf untuk menyiapkan data", "Kasubbag Umum & Kepeg"),
        ("Kadis memeriksa draf, jika setuju ditandatangani", "Kepala Dinas"),
        ("Dimulai dari Sekretaris menugaskan Kasubbag", "Sekretaris"),
        ("Sekretris menugaskan Kasubbag", "Sekretaris"),
        ("Pegawai mengajukan surat izin belajar", "Staf/Pegawai"),
        ("Stafmendokumentasikan neraca", "Staf/Pegawai"),
        ("Manajer Teknis / Ketua Tim X melakukan pengecekan", "MT"),
        ("CS terima dan memproses sampel", "CS"),
        ("Kepala UPTD menandatangani surat", "Ka. UPTD/M. Puncak"),
        ("Kasi Kemasan menganalisis pesanan", "Kasi Desain dan Kemasan"),
        ("Kasubbag dan Tim mengumpulkan data", "Kasubbag Umum & Kepeg"),
        (
            "Surat dan lembar disposisi (yang telah berisi catatan) diterima oleh Kepala UPTD, lalu diarsipkan",
            "Ka. UPTD/M. Puncak",
        ),
        ("Sekretaris bersama para Kabid membahas usulan", "Sekretaris"),
    ],
)
def test_the_actor_that_the_words_name(activity, expected):
    assert actor(activity) == expected


@pytest.mark.parametrize(
    "activity",
    [
        "Memeriksa surat yang telah diparaf oleh Kasubbag",  # another step's actor
        "Menyerahkan berkas kepada Sekretaris",
        "Surat diajukan ke Kepala Dinas",
        "Petugas menerima berkas",  # no such column
        "Kasubbag Perencanaan menyimpan surat",  # another Kasubbag than the column
        "Kepala memeriksa berkas",  # could be several
        "Setelah ditandatangani oleh Kepala Dinas berkas dikembalikan",
        "Staf diberi tugas oleh pimpinan",  # a passive verb: who is given the task does not act
        "Konsep surat yang dibuat oleh staf dikoreksi",
        "Finalisasi laporan",
        "Subbag Umum menyusun laporan",  # a unit, not its head
    ],
)
def test_no_actor_is_guessed(activity):
    assert actor(activity) is None


@pytest.mark.parametrize(
    ("names", "activity", "expected"),
    [
        ("Camat|Sekretaris Camat|Kasi Pelayanan|Petugas Loket|Pemohon", "Sekcam memeriksa berkas", 1),
        ("Camat|Sekretaris Camat|Kasi Pelayanan|Petugas Loket|Pemohon", "Verifikasi oleh Kasi", 2),
        ("Camat|Sekretaris Camat|Kasi Pelayanan|Petugas Loket|Pemohon", "Menunggu persetujuan oleh Camat", None),
        (
            "Camat|Sekretaris Camat|Kasi Pelayanan|Petugas Loket|Pemohon",
            "Berkas Pemohon diperiksa kelengkapannya",
            None,
        ),
        ("Camat|Sekretaris Camat|Kasi Pelayanan|Petugas Loket|Pemohon", "a. Pemohon datang ke kantor", 4),
        ("Camat|Kasi Pelayanan|Petugas Loket", "Apabila lengkap, Petugas Loket mencetak tanda terima", 2),
        ("Kepala Kantor|Kasubag TU|Pengadministrasi Umum|JFU|Staf", "Pengadministrasi mencatat surat", 2),
        ("Kepala Kantor|Kasubag TU|Pengadministrasi Umum|JFU|Staf", "Plt. Kepala Kantor menandatangani surat", 0),
        ("Kepala Kantor|Kasubag TU|Pengadministrasi Umum|JFU|Staf", "Staf Keuangan menyusun SPJ", 4),
        ("Kepala Kantor|Kasubag TU|Pengadministrasi Umum|JFU|Staf", "Staf Ahli menelaah usulan", None),
        ("Kepala Dinas|Sekretaris|Kabid|Staf", "Sekretaris Dinas meneruskan surat", 1),
        ("Kepala Dinas|Sekretaris|Kabid|Staf", "Sekretaris Daerah menandatangani keputusan", None),
        ("Kepala Dinas|Sekretaris|Kabid|Staf", "Bupati menandatangani keputusan", None),
        ("Kepala Dinas|Kasi Ekspor|PPTK", "Setelah disetujui Kasi Ekspor, PPTK mencetak surat", 2),
        ("Kepala Dinas|Kasi Ekspor|Staf", "Setelah disetujui Kasi Ekspor, PPTK mencetak surat", None),
        ("Kepala Dinas|Kasi Ekspor|Staf", "Apabila disetujui oleh Kepala Dinas, Camat menandatangani surat", None),
        ("Kepala Dinas|Kasi Ekspor|Staf", "Atas perintah Kepala Dinas, Staf membuat konsep", 2),
        ("Kepala Dinas|Kasubbag Umum|Staf", "Verifikasi berkas oleh Kasubbag Keuangan", None),
        ("Kepala Dinas|Kabid Industri|Staf", "Konsep yang dibuat oleh Staf diperiksa oleh Kabid Perdagangan", None),
        ("Kepala Dinas|Sekretaris|Kabid|Staf", "Kabid dan Sekretaris membahas usulan", None),
        ("Kepala Dinas|Sekretaris|Kabid|Staf", "Kepala Dinas c.q. Kabid meneliti usulan", None),
        ("Kepala Dinas|Sekretaris|Kabid|Staf", "Sekretaris melalui Kabid mengirim surat", 1),
        ("Panitera|Panitera Muda Hukum|Ketua", "Panmud Hukum menyusun laporan", 1),
        ("Panitera|Panitera Muda Hukum|Ketua", "Panitera memeriksa laporan", 0),
        ("Kepala Desa|Sekretaris Desa|Kaur Umum|Warga", "Kades menandatangani surat", 0),
        ("Bendahara Pengeluaran|PPTK|PPK-SKPD", "PPK meneliti SPP", 2),
        ("Bendahara Pengeluaran|PPTK|PPK-SKPD", "PA/KPA menandatangani SPM", None),
    ],
)
def test_names_in_use_in_other_offices(names, activity, expected):
    columns = names.split("|")
    told = actor_in_words(activity, "", columns_of(columns))
    assert (told.value if told else None) == (None if expected is None else columns[expected])


def test_the_requirements_may_name_the_actor():
    assert actor("Laporan yang sudah ditandatangani muncul untuk diperiksa", "CS mengecek laporan") == "CS"


def test_a_name_that_holds_a_word_for_a_deed():
    columns = columns_of(["Petugas", "Petugas Verifikasi"])
    assert actor_in_words("Petugas Verifikasi memeriksa berkas", "", columns).value == "Petugas Verifikasi"
    assert actor_in_words("Petugas input data lalu mengirim", "", columns).value == "Petugas"


def test_a_head_is_the_head_of_what_stands_next():
    columns = columns_of(["Kepala Seksi Bidang Jalan", "Camat"])
    assert actor_in_words("Kepala Bidang memeriksa berkas", "", columns) is None
    assert actor_in_words("Kepala memeriksa berkas", "", columns) is None


def test_two_columns_that_fit_tell_none():
    columns = columns_of(["Ketua Tim A", "Ketua Tim B"])
    assert named("Ketua Tim", columns) is None
    assert actor_in_words("Ketua Tim memeriksa", "", columns) is None


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ("Memeriksa, jika setuju ditandatangani, jika tidak setuju dikembalikan", True),
        ("Memeriksa tarif apakah sudah sesuai atau belum", True),
        ("Memberikan persetujuan atau tidak atas rencana", True),
        ("Finalisasi surat, jika terjadi kesalahan dikembalikan untuk diperbaiki", True),
        ("Atasan menyetujui/menolak cuti", True),
        ("Memeriksa berkas; berkas yang tidak lengkap dikembalikan kepada pemohon", True),
        ("Mengembalikan berkas yang tidak lengkap kepada pemohon", False),
        ("Menandatangani surat jika Lurah tidak di tempat", False),
        ("Memperbarui data apabila terjadi perubahan", False),
        ("Menandatangani surat", False),
    ],
)
def test_decisions_in_words(activity, expected):
    assert decides(activity) is expected


TABLE = (
    "No\tKegiatan\tPelaksana\t\t\tMutu Baku\t\t\n\t\tStaf\tKasubbag TU\tKepala\tKelengkapan\tWaktu\tOutput\n"
    "1\tStaf menginput data\t\t\t\tA\t1 jam\tB\n"
    "2\tKasubbag memeriksa dan meneruskan data\t\t\t\tA\t1 jam\tB\n"
)


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ("Kepala memeriksa, jika setuju ditandatangani, jika tidak dikembalikan kepada Kasubbag untuk diperbaiki", 2),
        ("Kepala memeriksa, jika setuju diserahkan kepada Kasubbag, jika tidak dikembalikan ke Staf untuk direvisi", 1),
        ("Pemeriksaan data, jika ditolak kembali ke input data untuk dikoreksi", 1),
        ("Memeriksa, jika tidak lengkap kembali ke langkah nomor 2 untuk perbaikan", 2),
        ("Memeriksa, jika lengkap lanjut, jika tidak kembali ke 1.", 1),
        ("Memeriksa berkas; berkas yang tidak lengkap dikembalikan kepada Staf", 1),
        ("Kepala memeriksa, jika tidak setuju dikembalikan untuk diperbaiki", None),
    ],
)
def test_where_a_decision_returns_to(activity, expected):
    draft = one(TABLE + f"3\t{activity}\t\t\t\tA\t1 jam\tB\n")
    assert draft["steps"][2]["decision"] is True
    assert draft["steps"][2]["returns_to"] == expected
    if expected is None:
        assert any("to which step is not told" in warning["what"] for warning in draft["warnings"])


def test_look_alike_letters_are_put_right_only_where_the_whole_word_is():
    assert clean("МТ") == "MT"
    assert clean("МИТИ") == "МИТИ"


def test_markup_is_taken_away_and_boxes_stay():
    assert clean("termasuk <i>output</i> . Jika") == "termasuk output . Jika"
    assert clean('<div style="border: 1px solid black; width: 40px"></div>') == "□"
    assert clean("a<br/>b &amp; c") == "a b & c"


def test_items_of_lists():
    assert items("<ol><li>1. Satu</li><li>2. Dua</li></ol>") == ["Satu", "Dua"]
    assert items("1 Undang-undang 20 Tahun 2014 2 Peraturan 5 Tahun 1999 3 Keputusan") == [
        "Undang-undang 20 Tahun 2014",
        "Peraturan 5 Tahun 1999",
        "Keputusan",
    ]
    assert items("Komputer 2 buah") == ["Komputer 2 buah"]
