"""What the readers of documents remark, in Indonesian. Their own words are English, for files and the command line."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_WHERE = (
    (r"(?:the )?step (?:in place )?(?P<a>\S+)(?: \(.*\))?", gettext_noop("Langkah %(a)s")),
    (r"table (?P<a>\d+), row (?P<b>\d+)", gettext_noop("Tabel %(a)s, baris %(b)s")),
    (r"line (?P<a>\d+)", gettext_noop("Baris %(a)s")),
    (r"table", gettext_noop("Tabel")),
    (r"identity", gettext_noop("Identitas")),
)
_WHAT = (
    (r"A row of totals is left out: (?P<a>.*)\.", gettext_noop("Baris jumlah tidak diikutkan: %(a)s.")),
    (r"A row is taken for a heading: (?P<a>.*)\.", gettext_noop("Satu baris dianggap judul: %(a)s.")),
    (
        r"A row without (?:number|activity) is taken for the rest of (?:the )?step (?:in place )?(?P<a>\S+): (?P<b>.*)\.",
        gettext_noop("Satu baris dianggap lanjutan langkah %(a)s: %(b)s."),
    ),
    (r"A row with a time alone .*: ['\"](?P<a>.*)['\"]\.", gettext_noop("Baris yang hanya berisi waktu tidak diikutkan: %(a)s.")),
    (r"A row without activity before .*: (?P<a>.*)\.", gettext_noop("Satu baris tanpa kegiatan tidak diikutkan: %(a)s.")),
    (r"The row has no number\.", gettext_noop("Baris ini tanpa nomor.")),
    (r"The requirements stand in a column of an actor\.", gettext_noop("Kelengkapan tertulis di kolom pelaksana.")),
    (r"The row has other cells .*", gettext_noop("Sel baris ini berbeda dari baris lain; sebagian tidak dapat dipastikan.")),
    (r"The row has fewer or more cells .*", gettext_noop("Sel baris ini kurang atau lebih; dibaca dari letak waktunya.")),
    (r"The time ['\"](?P<a>.*)['\"] is taken for ['\"](?P<b>.*)['\"]\.", gettext_noop("Waktu “%(a)s” dibaca sebagai “%(b)s”.")),
    (r"The time ['\"](?P<a>.*)['\"] cannot be right: .*", gettext_noop("Waktu “%(a)s” tampaknya keliru.")),
    (r"The number (?P<a>.*) is printed more than once\.", gettext_noop("Nomor %(a)s tercetak lebih dari sekali.")),
    (r"The number before is (?P<a>.*): one is missing\.", gettext_noop("Sesudah nomor %(a)s ada nomor yang terlewati.")),
    (r"The table begins with number (?P<a>.*)\.", gettext_noop("Tabel mulai dari nomor %(a)s.")),
    (
        r"The symbol stands under ['\"](?P<a>.*)['\"], but the words name ['\"](?P<b>.*)['\"]\.",
        gettext_noop("Simbolnya di kolom “%(a)s”, tetapi uraiannya menyebut “%(b)s”."),
    ),
    (r"Who does it is not told\.", gettext_noop("Pelaksananya tidak tertulis.")),
    (
        r"Symbols stand under several actors: (?P<a>.*)\. Who acts is not told\.",
        gettext_noop("Simbolnya ada di beberapa kolom: %(a)s. Siapa pelaksananya tidak tertulis."),
    ),
    (r"A symbol stands in the row, but .*", gettext_noop("Ada simbol di baris ini, tetapi kolomnya tidak dapat dipastikan.")),
    (r"It may send back, but .*", gettext_noop("Langkah ini dapat mengembalikan, tetapi ke mana tidak tertulis.")),
    (r"The head names (?P<a>\d+) actors, .*", gettext_noop("Judul menyebut %(a)s pelaksana, tetapi kolom barisnya tidak sama; simbolnya tidak dipakai.")),
    (r"It is not read\..*", gettext_noop("Tabelnya tidak dapat dibaca dengan aman.")),
    (r"It is only named: .*", gettext_noop("Hanya disebut namanya; tabel kegiatannya tidak ada.")),
    (r".*no name was found\.", gettext_noop("Nama SOP tidak ditemukan.")),
    (r"Several covers stand before it, .*: (?P<a>.*)\.", gettext_noop("Ada beberapa sampul sebelum tabelnya: %(a)s.")),
    (r"The name is that of the heading .*", gettext_noop("Nama diambil dari judul atau sampul sebelum tabel.")),
    (r"No number was found\.", gettext_noop("Nomor SOP tidak ditemukan.")),
    (
        r"A title calls it ['\"](?P<a>.*)['\"], the identity block ['\"](?P<b>.*)['\"]\.",
        gettext_noop("Judul menyebutnya “%(a)s”, identitasnya “%(b)s”."),
    ),
    (r"A part of the table has no head; .*", gettext_noop("Sebagian tabel tanpa judul kolom; dibaca seperti tabel sebelumnya.")),
    (r"Another part of the table names the actor ['\"](?P<a>.*)['\"]\.", gettext_noop("Bagian lain tabel menyebut pelaksana “%(a)s”.")),
    (r"The part with number (?P<a>\S+) stands before .*", gettext_noop("Bagian bernomor %(a)s tercetak sebelum judul tabel.")),
)  # fmt: skip
_REFUSED = (
    (r"It is larger than .*", gettext_noop("Berkas ini terlalu besar.")),
    (r"It is empty\.", gettext_noop("Berkas ini kosong.")),
    (r"It is of an old or protected office format.*", gettext_noop("Format lama atau bersandi: simpan sebagai DOCX atau XLSX tanpa sandi.")),
    (r"It is Rich Text.*", gettext_noop("Format RTF: simpan sebagai DOCX.")),
    (r"It is a packed file, but neither .*", gettext_noop("Bukan dokumen Word dan bukan buku kerja Excel.")),
    (r"It is no Word document.*", gettext_noop("Bukan dokumen Word: bagian teksnya tidak ada.")),
    (r"It is not text\.", gettext_noop("Isinya bukan teks.")),
    (r".*\bhas (?:more than|too many cells).*", gettext_noop("Isinya terlalu banyak untuk dibaca sekaligus: bagi dokumennya.")),
    (r".*(?:zip bomb|unpack to more).*", gettext_noop("Berkas ini mengembang terlalu besar saat dibuka.")),
    (r"It declares XML entities.*", gettext_noop("Berkas ini memuat definisi XML yang tidak diizinkan.")),
    (r".*(?:damaged|cannot be unpacked|cannot be read).*", gettext_noop("Berkas ini rusak atau dilindungi sandi. Simpan ulang, lalu coba lagi.")),
    (r"Reading the PDF takes too long.*", gettext_noop("PDF ini terlalu lama dibaca: mungkin rusak.")),
    (r"It has no text layer.*|.*no text.*", gettext_noop("Berkas ini tidak memuat teks: mungkin hasil pindai tanpa lapisan teks.")),
    (r"No table of activities is in it.*", gettext_noop("Tidak ada tabel kegiatan: tidak ada baris judul dengan kolom seperti Kelengkapan, Waktu, dan Output.")),
    (r".*columns of the table have run into each other.*", gettext_noop("Kolom-kolom tabelnya tercampur, seperti pada hasil pindai: isinya tidak dapat dipastikan.")),
    (r"Its elements are nested too deeply\.", gettext_noop("Susunan halamannya terlalu dalam.")),
)  # fmt: skip


def remark(where: str, what: str) -> str:
    """ "Langkah 3: Pelaksananya tidak tertulis."; what has no words of its own stays as it is."""
    place = _worded(where, _WHERE) or where
    return f"{place}: {_worded(what, _WHAT) or what}"


def refusal(reason: str) -> str:
    """Why a document, or a table in it, is not read; what has no words of its own stands in brackets."""
    return _worded(reason, _REFUSED) or _("Dokumen ini tidak dapat dibaca dengan aman (%(reason)s).") % {
        "reason": reason
    }


def _worded(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, words in table:
        if found := re.fullmatch(pattern, text.strip(), re.DOTALL):
            return _(words) % found.groupdict() if found.groupdict() else _(words)
    return ""
