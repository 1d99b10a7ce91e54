"""YAML text to nodes that know their line, and nothing more.

Every scalar stays the text that the author wrote: ``no: 1.10`` is "1.10", ``ya`` is "ya", ``2025-05-05`` is those ten
characters. What a text means is decided by the key it stands under (see ``format``). Anchors, aliases, tags and several
documents in one file are refused: no file needs them, and aliases are how a small file becomes a huge one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sopan.core.model import Problem

LONGEST = 500_000  # characters of one file; the longest real procedure has under 30,000
DEEPEST = 12
_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (text), a list or a mapping, with the line (from 1) where it begins."""

    line: int
    value: str | list[Node] | dict[str, Node]
    quoted: bool = False
    key_lines: dict[str, int] = field(default_factory=dict)  # of a mapping: key -> line of the key

    @property
    def blank(self) -> bool:
        """True for a key with nothing behind it."""
        return not self.quoted and self.value in ("", "~", "null")


class _Unreadable(Exception):
    def __init__(self, line: int, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.line, self.what, self.fix = line, what, fix


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being filled; ``key`` is the key whose value comes next."""

    node: Node
    key: str | None = None
    key_line: int = 0


def parse(text: str, *, file: str) -> Node | list[Problem]:
    """The one document of ``text``, or all problems that keep it from being read."""
    found = _parsed(text, file)
    return list(found) if isinstance(found, list) else found


@lru_cache(maxsize=128)
def _parsed(text: str, file: str) -> Node | list[Problem]:
    """Kept, because reading takes longer than anything that is done with it; nobody changes a node."""
    problems: list[Problem] = []
    try:
        if len(text) > LONGEST:
            raise _Unreadable(1, f"The file has {len(text)} characters.", f"At most {LONGEST} are read; split it.")
        root = _build(_events(text), file, problems)
    except _Unreadable as bad:
        return [*problems, Problem(file, bad.line, bad.what, bad.fix, rule="yaml")]
    return problems or root


def read_data(text: str, *, file: str) -> Any:
    """A data file that is not a procedure (institution, tariffs, walks) as ``plain`` data.

    Raises ValueError with all problems: such files are part of an installation, not of a person's input.
    """
    root = parse(text, file=file)
    if isinstance(root, list):
        raise ValueError("\n".join(str(problem) for problem in root))
    return plain(root)


def plain(node: Node) -> Any:
    """The node as dict, list, str, int, bool or None (YAML 1.2 core, except that fractions and dates stay text)."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value if node.quoted else _typed(node)


def _typed(node: Node) -> str | int | bool | None:
    text = str(node.value)
    if node.blank:
        return None
    if text in ("true", "false"):
        return text == "true"
    digits = text[1:] if text.startswith("-") else text
    is_integer = digits.isascii() and digits.isdigit() and len(digits) <= 18 and (digits == "0" or digits[0] != "0")
    return int(text) if is_integer else text


def _events(text: str) -> Iterator[Any]:
    """Events of the parser; whatever it cannot read becomes ``_Unreadable``."""
    yaml = YAML(typ="safe", pure=True)
    try:
        yield from yaml.parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "").split())
        line = mark.line + 1 if mark else 1
        raise _Unreadable(line, f"This is not YAML: {what}.", "Look at the indentation and the quotes.") from None
    except YAMLError as error:
        what = " ".join(str(error).split())[:120]
        raise _Unreadable(1, f"This is not YAML: {what}.", "Remove the character.") from None
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, NotImplementedError):
        # The parser trips over a few malformed directives and escapes instead of reporting them.
        raise _Unreadable(1, "This is not YAML.", "Look at the directives and the quotes.") from None


def _build(events: Iterator[Any], file: str, problems: list[Problem]) -> Node:
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            stack.pop()
            continue
        if isinstance(event, DocumentStartEvent) and root is not None:
            raise _Unreadable(line, "The file holds several documents.", "Remove the line of three hyphens.")
        node = _node(event, line)
        if node is None:
            continue
        if stack:
            _put(stack[-1], node, file, problems)
        root = root or node
        if not isinstance(node.value, str):
            stack.append(_Open(node))
            if len(stack) > DEEPEST:
                raise _Unreadable(line, f"This is nested more than {DEEPEST} levels deep.", "Make it flatter.")
    if root is None:
        raise _Unreadable(1, "The file is empty.")
    return root


def _node(event: Any, line: int) -> Node | None:
    """The node that an event begins; None for events that begin none."""
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise _Unreadable(line, "Anchors and aliases (& and *) are not read.", "Write the text out, or quote it.")
    if not isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
        return None
    if event.tag is not None:
        raise _Unreadable(line, "Tags (!) are not read.", "Remove the tag, or quote the text.")
    if isinstance(event, ScalarEvent):
        if _UNPRINTABLE.search(event.value):
            fix = "Remove it; only line ends and tabs may stand beside letters and signs."
            raise _Unreadable(line, "A text holds a character that cannot be printed.", fix)
        return Node(line, str(event.value), quoted=event.style is not None)
    return Node(line, {} if isinstance(event, MappingStartEvent) else [])


def _put(parent: _Open, node: Node, file: str, problems: list[Problem]) -> None:
    holder = parent.node.value
    if isinstance(holder, list):
        holder.append(node)
    elif isinstance(holder, dict) and parent.key is None:
        if not isinstance(node.value, str):
            raise _Unreadable(
                node.line, "A list or a mapping stands where a key is expected.", "Quote texts with { or [."
            )
        parent.key, parent.key_line = node.value, node.line
    elif isinstance(holder, dict) and parent.key is not None:
        if parent.key in holder:
            what = f"The key {parent.key[:60]!r} stands here a second time."
            fix = f"Remove one; the first is on line {parent.node.key_lines[parent.key]}."
            problems.append(Problem(file, parent.key_line, what, fix, rule="yaml"))
        else:
            parent.node.key_lines[parent.key] = parent.key_line
            holder[parent.key] = node
        parent.key = None
