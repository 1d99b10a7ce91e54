"""What is wrong with a method file, in Indonesian. The loader's own words are English, for files and the command line.

Names of keys and of columns stay as the file writes them: that is where a person has to look.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sopan.core.model import Problem

_FORMULA = (  # behind the place of a formula
    (r"The formula is longer than (?P<a>\d+) characters\.", gettext_noop("rumus lebih panjang dari %(a)s karakter.")),
    (r"['\"](?P<a>.+)['\"] has no meaning here\.", gettext_noop("“%(a)s” tidak berarti apa-apa di sini.")),
    (r"Here stands ['\"](?P<a>.*)['\"], but the formula is complete\.", gettext_noop("rumus sudah lengkap sebelum “%(a)s”.")),
    (r"Here stands ['\"](?P<a>.*)['\"], but .*", gettext_noop("di tempat “%(a)s” seharusnya angka, nama, atau kurung.")),
    (r"The formula ends here, but .*", gettext_noop("rumus berakhir di sini, padahal masih perlu angka, nama, atau kurung.")),
    (r"['\"](?P<a>.*)['\"] is no function; known are (?P<b>.*)\.", gettext_noop("“%(a)s” bukan fungsi; yang dikenal: %(b)s.")),
    (r"The bracket is not closed\.", gettext_noop("kurung belum ditutup.")),
    (r"More than (?P<a>\d+) brackets within brackets\.", gettext_noop("lebih dari %(a)s kurung bersarang.")),
    (r"More than (?P<a>\d+) operations\.", gettext_noop("lebih dari %(a)s operasi.")),
)  # fmt: skip
_WHAT = (
    (r"The file is empty\.", gettext_noop("Berkas kosong.")),
    (r"reading_units and units differ in number\.", gettext_noop("Banyaknya reading_units dan units berbeda.")),
    (r"The name ['\"](?P<a>.*)['\"] under (?P<b>\S+) is taken\.", gettext_noop("Nama “%(a)s” di bawah %(b)s sudah dipakai.")),
    (r"(?P<a>.*) names ['\"](?P<b>.*)['\"], which is not known there\.", gettext_noop("%(a)s menyebut “%(b)s”, yang tidak dikenal di situ.")),
    (r"The quantity (?P<a>\S+) is told in (?P<b>\d+) ways\.", gettext_noop("Besaran %(a)s ditentukan dengan %(b)s cara.")),
    (r"(?P<a>.*) names no column\.", gettext_noop("%(a)s tidak menyebut kolom.")),
    (r"(?P<a>.*) mixes readings of the sheet .*", gettext_noop("%(a)s mencampur pembacaan lembar dengan pembacaan titik.")),
    (r"(?P<a>.*) joins columns that are not read equally often\.", gettext_noop("%(a)s menggabung kolom yang banyak pembacaannya berbeda.")),
    (r"The quantity (?P<a>\S+) names the column ['\"](?P<b>.*)['\"], which does not exist\.", gettext_noop("Besaran %(a)s menyebut kolom “%(b)s”, yang tidak ada.")),
    (r"The quantity (?P<a>\S+): from belongs to largest_difference\.", gettext_noop("Besaran %(a)s: from hanya untuk largest_difference.")),
    (r"(?P<a>.*) is told by (?P<b>.*)\.", gettext_noop("%(a)s ditentukan oleh %(b)s sekaligus.")),
    (r"(?P<a>.*): pooled belongs to readings\.", gettext_noop("%(a)s: pooled hanya untuk readings.")),
    (r"(?P<a>.*): its value is the mean of the readings\.", gettext_noop("%(a)s: nilainya adalah rata-rata pembacaan.")),
    (r"The model does not use the input ['\"](?P<a>.*)['\"]\.", gettext_noop("Model tidak memakai masukan “%(a)s”.")),
    (r"(?P<a>.*): from is above to\.", gettext_noop("%(a)s: from lebih besar daripada to.")),
    (r"(?P<a>.*): one reading has no standard deviation\.", gettext_noop("%(a)s: satu pembacaan tidak mempunyai simpangan baku.")),
    (r"No input has an uncertainty\.", gettext_noop("Tidak ada masukan yang berketidakpastian.")),
    (r"The limit is told by a formula or by a table\.", gettext_noop("Batas ditentukan dengan rumus atau dengan tabel, salah satu.")),
    (r"The table has the class ['\"](?P<a>.*)['\"], which choose does not offer\.", gettext_noop("Tabel memuat kelas “%(a)s”, yang tidak ada pada pilihan choose.")),
    (r"(?P<a>.*) is a list, but a text is expected\.", gettext_noop("%(a)s berupa daftar, padahal seharusnya teks.")),
    (r"(?P<a>.*) is a mapping, but a text is expected\.", gettext_noop("%(a)s berupa pasangan kunci, padahal seharusnya teks.")),
    (r"(?P<a>.*) has (?P<b>\d+) characters\.", gettext_noop("%(a)s berisi %(b)s karakter: terlalu panjang.")),
    (r"(?P<a>.*) is not a list\.", gettext_noop("%(a)s bukan daftar.")),
    (r"(?P<a>.*) has (?P<b>\d+) (?:items|names)\.", gettext_noop("%(a)s berisi %(b)s butir: terlalu banyak.")),
    (r"(?P<a>.*) is empty\.", gettext_noop("%(a)s kosong.")),
    (r" is not a mapping\.", gettext_noop("Berkas ini bukan pasangan kunci dan nilai.")),
    (r"(?P<a>.*) is not a mapping\.", gettext_noop("%(a)s bukan pasangan kunci dan nilai.")),
    (r"The name ['\"](?P<a>.*)['\"] in (?P<b>.*) cannot be used\.", gettext_noop("Nama “%(a)s” pada %(b)s tidak dapat dipakai.")),
    (r"The key ['\"](?P<a>.*)['\"] is not known here \(.*\)\.", gettext_noop("Kunci “%(a)s” tidak dikenal di sini.")),
    (r"(?P<a>\d+) more keys are not known here \(.*\)\.", gettext_noop("%(a)s kunci lain juga tidak dikenal di sini.")),
    (r"The file has no (?P<a>\S+)\.", gettext_noop("Berkas ini belum memuat %(a)s.")),
    (r"(?P<a>.*) has no (?P<b>\S+)\.", gettext_noop("%(a)s belum memuat %(b)s.")),
    (r"The key ['\"](?P<a>.*)['\"] stands here a second time\.", gettext_noop("Kunci “%(a)s” tertulis dua kali di sini.")),
    (r"This is not YAML.*", gettext_noop("Baris ini bukan YAML yang benar.")),
    (r"The file holds several documents\.", gettext_noop("Berkas memuat beberapa dokumen.")),
    (r"This is nested more than (?P<a>\d+) levels deep\.", gettext_noop("Susunannya lebih dalam dari %(a)s tingkat.")),
    (r"Anchors and aliases .*", gettext_noop("Jangkar dan alias (& dan *) tidak dibaca.")),
    (r"Tags \(!\) are not read\.", gettext_noop("Tag (!) tidak dibaca.")),
    (r"A text holds a character that cannot be printed\.", gettext_noop("Ada karakter yang tidak dapat dicetak.")),
    (r"A list or a mapping stands where a key is expected\.", gettext_noop("Di tempat kunci ada daftar atau pasangan kunci.")),
    (r"The file has (?P<a>\d+) characters\.", gettext_noop("Berkas berisi %(a)s karakter: terlalu panjang.")),
    (r"(?P<a>.*) is ['\"](?P<b>.*)['\"]\.", gettext_noop("%(a)s berisi “%(b)s”, yang tidak berlaku di situ.")),
)  # fmt: skip
_FIX = (
    (r"Known are: (?P<a>.*)\.", gettext_noop("Yang dikenal: %(a)s.")),
    (r"Did you mean (?P<a>.*)\?", gettext_noop("Maksudnya %(a)s?")),
    (r"Write one of: (?P<a>.*)\.", gettext_noop("Tulis salah satu: %(a)s.")),
    (r"Write a number between 0 and 1, .*", gettext_noop("Tulis angka antara 0 dan 1, misalnya 0.9545.")),
    (r"Exchange them\.", gettext_noop("Tukar keduanya.")),
    (r"Read it at least twice, .*", gettext_noop("Baca sekurangnya dua kali (repeats), atau pakai pooled.")),
    (r"Tell readings, u or half_width\.", gettext_noop("Tulis readings, u, atau half_width pada sekurangnya satu masukan.")),
    (r"Write true or false\.", gettext_noop("Tulis true atau false.")),
    (r"Write at most (?P<a>\d+)\.", gettext_noop("Paling banyak %(a)s.")),
    (r"At most (?P<a>\d+) are read.*", gettext_noop("Paling banyak %(a)s yang dibaca.")),
    (r"Write a number with a decimal point\.", gettext_noop("Tulis angka dengan titik desimal, misalnya 20.5.")),
    (r"Add it: .*", gettext_noop("Tambahkan.")),
    (r"Remove one; the first is on line (?P<a>\d+)\.", gettext_noop("Hapus salah satu; yang pertama di baris %(a)s.")),
    (r"Choose another name\.", gettext_noop("Pilih nama lain.")),
    (r"Add it to the model or remove it\.", gettext_noop("Tambahkan ke model, atau hapus.")),
    (r"Tell (?:one of them|it in one.*)|Write one of them\.|Tell one of them\.", gettext_noop("Pakai satu saja.")),
    (r"Put the text in quotes\.|.*quotes.*", gettext_noop("Periksa tanda kutip dan lekuk barisnya.")),
    (r"Write small letters, .*", gettext_noop("Tulis huruf kecil, angka, dan tanda hubung; huruf lebih dahulu.")),
    (r"Write letters, .*", gettext_noop("Tulis huruf, angka, dan _; huruf lebih dahulu, paling banyak 30 karakter.")),
    (r"Write a whole number .*", gettext_noop("Tulis bilangan bulat 1 sampai 99.")),
    (r"Write keys and values: (?P<a>.*)\.", gettext_noop("Tulis kunci dan nilainya: %(a)s.")),
)  # fmt: skip


def problem(one: Problem) -> str:
    """What is wrong and what to do, in the language of the screen; what has no words of its own is quoted."""
    what = _formula(one.what) or _worded(one.what, _WHAT)
    if not what:
        return _("Isi baris ini tidak dapat dipakai (%(what)s).") % {"what": f"{one.what} {one.fix}".strip()}
    return f"{what} {_worded(one.fix, _FIX)}".strip()


def _formula(text: str) -> str:
    """A fault of a formula behind its place: "input keep: u: The bracket is not closed. (character 3)"."""
    for pattern, words in _FORMULA:
        found = re.fullmatch(rf"(?P<place>.+?): {pattern}(?: \(.*\))?", text, re.DOTALL)
        if found:
            told = {key: value for key, value in found.groupdict().items() if value is not None}
            return f"{told.pop('place')}: {_(words) % told if told else _(words)}"
    return ""


def _worded(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, words in table:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            told = {key: value or "" for key, value in found.groupdict().items()}
            return (_(words) % told if told else _(words)) if words else ""
    return ""
