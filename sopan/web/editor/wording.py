"""What the rules of ``core.check`` find, in Indonesian: the cell it belongs to, what, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from sopan.core.model import Problem

Words = tuple[str, str, str]


def worded(problem: Problem) -> Words:
    """(cell, what, what to do) of a finding; of a rule without words of its own a plain sentence."""
    words = _WORDS.get(problem.rule)
    return words(problem) if words else ("activity", _("Langkah ini perlu diperiksa."), "")


def _names(problem: Problem) -> list[str]:
    """The names between quotes in the message of the rule."""
    return re.findall(r"'([^']*)'", problem.what)


def _first(problem: Problem) -> str:
    return next(iter(_names(problem)), "")


def _unknown_targets(problem: Problem) -> Words:
    return (
        "next",
        _("Tujuan “%(goal)s” bukan langkah SOP ini.") % {"goal": _first(problem)},
        _("Pilih langkah yang ada."),
    )


def _dead_ends(problem: Problem) -> Words:
    if problem.what.startswith("Nothing"):
        return "next", _("Tidak ada yang mengikuti langkah ini."), _("Isi langkah berikutnya, atau “selesai”.")
    what = _("Dari langkah ini alur tidak pernah sampai selesai.")
    return "next", what, _("Biarkan salah satu jalannya berakhir.")


def _labelled_exits(problem: Problem) -> Words:
    if "fewer" in problem.what:
        return "next", _("Keputusan ini belum punya dua jawaban."), _("Tambah jawaban, atau jadikan kegiatan biasa.")
    if "no label" in problem.what:
        return "next", _("Satu jawaban belum bernama."), _("Tulis jawabannya, misalnya “Ya”.")
    return "actor", _("Langkah ini punya beberapa jawaban, tetapi simbolnya bukan belah ketupat."), _("Ubah simbolnya.")


def _separated_steps(problem: Problem) -> Words:
    if "itself" in problem.what:
        return "separation", _("Pemisahan tugas menunjuk langkah ini sendiri."), _("Pilih langkah lain.")
    what = _("Pemisahan tugas menunjuk “%(goal)s”, yang bukan langkah SOP ini.") % {"goal": _first(problem)}
    return "separation", what, _("Pilih langkah yang ada.")


def _repeated_numbers(problem: Problem) -> Words:
    steps = re.search(r"at steps (\S+) and", problem.what)
    what = _("Nomor ini tercetak dua kali (juga pada langkah %(other)s).") % {"other": steps[1] if steps else "?"}
    return "no", what, _("Bila dokumennya memang begitu, biarkan.")


def _skipped_numbers(problem: Problem) -> Words:
    missing = re.search(r"number (\d+)(?: to (\d+))? is", problem.what)
    told = "–".join(one for one in missing.groups() if one) if missing else "?"
    return "no", _("Nomor %(number)s terlewati.") % {"number": told}, _("Lihat dokumennya, atau nomori ulang.")


def _one_start_one_end(problem: Problem) -> Words:
    found = re.search(r"has (\d+) steps of the kind (\w+)", problem.what)
    count, kind = (int(found[1]), found[2]) if found else (0, "start")
    symbol = _("Mulai") if kind == "start" else _("Selesai")
    if count == 0:
        return "actor", _("Belum ada kapsul “%(symbol)s”.") % {"symbol": symbol}, _("SOP-AP memintanya satu.")
    what = _("Ada %(count)s kapsul “%(symbol)s”; SOP-AP meminta satu.") % {"count": count, "symbol": symbol}
    return "actor", what, _("Lihat simbolnya.")


def _meeting_branches(problem: Problem) -> Words:
    meeting = re.search(r"meet at (\S+),", problem.what)
    what = _("Cabang dari langkah ini bertemu di %(step)s, yang tidak menunggu semuanya.")
    fix = _("Centang “Tunggu semua cabang” pada langkah itu.")
    return "next", what % {"step": meeting[1] if meeting else "?"}, fix


def _drafts_and_validates(problem: Problem) -> Words:
    before = re.search(r"does step (\S+) and", problem.what)
    what = _("Yang mengerjakan langkah %(step)s juga memutuskan di sini.") % {"step": before[1] if before else "?"}
    return "actor", what, _("Bila harus orang lain, isi “Orangnya harus lain”.")


def _says(cell: str, what: Callable[[], str], fix: Callable[[], str]) -> Callable[[Problem], Words]:
    return lambda problem: (cell, what(), fix())


_WORDS: dict[str, Callable[[Problem], Words]] = {
    "unknown_actors": _says(
        "actor", lambda: _("Pelaksana langkah ini tidak ada."), lambda: _("Klik pada kolom pelaksananya.")
    ),
    "unknown_targets": _unknown_targets,
    "unreachable_steps": _says(
        "no",
        lambda: _("Tidak ada langkah yang menuju ke sini."),
        lambda: _("Jadikan tujuan dari langkah lain, atau hapus baris ini."),
    ),
    "dead_ends": _dead_ends,
    "labelled_exits": _labelled_exits,
    "repeated_exits": _says("next", lambda: _("Dua jawaban sama bunyinya."), lambda: _("Bedakan jawabannya.")),
    "repeated_targets": _says(
        "next", lambda: _("Langkah yang sama dituju dua kali."), lambda: _("Sebut setiap langkah satu kali.")
    ),
    "unbound_works": _says(
        "activity", lambda: _("Pekerjaan khusus langkah ini tidak dikenal."), lambda: _("Hubungi pengelola sistem.")
    ),
    "unbound_decisions": _says(
        "activity", lambda: _("Keputusan otomatis langkah ini tidak dikenal."), lambda: _("Hubungi pengelola sistem.")
    ),
    "endless_cycles": _says(
        "next",
        lambda: _("Langkah ini berputar tanpa ada yang memutuskan keluar."),
        lambda: _("Jadikan salah satu langkahnya keputusan."),
    ),
    "lonely_joins": _says(
        "next",
        lambda: _("Langkah ini menunggu semua cabang, tetapi hanya satu yang menuju ke sini."),
        lambda: _("Hapus centangnya, atau arahkan cabang kedua ke sini."),
    ),
    "separated_steps": _separated_steps,
    "repeated_names": _says("no", lambda: _("Nama ini dipakai dua kali."), lambda: _("Beri nama lain.")),
    "field_choices": _says(
        "fields", lambda: _("Isian pilihan belum punya dua pilihan."), lambda: _("Tulis sedikitnya dua pilihan.")
    ),
    "repeated_numbers": _repeated_numbers,
    "skipped_numbers": _skipped_numbers,
    "missing_times": _says(
        "time", lambda: _("Waktu belum diisi."), lambda: _("Tanpa waktu, tidak ada yang dapat terlambat.")
    ),
    "one_start_one_end": _one_start_one_end,
    "meeting_branches": _meeting_branches,
    "drafts_and_validates": _drafts_and_validates,
}
