"""Nodes to values by a shape of ``format``: every wrong place becomes a Problem, reading goes on behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from sopan.core.format import Choice, Day, Flag, ListOf, Record, Shape, TableOf, Text
from sopan.core.model import Problem
from sopan.core.yamlfile import Node

LONGEST_TEXT = 5_000
MOST_ITEMS = 500
MOST_UNKNOWN = 20  # keys of one record that are told one by one


class Row(dict[str, Any]):
    """The values of a record, with the line where it begins and those where its keys stand."""

    line: int = 0
    lines: Mapping[str, int] = {}  # noqa: RUF012 - read only; each row gets its own


class Reader:
    """Reads the nodes of one file and collects its problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(self, line: int, what: str, fix: str) -> None:
        self.problems.append(Problem(self.file, line, what, fix, rule="format"))

    def read(self, shape: Shape, node: Node, where: str) -> Any:
        """The value of ``node``, or None where it has no value or a wrong one (then there is a problem)."""
        match shape:
            case Record():
                return self._record(shape, node, where)
            case ListOf():
                return self._list(shape, node, where)
            case TableOf():
                return self._table(shape, node, where)
        if not isinstance(node.value, str):
            kind = "list" if isinstance(node.value, list) else "mapping"
            self.problem(node.line, f"{where} is a {kind}, but a text is expected.", "Put the text in quotes.")
            return None
        return None if node.blank else self._scalar(shape, node.value, node, where)

    def _scalar(self, shape: Shape, text: str, node: Node, where: str) -> Any:
        match shape:
            case Flag() if text in ("true", "false"):
                return text == "true"
            case Flag():
                return self._wrong(node, where, "Write true or false.")
            case Choice(of):
                if text in list(of):
                    return of(text)
                return self._wrong(node, where, f"Write one of: {', '.join(of)}.")
            case Day():
                return self._day(text, node, where)
            case Text(pattern, hint) if pattern and not re.fullmatch(pattern, text):
                return self._wrong(node, where, f"Write {hint}.")
        if len(text) > LONGEST_TEXT:
            self.problem(node.line, f"{where} has {len(text)} characters.", f"Write at most {LONGEST_TEXT}.")
            return None
        return text

    def _wrong(self, node: Node, where: str, fix: str) -> None:
        self.problem(node.line, f"{where} is {str(node.value)[:60]!r}.", fix)

    def _day(self, text: str, node: Node, where: str) -> date | None:
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
                return date.fromisoformat(text)
        except ValueError:
            pass  # told below, like any other text that is no date
        self._wrong(node, where, "Write the date as year-month-day: 2025-05-05.")
        return None

    def _list(self, shape: ListOf, node: Node, where: str) -> tuple[Any, ...] | None:
        if node.blank:
            return None
        items = node.value if isinstance(node.value, list) else [node] if shape.bare else None
        if items is None:
            self.problem(node.line, f"{where} is not a list.", "Write one item a line, each behind a hyphen.")
            return None
        if len(items) > MOST_ITEMS:
            self.problem(node.line, f"{where} has {len(items)} items.", f"Write at most {MOST_ITEMS}.")
            return None
        read = [self._item(shape.item, item, f"{where}, item {i}") for i, item in enumerate(items, 1)]
        return tuple(value for value in read if value is not None)

    def _item(self, shape: Shape, node: Node, where: str) -> Any:
        if node.blank:
            self.problem(node.line, f"{where} is empty.", "Fill it in or remove it.")
            return None
        return self.read(shape, node, where)

    def _table(self, shape: TableOf, node: Node, where: str) -> dict[str, Any] | None:
        if not isinstance(node.value, dict):
            self.problem(node.line, f"{where} is not a mapping.", "Write a name, a colon, and what belongs to it.")
            return None
        if len(node.value) > MOST_ITEMS:
            self.problem(node.line, f"{where} has {len(node.value)} names.", f"Write at most {MOST_ITEMS}.")
            return None
        table = {}
        for name, child in node.value.items():
            if not re.fullmatch(shape.key.pattern, name):
                line = node.key_lines[name]
                self.problem(line, f"The name {name[:60]!r} in {where} cannot be used.", f"Write {shape.key.hint}.")
            value = self._item(shape.item, child, f"{where}, {name[:60]}")
            if value is not None:
                table[name] = value
        return table

    def _record(self, shape: Record, node: Node, where: str) -> Row | None:
        if shape.short and isinstance(node.value, str):
            node = Node(node.line, {shape.short: node}, key_lines={shape.short: node.line})
        if not isinstance(node.value, dict):
            self.problem(node.line, f"{where} is not a mapping.", f"Write keys and values: {', '.join(shape.keys)}.")
            return None
        row = Row()
        row.line, row.lines = node.line, node.key_lines
        self._unknown([name for name in node.value if name not in shape.keys], node, shape)
        for name, child in node.value.items():
            if name not in shape.keys:
                continue
            value = self.read(shape.keys[name].shape, child, f"{where}: {name}" if where else name)
            if value is not None:
                row[name] = value
        self._missing(shape, node, where)
        return row

    def _unknown(self, names: list[str], node: Node, shape: Record) -> None:
        for name in names[:MOST_UNKNOWN]:
            near = get_close_matches(name[:60], shape.keys, n=1)
            fix = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(shape.keys)}."
            self.problem(node.key_lines[name], f"The key {name[:60]!r} is not known here ({shape.what}).", fix)
        if len(names) > MOST_UNKNOWN:
            what = f"{len(names) - MOST_UNKNOWN} more keys are not known here ({shape.what})."
            self.problem(node.line, what, "Remove them.")

    def _missing(self, shape: Record, node: Node, where: str) -> None:
        assert isinstance(node.value, dict)
        for name, key in shape.keys.items():
            if key.required and (name not in node.value or node.value[name].blank or node.value[name].value == ""):
                place = where or "The file"
                self.problem(node.line, f"{place} has no {name}.", f"Add it: {key.about}")
