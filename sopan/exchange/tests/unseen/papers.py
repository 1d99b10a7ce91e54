"""Papers in the shapes that bodies use, each with the procedures that a person reads in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sopan.exchange.tests.unseen import sops
from sopan.exchange.tests.unseen.model import Block, Cell, Grid, Labels, Paper, Sop, identity_of, row, table_of
from sopan.exchange.tests.unseen.write import as_bars, as_excel, as_html, as_pdf, as_tabs, as_word


@dataclass(frozen=True, slots=True)
class Case:
    """A file and the procedures in it."""

    id: str
    name: str
    make: Callable[[], bytes]
    sops: Sequence[Sop]


def paper(*blocks: Block) -> Paper:
    return Paper({"SOP": list(blocks)})


def long(sop: Sop) -> Sop:
    """Thirty steps, some of them with many words: several pages of paper."""
    words = " sesuai dengan ketentuan peraturan perundang-undangan yang berlaku serta pedoman pemerintah daerah"
    steps = [step for _ in range(5) for step in sop.steps]
    return replace(
        sop,
        steps=tuple(
            replace(
                step,
                no=str(at),
                activity=step.activity.split(",")[0] + words * (at % 3),
                decision=True if step.sign == "◇" else None,
                back=None,
            )
            for at, step in enumerate(steps, 1)
        ),
    )


def silent(sop: Sop) -> Sop:
    """The same procedure where the symbols are drawn: only the words may tell who acts, and here none does."""
    steps = (
        replace(step, by=(), actor=None, actor_from=None, decision=True if step.back else None, back=None)
        if step.actor_from == "cell"
        else step
        for step in sop.steps
    )
    return replace(sop, steps=tuple(steps))


USUAL = Labels()
BORDERS = "table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:3px;font:9pt sans-serif}@page{size:A4 landscape;margin:1cm}"

TURNED = "table:last-of-type tr:nth-child(2) td{writing-mode:vertical-rl;transform:rotate(180deg)}"


def plain(sop: Sop, labels: Labels = USUAL, **how: object) -> Paper:
    return paper(identity_of(sop), "", table_of(sop, labels, **how))  # type: ignore[arg-type]


COURT = Labels("No.", "Uraian Prosedur", "Pelaksana", "Mutu Buku", "Persyaratan/Kelengkapan", "Waktu", "Output", "Ket.")
CLINIC = Labels(
    "NO", "AKTIFITAS", "PELAKSANA", "MUTU BAKU", "PERSYARATAN / PERLENGKAPAN", "WAKTU (Menit)", "OUTPUT", "KET"
)
CAMPUS = Labels("No", "Langkah", "Pelaku", "Standar Mutu", "Persyaratan", "Durasi", "Hasil", "Catatan")
FIRE = Labels("Nomor", "Aktivitas", "Pelaksana", "Mutu Baku", "Kelengkapan", "Waktu", "Keluaran", "Ket")


def three_rows_of_head(sop: Sop) -> Grid:
    """A head of three rows: a group over the actors inside and outside of the body."""
    n = len(sop.actors)
    head: Grid = [
        [Cell("No", down=3), Cell("Uraian Kegiatan", down=3), Cell("Pelaksana", across=n), Cell("Mutu Baku", across=3), Cell("Ket", down=3)],
        [Cell("Eksternal"), Cell("Internal", across=n - 1), Cell("Kelengkapan", down=2), Cell("Waktu", down=2), Cell("Output", down=2)],
        [Cell(name) for name in sop.actors],
    ]  # fmt: skip
    return head + table_of(sop, head=False)


def two_pages(sop: Sop, at: int) -> list[Block]:
    """The table goes on with its head and a row of column numbers."""
    return [
        identity_of(sop),
        "",
        table_of(sop, steps=sop.steps[:at], numbering=True),
        "Halaman 2",
        table_of(sop, steps=sop.steps[at:], numbering=True),
    ]


def split_row(sop: Sop, at: int) -> Grid:
    """The end of a page cuts the activity and the output of a step in two rows."""
    grid = table_of(sop)
    step = sop.steps[at]
    words, out = step.activity.split(), (step.output or "").split()
    place = 2 + at
    first = list(grid[place])
    first[1] = Cell(" ".join(words[:3]))
    first[-2] = Cell(" ".join(out[:1]))
    rest = row("", " ".join(words[3:]), *[""] * len(sop.actors), "", "", " ".join(out[1:]), "")
    return [*grid[:place], first, rest, *grid[place + 1 :]]


def names_in_one_column(sop: Sop) -> Grid:
    """No matrix: the column Pelaksana holds the name."""
    head = row("No", "Kegiatan", "Pelaksana", "Kelengkapan", "Waktu", "Output", "Keterangan")
    body = [
        row(s.no or "", s.activity, s.by[0], s.needs or "", s.time or "", s.output or "", s.remarks or "")
        for s in sop.steps
    ]
    return [head, *body]


def short_form(sop: Sop) -> Grid:
    """The shortest table in use: no requirements, no output."""
    return [
        row("No", "Kegiatan", "Pelaksana", "Waktu", "Keterangan"),
        *(row(s.no or "", s.activity, s.by[0], s.time or "", s.remarks or "") for s in sop.steps),
    ]


def shortened(sop: Sop) -> Sop:
    return replace(sop, steps=tuple(replace(step, needs=None, output=None) for step in sop.steps))


def by_appearance(sop: Sop) -> Sop:
    return replace(sop, actors=tuple(dict.fromkeys(step.by[0] for step in sop.steps)))


def without_marks(sop: Sop) -> Sop:
    """No symbols: a diamond that was not printed decides nothing."""
    return replace(sop, steps=tuple(replace(step, decision=None) for step in sop.steps))


def without_number_column(sop: Sop) -> Grid:
    n = len(sop.actors)
    head: Grid = [
        [Cell("Kegiatan", down=2), Cell("Pelaksana", across=n), Cell("Mutu Baku", across=3)],
        row(*sop.actors, "Kelengkapan", "Waktu", "Output"),
    ]
    body = [
        row(
            s.activity,
            *(s.sign if name in s.by else "" for name in sop.actors),
            s.needs or "",
            s.time or "",
            s.output or "",
        )
        for s in sop.steps
    ]
    return head + body


def actors_behind(sop: Sop) -> Grid:
    """The quality standard stands before the actors."""
    n = len(sop.actors)
    head: Grid = [
        [Cell("No", down=2), Cell("Uraian Kegiatan", down=2), Cell("Mutu Baku", across=3), Cell("Pelaksana", across=n)]
        + [Cell("Ket", down=2)],
        row("Kelengkapan", "Waktu", "Output", *sop.actors),
    ]
    body = [
        row(s.no or "", s.activity, s.needs or "", s.time or "", s.output or "")
        + row(*(s.sign if name in s.by else "" for name in sop.actors), s.remarks or "")
        for s in sop.steps
    ]
    return head + body


def person_behind(sop: Sop) -> Grid:
    """One column of names behind the quality standard."""
    head = row("No", "Uraian Kegiatan", "Kelengkapan", "Waktu", "Output", "Penanggung Jawab", "Keterangan")
    return [head] + [
        row(s.no or "", s.activity, s.needs or "", s.time or "", s.output or "", s.by[0], s.remarks or "")
        for s in sop.steps
    ]


def with_other_columns(sop: Sop) -> Grid:
    """A column of the drawing before the quality standard and one of costs behind it."""
    grid = table_of(sop)
    place = 2 + len(sop.actors)
    grid[0] = [*grid[0][:3], Cell("Bagan Alir", down=2), *grid[0][3:], Cell("Biaya", down=2)]
    return grid[:2] + [[*cells[:place], Cell(), *cells[place:], Cell("Gratis")] for cells in grid[2:]]


def bare(sop: Sop) -> Sop:
    return replace(sop, steps=tuple(replace(step, no=None, remarks=None) for step in sop.steps))


def framed(sop: Sop) -> Grid:
    """Identity, table and total in one table of the full width."""
    n = len(sop.actors)
    wide = n + 6
    left = wide // 2
    grid: Grid = [
        [
            Cell(sop.body.upper(), across=left, down=3),
            Cell("Nomor SOP"),
            Cell(sop.number or "", across=wide - left - 1),
        ],
        [Cell("Tgl. Pembuatan"), Cell("1 Maret 2023", across=wide - left - 1)],
        [Cell("Nama SOP"), Cell(sop.name, across=wide - left - 1)],
        [Cell("Dasar Hukum", across=left), Cell("Kualifikasi Pelaksana", across=wide - left)],
        [Cell("1. UU 25/2009", across=left), Cell("1. Memahami tugas", across=wide - left)],
        *table_of(sop),
        [Cell("", across=2 + n + 1), Cell("46 menit"), Cell("", across=2)],
    ]
    return grid


def identity_behind(sop: Sop) -> Paper:
    return paper("SOP PENANGANAN LAPORAN KEBAKARAN", table_of(sop, FIRE), "", identity_of(sop))


def lines_of_identity(sop: Sop) -> list[Block]:
    return [
        f"Nomor SOP : {sop.number}",
        "Tanggal Pembuatan : 5 Januari 2024",
        "Disahkan Oleh : Kepala Kantor",
        f"Nama SOP : {sop.name}",
        "Dasar Hukum:",
        "1. Undang-Undang Nomor 25 Tahun 2009",
    ]


def book(*made: Sop) -> Paper:
    return Paper(
        {
            f"SOP {at}": [identity_of(sop), table_of(sop, CLINIC if sop is C else Labels())]
            for at, sop in enumerate(made, 1)
        }
    )


K, P, C, U, D, L, B = (
    sops.KELURAHAN,
    sops.PENGADILAN,
    sops.PUSKESMAS,
    sops.KAMPUS,
    sops.DAMKAR,
    sops.PERPUSTAKAAN,
    sops.BAPPEDA,
)

CASES = [
    Case("tabs", "a.txt", lambda: as_tabs(plain(K)), [K]),
    Case("bars", "a.md", lambda: as_bars(plain(K)), [K]),
    Case("word", "a.docx", lambda: as_word(plain(K)), [K]),
    Case("excel", "a.xlsx", lambda: as_excel(plain(K)), [K]),
    Case("page", "a.html", lambda: as_html(plain(K)), [K]),
    Case("court: words alone, Mutu Buku", "b.txt", lambda: as_tabs(plain(P, COURT)), [P]),
    Case("court in Word", "b.docx", lambda: as_word(plain(P, COURT)), [P]),
    Case("court as lines", "b2.txt", lambda: as_tabs(paper(*lines_of_identity(P), table_of(P, COURT))), [P]),
    Case("clinic: letters, unit in the head", "c.docx", lambda: as_word(plain(C, CLINIC)), [C]),
    Case("clinic in Excel", "c.xlsx", lambda: as_excel(plain(C, CLINIC)), [C]),
    Case("campus: words for symbols", "d.txt", lambda: as_tabs(plain(U, CAMPUS)), [U]),
    Case("campus as a page", "d.html", lambda: as_html(plain(U, CAMPUS)), [U]),
    Case("fire: Roman numbers, identity behind", "e.docx", lambda: as_word(identity_behind(D)), [D]),
    Case("fire: head of three rows", "e.html", lambda: as_html(paper(identity_of(D), three_rows_of_head(D))), [D]),
    Case("fire: head of three rows in Word", "e3.docx", lambda: as_word(paper(identity_of(D), three_rows_of_head(D))), [D]),
    Case("fire: head of three rows in tabs", "e3.txt", lambda: as_tabs(paper(identity_of(D), three_rows_of_head(D))), [D]),
    Case("library: gaps", "f.txt", lambda: as_tabs(plain(L)), [L]),
    Case("library in Excel", "f.xlsx", lambda: as_excel(plain(L)), [L]),
    Case("planning: 1.1, words alone", "g.docx", lambda: as_word(plain(B)), [B]),
    Case("planning as bars", "g.md", lambda: as_bars(plain(B)), [B]),
    Case("drawn symbols: empty cells", "h.docx", lambda: as_word(plain(silent(K), empty_signs=True)), [silent(K)]),
    Case("two pages, numbered columns", "i.docx", lambda: as_word(paper(*two_pages(K, 3))), [K]),
    Case("two pages as a page", "i.html", lambda: as_html(paper(*two_pages(K, 3))), [K]),
    Case("a row cut in two", "j.docx", lambda: as_word(paper(identity_of(K), split_row(K, 2))), [K]),
    Case("a row cut in two, tabs", "j.txt", lambda: as_tabs(paper(identity_of(K), split_row(K, 5))), [K]),
    Case("names in one column", "k.docx", lambda: as_word(paper(identity_of(K), names_in_one_column(K))), [K]),
    Case("names in one column, bars", "k.md", lambda: as_bars(paper(identity_of(K), names_in_one_column(K))), [K]),
    Case("the short form", "l.md", lambda: as_bars(paper(identity_of(L), short_form(L))), [by_appearance(shortened(L))]),
    Case("no numbers", "m.html", lambda: as_html(paper(identity_of(K), without_number_column(K))), [bare(K)]),
    Case("no numbers, Excel", "m.xlsx", lambda: as_excel(paper(identity_of(K), without_number_column(K))), [bare(K)]),
    Case("all in one frame", "n.docx", lambda: as_word(paper(framed(K))), [K]),
    Case("all in one frame, tabs", "n.txt", lambda: as_tabs(paper(framed(K))), [K]),
    Case("all in one frame, Excel", "n.xlsx", lambda: as_excel(paper(framed(K))), [K]),
    Case("several sheets", "o.xlsx", lambda: as_excel(book(K, C, D)), [K, C, D]),
    Case("several in one Word file", "o.docx", lambda: as_word(book(K, L, U)), [K, L, U]),
    Case("three cells an actor, Excel", "p.xlsx", lambda: as_excel(plain(K, cells_of_actor=3)), [K]),
    Case("three cells an actor, page", "p.html", lambda: as_html(plain(K, cells_of_actor=3)), [K]),
    Case("actors behind", "v.txt", lambda: as_tabs(paper(identity_of(K), actors_behind(K))), [K]),
    Case("actors behind in Word", "v.docx", lambda: as_word(paper(identity_of(U), actors_behind(U))), [U]),
    Case("one person behind, bars", "w.md", lambda: as_bars(paper(identity_of(K), person_behind(K))), [K]),
    Case("one person behind, Excel", "w.xlsx", lambda: as_excel(paper(identity_of(D), person_behind(D))), [by_appearance(without_marks(D))]),
    Case("other columns", "x.html", lambda: as_html(paper(identity_of(K), with_other_columns(K))), [K]),
    Case("Wingdings ticks", "q.docx", lambda: as_word(plain(replace(C, steps=tuple(replace(s, sign="\uf0fc") if s.sign == "√" else s for s in C.steps)), CLINIC)), [C]),
]  # fmt: skip
PRINTED = [
    Case("a printed page", "r.pdf", lambda: as_pdf(as_html(plain(K), BORDERS)), [K]),
    Case("thirty steps, printed", "y.pdf", lambda: as_pdf(as_html(plain(long(K)), BORDERS)), [long(K)]),
    Case("names turned upwards, printed", "z.pdf", lambda: as_pdf(as_html(paper(identity_of(K), "", table_of(K)), BORDERS + TURNED)), [K]),
    Case("court, printed", "s.pdf", lambda: as_pdf(as_html(plain(P, COURT), BORDERS)), [P]),
    Case("campus, printed", "t.pdf", lambda: as_pdf(as_html(plain(U, CAMPUS), BORDERS)), [U]),
    Case("fire, printed", "u.pdf", lambda: as_pdf(as_html(paper(identity_of(D), three_rows_of_head(D)), BORDERS)), [D]),
]  # fmt: skip
