"""Procedures of bodies that do not exist: different words, times, symbols and decisions."""

from __future__ import annotations

from sopan.exchange.tests.unseen.model import Sop, Step

KELURAHAN = Sop(
    "Kelurahan Suka Makmur",
    "470/012/SM/2024",
    "Penerbitan Surat Pengantar Nikah",
    ("Pemohon", "Petugas Loket", "Kasi Pemerintahan", "Sekretaris Lurah", "Lurah"),
    (
        Step("1", "Menyerahkan berkas permohonan surat pengantar", ("Pemohon",), "KTP, KK, dan pengantar RT", "5 menit", 5, "exact", "Berkas permohonan", sign="○"),
        Step("2", "Memeriksa kelengkapan berkas, jika belum lengkap dikembalikan kepada Pemohon", ("Petugas Loket",), "Berkas permohonan", "10 menit", 10, "exact", "Berkas lengkap", sign="◇", decision=True, back=1),
        Step("3", "Membuat konsep surat pengantar", ("Kasi Pemerintahan",), "Berkas lengkap", "15 menit", 15, "exact", "Konsep surat pengantar"),
        Step("4", "Memeriksa dan memberi paraf pada konsep surat", ("Sekretaris Lurah",), "Konsep surat pengantar", "maks 1 jam", 60, "max", "Konsep yang telah diparaf", "Bila Lurah tidak di tempat"),
        Step("5", "Menandatangani surat pengantar", ("Lurah",), "Konsep yang telah diparaf", "1 hari kerja", 450, "exact", "Surat pengantar nikah"),
        Step("6", "Menyerahkan surat pengantar kepada Pemohon dan mengarsipkan tembusannya", ("Petugas Loket",), "Surat pengantar nikah", "5 menit", 5, "exact", "Tanda terima dan arsip", sign="○"),
    ),
)  # fmt: skip

PENGADILAN = Sop(
    "Pengadilan Negeri Tirta Kencana",
    "W9.U12/03/OT.01/I/2023",
    "Pendaftaran Perkara Gugatan Sederhana",
    ("Penggugat", "Petugas Meja I", "Panmud Perdata", "Panitera", "Ketua Pengadilan"),
    (
        Step("1.", "Penggugat mengajukan gugatan sederhana melalui PTSP", (), "Surat gugatan rangkap empat", "10 Menit", 10, "exact", "Gugatan diterima", actor="Penggugat", actor_from="text"),
        Step("2.", "Petugas Meja I menaksir panjar biaya perkara dan membuat SKUM", (), "Daftar panjar biaya", "± 15 Menit", 15, "approx", "SKUM", actor="Petugas Meja I", actor_from="text"),
        Step("3.", "Panmud Perdata meneliti kelengkapan gugatan, apabila belum lengkap dikembalikan kepada Petugas Meja I untuk dilengkapi", (), "SKUM dan bukti setor", "30 Menit", 30, "exact", "Gugatan terdaftar", actor="Panmud Perdata", actor_from="text", decision=True, back=2),
        Step("4.", "Menetapkan nomor register perkara", (), "Buku register", "5 - 10 Menit", 10, "range", "Nomor perkara"),
        Step("5.", "Panitera menunjuk panitera pengganti dan jurusita", (), "Berkas perkara", "1 Jam", 60, "exact", "Penetapan panitera pengganti", actor="Panitera", actor_from="text"),
        Step("6.", "Ketua Pengadilan menetapkan hakim tunggal", (), "Berkas perkara", "1 - 2 Hari", 900, "range", "Penetapan hakim", actor="Ketua Pengadilan", actor_from="text"),
    ),
)  # fmt: skip

PUSKESMAS = Sop(
    "Puskesmas Bumi Sehat",
    "445/SOP/PKM-BS/2022",
    "Rujukan Pasien Rawat Jalan",
    ("Pasien", "Perawat", "Dokter", "Ka. Puskesmas"),
    (
        Step("a.", "Mendaftar di loket", ("Pasien",), "Kartu identitas", "5", 5, "exact", "Nomor antrian", sign="√"),
        Step("b.", "Melakukan anamnesa dan pemeriksaan tanda vital", ("Perawat",), "Tensimeter", "10", 10, "exact", "Catatan pemeriksaan", sign="√"),
        Step("c.", "Memeriksa pasien dan menentukan perlu rujukan atau tidak", ("Dokter",), "Rekam medis", "15", 15, "exact", "Diagnosa", sign="◇", decision=True),
        Step("d.", "Membuat surat rujukan", ("Dokter",), "Blanko rujukan", "5", 5, "exact", "Surat rujukan", sign="√"),
        Step("e.", "Mengesahkan surat rujukan", ("Ka. Puskesmas",), "Surat rujukan", "5", 5, "exact", "Surat rujukan sah", "Stempel", sign="√"),
    ),
)  # fmt: skip

