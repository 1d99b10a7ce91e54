"""What a report must hold before it gets a number: ISO/IEC 17025:2017, 7.8.2 to 7.8.6, one row a rule.

A rule looks at the snapshot alone and says what is missing, in words that tell where to mend it. The clauses are cited,
not quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.core.flow import Refusal

from .snapshot import CERTIFICATE, SIMPLE_REPORT

Told = Mapping[str, Any]
Found = Iterable[str]

RECEIVING = gettext_lazy("penerimaan alat")
SHEET = gettext_lazy("lembar kerja analis")
ORDER = gettext_lazy("formulir order")
COMPANY = gettext_lazy("data perusahaan pelanggan")
BODY = gettext_lazy("identitas lembaga")
APPROVAL = gettext_lazy("validasi hasil")
EQUIPMENT = gettext_lazy("data peralatan")
TEMPLATE = gettext_lazy("templat laporan")
NUMBER = gettext_lazy("penomoran laporan")


@dataclass(frozen=True, slots=True)
class Rule:
    """``missing`` gives the names of what is not there; nothing: the rule is kept. ``kinds``: of report, () = all.

    ``late``: asked only once the report has its number.
    """

    clause: str
    name: Promise
    where: Promise
    missing: Callable[[Told], Found]
    kinds: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A rule that is not kept."""

    rule: Rule
    what: tuple[str, ...]

    @property
    def clause(self) -> str:
        return self.rule.clause

    def __str__(self) -> str:
        what = f": {', '.join(self.what)}" if any(self.what) else ""
        told = {"name": self.rule.name, "what": what, "clause": self.rule.clause, "where": self.rule.where}
        return _("%(name)s%(what)s (ISO/IEC 17025:2017, %(clause)s). Perbaiki di: %(where)s.") % told


def lint(snapshot: Told, *, numbered: bool = True, more: Iterable[Rule] = ()) -> list[Missing]:
    """Every rule that the snapshot does not keep. ``numbered`` False: before it has its number; ``more``: rules of the
    domain that made the snapshot."""
    found = []
    for rule in (*RULES, *more):
        if (rule.kinds and snapshot["kind"] not in rule.kinds) or (rule.late and not numbered):
            continue
        if what := tuple(rule.missing(snapshot)):
            found.append(Missing(rule, what))
    return found


def refusals(snapshot: Told, *, numbered: bool = True, about: str = "", more: Iterable[Rule] = ()) -> list[Refusal]:
    """The same as refusals; ``about`` names the instrument."""
    lead = f"{about}: " if about else ""
    return [Refusal("incomplete", f"{lead}{one}") for one in lint(snapshot, numbered=numbered, more=more)]


# What the rules look at -------------------------------------------------------------------------------------------------


def _texts(value: Any) -> bool:
    """Whether something is said: a text, or one in each language."""
    return bool(value) and all(str(one).strip() for one in ([value] if isinstance(value, str) else value))


def _absent(*pairs: tuple[str, Any]) -> Found:
    return [name for name, value in pairs if not _texts(value)]


def _statement(key: str) -> Callable[[Told], Found]:
    return lambda told: [] if _texts(told["statements"].get(key)) else [""]


def _of_parts(key: str) -> Callable[[Told], Found]:
    return lambda told: [part["parameter"] for part in told["parts"] if not _texts(part.get(key))]


def _points(told: Told) -> Iterator[tuple[Told, Told, Told]]:
    for part in told["parts"]:
        for table in part["tables"]:
            for point in table["points"]:
                yield part, table, point


def _named(point: Told) -> str:
    return f"{point['point']} {point['unit']}".strip()


def _title(told: Told) -> Found:
    return [] if _texts(told["title"]) else [""]


def _laboratory(told: Told) -> Found:
    return _absent((_("nama"), told["laboratory"]["name"]), (_("alamat"), told["laboratory"]["address"]))


