"""How the acts of this domain are told in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.engine.stepwork import words


@words("testing.chosen")
def chosen(data: Mapping[str, Any]) -> str:
    return _("Contoh yang diuji: %(samples)s") % {"samples": ", ".join(data["samples"])}


@words("testing.brought")
def brought(data: Mapping[str, Any]) -> str:
    return _("Contoh yang diantar pemohon didaftarkan: %(samples)s") % {"samples": ", ".join(data["samples"])}


@words("testing.printing")
def printing(data: Mapping[str, Any]) -> str:
    return _("Pencetakan %(number)s diminta") % {"number": data["number"]}
