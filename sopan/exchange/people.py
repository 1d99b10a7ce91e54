"""Which column of Pelaksana the words of a step name: "Kasubbag memerintahkan …" is the column "Kasubbag Umum".

Only a name that fits one column alone counts. Abbreviations are those in general use in Indonesian offices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from sopan.exchange.draft import Source, Sure, Told

_SHORT = (
    (r"\bk(?:a|epala)\.? ?sub\.? ?bag(?:ian)?\b|\bkas+ub+ag\b|\bkas?sub bag(?:ian)?\b|\bkasub bag\b", "kepala sub bagian"),
    (r"\bsub ?bag(?:ian)?\b|\bsubbag\b|\bsubag\b", "sub bagian"),
    (r"\bka\.? ?sub\.? ?(?:bid|bidang)\b|\bkasub+id\b", "kepala sub bidang"),
    (r"\bkabag\b", "kepala bagian"), (r"\bkabid\b", "kepala bidang"), (r"\bkabalai\b", "kepala balai"),
    (r"\bkasie?\b|\bka\.? ?sie?\b", "kepala seksi"), (r"\bkadi[sn]\b", "kepala dinas"), (r"\bsekdis\b", "sekretaris dinas"),
    (r"\bkaban\b", "kepala badan"), (r"\bkakan\b", "kepala kantor"), (r"\bkanit\b", "kepala unit"),
    (r"\bkaro\b", "kepala biro"), (r"\bkatim\b", "ketua tim"), (r"\bkapus\b", "kepala pusat"), (r"\bkarutan\b", "kepala rutan"),
    (r"\bkapuskesmas\b", "kepala puskesmas"), (r"\bkepsek\b", "kepala sekolah"), (r"\bkajur\b", "ketua jurusan"),
    (r"\bkaprodi\b", "ketua prodi"), (r"\bwadir\b", "wakil direktur"), (r"\bdirut\b", "direktur utama"),
    (r"\bsekda\b", "sekretaris daerah"), (r"\bsekcam\b", "sekretaris camat"), (r"\bka\b\.?", "kepala"),
    (r"\bkoord\b\.?", "koordinator"), (r"\bkoor\b\.?", "koordinator"), (r"\btu\b", "tata usaha"), (r"\bkepeg\b\.?", "kepegawaian"),
    (r"\bstaff\b", "staf"), (r"\bfo\b", "front office"), (r"\bbo\b", "back office"), (r"\bpengadm\b\.?", "pengadministrasi"),
    (r"\bwakasek\b", "wakil kepala sekolah"), (r"\bwaka\b", "wakil kepala"), (r"\bkaur\b", "kepala urusan"), (r"\bkadus\b", "kepala dusun"),
    (r"\bkades\b", "kepala desa"), (r"\bsekdes\b", "sekretaris desa"), (r"\bpanmud\b", "panitera muda"), (r"\bpanmuda\b", "panitera muda"),
    (r"\bkasat\b", "kepala satuan"), (r"\bkapolsek\b", "kepala polsek"), (r"\bkalab\b", "kepala laboratorium"), (r"\bkajari\b", "kepala kejaksaan negeri"),
    (r"\bkabiro\b", "kepala biro"), (r"\bsekban\b", "sekretaris badan"), (r"\bkarumkit\b", "kepala rumah sakit"), (r"\bsekwan\b", "sekretaris dewan"), (r"\bmanager\b", "manajer"), (r"\bm\.? (?=mutu\b|teknis\b|puncak\b)", "manajer "),
    (r"\bmt\b", "manajer teknis"), (r"\bmm\b", "manajer mutu"), (r"\bcs\b", "customer service"), (r"\bseksie\b", "seksi"),
    (r"\bppc\b", "petugas pengambil contoh"), (r"\bpj\b", "penanggung jawab"), (r"\bbid\b\.?", "bidang"), (r"\bbag\b\.?", "bagian"),
    (r"\badmin(?:istrator)?\b", "admin"), (r"\bpetugas pengambilan contoh\b", "petugas pengambil contoh"),
)  # fmt: skip
_SHORTS = [(re.compile(pattern), long) for pattern, long in _SHORT]
_HEADS = frozenset({"kepala", "sekretaris", "ketua", "wakil", "direktur"})
_PARTS = frozenset({"sub", "seksi", "bagian", "bidang", "unit", "biro", "ruangan", "instalasi"})
_SMALL = frozenset({"dan", "atau", "para", "bapak", "ibu", "sdr", "yth", "seluruh", "selaku", "plt", "plh"})
_OWN = frozenset(
    {"dinas", "badan", "kantor", "balai", "kecamatan", "camat", "kelurahan", "lurah", "desa", "inspektorat"}
)
_OTHERS = frozenset({"ahli", "khusus"})  # "Staf Ahli" is no member of the staff
_NO_VERB = re.compile(  # nouns that begin like verbs
    r"menteri|meja|media|mesin|menit|member|merk|metode|medis|mekanik|mebel|meterai|materai|meter|melati"
    r"|berkas|berita|beras|berat|besar|bermaterai|mental|menu|memo|mei|merah"
)
_BARE_VERB = re.compile(
    r"terima|proses|cek|buat|kirim|minta|input|upload|unggah|login|approve|validasi|verifikasi|paraf|tanda"
    r"|disposisi|akan|dapat|bisa|harus|wajib|telah|sudah|perlu|kemudian|lalu|selanjutnya|segera|langsung"
    r"|bersama|beserta|melalui|serahkan|periksa|teruskan|isi|catat|siapkan|susun|bayar|datang|ambil|ajukan"
    r"|tandatangani|ikut|mulai"
)
_LEAD_IN = re.compile(
    r"^(?:(?:di)?mulai(?: dari)?(?: setelah adanya [^,]*,)?|selanjutnya,?|kemudian,?|lalu,?|setelah itu,?|[-•]|\d+[.)]|[a-z][.)])\s+",
    re.IGNORECASE,
)
_PASSIVE_CLAUSE = re.compile(r"\boleh\s+(?:para\s+)?(.+)$", re.IGNORECASE)
_AGENT_END = re.compile(
    r"[,.;:]| (?:untuk|kepada|ke|yang|lalu|kemudian|selanjutnya|dengan|pada|di|dalam|dari|guna|agar|melalui|sebagai|dan (?=me|di)"
    r"|berdasarkan|sesuai|setelah|sebelum|tentang|atas|terhadap|di[a-z]{4,}|me[mnlrwy][a-z]{4,})\b"
)
_RELATIVE = re.compile(
    r"\b(?:yang|telah|sudah|setelah|bila|jika|apabila|untuk|agar|dari|dan/atau|belum|atas)\b", re.IGNORECASE
)
_BEHIND_SETELAH = re.compile(r"^(?:setelah|sesudah|berdasarkan|apabila|bila|jika|dengan|atas|sesuai)\b", re.IGNORECASE)
_TOGETHER = re.compile(r",| dan | & | c\.?q\.? ", re.IGNORECASE)
_BESIDE = re.compile(r",| dan | bersama | beserta | serta | melalui ", re.IGNORECASE)
_FIRST_WORDS = 12
LONGEST = 2_000  # characters of an activity that are looked at


@dataclass(frozen=True, slots=True)
class Column:
    """A column of Pelaksana with the ways in which words can name it."""

    name: str
    ways: tuple[tuple[str, ...], ...]


def columns_of(names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(name, _ways(name)) for name in names)


@lru_cache(maxsize=2_000)
def _ways(name: str) -> tuple[tuple[str, ...], ...]:
    """The whole name, and its parts where it names several: "Kasubag TU/Pengurus Barang", "KPA Kepala Dinas"."""
    parts = [name, *re.split(r"[/,]", name), *re.findall(r"\(([^)]+)\)", name), re.sub(r"\([^)]*\)", " ", name)]
    ways = [_tokens(part) for part in parts]
    ways += [way[way.index("kepala") :] for way in ways if "kepala" in way[1:2]]
    return tuple(dict.fromkeys(way for way in ways if way))


@lru_cache(maxsize=5_000)
def _tokens(text: str) -> tuple[str, ...]:
    small = " ".join(re.sub(r"[^\w.&/]+", " ", text.casefold()).replace("&", " dan ").split())
    for pattern, long in _SHORTS:
        small = pattern.sub(long, small)
    return tuple(word for word in re.findall(r"[a-z0-9]+", small) if word not in _SMALL)


def named(phrase: str, columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """The one column that the phrase names, or None where it names none or could name several."""
    tokens = _tokens(phrase)
    if not tokens:
        return None
    for fits, sure in (
        (_same, Sure.CERTAIN), (_begins, Sure.CERTAIN), (_similar, Sure.LIKELY), (_says_more, Sure.LIKELY)
    ):  # fmt: skip
        found = [column.name for column in columns if any(fits(tokens, way) for way in column.ways)]
        if found:
            return (found[0], sure) if len(set(found)) == 1 else None
    return None


def _same(tokens: tuple[str, ...], way: tuple[str, ...]) -> bool:
    return tokens == way


def _begins(tokens: tuple[str, ...], way: tuple[str, ...]) -> bool:
    """All words of the phrase stand in the name, in order, from its first word on; or the phrase says more.

    A head is the head of what stands next: "Kepala Bidang" is no "Kepala Seksi Bidang …", and "Kepala" alone no
    "Kepala Sub Bagian …".
    """
    if tokens[0] != way[0]:
        return False
    if tokens[0] in _HEADS:
        if len(tokens) == 1 and way[1:2] and way[1] in _PARTS:
            return False
        if len(way) >= 2 and tokens[: len(way)] == way:
            return len(tokens) - len(way) <= 4
        if len(tokens) > 1 and tokens[:2] != way[:2]:
            return False
    rest = iter(way)
    return all(token in rest for token in tokens)


def _says_more(tokens: tuple[str, ...], way: tuple[str, ...]) -> bool:
    """ "Operator SIMPEG" is the column "Operator", "Sekretaris Dinas" the column "Sekretaris"; a head is not."""
    if len(way) != 1 or tokens[0] != way[0] or len(tokens) > 3 or tokens[1] in _OTHERS:
        return False
    return tokens[0] not in _HEADS or (tokens[0] == "sekretaris" and set(tokens[1:]) <= _OWN)


def _similar(tokens: tuple[str, ...], way: tuple[str, ...]) -> bool:
    """One letter or two are misread or mistyped, in a word that is long enough to tell."""
    if len(tokens) > len(way) or tokens == way[: len(tokens)]:
        return False
    if tokens[0] in _HEADS and len(tokens) < len(way):
        return False
    pairs = list(zip(tokens, way, strict=False))
    return all(one == two or _near(one, two) for one, two in pairs)


def _near(one: str, two: str) -> bool:
    if min(len(one), len(two)) < 4 or abs(len(one) - len(two)) > 2:
        return False
    return SequenceMatcher(None, one, two).ratio() >= (0.88 if len(two) < 8 else 0.84)


def actor_in_words(activity: str, requirements: str, columns: Sequence[Column]) -> Told[str] | None:
    """Who does the step, as its words tell: the subject of the sentence, or "oleh …" where it has none."""
    if not columns:
        return None
    activity, requirements = activity[:LONGEST], requirements[:LONGEST]
    found = _subject(activity, columns) or _agent(activity, columns) or _subject_behind(activity, columns)
    if found is None and not _starts_with_verb(activity):
        found = _subject(requirements, columns)
    return None if found is None else Told(found[0], Source.WORDS, found[1])


def _subject(text: str, columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """The column named before the first verb. A passive verb ("diberi") has no actor as its subject."""
    words = _LEAD_IN.sub("", _LEAD_IN.sub("", re.sub(r"->|→|:", " -> ", text))).split()[:_FIRST_WORDS]
    if words and (glued := _unglued(words[0], columns)):
        return glued
    if whole := _before_verb(words, columns):
        return whole
    for at, word in enumerate(words):
        if word == "->":
            return _first_named(words[:at], columns)
        if re.match(r"di[a-z]{4,}", word.casefold()):
            return None
        if _is_verb(word):
            return _first_named(words[:at], columns) if at else None
    return None


def _before_verb(words: Sequence[str], columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """The column that all words before the first verb with me- or ber- name: "Tim Verifikasi melakukan …"."""
    at = next((at for at, word in enumerate(words) if _has_prefix(word)), 0)
    if not at or any(re.match(r"di[a-z]{4,}", word.casefold()) for word in words[:at]):
        return None
    phrase = " ".join(words[:at])
    return None if _are_several(phrase, columns) else named(phrase, columns)


def _is_verb(word: str) -> bool:
    small = re.sub(r"[^a-z]", "", word.casefold().split("/")[0].split("-")[0])
    return bool(_BARE_VERB.fullmatch(small)) or _has_prefix(word)


def _has_prefix(word: str) -> bool:
    small = re.sub(r"[^a-z]", "", word.casefold().split("/")[0].split("-")[0])
    return bool(re.match(r"(?:me[mnlrwy]|ber)[a-z]{3,}", small)) and not _NO_VERB.fullmatch(small)


def _starts_with_verb(text: str) -> bool:
    words = _LEAD_IN.sub("", text).split()
    return bool(words) and _is_verb(words[0])


def _unglued(word: str, columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """ "Stafmendokumentasikan": a space is lost."""
    found = re.match(r"([a-z]{4,}?)(me[mn][a-z]{5,})$", word.casefold())
    hit = named(found[1], columns) if found else None
    return (hit[0], Sure.LIKELY) if hit else None


def _first_named(words: Sequence[str], columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """Of "Kasubbag dan Tim" the first; of "Manajer Teknis / Ketua Tim" the one that is a column.

    None where two columns act together, or one for the other ("Kadis c.q. Kasubag").
    """
    phrase = re.sub(r"\([^)]*\)", " ", " ".join(words))
    if _are_several(phrase, columns):
        return None
    if found := named(phrase, columns):
        return found
    first = _BESIDE.split(phrase, maxsplit=1)[0]
    if first != phrase and (found := named(first, columns)):
        return found
    hits = [hit for part in first.split("/") if (hit := named(part, columns))]
    return hits[0] if len({hit[0] for hit in hits}) == 1 else None


def _are_several(phrase: str, columns: Sequence[Column]) -> bool:
    """True if the phrase names two columns, one beside the other."""
    together = [named(part, columns) for part in _TOGETHER.split(phrase)]
    return len({hit[0] for hit in together if hit}) > 1


def _agent(text: str, columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """ "…, diterima oleh Kepala UPTD": the agent of the main clause, not that of "yang telah diparaf oleh …".

    "Verifikasi oleh Kasi" tells it too; behind an active verb ("Menunggu persetujuan oleh …") another acts.
    """
    words = _LEAD_IN.sub("", text).split()
    if words and _has_prefix(words[0]):
        return None
    for clause in re.split(r"[,.;] ", re.sub(r"\([^)]*\)", " ", text)):
        found = _PASSIVE_CLAUSE.search(clause)
        if found and not _RELATIVE.search(clause[: found.start()]):
            return _first_named(_AGENT_END.split(found[1], maxsplit=1)[0].split()[:_FIRST_WORDS], columns)
    return None


def _subject_behind(text: str, columns: Sequence[Column]) -> tuple[str, Sure] | None:
    """ "Setelah …, Pelanggan bisa melakukan …": the subject behind an opening clause, if the words name one alone."""
    if not _BEHIND_SETELAH.match(text):
        return None
    clauses = re.split(r", (?:maka |kemudian |lalu |selanjutnya )?", text)[1:]
    if clauses:
        hits = [hit for clause in clauses if (hit := _subject(clause, columns))]
    else:
        hits = [hit for hit in _before_later_verbs(text.split(), columns) if hit]
    return (hits[0][0], Sure.LIKELY) if len({hit[0] for hit in hits}) == 1 else None


def _before_later_verbs(words: Sequence[str], columns: Sequence[Column]) -> Iterator[tuple[str, Sure] | None]:
    """Without a comma: names in capitals right before a verb."""
    for at in range(1, len(words)):
        if _is_verb(words[at]) and words[at][:1].islower() and words[at - 1][:1].isupper():
            yield next(
                (hit for k in (3, 2, 1) if at > k and (hit := named(" ".join(words[at - k : at]), columns))), None
            )
