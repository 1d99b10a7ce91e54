"""The words for the journal codes of the engine itself.

``timeline`` adds to the data what a reader needs and the entry need not repeat: ``step_no``, ``step_name`` and
``answer_label``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.ui.source import translated

from .periods import period_name
from .stepwork import words

Data = Mapping[str, Any]


def _step(data: Data) -> str:
    no, name = data.get("step_no", ""), data.get("step_name", "")
    if not no:
        return str(name)
    return _("langkah %(no)s, %(name)s") % {"no": no, "name": name}


@words("started")
def started(data: Data) -> str:
    by = data.get("by")
    if by == "calendar":
        told = _("Kasus dimulai oleh kalender untuk %(period)s") % {"period": period_name(data.get("period", ""))}
        missed = data.get("missed_count", 0)
        return told + (". " + _("%(count)s periode sebelumnya terlewat") % {"count": missed} if missed else "")
    if by == "procedure":
        return _("Kasus dimulai setelah %(case)s selesai") % {"case": data.get("after_number", "")}
    if data.get("on_behalf"):
        return _("Kasus dimulai atas nama %(who)s") % {"who": translated(data["on_behalf"])}
    return _("Kasus dimulai")


@words("followed")
def followed(data: Data) -> str:
    told = {"case": data.get("number", ""), "procedure": translated(data.get("procedure", ""))}
    return _("Dilanjutkan dengan %(case)s · %(procedure)s") % told


@words("completed")
def completed(data: Data) -> str:
    told = {"step": _step(data), "answer": data.get("answer_label", "")}
    words = _("Selesai %(step)s: %(answer)s") if told["answer"] else _("Selesai %(step)s")
    behalf = data.get("on_behalf")
    return words % told + (" (" + _("dicatat atas nama %(who)s") % {"who": translated(behalf)} + ")" if behalf else "")


@words("unblinded")
def unblinded(data: Data) -> str:
    return _("Identitas pelanggan dibuka")


@words("taken")
def taken(data: Data) -> str:
    return _("Mengambil %(step)s") % {"step": _step(data)}


@words("given_back")
def given_back(data: Data) -> str:
    return _("Mengembalikan %(step)s ke antrean") % {"step": _step(data)}


@words("handed_over")
def handed_over(data: Data) -> str:
    return _("Mengalihkan %(step)s kepada %(to)s") % {"step": _step(data), "to": data.get("to", "")}


@words("sent_back")
def sent_back(data: Data) -> str:
    return _("Mengembalikan kasus ke %(step)s") % {"step": _step(data)}


@words("held")
def held(data: Data) -> str:
    return _("Kasus ditahan")


@words("resumed")
def resumed(data: Data) -> str:
    return _("Kasus dilanjutkan")


@words("withdrawn")
def withdrawn(data: Data) -> str:
    return _("Kasus dibatalkan")


@words("commented")
def commented(data: Data) -> str:
    return _("Catatan internal") if data.get("internal") else _("Pesan kepada pelanggan atau darinya")


@words("attached")
def attached(data: Data) -> str:
    return _("Mengunggah “%(name)s” untuk %(label)s") % {"name": data.get("name", ""), "label": data.get("label", "")}


@words("moved")
def moved(data: Data) -> str:
    numbers = {"old": data["from"]["number"], "new": data["to"]["number"]}
    return _("Kasus dipindahkan dari versi %(old)s ke versi %(new)s SOP-nya") % numbers