def _place(told: Told) -> Found:
    return [part["parameter"] for part in told["parts"] if not (_texts(part["place"]) and part["performed_at"])]


def _identification(told: Told) -> Found:
    return _absent((_("nomor"), told["number"]))


def _customer(told: Told) -> Found:
    customer = told["customer"]
    return _absent((_("nama"), customer["name"]), (_("alamat atau kontak"), customer["address"] or customer["contact"]))


def _method(told: Told) -> Found:
    return [part["parameter"] for part in told["parts"] if not _texts(part["method"]["name"])]


def _item(told: Told) -> Found:
    item = told["item"]
    named = (_("nama alat"), item["supplied"].get("name"))
    return _absent(named, (_("nomor sampel"), item["number"]), (_("kondisi saat diterima"), item["condition"]))


def _received(told: Told) -> Found:
    return [] if _texts(told["item"]["received"]) else [""]


def _dates(told: Told) -> Found:
    return [part["parameter"] for part in told["parts"] if not (part["begin"] and part["end"])]


def _sampling(told: Told) -> Found:
    """Where the laboratory took the sample itself, the plan or method of sampling is told."""
    if told["item"]["sampled_by"] == "customer":
        return []
    return [] if _texts((told["sampling"] or {}).get("plan", "")) else [_("rencana pengambilan contoh")]


def _results(told: Told) -> Found:
    if not told["parts"]:
        return [_("hasil")]
    empty = [part["parameter"] for part in told["parts"] if not any(table["points"] for table in part["tables"])]
    bare = [
        _named(one) or "–" for _part, _table, one in _points(told) if not (_texts(one["unit"]) and one["indication"])
    ]
    return [*empty, *bare]


def _heads(told: Told) -> Found:
    """The heads of a table say one unit for all its points; a free table says it in a column of its own."""
    return [
        _named(one)
        for part, table, one in _points(told)
        if part["method"]["code"] and one["unit"] and one["unit"] != table["unit"]
    ]


def _deviations(told: Told) -> Found:
    """Whether there were any must be answered; an empty text is the answer "none"."""
    return [part["parameter"] for part in told["parts"] if part.get("deviation") is None]


def _authorised(told: Told) -> Found:
    return [] if _texts(told["authorised_by"].get("name", "")) else [""]


def _signs(told: Told) -> Found:
    return [] if _texts(told["signed_by"].get("position", "")) else [""]


def _external(told: Told) -> Found:
    """Results from elsewhere carry the name of who obtained them; "" says: our own."""
    return [part["parameter"] for part in told["parts"] if part.get("external") is None]


def _as_received(told: Told) -> Found:
    if told["item"]["sampled_by"] != "customer":
        return []
    return [] if _texts(told["statements"].get("as_received")) else [""]


def _supplied(told: Told) -> Found:
    marked = "supplied" in told["item"] and _texts(told["statements"].get("customer_data"))
    return [] if marked else [""]


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _uncertainty(told: Told) -> Found:
    """Every result has U above zero with k and the probability, to at most two significant digits."""
    bad = []
    for _part, _table, one in _points(told):
        expanded, k, p = (_number(str(one.get(name, ""))) for name in ("U", "k", "p"))
        good = expanded is not None and expanded > 0 and k is not None and k >= 1 and p is not None and 0 < p < 1
        if not good or len(expanded.normalize().as_tuple().digits) > 2:  # type: ignore[union-attr]
            bad.append(_named(one))
    return bad


def _environment(told: Told) -> Found:
    return [part["parameter"] for part in told["parts"] if not part["environment"]]


def _traceability(told: Told) -> Found:
    bad = []
    for part in told["parts"]:
        if not part["equipment"]:
            bad.append(part["parameter"])
        bad += [
            one.get("code") or one.get("name") or "–"
            for one in part["equipment"]
            if not all(_texts(one.get(name, "")) for name in ("certificate", "issuer", "traceability"))
        ]
    return bad if _texts(told["statements"].get("traceability")) else [*bad, _("pernyataan ketertelusuran")]


