"""The drawing of a procedure in the table of steps of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from sopan.catalogue.handovers import handovers
from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.core.model import Procedure
from sopan.drawing.layout import SCREEN, Drawing, layout
from sopan.drawing.matrix import END, START, matrix
from sopan.drawing.rows import slices
from sopan.ui.source import translated


@dataclass(frozen=True, slots=True)
class Drawn:
    """One SVG a step, in their order, and the widths of the columns of the actors, in pixels."""

    rows: tuple[SafeString, ...]
    widths: tuple[int, ...]


def drawn(version_id: int, *, states: Mapping[str, str], mine: str) -> Drawn:
    """The drawing of a published version; ``states`` are done, now … by the ids of its steps, ``mine`` is the actor whose
    column stands out."""
    version = ProcedureVersion.objects.only("institution_id", "slug").get(pk=version_id)
    onward = handovers(version.institution_id, version.slug)
    return drawn_of(procedure(version_id), states=states, mine=mine, onward=onward)


def drawn_of(proc: Procedure, *, states: Mapping[str, str], mine: str = "", onward: tuple[str, ...] = ()) -> Drawn:
    """The drawing of any procedure whose steps lead to steps of its own, published or not; ``onward`` are the numbers of
    the SOPs that follow."""
    drawing = _drawing(proc, get_language() or "", onward)
    marked = next((place for place, actor in enumerate(proc.actors) if actor.id == mine), -1)
    rows = slices(drawing, state=lambda key: states.get(key, ""), marked=marked)
    widths = tuple(round(b - a) for a, b in zip(drawing.lefts, drawing.lefts[1:], strict=False))
    return Drawn(tuple(mark_safe(row.svg) for row in rows), widths)  # our own SVG; its texts are escaped


@lru_cache(maxsize=500)
def _drawing(drawn: Procedure, language: str, onward: tuple[str, ...]) -> Drawing:
    """The same procedure has the same drawing; its answers are in the language."""
    return layout(matrix(drawn, words=words, handovers=onward), style=SCREEN)


def words(text: str) -> str:
    if text == START:
        return pgettext("simbol", "Mulai")
    if text == END:
        return pgettext("simbol", "Selesai")
    answers = {"Ya": pgettext("jawaban", "Ya"), "Tidak": pgettext("jawaban", "Tidak")}
    return answers.get(text) or translated(text)
