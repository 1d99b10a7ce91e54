"""What is wrong with the rules of a ``catalogue.yaml`` by which cases begin, each with its line.

A rule tells who begins (``by``); what belongs to another kind of rule is refused, a day or month that there is not, and
procedures that would start each other without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .model import Problem
from .recurrence import Every, misfit
from .yamlfile import Node, parse

KEYS: Mapping[str, frozenset[str]] = {
    "person": frozenset({"entry"}),
    "customer": frozenset({"entry"}),
    "domain": frozenset({"entry"}),
    "calendar": frozenset({"entry", "every", "day", "month"}),
    "procedure": frozenset({"entry", "after"}),
}
ALWAYS = frozenset({"by", "inferred"})


def check_starts(text: str, *, file: str) -> list[Problem]:
    """The problems of all rules, in their order; what cannot be read at all is told by reading the file."""
    root = parse(text, file=file)
    if isinstance(root, list):
        return root
    rules = list(_rules(root))
    listed = {slug for slug, _rule in rules} | set(_slugs(root))
    found = [problem for _slug, rule in rules for problem in _of_rule(rule, listed, file)]
    return found or list(_circles(rules, file))


def _entries(root: Node) -> list[dict[str, Node]]:
    entries = root.value.get("entries") if isinstance(root.value, dict) else None
    rows = entries.value if entries is not None and isinstance(entries.value, list) else []
    return [row.value for row in rows if isinstance(row.value, dict)]


def _slugs(root: Node) -> Iterator[str]:
    for row in _entries(root):
        if "procedure" in row:
            yield str(row["procedure"].value)


def _rules(root: Node) -> Iterator[tuple[str, Node]]:
    """(procedure, rule) in the order of the file."""
    for row in _entries(root):
        slug = str(row["procedure"].value) if "procedure" in row else ""
        starts = row.get("starts")
        for rule in starts.value if starts is not None and isinstance(starts.value, list) else ():
            yield slug, rule


def _of_rule(rule: Node, listed: set[str], file: str) -> Iterator[Problem]:
    def wrong(what: str, fix: str = "", key: str = "") -> Problem:
        line = rule.key_lines.get(key, rule.line)
        return Problem(file, line, what, fix, rule="starts")

    if not isinstance(rule.value, dict):
        yield wrong("A rule of `starts` is no mapping.", "Write {by: person}.")
        return
    told = {key: str(node.value) for key, node in rule.value.items()}
    by = told.get("by", "")
    if by not in KEYS:
        yield wrong(f"`by: {by}` is no way to begin.", f"One of {', '.join(KEYS)}.", "by")
        return
    for key in told.keys() - KEYS[by] - ALWAYS:
        yield wrong(f"`{key}` does not belong to a rule `by: {by}`.", "Leave it out.", key)
    if by == "procedure" and told.get("after", "") not in listed:
        yield wrong(f"`after: {told.get('after', '')}` is no procedure of this list.", "Name one of it.", "after")
    if by == "calendar":
        yield from (wrong(what, fix, key) for key, what, fix in _of_calendar(told))


def _of_calendar(told: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(key, what, fix) of a rule of the calendar."""
    every = told.get("every", "")
    if every not in set(Every):
        yield "every", f"`every: {every}` is no period.", f"One of {', '.join(Every)}."
        return
    numbers: dict[str, int | None] = {"day": None, "month": None}
    for key in numbers.keys() & told.keys():
        if not (told[key].isascii() and told[key].isdigit() and len(told[key]) < 4):
            yield key, f"`{key}: {told[key]}` is no number.", ""
            return
        numbers[key] = int(told[key])
    if key := misfit(Every(every), day=numbers["day"], month=numbers["month"]):
        fix = "Days are 1 to 31, of a week 1 to 7; months are 1 to 12 and of a year alone; a working day has neither."
        yield key, f"`{key}: {told[key]}` does not fit `every: {every}`.", fix


def _circles(rules: list[tuple[str, Node]], file: str) -> Iterator[Problem]:
    """Each rule by which a procedure would come after what comes after itself."""
    follows: dict[str, set[str]] = {}
    for slug, rule in rules:
        told = rule.value
        if not isinstance(told, dict) or str(told["by"].value) != "procedure":
            continue
        before = str(told["after"].value)
        if before in reachable(slug, follows):
            what = f"{slug} begins after {before}, which comes of {slug} itself: they would start each other for ever."
            yield Problem(file, rule.line, what, "Take one of the rules out.", rule="circle")
        follows.setdefault(before, set()).add(slug)


def reachable(first: str, follows: Mapping[str, set[str]]) -> set[str]:
    """What comes of ``first`` in the end, itself included; ``follows`` tells what begins after each."""
    seen: set[str] = set()
    edge = {first}
    while edge:
        seen |= edge
        edge = {later for one in edge for later in follows.get(one, ())} - seen
    return seen
