"""How the acts of this domain are told in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.engine.stepwork import words

from ..models import Correction


@words("testing.chosen")
def chosen(data: Mapping[str, Any]) -> str:
    return _("Contoh yang diuji: %(samples)s") % {"samples": ", ".join(data["samples"])}


@words("testing.brought")
def brought(data: Mapping[str, Any]) -> str:
    return _("Contoh yang diantar pemohon didaftarkan: %(samples)s") % {"samples": ", ".join(data["samples"])}


@words("testing.corrected")
def corrected(data: Mapping[str, Any]) -> str:
    return _("Data yang dibukukan diperbaiki: %(changes)s") % {"changes": "; ".join(map(_change, data["changes"]))}


def _change(one: Mapping[str, Any]) -> str:
    labels = dict(Correction.What.choices)
    told = {"what": labels.get(one["what"], one["what"]), "old": one["old"] or "–", "new": one["new"] or "–"}
    where = f"{one['sample']}, " if one["sample"] else ""
    return where + _("%(what)s: “%(old)s” menjadi “%(new)s”") % told


@words("testing.printing")
def printing(data: Mapping[str, Any]) -> str:
    return _("Pencetakan %(number)s diminta") % {"number": data["number"]}