def _adjusted(told: Told) -> Found:
    """After an adjustment the results before it are told too."""
    bad = []
    for part in told["parts"]:
        stages = {table["stage"] for table in part["tables"] if table["points"]}
        if "as_left" in stages and "as_found" not in stages:
            bad.append(part["parameter"])
    return bad


INTERVAL = re.compile(
    r"kalibrasi\s+(?:ulang|berikut|selanjutnya)|interval\s+kalibrasi|(?:re-?calibration|calibration\s+(?:due|interval))|"
    r"next\s+calibration|berlaku\s+(?:sampai|hingga)|jatuh\s+tempo",
    re.IGNORECASE,
)


def _interval(told: Told) -> Found:
    """No advice on when to calibrate again, unless it was agreed."""
    if told["interval"] is not None:
        return [] if _texts(told["interval"].get("agreed", "")) else [_("tanpa kesepakatan dalam order")]
    notes = [part["notes"] for part in told["parts"]] + [one["note"] for _part, _table, one in _points(told)]
    return [found.group(0) for text in notes for found in [INTERVAL.search(text)] if found]


def _statements_asked(told: Told) -> Found:
    """Where a statement was asked for and a limit is there, every point has one."""
    if told["decision"] is None:
        return []
    return [_named(one) for _part, _table, one in _points(told) if one.get("has_limit") and not one.get("conformity")]


def _statements_whole(told: Told) -> Found:
    """A statement of conformity tells the limit, the specification and the rule, and the rule is that of the order."""
    bad = []
    rule = (told["decision"] or {}).get("rule")
    for _part, _table, one in _points(told):
        stated = one.get("conformity") or {}
        if stated and not (all(_texts(stated.get(name, "")) for name in ("outcome", "limit", "rule", "norm"))
                           and stated["rule"] == rule):  # fmt: skip
            bad.append(_named(one))
    return bad


def _amended(told: Told) -> Found:
    """An amendment names what it replaces, what changed and why."""
    if told["amends"] is None:
        return []
    pairs = ((_("nomor yang diganti"), "number"), (_("yang berubah"), "what"), (_("alasan"), "why"))
    return [name for name, key in pairs if not _texts(told["amends"].get(key, ""))]


def _tested(told: Told) -> Found:
    """A test report has the conditions of the test, and the uncertainty or why it is not told."""
    return [part["parameter"] for part in told["parts"] if not part["environment"]]


def _simplified(told: Told) -> Found:
    """A simplified report is agreed in the order; what was released before that was asked stays as it is."""
    return [] if _texts(told.get("simplified_agreed", "–")) else [""]


