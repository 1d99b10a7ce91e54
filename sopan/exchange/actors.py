"""Who does a step: a symbol in the column of an actor, or the words of the row. Never a guess."""

from __future__ import annotations

from collections.abc import Sequence

from sopan.exchange.decisions import decides, return_of, sends_back
from sopan.exchange.draft import DraftProcedure, DraftStep, Remark, Source, Sure, Told
from sopan.exchange.layout import Placed
from sopan.exchange.people import Column, actor_in_words, columns_of, named
from sopan.exchange.symbols import Mark, answers_both, mark_of


def tell_actors(draft: DraftProcedure, placed: Sequence[Placed], *, one_column: bool) -> None:
    """Fill in actor, decision and the way back of every step of ``draft``; ``placed`` are their rows."""
    if one_column:
        _names_in_cells(draft, placed)
    columns = columns_of(draft.actors)
    for step, row in zip(draft.steps, placed, strict=True):
        if not one_column:
            _tell_actor(draft, step, row, columns)
        _tell_decision(step, row)
        if step.decision and step.decision.value:
            _tell_return(draft, step, columns)


def _warn(draft: DraftProcedure, step: DraftStep, what: str) -> None:
    draft.warnings.append(Remark(f"{step.name} ({step.place})", what))


def _names_in_cells(draft: DraftProcedure, placed: Sequence[Placed]) -> None:
    """One column "Pelaksana" whose cells hold names: the names are the actors, in the order in which they come."""
    names = ["".join(row.marks[:1]) for row in placed]
    draft.actors = list(dict.fromkeys(name for name in names if name and mark_of(name) in (Mark.WORDS, Mark.TEXT)))
    for step, name in zip(draft.steps, names, strict=True):
        step.actor = Told(name) if name in draft.actors else None
        if step.actor is None:
            _warn(draft, step, "Who does it is not told.")


def _tell_actor(draft: DraftProcedure, step: DraftStep, row: Placed, columns: Sequence[Column]) -> None:
    words = actor_in_words(step.activity.value, step.requirements.value if step.requirements else "", columns)
    marked = _marked(draft, step, row, columns)
    if len(marked) == 1:
        step.actor = marked[0]
        if words and words.value != marked[0].value:
            _warn(draft, step, f"The symbol stands under {marked[0].value!r}, but the words name {words.value!r}.")
    elif words:
        step.actor = words
    if len(marked) > 1:
        step.candidates = tuple(one.value for one in marked)
        if step.actor is None:
            _warn(
                draft, step, f"Symbols stand under several actors: {', '.join(step.candidates)}. Who acts is not told."
            )
    if step.actor is None and len(marked) < 2:
        _warn(draft, step, "Who does it is not told.")


def _marked(draft: DraftProcedure, step: DraftStep, row: Placed, columns: Sequence[Column]) -> list[Told[str]]:
    """The columns with a symbol in this row; of several, a lone diamond is the one that decides."""
    marks = [(at, mark_of(cell)) for at, cell in enumerate(row.marks)]
    found = [at for at, mark in marks if mark in (Mark.STEP, Mark.DECISION)]
    if not found and row.requirements and not row.strayed:  # words of a symbol, not a text that strayed in
        found = [at for at, mark in marks if mark is Mark.WORDS]
    diamonds = [at for at, mark in marks if mark is Mark.DECISION]
    if len(found) > 1 and len(diamonds) == 1 and _decides(step):
        found = diamonds
    if row.between or (found and (row.shift or len(row.marks) != len(draft.actors))):
        _warn(draft, step, "A symbol stands in the row, but cells are lost or won: its column is not sure.")
        return []
    labels = [named(row.marks[at].strip("[]↓←→↑ "), columns) for at in found]
    contradicts = any(label and label[0] != draft.actors[at] for at, label in zip(found, labels, strict=True))
    sure = Sure.LIKELY if contradicts else Sure.CERTAIN
    return [Told(draft.actors[at], Source.CELL, sure) for at in found]


def _decides(step: DraftStep) -> bool:
    return decides(step.activity.value, step.remarks.value if step.remarks else "")


def _tell_decision(step: DraftStep, row: Placed) -> None:
    marks = [mark_of(cell) for cell in row.marks]
    if Mark.DECISION in marks or answers_both(row.marks):
        step.decision = Told(True, Source.CELL, Sure.CERTAIN if Mark.DECISION in marks else Sure.LIKELY)
    elif _decides(step):
        step.decision = Told(True, Source.WORDS, Sure.LIKELY)


def _tell_return(draft: DraftProcedure, step: DraftStep, columns: Sequence[Column]) -> None:
    before = [one for one in draft.steps if one.seq < step.seq]
    step.returns_to = return_of(step, before, columns)
    if step.returns_to is None and sends_back(step.words):
        _warn(draft, step, "It may send back, but to which step is not told.")


def column_count_warning(draft: DraftProcedure, placed: Sequence[Placed]) -> None:
    """Warn once where the rows have fewer or more actor columns than the head has names."""
    widths = {len(row.marks) for row in placed if not row.shift}
    if draft.actors and widths and widths != {len(draft.actors)}:
        what = f"The head names {len(draft.actors)} actors, the rows have {_several(widths)} columns for them."
        draft.warnings.append(Remark("table", f"{what} Symbols tell no actor."))


def _several(numbers: set[int]) -> str:
    return " or ".join(map(str, sorted(numbers)))
