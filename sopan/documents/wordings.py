"""How acts on documents are told in the journal of their case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sopan.engine.stepwork import words
from sopan.ui import formats


@words("documents.ink_uploaded")
def ink_uploaded(data: Mapping[str, Any]) -> str:
    day = formats.long_date(date.fromisoformat(data["day"]))
    text = _("Pindaian %(number)s bertanda tangan basah tanggal %(day)s diunggah")
    return text % {"number": data["number"], "day": day}


@words("documents.ink_rejected")
def ink_rejected(data: Mapping[str, Any]) -> str:
    text = _("Pindaian %(number)s ditolak penanda tangan: %(reason)s")
    return text % {"number": data["number"], "reason": data["reason"]}
