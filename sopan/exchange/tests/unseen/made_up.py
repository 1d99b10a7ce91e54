"""Documents put together at random: any actors, steps, numbers, times and symbols, in any shape and format."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from sopan.exchange.tests.unseen import papers
from sopan.exchange.tests.unseen.model import Labels, Paper, Sop, Step, identity_of, table_of
from sopan.exchange.tests.unseen.papers import CAMPUS, CLINIC, COURT, FIRE, USUAL, Case, paper, plain
from sopan.exchange.tests.unseen.write import as_bars, as_excel, as_html, as_tabs, as_word

NAMES = [
    "Pemohon", "Petugas Loket", "Front Office", "Staf", "Staf TU", "Pelaksana", "JFU", "Pengadministrasi", "Verifikator",
    "Kasubbag TU", "Kasubag Umum dan Kepegawaian", "Kasi", "Kabid", "Sekretaris", "Sekretaris Camat", "Camat", "Lurah",
    "Kepala Dinas", "Ka. UPTD", "Tim Teknis", "Bendahara", "PPTK", "Dokter", "Guru", "Kepala Sekolah", "Panitera", "Hakim",
    "Rektor", "OPD Terkait", "Pihak Ketiga", "Bupati", "Bagian Hukum",
]  # fmt: skip
DEEDS = [
    "Menerima", "Memeriksa", "Membuat konsep", "Mengetik", "Menandatangani", "Menyampaikan", "Menelaah", "Menginput",
    "Mencetak", "Memproses",
]  # fmt: skip
THINGS = [
    "surat masuk", "berkas permohonan", "laporan bulanan", "data pegawai", "formulir pendaftaran", "nota dinas",
    "bukti setor", "sertifikat",
]  # fmt: skip
TIMES = [
    ("5 menit", 5, "exact"), ("1 jam", 60, "exact"), ("2 Hari", 900, "exact"), ("maks 3 hari", 1350, "max"),
    ("± 10 menit", 10, "approx"), ("1-2 jam", 120, "range"), ("1/2 jam", 30, "exact"), ("1 minggu", 2250, "exact"),
    ("1 bulan", None, "exact"), ("10 menit/berkas", 10, "rate"), ("Kondisional", None, "conditional"), (None, None, "missing"),
]  # fmt: skip
LABELS = [
    USUAL, COURT, replace(CLINIC, time="WAKTU"), CAMPUS, FIRE,
    Labels("No", "Tahapan Kegiatan", "Pelaksana Kegiatan", "Baku Mutu", "Bahan/Alat", "Jangka Waktu", "Hasil", "Ket"),
    Labels("NO.", "URAIAN KEGIATAN", "PENANGGUNG JAWAB", "MUTU BAKU", "SYARAT", "WAKTU PENYELESAIAN", "KELUARAN", "KETERANGAN"),
]  # fmt: skip
NUMBERS: list[Callable[[int], str]] = [str, "{}.".format, "({})".format, "1.{}".format, lambda at: f"{chr(96 + at)}."]
SHAPES: list[Callable[[Sop, Labels], Paper]] = [
    plain,
    lambda sop, labels: plain(sop, labels, numbering=True),
    lambda sop, labels: plain(sop, labels, cells_of_actor=3),
    lambda sop, _: paper(identity_of(sop), papers.actors_behind(sop)),
    lambda sop, labels: paper(*papers.lines_of_identity(sop), table_of(sop, labels)),
    lambda sop, _: paper(papers.framed(sop)),
    lambda sop, _: paper(identity_of(sop), papers.three_rows_of_head(sop)),
    lambda sop, _: paper(*papers.two_pages(sop, len(sop.steps) // 2)),
    lambda sop, labels: paper(table_of(sop, labels), "", identity_of(sop)),
]
FORMATS = [("txt", as_tabs), ("md", as_bars), ("docx", as_word), ("xlsx", as_excel), ("html", as_html)]


def made_up(seed: int) -> Case:
    """The same document for the same seed."""
    chance = random.Random(seed)
    actors = tuple(chance.sample(NAMES, chance.randint(2, 7)))
    number, sign = chance.choice(NUMBERS), chance.choice("□■○●√v✓x")
    sop = Sop(
        "Badan Contoh",
        f"{chance.randint(1, 99)}/SOP/2025",
        f"Pelayanan {chance.choice(THINGS)}",
        actors,
        tuple(_step(chance, number(at), actors, sign) for at in range(1, chance.randint(4, 14))),
    )
    shape, labels = chance.randrange(len(SHAPES)), chance.choice(LABELS)
    ending, write = chance.choice(FORMATS)
    return Case(f"{seed} {ending}", f"sop.{ending}", lambda: write(SHAPES[shape](sop, labels)), [sop])


def _step(chance: random.Random, number: str, actors: tuple[str, ...], sign: str) -> Step:
    time, minutes, kind = chance.choice(TIMES)
    by = (chance.choice(actors),) if chance.random() < 0.9 else ()
    decides = bool(by) and chance.random() < 0.15
    return Step(
        no=number,
        activity=f"{chance.choice(DEEDS)} {chance.choice(THINGS)}",
        by=by,
        needs=chance.choice([*THINGS, None]),
        time=time,
        minutes=minutes,
        kind=kind,
        output=chance.choice([*THINGS, *THINGS, None]),
        remarks=chance.choice([*THINGS, *[None] * 20]),
        sign="◇" if decides else sign,
        decision=True if decides else None,
    )
