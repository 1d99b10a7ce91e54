"""The nine elements as a body asks them: its own words and order over the codes, which never change.

Forms number "pengaduan" and "sarana" in different orders, and "Gratis" as the best answer on the price cannot be given
honestly by a laboratory that charges: so words and order are the body's to choose, and the codes keep years comparable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Institution
from sopan.ui.source import of_body

from .. import rules
from ..models import ServiceText
from ..service import texts
from ..service.texts import Collection, Text

KIND = ServiceText.Kind.SURVEY


@dataclass(frozen=True, slots=True)
class Question:
    """An element as it is asked. ``answers`` are the words for 1 to 4."""

    code: str
    label: str
    answers: tuple[str, str, str, str]


def _defaults() -> Mapping[str, Text]:
    scale = "\n".join(str(rules.SCALE[value]) for value in (1, 2, 3, 4))
    hint = _("Empat baris, satu untuk setiap jawaban dari nilai 1 sampai 4.")
    source = _("PermenPAN-RB 14/2017 (sembilan unsur); kata pilihan jawaban belum dipastikan")
    return {
        code: Text(KIND, code, str(label), scale, source, False, place, hint)
        for place, (code, label) in enumerate(rules.ELEMENTS.items(), start=1)
    }


def _check(key: str, title: str, text: str) -> Refusal | None:
    if len(_lines(text)) != 4:
        return Refusal("scale", _("Tulis tepat empat baris: jawaban untuk nilai 1, 2, 3, dan 4."), "text")
    return None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


texts.collections.add(KIND, Collection(_defaults, _check))


def questions(institution: Institution) -> list[Question]:
    """The nine elements in the order and the words of the body."""
    found = []
    for text in texts.all_of(institution, KIND):
        one, two, three, four = (of_body(line) if text.own else line for line in _lines(text.text))
        found.append(Question(text.key, text.title, (one, two, three, four)))
    return found