KAMPUS = Sop(
    "Universitas Nusa Raya",
    "UNR/BAAK/SOP/07",
    "Cuti Akademik Mahasiswa",
    ("Mahasiswa", "Dosen PA", "Kaprodi", "BAAK", "Dekan"),
    (
        Step("1", "Mengisi formulir cuti akademik", ("Mahasiswa",), "Formulir cuti", "1 jam", 60, "exact", "Formulir terisi", sign="[Mulai]"),
        Step("2", "Memberikan pertimbangan atas permohonan cuti", ("Dosen PA",), "Formulir terisi", "2 hari", 900, "exact", "Pertimbangan", sign="[ ]"),
        Step("3", "Menyetujui atau menolak permohonan, bila ditolak dikembalikan kepada Mahasiswa", ("Kaprodi",), "Pertimbangan", "1 minggu", 2250, "exact", "Persetujuan", sign="{ } (Decision)", decision=True, back=1),
        Step("4", "Memutakhirkan status mahasiswa pada sistem informasi akademik", ("BAAK",), "Persetujuan", "30 menit", 30, "exact", "Status cuti", sign="[ ]"),
        Step("5", "Menerbitkan surat keputusan cuti", ("Dekan",), "Status cuti", "maksimal 14 hari kerja", 6300, "max", "SK cuti akademik", sign="[Selesai]"),
    ),
)  # fmt: skip

DAMKAR = Sop(
    "Dinas Pemadam Kebakaran Kota Lembah Hijau",
    "300.2/15/DAMKAR/2025",
    "Penanganan Laporan Kebakaran",
    ("Operator", "Komandan Regu", "Anggota Regu", "Kabid Operasi"),
    (
        Step("I.", "Menerima laporan kejadian dari masyarakat", ("Operator",), "Telepon dan radio", "1 menit", 1, "exact", "Catatan laporan"),
        Step("II.", "Memastikan kebenaran laporan", ("Operator",), "Catatan laporan", "1/2 menit", 0.5, "exact", "Laporan terverifikasi", sign="◇", decision=True),
        Step("III.", "Memerintahkan keberangkatan regu", ("Komandan Regu",), "Laporan terverifikasi", "1 menit", 1, "exact", "Perintah berangkat"),
        Step("IV.", "Memadamkan api dan menyelamatkan korban", ("Anggota Regu",), "Kendaraan dan alat pelindung diri", "Situasional", None, "conditional", "Api padam"),
        Step("V.", "Menyusun laporan kejadian", ("Komandan Regu",), "Catatan lapangan", "1 hari", 450, "exact", "Laporan kejadian"),
        Step("VI.", "Mengesahkan laporan kejadian", ("Kabid Operasi",), "Laporan kejadian", "1 bulan", None, "exact", "Laporan sah"),
    ),
)  # fmt: skip

PERPUSTAKAAN = Sop(
    "Dinas Perpustakaan Kabupaten Pantai Indah",
    "041/DISPUS/2021",
    "Layanan Peminjaman Buku",
    ("Pemustaka", "Pustakawan", "Kasi Layanan"),
    (
        Step("1", "Mencari buku pada katalog", ("Pemustaka",), None, "10 menit", 10, "exact", "Nomor panggil"),
        Step("2", "Mencatat peminjaman pada sistem", ("Pustakawan",), "Kartu anggota", "2 menit/buku", 2, "rate", "Data peminjaman"),
        Step("3", "Menerima buku dan menjaga keutuhannya", ("Pemustaka",), "Buku", "∞", None, "unbounded", None, "Paling lama dua minggu"),
        Step("4", "Merekap peminjaman setiap bulan", ("Kasi Layanan",), "Data peminjaman", None, None, "missing", "Rekap bulanan"),
    ),
)  # fmt: skip

BAPPEDA = Sop(
    "Bappeda Kabupaten Gunung Asri",
    "050/SOP-07/BAPPEDA",
    "Penyusunan Rencana Kerja Pembangunan Daerah",
    ("Kepala Bappeda", "Sekretaris", "Kabid Renbang", "Kasubbid Program", "Staf Pelaksana"),
    (
        Step("1.1", "Kepala Bappeda memerintahkan Kabid Renbang menyiapkan bahan", (), "Agenda kerja", "15 menit", 15, "exact", "Disposisi", actor="Kepala Bappeda", actor_from="text"),
        Step("1.2", "Kabid menugaskan Kasubbid mengumpulkan data usulan", (), "Disposisi", "1 jam", 60, "exact", "Instruksi", actor="Kabid Renbang", actor_from="text"),
        Step("1.3", "Kasubbid bersama Staf menghimpun dan mengolah data", (), "Data usulan", "3 hari", 1350, "exact", "Bahan rancangan", actor="Kasubbid Program", actor_from="text"),
        Step("1.4", "Staf mengetik rancangan awal", (), "Bahan rancangan", "2 hari kerja", 900, "exact", "Rancangan awal", actor="Staf Pelaksana", actor_from="text"),
        Step("1.5", "Sekretaris mengoreksi rancangan, jika setuju diteruskan, jika tidak dikembalikan kepada Kasubbid untuk diperbaiki", (), "Rancangan awal", "1 hari", 450, "exact", "Rancangan terkoreksi", actor="Sekretaris", actor_from="text", decision=True, back=3),
        Step("1.6", "Rapat pembahasan rancangan", (), "Rancangan terkoreksi", "1 hari", 450, "exact", "Berita acara"),
        Step("1.7", "Ka. Bappeda menandatangani rancangan akhir", (), "Berita acara", "1 jam 30 menit", 90, "exact", "Rancangan akhir", actor="Kepala Bappeda", actor_from="text"),
    ),
)  # fmt: skip
