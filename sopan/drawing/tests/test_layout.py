"""The drawing keeps its promises: see ``guarantees``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from sopan.core.load import load
from sopan.core.model import Exit, Outcome, Procedure
from sopan.core.procedure_files import procedure_files
from sopan.core.tests.random_procedures import procedures
from sopan.drawing import text
from sopan.drawing.layout import PAPER, SCREEN, Drawing, layout
from sopan.drawing.matrix import Shape, matrix
from sopan.drawing.pages import paginate
from sopan.drawing.tests import examples, made_up
from sopan.drawing.tests.guarantees import broken

PROCEDURES = Path(__file__).parents[3] / "procedures"


def calibration_order() -> Procedure:
    path = PROCEDURES / "bspji-palembang" / "sippt-kalibrasi.yaml"
    found = load(path.read_text(), file=path.name)
    assert isinstance(found, Procedure)
    return found


@pytest.mark.parametrize(
    ("procedure", "crossings"),
    [(examples.CALIBRATION, 0), (examples.CERTIFICATION, 0), (examples.INFORMATION, 0), (calibration_order(), 0)],
    ids=["calibration", "certification", "information", "calibration order with all its exits"],
)
def test_real_procedures_are_drawn_without_a_crossing(procedure: Procedure, crossings: int) -> None:
    drawing = layout(matrix(procedure))
    assert broken(drawing) == []
    assert len(drawing.crossings) == crossings


@pytest.mark.parametrize("path", list(procedure_files(PROCEDURES)), ids=lambda path: path.stem)
def test_every_procedure_keeps_all_promises_on_paper_and_on_the_screen(path: Path) -> None:
    procedure = load(path.read_text(), file=path.name)
    assert isinstance(procedure, Procedure)
    for style in (PAPER, SCREEN):
        assert broken(layout(matrix(procedure), style=style)) == []


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_made_up_procedures_keep_all_promises(hundred: int) -> None:
    wrong = {}
    for seed in range(hundred * 100, hundred * 100 + 100):
        if found := broken(layout(matrix(made_up.procedure(seed)), style=SCREEN if seed % 4 == 0 else PAPER)):
            wrong[seed] = found
    assert wrong == {}


@settings(max_examples=60, deadline=None)
@given(procedures())
def test_any_procedure_keeps_all_promises(procedure: Procedure) -> None:
    """Every step may have three answers that each lead anywhere, also to itself."""
    assert broken(layout(matrix(procedure))) == []


def test_even_a_tangle_keeps_all_promises() -> None:
    wrong = {seed: found for seed in range(40) if (found := broken(layout(matrix(made_up.tangle(seed)))))}
    assert wrong == {}


def test_the_same_procedure_is_always_drawn_the_same() -> None:
    assert layout(matrix(examples.CERTIFICATION)) == layout(matrix(examples.CERTIFICATION))


def test_texts_get_the_room_they_ask_for() -> None:
    drawing = layout(matrix(examples.INFORMATION), columns=[90, 91, 92, 93], rows=[80.0] * 11)
    assert all(b - a >= 90 for a, b in zip(drawing.lefts, drawing.lefts[1:], strict=False))
    assert all(b - a >= 80 for a, b in zip(drawing.tops, drawing.tops[1:], strict=False))


def test_a_step_may_lead_back_to_itself() -> None:
    steps = list(examples.INFORMATION.steps)
    steps[4] = replace(steps[4], exits=(*steps[4].exits, Exit("ulang", "Ulangi", to=("5",))))
    drawing = layout(matrix(replace(examples.INFORMATION, steps=tuple(steps))))
    assert broken(drawing) == []
    assert [arrow.flow.labels for arrow in drawing.arrows if arrow.flow.source == arrow.flow.target] == [("Ulangi",)]


def test_answers_to_the_same_step_share_an_arrow() -> None:
    steps = list(examples.INFORMATION.steps)
    steps[4] = replace(steps[4], exits=(Exit("a", "Perlu", to=("6",)), Exit("b", "Tidak perlu", to=("6",))))
    drawing = layout(matrix(replace(examples.INFORMATION, steps=tuple(steps))))
    assert [label.flow.labels for label in drawing.labels if label.flow.source == "5"] == [("Perlu", "Tidak perlu")]


def test_an_answer_that_ends_the_case_leads_to_a_capsule_in_the_same_row() -> None:
    steps = list(examples.INFORMATION.steps)
    steps[1] = replace(steps[1], exits=(*steps[1].exits, Exit("tolak", "Tolak", end=Outcome.REJECTED)))
    drawing = layout(matrix(replace(examples.INFORMATION, steps=tuple(steps))))
    assert broken(drawing) == []
    (arrow,) = [arrow for arrow in drawing.arrows if arrow.flow.labels == ("Tolak",)]
    (end,) = [placed for placed in drawing.symbols if placed.symbol.key == arrow.flow.target]
    assert (end.symbol.text, end.symbol.row) == ("Selesai", 1)


def test_where_the_row_is_full_the_end_stands_below() -> None:
    everybody = tuple(actor.id for actor in examples.INFORMATION.actors)
    steps = list(examples.INFORMATION.steps)
    steps[1] = replace(
        steps[1], actors=everybody, exits=(*steps[1].exits, Exit("tolak", "Tolak", end=Outcome.REJECTED))
    )
    drawing = layout(matrix(replace(examples.INFORMATION, steps=tuple(steps))))
    assert broken(drawing) == []
    assert len(drawing.matrix.rows) == 12


def _damaged(drawing: Drawing) -> dict[str, Drawing]:
    """One drawing for each promise, with that promise broken."""
    arrows, labels = drawing.arrows, drawing.labels
    x, y = drawing.symbols[3].middle
    through = replace(arrows[0], points=(arrows[0].points[0], (x, arrows[0].points[0][1]), (x, y + 90)))
    other = next(one for one in arrows if one.flow.target != arrows[0].flow.target)
    twice = replace(other, points=arrows[0].points)
    return {
        "through": replace(drawing, arrows=(through, *arrows[1:])),
        "on one line": replace(drawing, arrows=tuple(twice if one is other else one for one in arrows)),
        "overlap": replace(drawing, labels=(replace(labels[0], box=labels[1].box), *labels[1:])),
        "missing": replace(drawing, labels=labels[1:]),
        "without an arrow": replace(drawing, arrows=arrows[1:]),
        "does not reach": replace(drawing, arrows=(through, *arrows[1:])),
    }


@pytest.mark.parametrize("promise", list(_damaged(layout(matrix(examples.INFORMATION)))))
def test_the_checker_sees_a_broken_promise(promise: str) -> None:
    damaged = _damaged(layout(matrix(examples.INFORMATION)))[promise]
    assert any(promise in told for told in broken(damaged))


# A finished case goes on to other SOPs --------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [("SOP 7",), ("V.26.1.1.5", "SOP 31/BSPJI-3 yang panjang"), tuple("ABCDEFGHIJKL")])
def test_pentagons_of_what_follows_keep_all_promises(numbers: tuple[str, ...]) -> None:
    wrong = {}
    drawn = [examples.CALIBRATION, examples.INFORMATION, *(made_up.procedure(seed) for seed in range(25))]
    for place, procedure in enumerate(drawn):
        style = SCREEN if place % 2 else PAPER
        drawing = layout(matrix(procedure, handovers=numbers), style=style)
        ends = sum(any(way.end is Outcome.FINISHED for way in step.exits) for step in procedure.steps)
        pentagons = [one.symbol.text for one in drawing.symbols if one.symbol.shape is Shape.PENTAGON]
        assert len(pentagons) == ends * len(numbers)
        if found := broken(drawing):
            wrong[place] = found
    assert wrong == {}


def test_the_number_of_another_sop_fits_its_pentagon() -> None:
    drawing = layout(matrix(examples.INFORMATION, handovers=["SOP 31/BSPJI-3"]))
    pentagon = next(one for one in drawing.symbols if one.symbol.shape is Shape.PENTAGON)
    assert pentagon.width >= text.width(pentagon.symbol.text, PAPER.label, True)


def test_on_paper_the_pentagons_stand_on_the_page_of_the_end() -> None:
    pages = paginate(examples.CALIBRATION, room=400, handovers=["SOP 7"])
    told = [[one.symbol.text for one in page.drawing.symbols if one.symbol.text == "SOP 7"] for page in pages]
    assert len(pages) > 1 and sum(told, []).count("SOP 7") == 1
    assert all(broken(page.drawing) == [] for page in pages)
