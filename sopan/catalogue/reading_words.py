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
    (r"file", gettext_noop("Berkas")),
    (r"sheet (?P<a>.+), row (?P<b>\d+)", gettext_noop("Lembar %(a)s, baris %(b)s")),
    (r"page (?P<a>\d+)(?:, row (?P<b>\d+))?", gettext_noop("Halaman %(a)s")),
    (r"row (?P<a>\d+)", gettext_noop("Baris %(a)s")),
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
    (r"The column ['\"](?P<a>.*)['\"] is left out: .*", gettext_noop("Kolom “%(a)s” tidak diikutkan: langkah tidak punya tempat untuknya.")),
    (r"A part of the table has no head; .*", gettext_noop("Sebagian tabel tanpa judul kolom; dibaca seperti tabel sebelumnya.")),
    (r"Another part of the table names the actor ['\"](?P<a>.*)['\"]\.", gettext_noop("Bagian lain tabel menyebut pelaksana “%(a)s”.")),
    (r"The part with number (?P<a>\S+) stands before .*", gettext_noop("Bagian bernomor %(a)s tercetak sebelum judul tabel.")),
    (r"It has changes that nobody has accepted .*", gettext_noop("Ada perubahan yang belum diterima atau ditolak; dibaca seolah semuanya diterima.")),
    (r"Hidden rows or columns are left out, in: (?P<a>.*)\.", gettext_noop("Baris atau kolom tersembunyi tidak diikutkan, pada: %(a)s.")),
    (r"Left out: (?P<a>.*)\.", gettext_noop("Tidak diikutkan: %(a)s.")),
    (r"The steps are numbered in the order of the ways in the diagram\.", gettext_noop("Langkah dinomori menurut urutan jalur pada diagram.")),
)  # fmt: skip
_REFUSED = (
    (r"It is larger than .*", gettext_noop("Berkas ini terlalu besar.")),
    (r"It is empty\.", gettext_noop("Berkas ini kosong.")),
    (r"It is of an old or protected office format.*", gettext_noop("Format lama atau bersandi: simpan sebagai DOCX atau XLSX tanpa sandi.")),
    (r"It is Rich Text.*", gettext_noop("Format RTF: simpan sebagai DOCX.")),
    (r"It is a packed file, but neither .*", gettext_noop("Bukan dokumen Word dan bukan buku kerja Excel.")),
    (r"It is no Word document.*", gettext_noop("Bukan dokumen Word: bagian teksnya tidak ada.")),
    (r"It is not text\.", gettext_noop("Isinya bukan teks.")),
    (r".*\bwhich words stand in which column cannot be told\.", gettext_noop("Tabelnya berjudul, tetapi batas kolomnya tidak dapat dipastikan.")),
    (r".*\bthe table cannot be read whole\.", gettext_noop("Ada baris di luar akhir tabel: tabelnya tidak dapat dibaca utuh.")),
    (r".*\b(?:has|packed of) (?:more than|too many cells).*", gettext_noop("Isinya terlalu banyak untuk dibaca sekaligus: bagi dokumennya.")),
    (r".*(?:zip bomb|unpack to more).*", gettext_noop("Berkas ini mengembang terlalu besar saat dibuka.")),
    (r"It declares XML entities.*", gettext_noop("Berkas ini memuat definisi XML yang tidak diizinkan.")),
    (r".*(?:damaged|cannot be unpacked|cannot be read).*", gettext_noop("Berkas ini rusak atau dilindungi sandi. Simpan ulang, lalu coba lagi.")),
    (r"Reading the PDF takes too long.*", gettext_noop("PDF ini terlalu lama dibaca: mungkin rusak.")),
    (r"It has no text layer.*|.*no text.*", gettext_noop("Berkas ini tidak memuat teks: mungkin hasil pindai tanpa lapisan teks.")),
    (r"No table of activities is in it.*", gettext_noop("Tidak ada tabel kegiatan: tidak ada baris judul dengan kolom seperti Kelengkapan, Waktu, dan Output.")),
    (r".*columns of the table have run into each other.*", gettext_noop("Kolom-kolom tabelnya tercampur, seperti pada hasil pindai: isinya tidak dapat dipastikan. Unggah berkas aslinya, atau ketik di editor.")),
    (r"Its elements are nested too deeply\.", gettext_noop("Susunan halamannya terlalu dalam.")),
    (r".*\bone row holds several steps.*", gettext_noop("Satu baris memuat beberapa langkah sekaligus: mana milik mana tidak dapat dipastikan.")),
)  # fmt: skip
_DIAGRAM = (  # what no procedure can hold, or a diagram lacks
    (r"It is no BPMN 2\.0 file.*", gettext_noop("Berkas ini bukan BPMN 2.0.")),
    (r"It must hold one process with tasks; it holds none\.", gettext_noop("Diagram ini tidak memuat proses dengan tugas.")),
    (r"It must hold one process with tasks; it holds (?P<a>.*)\.", gettext_noop("Diagram harus memuat satu proses saja; di dalamnya ada %(a)s.")),
    (r"A procedure has no place for the (?P<a>\S+) of (?P<b>.*)\.", gettext_noop("SOP tidak mengenal %(a)s pada %(b)s.")),
    (r"A procedure has no place for (?P<a>.*)\.", gettext_noop("SOP tidak mengenal %(a)s.")),
    (r"(?P<a>.*) has no id of its own\.", gettext_noop("%(a)s tidak punya id sendiri.")),
    (r"(?P<a>.*) begins or ends nowhere\.", gettext_noop("%(a)s tidak berawal atau tidak berujung.")),
    (r"It cannot be a procedure: .*", gettext_noop("Isinya tidak dapat menjadi SOP.")),
    (r"What it tells in Sopan's own elements .*", gettext_noop("Bagian milik Sopan di dalam berkas ini tidak dapat dipakai: mungkin diubah dengan alat lain.")),
    (r"It has no start event that is the ordinary beginning\.", gettext_noop("Diagram ini tidak punya startEvent sebagai awal.")),
    (r"No way leads from the beginning to (?P<a>.*)\.", gettext_noop("Tidak ada jalur dari awal menuju %(a)s.")),
    (r"Two tasks tell the same id of a step\.", gettext_noop("Dua tugas menyebut id langkah yang sama.")),
    (r"Two lanes are the actor '(?P<a>.*)'\.", gettext_noop("Dua lajur menyebut pelaksana “%(a)s”.")),
    (r"(?P<a>.*) stands in no lane\.", gettext_noop("%(a)s tidak berada di lajur mana pun.")),
    (r"A way back leads into the gateway before (?P<a>.*); it must .*", gettext_noop("Jalur kembali masuk ke gateway sebelum %(a)s; seharusnya langsung ke tugas itu.")),
    (r"Before (?P<a>.*) some ways wait at a gateway .*", gettext_noop("Sebelum %(a)s sebagian jalur menunggu di gateway dan sebagian tidak.")),
    (r"(?P<a>.*) has no name\.", gettext_noop("%(a)s tidak punya nama.")),
    (r"(?P<a>.*) has ways with conditions; .*", gettext_noop("%(a)s punya jalur bersyarat: letakkan exclusiveGateway sesudahnya.")),
    (r"(?P<a>.*) must lead to one task\.", gettext_noop("%(a)s harus menuju satu tugas.")),
    (r"(?P<a>.*) leads to a gateway or an end; .*", gettext_noop("%(a)s menuju gateway atau akhir; SOP berawal dari satu tugas.")),
    (r"(?P<a>.*) stops branches that run beside it; .*", gettext_noop("%(a)s menghentikan cabang lain; dalam SOP hanya penolakan yang berbuat begitu.")),
    (r"Behind (?P<a>.*) a decision follows without a task that decides\.", gettext_noop("Sesudah %(a)s ada keputusan tanpa tugas yang memutuskan.")),
    (r"Behind (?P<a>.*) a branch leads to (?P<b>.*) at once\.", gettext_noop("Sesudah %(a)s satu cabang langsung menuju %(b)s.")),
    (r"(?P<a>.*) opens more than (?P<b>\d+) tasks\.", gettext_noop("%(a)s membuka lebih dari %(b)s tugas.")),
    (r"The ways through (?P<a>.*) go in a ring .*", gettext_noop("Jalur melalui %(a)s berputar tanpa tugas.")),
    (r"(?P<a>.*) leads nowhere\.", gettext_noop("%(a)s tidak menuju ke mana pun.")),
    (r"Before (?P<a>.*) stand more than (?P<b>\d+) gateways .*", gettext_noop("Sebelum %(a)s ada lebih dari %(b)s gateway tanpa tugas.")),
    (r"(?P<a>.*) follows a gateway that joins branches; .*", gettext_noop("%(a)s mengikuti gateway yang menyatukan cabang; SOP perlu tugas di antaranya.")),
    (r"(?P<a>.*) opens some of several ways; .*", gettext_noop("%(a)s membuka sebagian dari beberapa jalur; SOP membuka satu atau semuanya.")),
    (r"(?P<a>.*) has more than (?P<b>\d+) ways\.", gettext_noop("%(a)s punya lebih dari %(b)s jalur.")),
)  # fmt: skip


def remark(where: str, what: str) -> str:
    """ "Langkah 3: Pelaksananya tidak tertulis."; what has no words of its own stays as it is."""
    place = _worded(where, _WHERE) or where
    return f"{place}: {_worded(what, _WHAT) or what}"


def refusal(reason: str) -> str:
    """Why a document, or a table in it, is not read; what has no words of its own stands in brackets."""
    return (
        _worded(reason, _DIAGRAM)
        or _worded(reason, _REFUSED)
        or _("Dokumen ini tidak dapat dibaca dengan aman (%(reason)s).") % {"reason": reason}
    )


def note(text: str) -> str:
    """A note of the readers in Indonesian; empty for any other, which somebody wrote."""
    return _worded(text, _WHAT)


def _element(told: str) -> str:
    """An element of a diagram with its name in our quotation marks; it may have no id."""
    return re.sub(r" ['\"](.*?)['\"] \(id ", r" “\1” (id ", told).replace("(id none)", _("(tanpa id)"))


def _worded(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, words in table:
        if found := re.fullmatch(pattern, text.strip(), re.DOTALL):
            told = {key: _element(value or "") for key, value in found.groupdict().items()}
            return _(words) % told if told else _(words)
    return ""
