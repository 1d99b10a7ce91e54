"""Tables of texts that have lost or won cells: words and times stay in their columns, and no actor is guessed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from sopan.exchange.as_json import as_data
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.unseen.model import Labels, Sop
from sopan.exchange.tests.unseen.papers import CAMPUS, CLINIC, COURT, FIRE, USUAL, B, C, D, K, L, P, U, plain
from sopan.exchange.tests.unseen.write import as_tabs

SOPS = [(K, USUAL), (P, COURT), (C, CLINIC), (U, CAMPUS), (D, FIRE), (L, USUAL), (B, USUAL)]


def lose(line: str, chance: random.Random) -> str:
    cells = line.split("\t")
    empty = [at for at, cell in enumerate(cells) if not cell]
    if empty:
        cells.pop(chance.choice(empty))
    return "\t".join(cells)


def win(line: str, chance: random.Random) -> str:
    cells = line.split("\t")
    cells.insert(chance.randrange(2, len(cells) + 1), "")
    return "\t".join(cells)


def in_head(lines: list[str], head: int, chance: random.Random) -> None:
    change = chance.choice((lose, win))
    for _ in range(chance.randint(1, 3)):
        lines[head] = change(lines[head], chance)


def names_to_the_left(lines: list[str], head: int, chance: random.Random) -> None:
    lines[head + 1] = lines[head + 1].lstrip("\t") if chance.random() < 0.5 else lines[head + 1][1:]


def ends(lines: list[str], head: int, chance: random.Random) -> None:
    lines[head:] = [line.rstrip("\t") for line in lines[head:]]


def in_a_row(lines: list[str], head: int, chance: random.Random) -> None:
    at = chance.choice([at for at in range(head + 2, len(lines)) if lines[at]])
    lines[at] = chance.choice((lose, win))(lines[at], chance)


def in_some_rows(lines: list[str], head: int, chance: random.Random) -> None:
    for at in range(head + 2, len(lines)):
        if lines[at] and chance.random() < 0.4:
            lines[at] = lose(lines[at], chance)


def a_column_of_symbols(lines: list[str], head: int, chance: random.Random) -> None:
    for at in range(head + 2, len(lines)):
        cells = lines[at].split("\t")
        place = next((at for at, cell in enumerate(cells) if not cell and at > 1), None)
        if place is not None:
            cells.pop(place)
        lines[at] = "\t".join(cells)


HARMLESS = [in_head, names_to_the_left, ends]
HARMFUL = [in_a_row, in_some_rows, a_column_of_symbols]


def read_damaged(sop: Sop, labels: Labels, damage: Callable[..., None], seed: int) -> list[tuple[dict, dict]]:
    """Pairs of steps: as read and as true."""
    lines = as_tabs(plain(sop, labels)).decode().split("\n")
    head = next(at for at, line in enumerate(lines) if f"{labels.actors}\t\t" in line)
    damage(lines, head, random.Random(f"{seed} {sop.name}"))
    found = read_file("\n".join(lines).encode(), name="sop.txt")
    assert isinstance(found, list)
    return list(zip(as_data(found[0])["steps"], sop.truth()["steps"], strict=True))


@pytest.mark.parametrize("damage", HARMLESS, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_head_takes_nothing_away(damage, seed):
    for sop, labels in SOPS:
        for told, true in read_damaged(sop, labels, damage, seed):
            assert {key: told[key] for key in true} == true


@pytest.mark.parametrize("damage", HARMFUL, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("seed", range(8))
def test_damaged_rows_leave_gaps_and_no_guesses(damage, seed):
    for sop, labels in SOPS:
        for told, true in read_damaged(sop, labels, damage, seed):
            assert (told["no"], told["activity"]) == (true["no"], true["activity"])
            assert told["time_text"] == true["time_text"]
            assert told["actor"] in (None, true["actor"])
            if true["output"]:  # an output that is not printed may be taken for a remark that is cut off
                assert told["output"] in (None, true["output"])
            assert told["requirements"] in (None, true["requirements"])
