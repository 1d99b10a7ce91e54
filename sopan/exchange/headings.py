"""The head of a table of activities: which rows it has, which actors it names, in which order the other columns stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter

from sopan.core.model import Unit
from sopan.exchange.symbols import Mark, mark_of
from sopan.exchange.times import read_time, unit_of_heading
from sopan.exchange.words import clean, plain


class Role(StrEnum):
    """What a column, or a group of columns, is for."""

    NO = "no"
    ACTIVITY = "activity"
    ACTORS = "actors"
    STANDARD = "standard"
    REQUIREMENTS = "requirements"
    TIME = "time"
    OUTPUT = "output"
    REMARKS = "remarks"
    OTHER = "other"  # none of these, and no actor


_WORDS = {
    Role.NO: "no|nomor|no urut|nomor urut|no kegiatan|num",
    Role.ACTIVITY: "uraian kegiatan|uraian prosedur|uraian aktivitas|uraian|kegiatan|aktivitas|aktifitas|prosedur|langkah|"
    "langkah kegiatan|langkah langkah|tahapan|tahapan kegiatan|tahap kegiatan|uraian pekerjaan|uraian tugas|activity|"
    "uraian proses|proses|langkah kerja|rincian kegiatan|nama kegiatan|uraian langkah|deskripsi kegiatan|raian kegiatan|"
    "aktivitas kegiatan|kegiatan aktivitas|uraian kegiatan aktivitas|sub kegiatan|uraian kerja|activities|procedure|steps|work steps",
    Role.ACTORS: "pelaksana|pelaksana kegiatan|aktor|penanggung jawab|unit pelaksana|pelaku|petugas pelaksana|actor|actors|executor|executors|"
    "implementer|implementers|person in charge|responsible",
    Role.STANDARD: "mutu baku|mutubaku|mutu buku|baku mutu|standar mutu|muti baki|mutu baki|standar baku|quality standard|quality standards",
    Role.REQUIREMENTS: "kelengkapan|persyaratan|perlengkapan|peralatan|syarat|bahan|input|masukan|sarana|alat|dokumen|"
    "persyaratan kelengkapan|bahan alat|kelengkapan dokumen|persiapan|kelengkapan persyaratan|requirement|requirements|inputs",
    Role.TIME: "waktu|durasi|lama waktu|waktu penyelesaian|jangka waktu|lama|norma waktu|waktu proses|time|wkt|estimasi waktu|target waktu|lama pengerjaan|lama proses|waktu baku|duration",
    Role.OUTPUT: "output|out put|hasil|keluaran|produk|outcome|hasil keluaran|hasil kegiatan|output hasil|outputs|result|results",
    Role.REMARKS: "ket|keterangan|catatan|remark|remarks|met|note|notes|keterangan catatan",
    Role.OTHER: "biaya|tarif|lokasi|tempat|dasar hukum|risiko|resiko|frekuensi|volume|satuan|bagan alir|flowchart|flow chart|alur|"
    "diagram alir|simbol|alur proses|bagan|indikator|referensi|formulir|dokumen terkait",
}  # fmt: skip
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split("|")}
_TIGHT = {word.replace(" ", ""): role for word, role in _ROLES.items() if len(word) > 4}  # "W A K T U", "Keleng kapan"
_STANDARD_NAMES = _WORDS[Role.STANDARD].split("|")
_STANDARD_ROLES = frozenset({Role.REQUIREMENTS, Role.TIME, Role.OUTPUT})
_GROUPS = frozenset({Role.ACTORS, Role.STANDARD, Role.ACTIVITY, Role.NO})
_GROUP_NAMES = frozenset({"eksternal", "internal", "luar", "dalam", "external"})
_ACTOR_OF = re.compile(r"(?:pelaksana|aktor|actor)\s*[:/|>–—-]+\s*(?=\S)", re.IGNORECASE)  # "Pelaksana: Staf"
_UNIT = re.compile(r"\(?(?:dalam )?(?:menit|jam|hari(?: kerja)?|minggu)\)?", re.IGNORECASE)
_BEHIND = frozenset({Role.REMARKS, Role.OTHER})
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_NAMES = frozenset({Mark.WORDS, Mark.TEXT})
NUMBER = re.compile(r"\(?(?:\d{1,4}[a-zA-Z]?|[a-zA-Z]|[ivxIVX]{1,5})(?:\.\d{1,2}){0,3}(?:(?<=\d)\.[a-zA-Z])?[.),]{0,2}")


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a table. ``standard`` are the columns behind the actors, in order, with their place in the head."""

    first: int  # index of its first row
    behind: int  # index of the first row behind it
    actors: tuple[str, ...]
    standard: tuple[tuple[Role, int], ...]
    unit: Unit | None
    no_at: int | None
    activity_at: int | None
    one_actor_column: bool = False  # "Pelaksana" is one column that holds names
    actors_at: tuple[int, ...] = ()  # where the columns of the actors begin in the head
    left_out: tuple[tuple[int, str], ...] = ()  # places and headings of columns that are not read


