"""The order of tasks that do not tell their place: down the ways, with returns leading up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def in_order(after: Mapping[str, Sequence[str]], begins: Sequence[str]) -> list[str]:
    """All that ``begins`` (the first is the ordinary beginning) lead to; whatever closes a ring leads up the list.

    Of two ways the one that is told first comes first. What is not reached is not in the list.
    """
    finished: list[str] = []
    seen = {begins[0]}
    for begin in [*reversed(begins[1:]), begins[0]]:
        if begin not in seen or begin == begins[0]:
            _walk(begin, after, seen, finished)
    return finished[::-1]


def _walk(begin: str, after: Mapping[str, Sequence[str]], seen: set[str], finished: list[str]) -> None:
    """Depth first without recursion; a task is finished when all that it leads to are."""
    seen.add(begin)
    todo = [(begin, iter(reversed(after[begin])))]
    while todo:
        here, targets = todo[-1]
        target = next((one for one in targets if one not in seen), None)
        if target is None:
            finished.append(here)
            todo.pop()
        else:
            seen.add(target)
            todo.append((target, iter(reversed(after[target]))))
