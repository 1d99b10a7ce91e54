"""What a paper must hold before it gets a number: the rules of all reports, and those of sampling (ISO/IEC 17025:2017,
7.8.5). The clauses are cited, not quoted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from sopan.core.flow import Refusal
from sopan.domains.laboratory.certificates import rules
from sopan.domains.laboratory.certificates.rules import Found, Missing, Rule

LPC = _("laporan pengambilan contoh")
SHEET = _("lembar kerja pengujian")
REGISTER = _("daftar parameter")

Told = Mapping[str, Any]


def _of_sampling(*keys: str) -> Callable[[Told], Found]:
    """What must be told where the body took the samples itself."""

    def missing(told: Told) -> Found:
        sampling = told["sampling"] or {}
        return [] if told["item"]["sampled_by"] == "customer" or all(sampling.get(key) for key in keys) else [""]

    return missing


def _deviation(told: Told) -> Found:
    """Whether there were any must be answered; an empty text is the answer "none"."""
    sampling = told["sampling"] or {}
    return [] if told["item"]["sampled_by"] == "customer" or sampling.get("deviation") is not None else [""]


def _k(told: Told) -> Found:
    """An uncertainty comes with its k."""
    points = [point for part in told["parts"] for table in part["tables"] for point in table["points"]]
    return [point["point"] for point in points if bool(point["U"]) != bool(point["k"])]


def _basis(told: Told) -> Found:
    """A certificate names the signed Test Result that it rests on."""
    return [] if told["kind"] != "quality_certificate" or (told["basis"] or {}).get("on") else [""]


RULES: tuple[Rule, ...] = (
    Rule("7.8.5 a", _("Waktu pengambilan contoh belum ada"), LPC, _of_sampling("begun", "ended")),
    Rule("7.8.5 b", _("Identitas lot yang diambil contohnya belum ada"), LPC, _of_sampling("lot_size")),
    Rule("7.8.5 c", _("Tempat pengambilan contoh belum ada"), LPC, _of_sampling("place")),
    Rule("7.8.5 d", _("Laporan pengambilan contoh belum bernomor"), LPC, _of_sampling("report", "plan")),
    Rule("7.8.5 e", _("Keadaan tempat pengambilan contoh belum ada"), LPC, _of_sampling("conditions")),
    Rule("7.8.5", _("Ada tidaknya penyimpangan pengambilan contoh belum dijawab"), LPC, _deviation),
    Rule("7.8.3.1 c", _("Ketidakpastian tanpa faktor cakupan k"), REGISTER, _k),
    Rule("7.8.2.1", _("Test Result yang menjadi dasarnya belum ditandatangani"), SHEET, _basis),
)


def lint(snapshot: Told) -> list[Missing]:
    """Every rule that the snapshot does not keep, before it has its number."""
    return rules.lint(snapshot, numbered=False, more=RULES)


def refusals(snapshot: Told) -> list[Refusal]:
    """The same as refusals."""
    return rules.refusals(snapshot, numbered=False, more=RULES)
