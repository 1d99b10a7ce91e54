"""What is written as a file is read as the same procedure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from sopan.core.load import load, load_with_lines
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
