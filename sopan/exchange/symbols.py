"""What stands in the cells of the actor columns: symbols of the flowchart, arrows, answers, or text that strayed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from sopan.exchange.words import plain


class Mark(StrEnum):
    """What a cell of an actor column holds."""

    NOTHING = "nothing"
    STEP = "step"  # a box, a capsule, a tick: the actor does the step
    DECISION = "decision"  # a diamond
    ARROW = "arrow"  # a line that passes through tells no actor
    ANSWER = "answer"  # "ya", "tidak" beside an arrow
    WORDS = "words"  # a few words, as they stand inside a symbol
    TEXT = "text"  # long text: it belongs to another column


_DIAMONDS = "◇◆⬦⬥♢♦⟡⯁⯀"
_STEPS = "□■▢▣▭▬▯▮◻◼◽◾⬜⬛○●◯◉⚪⚫⬭⬬▽△▷◁▼▲√✓✔☑☒✗✘•∎⌂⬠⎔○º⏺"
SIGNS = frozenset(_DIAMONDS + "□■▢▣◻◼◽◾⬜⬛○●◯⚪⚫√✓✔")
_ARROWS = "=↓↑→←↔↕⇓⇑⇒⇐⟶⟵➔➜➡⬇⬆⬅↳↲↵↴|¦│─—–-_>›<«»→+┐┘└┌├┤┬┴┼═║"
_ENDS = re.compile(r"\b(?:start|mulai|mul ai|end|selesai|selesi|selesal|finish|stop|begin|akhir|awal)\b", re.IGNORECASE)
_DECISION = re.compile(r"\b(?:decision|keputusan|diamond|belah ketupat)\b|\{\s*\}|<\s*>", re.IGNORECASE)
_BOX = re.compile(
    r"\[[^\]]*\]|\(\s*\)|\b(?:box|icon|process|proses|document|rectangle|kotak|oval|terminator)\b", re.IGNORECASE
)
_ARROW_WORD = re.compile(r"\b(?:arrow|panah|garis|line)\b", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:ya|tidak|tdk|yes|no|y|t|n|setuju|tidak setuju|ok|benar|salah|sesuai|tidak sesuai|lengkap|tidak lengkap)"
                     r"(?:[ /,]+(?:ya|tidak|tdk|yes|no|y|t))*$")  # fmt: skip
_SINGLE = frozenset("vVxXoO0*#")
LONGEST_WORDS = 28


@lru_cache(maxsize=5_000)
def mark_of(cell: str) -> Mark:
    """What a (clean) cell of an actor column holds."""
    if not cell:
        return Mark.NOTHING
    if any(sign in _DIAMONDS for sign in cell) or _DECISION.search(cell):
        return Mark.DECISION
    if _ARROW_WORD.search(cell) and not _ENDS.search(cell):
        return Mark.ARROW
    if cell in _SINGLE or any(sign in _STEPS for sign in cell) or _ENDS.search(cell):
        return Mark.STEP if len(cell) <= 2 * LONGEST_WORDS else Mark.TEXT
    if _BOX.search(cell) and len(cell) <= 2 * LONGEST_WORDS:
        return Mark.STEP
    if all(sign in _ARROWS or sign.isspace() for sign in cell):
        return Mark.ARROW
    if _ANSWER.match(plain(cell)):
        return Mark.ANSWER
    return Mark.WORDS if len(cell) <= LONGEST_WORDS and not cell.startswith("-") else Mark.TEXT


def answers_both(cells: Sequence[str]) -> bool:
    """True where both answers stand in the cells of a row. One alone may stand at the end of the way it leads."""
    short = [cell for cell in cells if len(cell) <= LONGEST_WORDS + 12]
    return all(
        any(re.search(rf"\b{word}\b", cell, re.IGNORECASE) for cell in short) for word in ("ya", "(?:tidak|tdk)")
    )
