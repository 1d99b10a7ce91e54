"""Three procedures of real bodies as they stand in the form: the calibration order, a certification, a request for
public information. Where the drawing of the document was lost, decisions and returns follow the words of its steps."""

from __future__ import annotations

from sopan.core.durations import parse_duration
from sopan.core.model import Actor, Exit, Identity, Outcome, Procedure, Requirement, Step, StepKind

# no of the actor (or two), activity, kelengkapan, waktu, output; exits as text: "" for the next step, else "Ya 5, Tidak 3"
Row = tuple[int | tuple[int, ...], str, str, str, str, str]


def procedure(slug: str, number: str, name: str, actors: list[str], rows: list[Row]) -> Procedure:
    columns = tuple(Actor(f"a{place}", label) for place, label in enumerate(actors))
    steps = tuple(_step(place, row, len(rows)) for place, row in enumerate(rows))
    return Procedure(slug, Identity(number, name), columns, steps)


def _step(place: int, row: Row, count: int) -> Step:
    who, activity, requirements, time, output, ways = row
    doers = (who,) if isinstance(who, int) else who
    last = place == count - 1
    kind = StepKind.START if place == 0 else StepKind.END if last else StepKind.DECISION if ways else StepKind.ACTIVITY
    exits = (Exit("", end=Outcome.FINISHED),) if last else _exits(ways or str(place + 2))
    return Step(
        id=str(place + 1),
        no=str(place + 1),
        sequence=place + 1,
        activity=activity,
        actors=tuple(f"a{one}" for one in doers),
        exits=exits,
        kind=kind,
        requirements=(Requirement(requirements),),
        time=parse_duration(time),
        outputs=(output,),
    )


def _exits(ways: str) -> tuple[Exit, ...]:
    found = []
    for way in ways.split(", "):
        label, _, to = way.rpartition(" ")
        found.append(Exit(label.lower(), label, to=(to,)))
    return tuple(found)


