"""Which position of an institution is meant by the name of an actor: "Kasubbag Umum & Kepeg" is "Kepala Sub Bagian Umum
dan Kepegawaian".

Names are compared word by word, after abbreviations are written out. A proposal is made only where one position alone
fits; where several do, or none, there is none: a person chooses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

# Written out before the words are compared. What stands on the right is what positions are called in full.
SHORT: Mapping[str, str] = {
    "kasubbag": "kepala subbagian", "kasubag": "kepala subbagian", "kassubag": "kepala subbagian",
    "kasubbid": "kepala subbidang", "kasubid": "kepala subbidang", "kasi": "kepala seksi", "kasie": "kepala seksi",
    "kabid": "kepala bidang", "kabag": "kepala bagian", "kadis": "kepala dinas", "kadin": "kepala dinas",
    "kaban": "kepala badan", "kabalai": "kepala balai", "kauptd": "kepala uptd", "kaupt": "kepala upt",
    "ka": "kepala", "kep": "kepala", "subag": "subbagian", "subbag": "subbagian", "subid": "subbidang",
    "sekdis": "sekretaris dinas", "sekretariat": "sekretariat", "wakadis": "wakil kepala dinas",
    "mt": "manajer teknis", "mm": "manajer mutu", "cs": "customer service", "spv": "penyelia", "manager": "manajer",
    "kepeg": "kepegawaian", "keu": "keuangan", "adm": "administrasi", "bend": "bendahara", "pelaks": "pelaksana",
    "koord": "koordinator", "subkoord": "subkoordinator", "lab": "laboratorium", "sie": "seksi", "tu": "tata usaha",
    "stf": "staf", "staff": "staf", "bid": "bidang", "bag": "bagian", "perenc": "perencanaan",
}  # fmt: skip
JOINED = {("sub", "bagian"): "subbagian", ("sub", "bag"): "subbagian", ("sub", "bidang"): "subbidang",
          ("sub", "koordinator"): "subkoordinator"}  # fmt: skip
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
LEFT_OUT = {"dan", "para", "yang", "pada", "di", "atau", "sub", "anggota"}
# Words that say what rank somebody has: they must be the same on both sides.
RANKS = {
    "kepala", "sekretaris", "wakil", "staf", "manajer", "penyelia", "analis", "bendahara", "koordinator",
    "subkoordinator", "ketua", "pelaksana", "pengelola", "petugas", "operator", "arsiparis", "auditor",
    "pengendali", "pengadministrasi", "admin", "subbagian", "subbidang", "seksi", "bidang", "bagian", "pejabat",
    "pembantu", "penanggung",
}  # fmt: skip
SHORTEST = 4  # letters of a word that is cut off: "perenc" for "perencanaan"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Codes of the positions that are meant; ``exact`` if every word is the same."""

    positions: tuple[str, ...]
    exact: bool


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, abbreviations written out, without those that tell nothing: "Ka. UPTD" -> kepala, uptd."""
    plain = re.sub(r"\([^)]*\)", " ", name.casefold()).replace("&", " dan ")
    spelled = [word for token in re.findall(r"[a-z0-9]+", plain) for word in SHORT.get(token, token).split()]
    joined: list[str] = []
    for word in spelled:
        if joined and (joined[-1], word) in JOINED:
            joined[-1] = JOINED[joined[-1], word]
        else:
            joined.append(word)
    return tuple(ROMAN.get(word, word) for word in joined if word not in LEFT_OUT)


def propose(actor: str, positions: Mapping[str, str], *, near: Collection[str] = ()) -> Proposal | None:
    """The positions (code -> name) that an actor's name means, or None where none or several fit.

    ``near`` are those of the unit whose procedure it is: where several fit, the only one among them is meant.
    "Kadis/Penyelia" means both, if each part means one.
    """
    whole = _one(actor, positions, near)
    if whole is not None or "/" not in actor:
        return whole
    parts = [_one(part, positions, near) for part in actor.split("/")]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    codes = tuple(dict.fromkeys(code for part in found for code in part.positions))
    return Proposal(codes, all(part.exact for part in found))


def _one(actor: str, positions: Mapping[str, str], near: Collection[str]) -> Proposal | None:
    wanted = words_of(actor)
    if not wanted:
        return None
    named = {code: words_of(name) for code, name in positions.items()}
    same = [code for code, words in named.items() if set(words) == set(wanted) or _called(actor, positions[code])]
    fitting = [
        code for code, words in named.items() if _fits(wanted, words) or ("/" not in actor and _fits(words, wanted))
    ]
    for codes, exact in ((same, True), (fitting, False)):
        close = [code for code in codes if code in near]
        if len(codes) == 1 or len(close) == 1:
            return Proposal(((close or codes)[0],), exact)
        if codes:
            return None
    return None


def _called(actor: str, position: str) -> bool:
    """Whether the actor is the abbreviation that a position gives itself: "Pejabat Pembuat Komitmen (PPK)"."""
    return any(_plain(actor) == _plain(short) for short in re.findall(r"\(([^)]*)\)", position))


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))


def _fits(some: Sequence[str], all_words: Sequence[str]) -> bool:
    """Every word of one name stands in the other, and neither has a rank that the other lacks."""
    if not some or RANKS & set(some) != RANKS & set(all_words):
        return False
    initials = "".join(word[0] for word in all_words)
    return all(_has(word, all_words) or (len(word) > 1 and word in initials) for word in some if word not in RANKS)


def _has(word: str, words: Sequence[str]) -> bool:
    return any(word == other or (len(word) >= SHORTEST and other.startswith(word)) for other in words)
