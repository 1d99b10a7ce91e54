"""Documents of bodies that do not exist, in the shapes that bodies use: field by field as a person reads them."""

from __future__ import annotations

from typing import Any

import pytest

from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.unseen.made_up import made_up
from sopan.exchange.tests.unseen.papers import CASES, PRINTED, Case
from sopan.exchange.tests.unseen.write import browser


def wrong(case: Case, data: bytes) -> list[str]:
    """What was read otherwise than a person reads it, in words."""
    found = read_file(data, name=case.name)
    if isinstance(found, Unreadable):
        return [found.reason]
    told = [as_data(draft) for draft in found]
    said = [f"{len(told)} procedures"] if len(told) != len(case.sops) else []
    for one, sop in zip(told, case.sops, strict=False):
        said += list(_differences(one, sop.truth()))
    return said


def _differences(told: dict[str, Any], true: dict[str, Any]) -> list[str]:
    said = [f"{key}: {told[key]!r}" for key in ("number", "name", "actors") if told[key] != true[key]]
    if len(told["steps"]) != len(true["steps"]):
        said.append(f"{len(told['steps'])} steps")
    for one, other in zip(told["steps"], true["steps"], strict=False):
        said += [f"{other['no']} {key}: {one[key]!r}" for key in other if one[key] != other[key]]
    return said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_is_read_as_a_person_reads_it(case: Case):
    assert wrong(case, case.make()) == []


@pytest.mark.parametrize("seed", range(60))
def test_documents_put_together_at_random(seed: int):
    case = made_up(seed)
    assert wrong(case, case.make()) == []


@pytest.mark.browser
@pytest.mark.skipif(browser() is None, reason="no Chromium")
@pytest.mark.parametrize("case", PRINTED, ids=lambda case: case.id)
def test_a_page_printed_to_pdf_is_read_as_a_person_reads_it(case: Case):
    assert wrong(case, case.make()) == []