CALIBRATION = procedure(
    "calibration",
    "SOP 31/BSPJI-3",
    "SOP APLIKASI PELAYANAN KALIBRASI (SIPPT)",
    ["Pelanggan", "Admin Satker", "CS", "Ketua Tim PJI", "Bendahara", "Penyelia", "MT", "Analis", "Kepala Balai"],
    [
        (
            0,
            "Mulai / akses untuk masuk situs aplikasi SIPPT",
            "Komputer/Laptop/ Smartphone/Tablet dan akses internet",
            "30 menit",
            "Masuk ke website",
            "",
        ),
        (
            0,
            "Pelanggan melakukan input pendaftaran/registrasi akun",
            "Data pelanggan",
            "30 menit",
            "Akun pelanggan di aplikasi SIPPT",
            "",
        ),
        (
            1,
            "Admin Satker/Admin Pusat melakukan aktivasi dahulu untuk akun pelanggan",
            "Pengajuan aktivasi akun pelanggan",
            "10 menit",
            "Approval aktivasi akun pelanggan",
            "",
        ),
        (
            0,
            "Pelanggan melakukan login ke aplikasi SIPPT",
            "Mengisi pengajuan order pelanggan",
            "30 menit",
            "Order pelanggan",
            "",
        ),
        (
            2,
            "CS melakukan pengecekan dan validasi order pelanggan, pembuatan No ID Order dan persetujuan order. Validasi diteruskan ke ketua tim",
            "Pengajuan order",
            "10 menit",
            "Order pelanggan",
            "Ya 6, Tidak 4",
        ),
        (
            3,
            "Ketua Tim PJI melakukan pengecekan dan persetujuan tarif yang digunakan apakah sudah sesuai atau belum",
            "Persetujuan tarif",
            "10 menit",
            "Order pelanggan",
            "Ya 7, Tidak 5",
        ),
        (
            0,
            "Pelanggan melakukan pengecekan order baik parameter uji dan tarifnya; jika sesuai meminta E-Billing, jika tidak sesuai dapat melakukan reject",
            "Permohonan billing",
            "10 menit",
            "Permohonan E-Billing dari order",
            "Ya 8, Tidak 5",
        ),
        (
            4,
            "Bendahara menerima order dan melakukan pembuatan E-Billing untuk pelanggan melakukan pembayaran",
            "Pembuatan E-Billing",
            "15 menit",
            "E-Billing dari order",
            "",
        ),
        (
            0,
            "Pelanggan melakukan pembayaran dan unggah bukti bayar (jika billing generate maka lunas otomatis)",
            "Melakukan pembayaran",
            "Tidak dapat ditentukan",
            "Bukti pembayaran E-Billing",
            "",
        ),
        (
            4,
            "Bendahara melakukan pengecekan bukti pembayaran pelanggan",
            "Approve terima pembayaran",
            "15 menit",
            "Order disetujui untuk dilanjutkan ke CS",
            "Ya 11, Tidak 9",
        ),
        (
            2,
            "CS terima dan memproses sampel, membuat No ID Sampel dan memilih penyelia dan laboratoriumnya",
            "Memilih laboratorium dan penyelia",
            "30 menit",
            "Order diteruskan ke Penyelia",
            "",
        ),
        (
            5,
            "Penyelia menerima dan mengecek sampel, lalu memilih nama analis sesuai parameter yang diuji",
            "Verifikasi sampel dan pemilihan analis",
            "20 menit",
            "Order diteruskan ke MT dan Analis",
            "",
        ),
        (
            6,
            "Manajer Teknis melakukan pengecekan dan validasi pemilihan parameter dan analisnya",
            "Validasi sampel dan analis",
            "20 menit",
            "Order diteruskan ke Analis",
            "Ya 14, Tidak 12",
        ),
        (
            7,
            "Analis menerima order, melakukan pengujian sampel sesuai parameter dan input hasil uji",
            "Proses pengujian",
            "14 hari kerja",
            "Pengujian sampel dan pengisian hasil uji",
            "",
        ),
        (
            5,
            "Penyelia melakukan pengecekan / verifikasi hasil uji",
            "Verifikasi hasil uji dari analis",
            "20 menit",
            "Order yang sudah diisi hasil uji",
            "Ya 16, Tidak 14",
        ),
        (
            6,
            "Manajer Teknis melakukan validasi hasil uji yang telah diisi analis dan dicek penyelia",
            "Verifikasi hasil uji dari penyelia dan analis",
            "20 menit",
            "Hasil uji tervalidasi",
            "Ya 17, Tidak 14",
        ),
        (
            3,
            "Ketua Tim PJI melakukan pembuatan / generate No ID E-LHU",
            "Melanjutkan proses dan generate No LHU",
            "20 menit",
            "Order lengkap dengan No LHU",
            "",
        ),
        (
            2,
            "CS mencetak E-LHU sesuai pengujiannya dan memilih akun Kepala Balai untuk meminta proses TTE E-LHU",
            "Cetak LHU elektronik dan request TTE",
            "20 menit",
            "Order menunggu proses TTE",
            "Ya 19, Tidak 17",
        ),
        (
            8,
            "Kepala Balai melakukan input passphrase untuk proses TTE E-LHU",
            "Melakukan proses TTE",
            "30 menit",
            "E-LHU yang sudah di-TTE",
            "",
        ),
        (
            2,
            "LHU yang sudah di-TTE muncul di CS untuk dicek, kemudian diteruskan ke pelanggan",
            "CS mengecek LHU yang sudah di-TTE",
            "5 menit",
            "E-LHU dari order yang sudah di-TTE",
            "",
        ),
        (
            0,
            "Pelanggan mengisi survei kepuasan dahulu, kemudian dapat mengunduh E-LHU yang sudah di-TTE",
            "Isi survei kepuasan dan unduh E-LHU",
            "5 menit",
            "Form survei yang sudah diisi",
            "",
        ),
        (
            0,
            "Setelah mengunduh dan memeriksa E-LHU, pelanggan mengklik selesai order",
            "Klik selesai order",
            "5 menit",
            "E-LHU yang sudah di-TTE",
            "",
        ),
    ],
)