CALIBRATION = (CERTIFICATE, SIMPLE_REPORT)
RULES: tuple[Rule, ...] = (
    Rule("7.8.2.1 a", gettext_lazy("Judul belum ada"), TEMPLATE, _title),
    Rule("7.8.2.1 b", gettext_lazy("Nama atau alamat laboratorium belum ada"), BODY, _laboratory),
    Rule("7.8.2.1 c", gettext_lazy("Tempat pelaksanaan belum ada"), SHEET, _place),
    Rule("7.8.2.1 d", gettext_lazy("Nomor laporan belum ada"), NUMBER, _identification, late=True),
    Rule("7.8.2.1 d", gettext_lazy("Penanda akhir laporan belum ada"), TEMPLATE, _statement("end")),
    Rule("7.8.2.1 e", gettext_lazy("Nama atau kontak pelanggan belum ada"), COMPANY, _customer),
    Rule("7.8.2.1 f", gettext_lazy("Metode belum ada"), SHEET, _method),
    Rule("7.8.2.1 g", gettext_lazy("Identitas atau kondisi alat belum lengkap"), RECEIVING, _item),
    Rule("7.8.2.1 h", gettext_lazy("Tanggal penerimaan alat belum ada"), RECEIVING, _received),
    Rule("7.8.2.1 i", gettext_lazy("Tanggal pelaksanaan belum ada"), SHEET, _dates),
    Rule("7.8.2.1 j", gettext_lazy("Keterangan tanggal terbit belum ada"), TEMPLATE, _statement("issued")),
    Rule("7.8.2.1 k", gettext_lazy("Rencana atau metode pengambilan contoh belum ada"), RECEIVING, _sampling),
    Rule("7.8.2.1 l", gettext_lazy("Pernyataan bahwa hasil hanya berlaku untuk alat itu belum ada"), TEMPLATE, _statement("only")),
    Rule("7.8.2.1 m", gettext_lazy("Hasil atau satuannya belum lengkap"), SHEET, _results),
    Rule("7.8.2.1 m", gettext_lazy("Satuan hasil tidak sama dengan yang tertulis di kepala tabelnya"), SHEET, _heads, CALIBRATION),
    Rule("7.8.2.1 n", gettext_lazy("Ada tidaknya penyimpangan dari metode belum dijawab"), SHEET, _deviations),
    Rule("7.8.2.1 o", gettext_lazy("Belum ada yang mengesahkan hasil"), APPROVAL, _authorised),
    Rule("7.8.2.1 o", gettext_lazy("Jabatan penanda tangan belum ditetapkan"), BODY, _signs),
    Rule("7.8.2.1 p", gettext_lazy("Asal hasil belum jelas: laboratorium sendiri atau penyedia eksternal"), SHEET, _external),
    Rule("7.8.2.1", gettext_lazy("Pernyataan tentang penggandaan belum ada"), TEMPLATE, _statement("copy")),
    Rule("7.8.2.2", gettext_lazy("Keterangan dari pelanggan belum diberi tanda"), TEMPLATE, _supplied),
    Rule("7.8.2.2", gettext_lazy("Pernyataan “sebagaimana diterima” belum ada"), TEMPLATE, _as_received),
    Rule("7.8.1.3", gettext_lazy("Pernyataan laporan sederhana belum ada"), TEMPLATE, _statement("simplified"), (SIMPLE_REPORT,)),
    Rule("7.8.1.3", gettext_lazy("Laporan sederhana belum disepakati dengan pelanggan"), ORDER, _simplified, (SIMPLE_REPORT,)),
    Rule("7.8.3.1 a", gettext_lazy("Kondisi pengujian belum ada"), SHEET, _tested, ("test_report",)),
    Rule("7.8.4.1 a", gettext_lazy("Ketidakpastian dengan k dan tingkat kepercayaan belum lengkap"), SHEET, _uncertainty, (CERTIFICATE,)),
    Rule("7.8.4.1 a", gettext_lazy("Penjelasan ketidakpastian belum ada"), TEMPLATE, _statement("uncertainty"), (CERTIFICATE,)),
    Rule("7.8.4.1 b", gettext_lazy("Kondisi lingkungan belum ada"), SHEET, _environment, CALIBRATION),
    Rule("7.8.4.1 c", gettext_lazy("Ketertelusuran belum lengkap"), EQUIPMENT, _traceability, (CERTIFICATE,)),
    Rule("7.8.4.1 d", gettext_lazy("Hasil sebelum penyetelan belum ada"), SHEET, _adjusted, CALIBRATION),
    Rule("7.8.4.1 e", gettext_lazy("Pernyataan kesesuaian yang diminta belum ada"), SHEET, _statements_asked, CALIBRATION),
    Rule("7.8.4.3", gettext_lazy("Saran waktu kalibrasi ulang tidak disepakati dalam order"), SHEET, _interval, CALIBRATION),
    Rule("7.8.6.2", gettext_lazy("Pernyataan kesesuaian tanpa batas, spesifikasi, atau aturan keputusan dari order"), ORDER, _statements_whole),
    Rule("7.8.8", gettext_lazy("Keterangan perubahan belum lengkap"), NUMBER, _amended),
)  # fmt: skip
