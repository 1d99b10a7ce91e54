"""What is wrong or still missing in a draft, told where it is: the row and the cell, what, and what to do.

Two readers look at it. ``_own`` looks at the content as it stands, complete or not; ``core.check`` looks at the procedure
as soon as there is one. Where something is missing the rest is checked all the same, on a copy that has the gaps filled
in (``mended``); what the filling caused is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from sopan.catalogue.content import is_step_id, step_id
from sopan.core.check import check
from sopan.core.load import load_data
from sopan.core.model import Problem, Procedure
from sopan.engine.stepwork import decisions, step_works
from sopan.web.editor.mending import Mended, mended
from sopan.web.editor.wording import worded

HEAD, ACTORS, WHOLE = -1, -2, -3  # places that are no row
MOST = 200  # problems that are told


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem in the row ``place`` (from 0; or HEAD, ACTORS, WHOLE), in the cell ``cell``. ``error`` keeps it from being sent."""

    place: int
    cell: str
    what: str
    fix: str = ""
    error: bool = True
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft as it was understood. ``procedure`` is None while something is missing; ``drawable`` has its gaps filled."""

    faults: tuple[Fault, ...]
    procedure: Procedure | None
    drawable: Procedure | None
    guessed: frozenset[str]  # ids of steps of ``drawable`` whose actor is not told

    @property
    def errors(self) -> int:
        return sum(fault.error for fault in self.faults)


def look(content: Mapping[str, Any], *, slug: str) -> Looked:
    """Understand a content in the shape of ``catalogue.content``. Nothing raises."""
    own = list(_own(content))
    incomplete = any(fault.error for fault in own)
    loaded = load_data(content, slug=slug)
    if not isinstance(loaded, list):
        found = _in_order([*own, *_checked(*loaded)])
        if not incomplete:
            return Looked(found, loaded[0], loaded[0], frozenset())
    elif not incomplete:
        own += [_unread(problem) for problem in loaded]
    filled = mended(content)
    again = load_data(filled.content, slug=slug)
    if isinstance(again, list):
        return Looked(_in_order(own), None, None, frozenset())
    if isinstance(loaded, list):
        found = _in_order([*own, *(fault for fault in _checked(*again) if _stands(fault, filled))])
    return Looked(found, None, again[0], filled.guessed)


def as_data(fault: Fault) -> dict[str, Any]:
    return asdict(fault)


def _in_order(found: list[Fault]) -> tuple[Fault, ...]:
    """Each once, also where both readers tell it; row by row, errors first."""
    told = {(fault.place, fault.rule, fault.what if not fault.rule else ""): fault for fault in reversed(found)}
    return tuple(sorted(told.values(), key=lambda fault: (fault.place, not fault.error))[:MOST])


def _checked(procedure: Procedure, places: Mapping[str, int]) -> Iterator[Fault]:
    for problem in check(procedure, works=set(step_works), decisions=set(decisions), lines={**places, "": 0}):
        cell, what, fix = worded(problem)
        place = problem.line - 1 if problem.line else WHOLE
        yield Fault(place, cell, what, fix, problem.error, problem.rule)


WAYS = {"unreachable_steps", "dead_ends", "lonely_joins", "meeting_branches", "endless_cycles", "one_start_one_end"}
ABOUT_ACTORS = {"drafts_and_validates", "unknown_actors"}


def _stands(fault: Fault, filled: Mended) -> bool:
    """Whether a finding on the mended copy is one of the draft itself."""
    if fault.rule in ABOUT_ACTORS and filled.guessed:
        return False
    return not (fault.rule in WAYS and filled.ways) and fault.place not in filled.places


# What is still missing ------------------------------------------------------------------------------------------------


def _own(content: Mapping[str, Any]) -> Iterator[Fault]:
    identity, actors, steps = content["identity"], content["actors"], content["steps"]
    if not identity.get("name"):
        yield Fault(HEAD, "name", _("Nama SOP belum diisi."))
    if not identity.get("number"):
        yield Fault(HEAD, "number", _("Nomor SOP belum diisi."), _("Tulis nomornya, atau “-” bila belum ada."))
    yield from _days(identity)
    yield from _columns(actors)
    if not steps:
        yield Fault(WHOLE, "steps", _("Belum ada langkah."), _("Tambah baris pertama."))
    ids = [step_id(step) for step in steps]
    for place, step in enumerate(steps):
        yield from _row(place, step, ids, actors)
        yield from _ways(place, step, ids)
        yield from _form(place, step)


def _days(identity: Mapping[str, Any]) -> Iterator[Fault]:
    labels = {"made": _("Tanggal pembuatan"), "revised": _("Tanggal revisi"), "effective": _("Tanggal efektif")}
    for key, label in labels.items():
        if (told := identity.get(key)) and not re.fullmatch(r"\d{4}-\d\d-\d\d", told, re.ASCII):
            yield Fault(HEAD, key, _("%(label)s “%(told)s” bukan tanggal.") % {"label": label, "told": told[:40]})


def _columns(actors: Mapping[str, Any]) -> Iterator[Fault]:
    if not actors:
        yield Fault(ACTORS, "actors", _("Belum ada pelaksana."), _("Tambah pelaksana pertama."))
    seen: set[str] = set()
    for key, actor in actors.items():
        name = " ".join(str(actor.get("name", "")).casefold().split())
        if not name:
            yield Fault(ACTORS, key, _("Satu pelaksana belum bernama."), _("Tulis jabatannya."))
        elif name in seen:
            told = _("Dua pelaksana bernama “%(name)s”.") % {"name": actor["name"][:60]}
            yield Fault(ACTORS, key, told, _("Bedakan namanya, atau hapus salah satu."), False)
        seen.add(name)


def _row(place: int, step: Mapping[str, Any], ids: list[str], actors: Mapping[str, Any]) -> Iterator[Fault]:
    if not step.get("no"):
        yield Fault(place, "no", _("Nomor belum diisi."))
    elif ids[place] in ids[:place]:
        yield Fault(place, "no", _("Nomor ini sudah dipakai baris di atas."), _("Beri nomor lain, atau nomori ulang."))
    elif not is_step_id(ids[place]):
        fix = _("Pakai huruf, angka, titik atau tanda hubung, paling banyak 32.")
        yield Fault(place, "no", _("Nomor ini tidak dapat dipakai."), fix)
    if not step.get("activity"):
        yield Fault(place, "activity", _("Uraian kegiatan belum diisi."))
    named = step.get("actors") or ([step["actor"]] if step.get("actor") else [])
    if not named:
        yield Fault(
            place, "actor", _("Pelaksana belum dipilih."), _("Klik pada kolom pelaksananya."), rule="unknown_actors"
        )
    elif any(one not in actors for one in named):
        told = _("Pelaksana langkah ini tidak ada lagi.")
        yield Fault(place, "actor", told, _("Pilih pelaksana lain."), rule="unknown_actors")


def _ways(place: int, step: Mapping[str, Any], ids: list[str]) -> Iterator[Fault]:
    exits = step.get("exits", {})
    goals = [*step.get("next", []), *(goal for way in exits.values() for goal in way.get("to", []))]
    for goal in dict.fromkeys(goals):
        if goal not in ids:
            told = _("Tujuan “%(goal)s” bukan langkah SOP ini.") % {"goal": goal[:40]}
            yield Fault(place, "next", told, _("Pilih langkah yang ada, atau “selesai”."), rule="unknown_targets")
    for answer, way in exits.items():
        told = {"answer": way.get("label") or answer}
        if not way.get("to") and not way.get("end"):
            yield Fault(place, "next", _("Jawaban “%(answer)s” belum bertujuan.") % told, _("Isi langkah berikutnya."))
        if not way.get("label"):
            fix = _("Tulis jawabannya, misalnya “Ya”.")
            yield Fault(place, "next", _("Satu jawaban belum bernama."), fix, rule="labelled_exits")
    if step.get("kind") == "decision" and len(exits) < 2 and not step.get("decision"):
        fix = _("Tambah jawaban beserta tujuannya.")
        yield Fault(place, "next", _("Keputusan ini belum punya dua jawaban."), fix, rule="labelled_exits")


def _form(place: int, step: Mapping[str, Any]) -> Iterator[Fault]:
    for one in step.get("fields", []):
        if not one.get("label") or not one.get("id"):
            yield Fault(place, "fields", _("Satu isian belum berjudul."), _("Tulis judul isiannya."))
    for one in step.get("requirements", []):
        if isinstance(one, Mapping) and not one.get("text"):
            yield Fault(place, "requirements", _("Satu kelengkapan masih kosong."))


_CELLS = {
    "activity", "time", "remarks", "requirements", "outputs", "fields", "exits", "next", "separation", "phase", "kind",
    "actor", "actors", "join", "entry", "work", "decision", "public", "name", "no", "id",
}  # fmt: skip


def _unread(problem: Problem) -> Fault:
    """A place that the format does not take and that nothing above has told."""
    named = [word for word in re.findall(r"[a-z_]+", problem.what) if word in _CELLS]
    cell = {"exits": "next", "actors": "actor", "id": "no"}.get(named[-1], named[-1]) if named else "activity"
    told = _("Isian ini tidak dapat dipakai.")
    return Fault(problem.line - 1, cell, told, _("Periksa isiannya."), True, problem.rule)
