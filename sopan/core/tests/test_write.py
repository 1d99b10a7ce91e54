"""What is written as a file is read as the same procedure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from sopan.core.load import load, load_data, load_with_lines
from sopan.core.model import Procedure
from sopan.core.procedure_files import procedure_files
from sopan.core.tests.random_procedures import procedures
from sopan.core.write import line_of, text_of, to_file

PROCEDURES = Path(__file__).parents[3] / "procedures"


@pytest.mark.parametrize("path", list(procedure_files(PROCEDURES)), ids=lambda path: path.stem)
def test_every_procedure_file_survives_being_read_and_written(path: Path) -> None:
    procedure = load(path.read_text(), file=path.name)
    assert isinstance(procedure, Procedure), procedure
    assert load(text_of(to_file(procedure)), file=path.name) == procedure


@settings(max_examples=100, deadline=None)
@given(procedure=procedures())
def test_any_procedure_survives_it(procedure: Procedure) -> None:
    try:
        data = to_file(procedure)
    except ValueError:
        assume(False)  # a time without a printed form: no document has one
    again = load_with_lines(text_of(data), file=f"{procedure.slug}.yaml")
    assert isinstance(again, tuple), again
    assert again[0] == procedure
    assert again[1] == {step.id: line_of(data, place) for place, step in enumerate(procedure.steps)}
    places = {step.id: step.sequence for step in procedure.steps}
    assert load_data(data, slug=procedure.slug) == (procedure, places)  # without the way over a text


def test_a_problem_of_data_has_the_place_of_its_step() -> None:
    told = {"number": "1", "name": "Surat"}
    data = {"format": "1", "identity": told, "actors": {"a": {"name": "A"}}, "steps": [{"no": "1"}, {"no": "1"}]}
    problems = load_data(data, slug="surat")
    assert isinstance(problems, list)
    assert {problem.line for problem in problems} == {1, 2}
