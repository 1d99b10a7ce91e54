"""A measurement model as a formula: text to a tree, and the tree evaluated over any kind of number.

A technical manager writes it: names, numbers, + − × ÷, powers, brackets, and the functions in ``FUNCTIONS``. The text is
parsed here and never executed. The same tree is evaluated on GTC's uncertain numbers and on arrays of draws.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 5_000  # characters
DEEPEST = 100  # brackets within brackets, powers of powers
MOST_OPERATIONS = 400  # of one formula; a tree is as deep as its longest chain of them
FUNCTIONS = ("sqrt", "exp", "log", "ln", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")
CONSTANTS = {"pi": math.pi}

Algebra = Mapping[str, Callable[[Any], Any]]  # function -> what it does to this kind of number


class FormulaError(ValueError):
    """The text is no formula; ``at`` is the place (from 0) and the message says what was expected there."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(f"{what} (character {at + 1})")
        self.what, self.at = what, at


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    of: Tree


@dataclass(frozen=True, slots=True)
class Operation:
    sign: str  # + - * / ^
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    argument: Tree


Tree = Number | Name | Negative | Operation | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed model: ``result`` is the name before the equals sign, if one was written."""

    text: str
    tree: Tree
    result: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The input quantities, in the order in which they first stand in the text."""
        return tuple(dict.fromkeys(name for name in _names(self.tree) if name not in CONSTANTS))

    def evaluate(self, values: Mapping[str, Any], algebra: Algebra) -> Any:
        """The value for ``values`` of the input quantities. Raises KeyError for a name without one."""
        return _value(self.tree, {**CONSTANTS, **values}, algebra)


def parse(text: str) -> Formula:
    """The formula that ``text`` writes. Raises ``FormulaError`` with the place for anything else."""
    if len(text) > LONGEST:
        raise FormulaError(f"The formula is longer than {LONGEST} characters.", LONGEST)
    return _Parser(text).formula()


_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/^()=,×·÷−–]))"
)
_SIGNS = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "**": "^"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, name, sign, end
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            raise FormulaError(f"{text[place]!r} has no meaning here.", place)
        kind = str(found.lastgroup)
        told = found[kind]
        yield _Token(kind, _SIGNS.get(told, told), found.start(kind))
        at = found.end()
    yield _Token("end", "", len(text))


class _Parser:
    """Recursive descent: sum, product, sign, power, atom. A power binds to its right and before a sign: −x^2 is −(x^2)."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.place, self.depth, self.operations = text, list(_tokens(text)), 0, 0, 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.place]

    def formula(self) -> Formula:
        result = ""
        if self.here.kind == "name" and len(self.tokens) > 1 and self.tokens[1].text == "=":
            result, self.place = self.here.text, 2
        tree = self.sum()
        if self.here.kind != "end":
            raise FormulaError(f"Here stands {self.here.text!r}, but the formula is complete.", self.here.at)
        return Formula(self.text, tree, result)

    def sum(self) -> Tree:
        tree = self.product()
        while self.here.text in ("+", "-"):
            tree = Operation(self.take(), tree, self.product())
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        while self.here.text in ("*", "/"):
            tree = Operation(self.take(), tree, self.signed())
        return tree

    def signed(self) -> Tree:
        negative = False
        while self.here.text in ("+", "-"):
            negative ^= self.take() == "-"
        tree = self.power()
        return Negative(tree) if negative else tree

    def power(self) -> Tree:
        base = self.atom()
        if self.here.text != "^":
            return base
        self.take()
        with_sign = self.nested(self.signed)
        return Operation("^", base, with_sign)

    def atom(self) -> Tree:
        token = self.here
        if token.kind == "number":
            return Number(float(self.take()))
        if token.kind == "name":
            return self.named()
        if token.text == "(":
            return self.bracket()
        what = f"Here stands {token.text!r}," if token.text else "The formula ends here,"
        raise FormulaError(f"{what} but a number, a name or a bracket is expected.", token.at)

    def named(self) -> Tree:
        token = self.here
        name = self.take()
        if self.here.text != "(":
            return Name(name)
        if name not in FUNCTIONS:
            raise FormulaError(f"{name!r} is no function; known are {', '.join(FUNCTIONS)}.", token.at)
        return Call(name, self.bracket())

    def bracket(self) -> Tree:
        opened = self.here.at
        self.take()
        tree = self.nested(self.sum)
        if self.here.text != ")":
            raise FormulaError("The bracket is not closed.", opened)
        self.take()
        return tree

    def nested(self, read: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"More than {DEEPEST} brackets within brackets.", self.here.at)
        tree = read()
        self.depth -= 1
        return tree

    def take(self) -> str:
        self.operations += self.here.kind == "sign" and self.here.text not in "()"
        if self.operations > MOST_OPERATIONS:
            raise FormulaError(f"More than {MOST_OPERATIONS} operations.", self.here.at)
        self.place += 1
        return self.tokens[self.place - 1].text


def _names(tree: Tree) -> Iterator[str]:
    match tree:
        case Name(name):
            yield name
        case Negative(of):
            yield from _names(of)
        case Call(_, argument):
            yield from _names(argument)
        case Operation(_, left, right):
            yield from _names(left)
            yield from _names(right)


def _value(tree: Tree, values: Mapping[str, Any], algebra: Algebra) -> Any:
    match tree:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Negative(of):
            return -_value(of, values, algebra)
        case Call(function, argument):
            return algebra[function](_value(argument, values, algebra))
        case Operation(sign, left, right):
            return _operate(sign, _value(left, values, algebra), _value(right, values, algebra))
    raise AssertionError(tree)  # pragma: no cover - Tree is closed


def _operate(sign: str, a: Any, b: Any) -> Any:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
    return a**b
