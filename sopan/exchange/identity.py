"""The identity block (bagian identitas): number, name, dates, approval, and the lists around them.

It stands before the table, beside the name of the body, or in the first rows of the table itself; label and value are
in two cells, on one line, or on two lines. Numbers of officials (NIP) are never kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sopan.exchange.words import clean, items, plain

_LABELS = {
    "number": "nomor sop|no sop|nomor sop ap|nomor|no dokumen|nomor dokumen|nomor prosedur|kode sop|nomor standar operasional prosedur|kode dokumen|nomor pos|no pos|nomor pos ap|nomor sop administrasi pemerintahan",
    "name": "nama sop|judul sop|nama sop ap|nama prosedur|judul|nama standar operasional prosedur|nama kegiatan sop|nama pos|nama pos ap|judul prosedur|judul dokumen|nama dokumen",
    "made": "tanggal pembuatan|tgl pembuatan|tanggal sop|tgl sop|tanggal dibuat|tanggal penyusunan|tgl penyusunan|tanggal terbit|tgl terbit",
    "revised": "tanggal revisi|tgl revisi|tanggal rev|tgl rev",
    "effective": "tanggal efektif|tgl efektif|tanggal berlaku|tgl berlaku|tanggal diberlakukan|mulai berlaku",
    "approved": "tanggal pengesahan|tgl pengesahan|tanggal disahkan|tgl disahkan|tanggal persetujuan",
    "edition": "rev ed|edisi revisi|revisi|edisi|revisi ke|nomor revisi|no revisi",
    "approved_by": "disahkan oleh|disahkan|disyahkan oleh|pengesahan|disetujui oleh",
    "legal_bases": "dasar hukum|landasan hukum",
    "qualifications": "kualifikasi pelaksana|kualifikasi pelaksanaan|kualifikasi",
    "related": "keterkaitan|keterkaitan sop|keterkaitan dengan sop lain|keterkaitan dengan pos lain|sop terkait",
    "equipment": "peralatan perlengkapan|perlengkapan peralatan|peralatan dan perlengkapan|peralatan|perlengkapan|peralatan kelengkapan",
    "warnings": "peringatan",
    "records": "pencatatan dan pendataan|pencatatan pendataan|pencatatan|pencatatan pelaporan|pendataan dan pencatatan",
}  # fmt: skip
KEYS = {label: key for key, labels in _LABELS.items() for label in labels.split("|")}
KEYS |= {label.replace(" ", ""): key for label, key in KEYS.items() if " " in label}
SECTIONS = ("legal_bases", "qualifications", "related", "equipment", "warnings", "records")
_LONE = frozenset(
    {"nomor", "judul", "revisi", "edisi", "pengesahan", "disahkan", "peralatan", "perlengkapan", "pencatatan"}
)
_BEGINS = re.compile(
    "("
    + "|".join(sorted((label.replace(" ", r"[\W_]*") for label in KEYS if " " in label), key=len, reverse=True))
    + r")\b[\s.]*[:+]?\s*",
    re.IGNORECASE,
)
_LONE_LABEL = re.compile(r"(nomor|judul|edisi|revisi)\s*:\s*", re.IGNORECASE)  # only with its colon
_NIP = re.compile(r"\bN\.?I\.?P\b\.?\s*:?\s*[\d .]{8,}|\b(?:19|20)\d{6}[ .]?\d{6}[ .]?\d[ .]?\d{3}\b", re.IGNORECASE)
_WARNS = re.compile(r"^(?:jika|apabila|bila|agar|sop ini|kesalahan|keterlambatan)\b", re.IGNORECASE)


@lru_cache(maxsize=5_000)
def key_of(cell: str) -> str | None:
    """The key that a cell labels ("Nomor SOP :"), or None."""
    text = plain(cell)
    return KEYS.get(text) if 0 < len(text) <= 50 else None


def without_nip(text: str) -> str:
    """The text without any number of an official."""
    return " ".join(_NIP.sub(" ", text).split())


@dataclass(slots=True)
class Identity:
    """What was read of an identity block so far. ``waiting``: the labels whose values come on the next lines."""

    fields: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)  # where sections begin; "": its words are cut in two

    def has(self, key: str) -> bool:
        return key in self.fields

    def put(self, key: str, value: str) -> None:
        """Keep a value; the first one counts."""
        text = without_nip(clean(value).lstrip(":+ ").strip())
        if key in SECTIONS:
            self.lists.setdefault(key, []).extend(without_nip(item) for item in items(value.lstrip(": ")))
        elif text:
            self.fields.setdefault(key, text)

    def as_data(self) -> dict[str, str | list[str]]:
        """Everything but number and name, under the keys of the file format."""
        told: dict[str, str | list[str]] = {
            key: value for key, value in self.fields.items() if key not in ("number", "name")
        }
        return told | {key: value for key, value in self.lists.items() if value}


def labels_in(cells: Sequence[str]) -> list[tuple[int, str]]:
    """Places of the cells of a row that are labels; a label may be cut in two by a column that ends in it."""
    found = []
    for at, cell in enumerate(cells):
        if key := key_of(cell) if cell else None:
            found.append((at, key))
        elif cell.isupper() and at + 1 < len(cells) and (cut := key_of(cell + cells[at + 1])):
            found.append((at, cut))
    return found


def is_identity_row(cells: Sequence[str]) -> bool:
    """True if a row of a table begins or holds a field of an identity block."""
    labels = labels_in(cells)
    keys = {key for _, key in labels}
    if {"number", "name"} <= keys and len(labels) == len([cell for cell in cells if cell]) - 1:
        return False  # the head of a list of SOPs: No | No. SOP | Judul SOP
    if labels:
        lone = all(plain(cells[at]) in _LONE for at, _ in labels)
        return not lone or len([cell for cell in cells if cell]) <= 2
    return any(_label_at_start(cell) for cell in cells if 0 < len(cell) < 200)


def read_row(identity: Identity, cells: Sequence[str], raw: Sequence[str]) -> bool:
    """Take what a row of an identity block tells. False if the row tells nothing of it."""
    labels = labels_in(cells)
    if labels and is_identity_row(cells):
        _read_labels(identity, labels, cells, raw)
        return True
    for cell in cells:
        if 0 < len(cell) < 200 and (found := _label_at_start(cell)):
            identity.put(*found)
            identity.columns = []
            return True
    if identity.columns:
        _read_sections(identity, cells, raw)
        return True
    return False


def _label_at_start(text: str) -> tuple[str, str] | None:
    """ "Nomor SOP V.26.8.1.1": label and value in one text."""
    found = _BEGINS.match(text) or _LONE_LABEL.match(text)
    key = KEYS.get(plain(found[1])) if found else None
    return (key, text[found.end() :]) if found and key and text[found.end() :].strip() else None


def _read_labels(
    identity: Identity, labels: Sequence[tuple[int, str]], cells: Sequence[str], raw: Sequence[str]
) -> None:
    """Labels with their values behind them; labels of lists open sections for the rows below."""
    identity.columns = []
    at_labels = {at for at, _ in labels}
    for at, key in labels:
        value = next((i for i in range(at + 1, len(cells)) if cells[i].strip(":. ")), None)
        if key in SECTIONS and (value is None or value in at_labels or len(labels) > 1):
            identity.columns.append((at, "" if key_of(cells[at]) is None else key))
        elif value is not None and value not in at_labels:
            identity.put(key, raw[value] if key in SECTIONS else cells[value])
        elif key in SECTIONS:
            identity.columns.append((at, key))


def _read_sections(identity: Identity, cells: Sequence[str], raw: Sequence[str]) -> None:
    for at, cell in enumerate(cells):
        key = next((key for begin, key in reversed(identity.columns) if begin <= at), identity.columns[0][1])
        if cell and key:
            identity.put(key, raw[at])


def read_line(identity: Identity, text: str) -> bool:
    """Take what a line tells: a label, label and value, or the value of a label above. False if it is none of that."""
    if key := key_of(text):
        if plain(text) in _LONE and key not in SECTIONS:
            return False
        identity.waiting = [*identity.waiting, key] if key in SECTIONS and _empty(identity) else [key]
        return True
    if found := _label_at_start(text):
        rest = key_of(found[1])
        identity.waiting = [found[0], rest] if rest else [found[0]] if found[0] in SECTIONS else []
        if not rest:
            identity.put(*found)
        return True
    return _read_value(identity, text)


def _empty(identity: Identity) -> bool:
    """True if the labels that wait have got nothing yet."""
    return bool(identity.waiting) and not any(identity.lists.get(key) for key in identity.waiting)


def _read_value(identity: Identity, text: str) -> bool:
    if not identity.waiting or not text:
        return False
    key = identity.waiting[-1]
    if len(identity.waiting) > 1 and "warnings" in identity.waiting and _WARNS.match(text):
        key = "warnings"
    identity.put(key, text)
    if key not in SECTIONS:
        identity.waiting = []
    return True
