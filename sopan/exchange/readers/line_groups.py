"""Lines of a table whose columns are known -> its rows: which lines belong to which number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sopan.exchange.document import Row
from sopan.exchange.headings import NUMBER


def group_lines(placed: Sequence[Sequence[str]], first_line: int, *, goes_on: bool) -> list[Row] | None:
    """Rows of the lines: one for each number. None where it cannot be told which lines belong to which number."""
    blocks = _blocks(placed)
    whole = all(sum(bool(NUMBER.fullmatch(placed[at][0])) for at in block) <= 1 for block in blocks)
    groups = _joined(blocks, placed) if whole and len(blocks) > 1 else _without_blanks(placed, goes_on=goes_on)
    if groups is None:
        return None
    return [
        Row(
            tuple(_text(parts) for parts in zip(*(placed[at] for at in group), strict=True)),
            f"line {first_line + group[0] + 1}",
        )
        for group in groups
    ]


def _text(parts: Sequence[str]) -> str:
    """The lines of a cell; a word that is cut at its hyphen is one."""
    return re.sub(r"(?<=[a-z])-\n(?=[a-z])", "-", "\n".join(filter(None, parts))).replace("\n", " ")


def _blocks(placed: Sequence[Sequence[str]]) -> list[list[int]]:
    """Lines that stand together, between blank ones."""
    blocks: list[list[int]] = [[]]
    for at, cells in enumerate(placed):
        if any(cells):
            blocks[-1].append(at)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _joined(blocks: Sequence[list[int]], placed: Sequence[Sequence[str]]) -> list[list[int]]:
    """A block without number belongs to the row above, unless its words begin a row of their own."""
    groups: list[list[int]] = []
    for block in blocks:
        numbered = any(NUMBER.fullmatch(placed[at][0]) for at in block)
        own = placed[block[0]][1][:1].isupper() and any(placed[at][-3] or placed[at][-2] for at in block)
        if groups and not numbered and not own:
            groups[-1] += block
        else:
            groups.append(block)
    return groups


def _without_blanks(placed: Sequence[Sequence[str]], *, goes_on: bool) -> list[list[int]] | None:
    """Rows that stand close together: numbered in their first line, or in their middle; None if both could be."""
    lines = [at for at, cells in enumerate(placed) if any(cells)]
    found = [groups for groups in (_from_tops(placed, lines, goes_on=goes_on), _from_middles(placed, lines)) if groups]
    return found[0] if found and all(groups == found[0] for groups in found) else None


def _from_tops(placed: Sequence[Sequence[str]], lines: Sequence[int], *, goes_on: bool) -> list[list[int]] | None:
    """A row begins with the line of its number; what stands in it begins there too. A page may go on with a row."""
    groups: list[list[int]] = [[]] if goes_on else []
    for at in lines:
        if NUMBER.fullmatch(placed[at][0]):
            groups.append([at])
        elif groups:
            groups[-1].append(at)
        else:
            return None
    groups = [group for group in groups if group]
    whole = all(_begins_above(placed, group) for group in groups if NUMBER.fullmatch(placed[group[0]][0]))
    return groups if whole and groups else None


def _begins_above(placed: Sequence[Sequence[str]], group: Sequence[int]) -> bool:
    first = placed[group[0]]
    return _capital(first[1]) and all(
        first[column] or not any(placed[at][column] for at in group) for column in range(len(first))
    )


def _from_middles(placed: Sequence[Sequence[str]], lines: Sequence[int]) -> list[list[int]] | None:
    """The number stands in the middle of its row: as many lines follow it as stand before it."""
    numbered = [place for place, at in enumerate(lines) if NUMBER.fullmatch(placed[at][0])]
    groups, begin = [], 0
    for place in numbered:
        end = 2 * place - begin + 1
        group = list(lines[begin:end])
        words = next((placed[at][1] for at in group if placed[at][1]), "")
        if place < begin or end > len(lines) or not _capital(words):
            return None
        groups.append(group)
        begin = end
    return groups if groups and begin == len(lines) else None


def _capital(words: str) -> bool:
    return words[:1].isupper() or words[:1].isdigit()