CERTIFICATION = procedure(
    "certification",
    "2.2.1-3/BSKJI/BBLM.2.2/XII/2021",
    "SOP AP 2.2.1-3 PELAKSANAAN SERTIFIKASI (BBLM)",
    [
        "UPP",
        "Koordinator PK",
        "Subkoordinator Sertifikasi",
        "Tim Auditor",
        "Pelanggan",
        "Petugas Pengambil Contoh",
        "Tim Teknis/ Tim Review",
        "Ka. Balai",
    ],
    [
        (
            0,
            "Meneruskan dokumen kerjasama",
            "1. Surat Perjanjian Kerjasama Sertifikasi",
            "1 jam",
            "1. Surat Perjanjian Kerjasama Sertifikasi",
            "",
        ),
        (
            1,
            "Menugaskan subkoordinator sertifikasi untuk menyiapkan kebutuhan sertifikasi",
            "1. Surat Perjanjian Kerjasama Sertifikasi",
            "30 menit",
            "1. Disposisi\n2. Pernyataan Ketidakberpihakan",
            "",
        ),
        (
            2,
            "Menyiapkan kebutuhan pelaksanaan sertifikasi dan membuat usulan penunjukan tim auditor, tim teknis, PPC",
            "1. Disposisi\n2. Pernyataan ketidakberpihakan",
            "1 hari",
            "Draft Tim",
            "",
        ),
        (
            1,
            "Memverifikasi dan validasi usulan penunjukan tim auditor, tim teknis, PPC",
            "Draft Tim",
            "1 hari",
            "Surat Tugas",
            "Ya 5, Tidak 3",
        ),
        (
            2,
            "Menyiapkan dan menyerahkan kecukupan dokumen beserta surat tugas",
            "Surat Tugas",
            "1 jam",
            "1. Audit Plan\n2. Surat Tugas",
            "",
        ),
        (
            3,
            "Melakukan audit tahap 1",
            "1. Audit Plan\n2. Surat Tugas\n3. Form audit",
            "maks 14 hari",
            "Laporan hasil audit tahap 1",
            "Ada temuan 7, Tidak 8",
        ),
        (4, "Melakukan tindak lanjut hasil audit", "Laporan hasil audit tahap 1", "14 hari", "Hasil tindak lanjut", ""),
        (
            (3, 5),
            "Melaksanakan audit tahap 2 (audit lapangan) dan pengambilan contoh*",
            "Hasil tindak lanjut Form",
            "2 hari",
            "Laporan hasil audit tahap 2",
            "",
        ),
        (
            3,
            "Menyusun laporan hasil audit",
            "Laporan hasil audit tahap 2",
            "3 jam",
            "Laporan ringkasan hasil audit, Lembar Ketidaksesuaian",
            "",
        ),
        (
            4,
            "Penyelesaian tindak lanjut hasil temuan audit",
            "Laporan ringkasan hasil audit, Lembar Ketidaksesuaian",
            "maks 60 hari",
            "1. Lembar Ketidaksesuaian\n2. Laporan Verifikasi",
            "",
        ),
        (
            3,
            "Melakukan evaluasi hasil tindak lanjut",
            "1. Lembar Ketidaksesuaian\n2. Laporan Verifikasi",
            "1 hari",
            "Laporan Hasil Audit Final",
            "Ya 12, Tidak 10",
        ),
        (
            2,
            "Menerima Laporan Hasil Audit Final dan menyiapkan Rapat Tim Teknis/Tim Review/Evaluator",
            "Laporan Hasil Audit Final",
            "1 hari",
            "1. Laporan Hasil Audit Final\n2. Laporan data hasil uji*",
            "",
        ),
        (
            6,
            "Pembahasan hasil audit dan pengujian dan memberikan rekomendasi hasil audit",
            "1. Laporan Hasil Audit Final\n2. Laporan data hasil uji",
            "1 hari",
            "1. Form rekomendasi\n2. Laporan review\n3. Keputusan Sertifikasi",
            "Ya 14, Tidak 11",
        ),
        (
            2,
            "Penerbitan sertifikat",
            "1. Form rekomendasi\n2. Laporan Review\n3. Keputusan Sertifikasi",
            "1 hari",
            "Draft Sertifikat",
            "",
        ),
        (1, "Verifikasi sertifikat", "Draft Sertifikat", "1 jam", "Draft Sertifikat", "Ya 16, Tidak 14"),
        (7, "Pengesahan sertifikat", "Draft Sertifikat", "1 jam", "Sertifikat", ""),
        (0, "Penyampaian sertifikat kepada pelanggan", "Sertifikat", "1 jam", "Tanda terima Sertifikat", ""),
    ],
)