@lru_cache(maxsize=5_000)
def role_of(cell: str) -> Role | None:
    """What a heading says its column is for; None for any other text. Misread letters are forgiven in long words."""
    text = plain(re.sub(r"\([^)]*\)", " ", cell))
    if not text or len(text) > 42:
        return None
    if found := _ROLES.get(text) or _TIGHT.get(text.replace(" ", "")):
        return found
    if (own := _behind_group(text)) is not None:
        return own
    if text.startswith("waktu ") and (unit_of_heading(text) or len(text.split()) <= 3):
        return Role.TIME
    parts = {_ROLES.get(plain(part)) or _near(plain(part)) for part in re.split(r"[/,&]| dan ", cell)}
    if len(parts) == 1:
        return parts.pop()
    return Role.REQUIREMENTS if parts == {Role.REQUIREMENTS, None} and len(text.split()) <= 3 else _near(text)


def _behind_group(text: str) -> Role | None:
    """The role of "Mutu Baku: Kelengkapan", where one row of the head has what stands in two elsewhere."""
    group = next((word for word in _STANDARD_NAMES if text.startswith(f"{word} ")), None)
    role = _ROLES.get(text[len(group) + 1 :]) if group else None
    return role if role in _STANDARD_ROLES | {Role.REMARKS} else None


def _near(text: str) -> Role | None:
    near = get_close_matches(text, _ROLES, n=1, cutoff=0.86) if len(text) >= 5 else []
    return _ROLES[near[0]] if near else None


def find_heading(rows: Sequence[Sequence[str]], begin: int = 0) -> Heading | None:
    """The first head of a table of activities at or behind the row ``begin``."""
    for at in range(begin, len(rows)):
        roles = _roles(rows[at])
        found = _STANDARD_ROLES & set(roles)
        if _is_body(rows[at]) or (len(found) < 2 and not _is_short(roles, rows[at + 1 :])):
            continue
        if Role.TIME in found or (at > begin and _GROUPS & set(_roles(rows[at - 1]))):
            return _heading(rows, at, begin)
    return None


def _is_short(roles: Sequence[Role | None], below: Sequence[Sequence[str]]) -> bool:
    """True for a head without requirements and output: activities, who does them, and a column that does hold times."""
    if not {Role.ACTIVITY, Role.ACTORS, Role.TIME} <= set(roles):
        return False
    at = roles.index(Role.TIME)
    cells = [row[at] for row in below[:20] if at < len(row) and row[at]]
    return sum(read_time(cell).has_amount for cell in cells) * 2 > len(cells)


def _roles(row: Sequence[str]) -> list[Role | None]:
    if row and NUMBER.fullmatch(row[0]):
        return []
    return [role_of(cell) if 0 < len(cell) <= 60 else None for cell in row]


def _is_body(row: Sequence[str]) -> bool:
    return sum(len(cell) > 80 for cell in row) > 1


