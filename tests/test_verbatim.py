"""What the procedures say, their documents say: activities, requirements, times, outputs and remarks, letter by letter.

Spaces, punctuation and the case of letters are left out of the comparison: scans lose them first. Where a scan runs its
columns together (``INTERLEAVED``), each word is looked for instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from sopan.core.load import load
from sopan.core.model import Procedure, Step
from sopan.core.procedure_files import body_of, procedure_files
from tests.seeds import document

DOCUMENTS = {"bpsmb-kaltim": "000", "bblm": "002", "bspji-palembang": "004", "disperindag-lampung": "003"}
INTERLEAVED = {"sertifikasi": "001", "whistleblowing": "001"}
# Printed "menanggap|" and "harl" in the scan of 001.
GARBLED = {"menanggapi", "hari"}
FILES = list(procedure_files(settings.PROCEDURES_DIR))


@cache
def text_of(number: str) -> str:
    return re.sub(r"<[^>]+>", "", document(number))


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


@cache
def letters_of(number: str) -> str:
    return letters(text_of(number))


def texts(step: Step) -> Iterator[str]:
    yield step.activity
    yield from (requirement.text for requirement in step.requirements)
    yield step.time.printed
    yield from step.outputs
    yield step.remarks


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_table_is_that_of_the_document(path: Path) -> None:
    procedure = load(path.read_text(), file=path.name)
    assert isinstance(procedure, Procedure)
    told = [(step.id, text) for step in procedure.steps for text in texts(step)]
    if number := INTERLEAVED.get(path.stem):
        words = set(re.findall(r"\w+", text_of(number).casefold()))
        strange = {word for _, text in told for word in re.findall(r"\w+", text.casefold())} - words - GARBLED
        assert strange == set()
    else:
        document_letters = letters_of(DOCUMENTS[body_of(path).name])
        assert [(step, text) for step, text in told if letters(text) not in document_letters] == []