INFORMATION = procedure(
    "information",
    "V.26.1.1.18",
    "SOP PENGELOLAAN PERMOHONAN INFORMASI PUBLIK",
    ["Petugas Pelayanan", "Petugas Informasi", "PPID Utama", "PPID Pembantu"],
    [
        (
            0,
            "Menerima permohonan informasi publik dari pemohon yang datang langsung ataupun melalui surat yang dikirimkan via pos, fax, email atau media komunikasi lainnya",
            "Formulir Permohonan Informasi (Format 1), salinan identitas diri pemohon",
            "15 menit",
            "Register dan Tanda Terima Permohonan",
            "",
        ),
        (
            1,
            "Mengidentifikasi informasi yang diminta; bila tercantum dalam Daftar Informasi Publik (DIP) permohonan diproses, bila tidak diberikan surat pemberitahuan tertulis melalui Petugas Pelayanan",
            "Permohonan, kelengkapannya dan DIP",
            "",
            "Permohonan diproses/ tidak diproses",
            "Ya 3, Tidak 8",
        ),
        (
            2,
            "Menyampaikan permintaan informasi kepada SKPD penguasa informasi/dokumentasi melalui PPID Pembantu",
            "Permohonan informasi",
            "",
            "Surat PPID Utama tentang permintaan informasi",
            "",
        ),
        (
            3,
            "Memberikan jawaban atas permintaan informasi; bila dikuasai dilanjutkan, bila tidak dikuasai diberikan surat pemberitahuan melalui Petugas Pelayanan",
            "Surat PPID Utama tentang permintaan informasi",
            "180 menit",
            "Surat jawaban SKPD",
            "Ya 5, Tidak 8",
        ),
        (
            2,
            "Menganalisa informasi apakah diperlukan pertimbangan/uji konsekuensi dari Tim Pertimbangan Pelayanan Informasi Publik",
            "Surat jawaban SKPD",
            "30 menit",
            "Keputusan memerlukan uji konsekuensi atau tidak",
            "Tidak 6, Ya 8",
        ),
        (
            2,
            "Menyampaikan permintaan informasi kembali kepada SKPD penguasa informasi melalui PPID Pembantu",
            "Surat permintaan informasi publik dari PPID Utama",
            "60 menit",
            "Salinan informasi publik",
            "",
        ),
        (
            3,
            "Menyampaikan salinan informasi kepada PPID Utama",
            "Salinan informasi publik",
            "120 menit",
            "Salinan informasi publik",
            "",
        ),
        (
            1,
            "Menyiapkan pemberitahuan tertulis",
            "Salinan informasi publik",
            "30 menit",
            "Draft pemberitahuan tertulis",
            "",
        ),
        (
            2,
            "Memeriksa dan menandatangani pemberitahuan tertulis",
            "Draft pemberitahuan tertulis",
            "15 menit",
            "Pemberitahuan tertulis",
            "Ya 10, Tidak 8",
        ),
        (
            0,
            "Menyampaikan pemberitahuan tertulis dan salinan informasi kepada pemohon",
            "Salinan informasi publik, pemberitahuan tertulis",
            "30 menit",
            "Tanda terima salinan informasi publik",
            "",
        ),
        (
            0,
            "Melengkapi Register Permohonan Informasi Publik",
            "Pemberitahuan tertulis, tanda terima",
            "15 menit",
            "Register Permohonan Informasi Publik",
            "",
        ),
    ],
)