def _heading(rows: Sequence[Sequence[str]], at: int, begin: int) -> Heading:
    first = at
    while first > begin and at - first < 3 and _GROUPS & set(_roles(rows[first - 1])):
        first -= 1
    roles = _roles(rows[at])
    group = [_roles(row) for row in rows[first:at]]
    everything = [*group, roles]
    standard = _standard(roles, rows, first, at)
    first_standard = min(place for role, place in standard if role in _STANDARD_ROLES)
    grouped = any(Role.ACTORS in row for row in group)
    names = [None if grouped and role is Role.ACTORS else role for role in roles]  # a staff column called "Pelaksana"
    headed = any(Role.ACTIVITY in row for row in everything)
    named = _names(rows[at], names, first_standard, skip_activity=not headed)
    behind, one_column = at + 1, False
    if not named:  # the names stand in an upper row, merged downwards, or in a row of their own below
        upper = [(row, roles_of) for row, roles_of in zip(rows[first:at], group, strict=True) if Role.NO in roles_of]
        named = [one for row, roles_of in upper for one in _names(row, roles_of, len(row), skip_activity=not headed)]
    lower = _names_below(rows, at + 1, {_place(everything, Role.NO), _place(everything, Role.ACTIVITY)})
    if lower and (not named or _divides(named, lower, first_standard)):
        named = _merged(named, lower)
        behind += 1
    if not named:
        one_column = any(Role.ACTORS in row for row in everything)
    if named and all(_ACTOR_OF.match(name) for _, name in named):
        named = [(place, _ACTOR_OF.sub("", name, count=1)) for place, name in named]
    behind += _has_units_alone(rows, behind, standard)
    time_texts = [
        rows[i][place] for i in range(first, behind) for place, role in enumerate(_roles(rows[i])) if role is Role.TIME
    ]
    time_texts += [cell for row in rows[at + 1 : behind] for cell in row]
    return Heading(
        first=first,
        behind=behind,
        actors=tuple(name for _, name in named),
        actors_at=tuple(place for place, _ in named),
        standard=standard,
        unit=next((unit for text in time_texts if (unit := unit_of_heading(text))), None),
        no_at=_place(everything, Role.NO),
        activity_at=_place(everything, Role.ACTIVITY),
        one_actor_column=one_column,
        left_out=_left_out(rows[first:behind], standard),
    )


def _left_out(head: Sequence[Sequence[str]], standard: Sequence[tuple[Role, int]]) -> tuple[tuple[int, str], ...]:
    """The places and headings of columns that no step has a place for, and of remarks that stand before the actors."""
    begin = min(place for role, place in standard if role in _STANDARD_ROLES)
    others = {place for role, place in standard if role is Role.OTHER}
    found = [
        (place, clean(row[place]))
        for row in head
        for place, role in enumerate(_roles(row))
        if role is Role.OTHER or (role is None and place in others) or (role is Role.REMARKS and place < begin)
    ]
    return tuple(dict.fromkeys(one for one in found if one[1]))


def _has_units_alone(rows: Sequence[Sequence[str]], at: int, standard: Sequence[tuple[Role, int]]) -> bool:
    """True for a row under the head that tells the unit of the times and nothing else."""
    place = next((place for role, place in standard if role is Role.TIME), None)
    cells = [(other, cell) for other, cell in enumerate(rows[at]) if cell] if at < len(rows) else []
    return [other for other, _ in cells] == [place] and bool(_UNIT.fullmatch(cells[0][1]))


def _standard(
    roles: Sequence[Role | None], rows: Sequence[Sequence[str]], first: int, at: int
) -> tuple[tuple[Role, int], ...]:
    """The columns behind the actors, from left to right; remarks may stand in an upper row."""
    found: list[tuple[Role | None, int]] = [
        (role, place) for place, role in enumerate(roles) if role in _STANDARD_ROLES
    ]
    first_standard = found[0][1]
    behind = [(role, place) for place, role in enumerate(roles) if role in _BEHIND and place > first_standard]
    found = sorted([*found, *behind, *_unknown(roles, rows, first, at)], key=itemgetter(1))
    last = max(place for _, place in found)
    upper = [(role, place) for row in rows[first:at] for place, role in enumerate(_roles(row)) if role in _BEHIND]
    notes = [one for one in upper if one[0] is Role.REMARKS and Role.REMARKS not in dict(found)][:1]
    others = [one for one in upper if one[0] is Role.OTHER and one[1] > last]
    return tuple((role, place) for role, place in [*found, *sorted(notes + others, key=itemgetter(1))] if role)


def _unknown(
    roles: Sequence[Role | None], rows: Sequence[Sequence[str]], first: int, at: int
) -> list[tuple[Role, int]]:
    """Columns between those of the quality standard whose headings are not known, unless they may be actors."""
    known = [place for place, role in enumerate(roles) if role in _STANDARD_ROLES | _BEHIND]
    begin = next(place for place in known if roles[place] in _STANDARD_ROLES)
    actors = [place for row in rows[first : at + 1] for place, role in enumerate(_roles(row)) if role is Role.ACTORS]
    if not actors or min(actors) > begin:
        return []
    return [(Role.OTHER, place) for place in range(begin, known[-1]) if roles[place] is None and rows[at][place]]


