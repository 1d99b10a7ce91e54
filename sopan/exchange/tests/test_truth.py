"""Against truth that was made by hand: what is found, what is right, and that nothing is guessed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.score import Score, read_seed, score, truths
from tests.seeds import needed


@pytest.fixture(scope="module")
def folder() -> Path:
    return needed()


@pytest.fixture(scope="module")
def read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.name: read_seed(path) for path in sorted(folder.glob("*.txt"))}


@pytest.mark.parametrize("truth", truths(), ids=lambda truth: truth["file"])
def test_every_procedure_is_read_as_a_person_reads_it(truth, read):
    total = Score()
    score(truth, read[truth["source"]], total)
    assert total.wrong == []
    assert total.counts["steps found"] == len(truth["steps"])
    assert total.counts["steps invented"] == 0
    assert total.counts["actors guessed"] == 0


def test_the_largest_source_has_all_its_procedures(read):
    largest = max(read.values(), key=len)
    with_steps = [draft for draft in largest if draft["steps"]]
    assert len(with_steps) == 79
    assert sum(len(draft["steps"]) for draft in with_steps) == 560


def test_the_largest_source_is_read_in_under_a_second(folder):
    path = max(folder.glob("*.txt"), key=lambda one: one.stat().st_size)
    data = path.read_bytes()
    begin = time.process_time()
    read_file(data, name=path.name)
    assert time.process_time() - begin < 1


def test_no_number_of_an_official_comes_through(read):
    import re

    for drafts in read.values():
        assert not re.search(r"\b(?:19|20)\d{6} ?\d{6} ?\d ?\d{3}\b", str(drafts))


def test_a_table_whose_columns_have_run_together_is_refused_with_the_reason(folder):
    path = next(path for path in folder.glob("*.txt") if "\t" not in path.read_text())
    refused = read_file(path.read_bytes(), name=path.name)
    assert isinstance(refused, Unreadable)
    assert "have run into each other" in refused.reason