def _names(row: Sequence[str], roles: Sequence[Role | None], end: int, *, skip_activity: bool) -> list[tuple[int, str]]:
    """Names and their places, up to the quality standard; where no column is headed as activity, the first is it."""
    limit = next((at for at, role in enumerate(roles[:end]) if role is Role.STANDARD), end)
    cells = list(zip(row[:limit], roles[:limit], strict=False))
    names = [(at, clean(cell)) for at, (cell, role) in enumerate(cells) if cell and role is None]
    leading_no = any(role is Role.NO for role in roles[:limit])
    return names[1:] if skip_activity and names and leading_no else names


def _names_below(rows: Sequence[Sequence[str]], at: int, taken: Collection[int | None]) -> list[tuple[int, str]]:
    """Names in a row under the head, where the head says "Pelaksana" over several columns; ``taken`` are other columns."""
    if at >= len(rows) or NUMBER.fullmatch(rows[at][0] if rows[at] else ""):
        return []
    cells = [(place, clean(cell)) for place, cell in enumerate(rows[at]) if cell]
    first = taken if any(place is not None for place in taken) else {0, 1}
    if not cells or is_numbering(rows[at]) or any(place in first for place, _ in cells):
        return []
    roles = {role_of(cell) for _, cell in cells} - (
        {Role.ACTORS} if len(cells) > 1 else set()
    )  # "Pelaksana" is a name too
    names = roles <= {None} and all(len(cell) < 70 and mark_of(cell) in _NAMES for _, cell in cells)
    return cells if names else []


def _divides(upper: Sequence[tuple[int, str]], lower: Sequence[tuple[int, str]], end: int) -> bool:
    """True if the lower names stand under the upper ones, several under some: the upper ones are groups of actors."""
    borders = [*(place for place, _ in upper[1:]), end]
    under = [
        sum(begin <= place < border for place, _ in lower) for (begin, _), border in zip(upper, borders, strict=True)
    ]
    whole = sum(under) == len(lower)
    return whole and (max(under) > 1 or (min(under) == 1 and all(plain(name) in _GROUP_NAMES for _, name in upper)))


def _merged(upper: Sequence[tuple[int, str]], lower: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lower names, and the upper ones under which none stands (their cells are merged downwards)."""
    borders = [*(place for place, _ in upper[1:]), 10_000]
    alone = [
        one
        for one, border in zip(upper, borders, strict=False)
        if not any(one[0] <= place < border for place, _ in lower)
    ]
    return sorted([*alone, *lower])


def _place(rows: Sequence[Sequence[Role | None]], role: Role) -> int | None:
    return next((place for row in rows for place, found in enumerate(row) if found is role), None)


def actors_behind(rows: Sequence[Sequence[str]], heading: Heading) -> range | None:
    """The columns of the actors, where they stand behind the quality standard."""
    head = [_roles(row) for row in rows[heading.first : heading.behind]]
    begin = _place(head, Role.ACTORS)
    last = max(place for role, place in heading.standard if role in _STANDARD_ROLES)
    if heading.actors or begin is None or begin <= last:
        return None
    notes = [place for row in head for place, role in enumerate(row) if role is Role.REMARKS and place > begin]
    return range(begin, min(notes, default=max(len(row) for row in rows[heading.first : heading.behind])))


def with_actors_before(row: Sequence[str], actors: range, heading: Heading) -> tuple[str, ...]:
    """The row with the columns of the actors moved before the quality standard, where the others have them."""
    to = min(place for role, place in heading.standard if role in _STANDARD_ROLES)
    cells = (*row, *[""] * (actors.stop - len(row)))
    return (*cells[:to], *cells[actors.start : actors.stop], *cells[to : actors.start], *cells[actors.stop :])


def is_numbering(row: Sequence[str]) -> bool:
    """True for a row of column numbers: 1 2 3 …, or of letters that follow each other: a b c …"""
    cells = [cell.strip("().") for cell in row if cell]
    if len(cells) > 3 and "".join(cells).casefold() in _ALPHABET and all(len(cell) == 1 for cell in cells):
        return True
    if len(cells) < 3 or not all(cell.isascii() and cell.isdigit() and len(cell) < 3 for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return all(one < two for one, two in zip(numbers, numbers[1:], strict=False))
