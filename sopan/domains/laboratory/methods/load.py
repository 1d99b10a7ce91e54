"""The text of a method file -> a ``Method``, or every problem that it has, with line and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sopan.core.model import Problem
from sopan.core.read import Reader, Row
from sopan.core.yamlfile import parse as parse_yaml
from sopan.measurement.formula import FUNCTIONS, Call, Formula, FormulaError, Name, Negative, Operation, Tree, parse

from .format import METHOD, Environment
from .model import (
    Across,
    Column,
    Condition,
    Field,
    Input,
    Limit,
    Method,
    Norm,
    Quantity,
    Shown,
    Slot,
    Take,
)
from .sense import senseless

FOLDER = Path(__file__).parent
RESERVED = frozenset({"point", "result", "unit", "pi", *Environment, *FUNCTIONS})
OF_STANDARD = ("", "_correction", "_U", "_k", "_u", "_drift")


@lru_cache(maxsize=200)
def load(text: str, *, file: str = "method.yaml") -> Method | tuple[Problem, ...]:
    """The method that ``text`` describes, or all its problems. No text raises; nothing is read from disk."""
    root = parse_yaml(text, file=file)
    if isinstance(root, list):
        return tuple(root)
    reader = Reader(file)
    row = reader.read(METHOD, root, "")
    if row is None or reader.problems:
        return tuple(sorted(reader.problems, key=lambda one: one.line))
    method = _Builder(row, reader).method()
    if method is None or reader.problems:
        return tuple(sorted(reader.problems, key=lambda one: one.line))
    return method


def examine(text: str, *, file: str = "method.yaml") -> Method | tuple[Problem, ...]:
    """As ``load``, and the problems of what is well-formed but cannot be meant: asked before a version is put in force."""
    method = load(text, file=file)
    if not isinstance(method, Method):
        return method
    reader, root = Reader(file), parse_yaml(text, file=file)
    assert not isinstance(root, list)  # it was read just now
    for line, what, fix in senseless(reader.read(METHOD, root, "")):
        reader.problem(line, what, fix)
    return tuple(sorted(reader.problems, key=lambda one: one.line)) or method


def shipped() -> dict[str, str]:
    """The methods that come with Sopan: code -> text of the file."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}


class _Builder:
    """Builds the method and tells every name that does not stand for anything, at the place where it stands."""

    def __init__(self, row: Row, reader: Reader) -> None:
        self.row, self.reader, self.line = row, reader, row.line
        self.columns = {**row["readings"], **row.get("sheet_readings", {})}
        self.taken: set[str] = set()
        self.numbers = {"point", *row["environment"]}  # what formulas may name, growing from above to below

    def method(self) -> Method | None:
        row = self.row
        self._names()
        fields = tuple(self._field(name, one) for name, one in row.get("fields", {}).items())
        self.numbers |= {field.name for field in fields if not field.options}
        readings = tuple(_column(name, one) for name, one in row["readings"].items())
        sheet = tuple(_column(name, one) for name, one in row.get("sheet_readings", {}).items())
        plain = list(row.get("quantities", {}).items())
        before = [self._quantity(name, one) for name, one in plain if _before_standards(one, row)]
        standards = tuple(self._slot(name, one) for name, one in row["standards"].items())
        after = [self._quantity(name, one) for name, one in plain if not _before_standards(one, row)]
        inputs = tuple(self._input(name, one) for name, one in row["inputs"].items())
        model = self._model(inputs)
        results = {
            name: self.formula(row[name], row, {*self.numbers, "result"}, name)
            for name in ("reference", "indication", "error")
        }
        shown = tuple(self._shown(name, one, {*self.numbers, "result"}) for name, one in row.get("shown", {}).items())
        wide = {field.name for field in fields if not field.options} | {
            q.name for q in (*before, *after) if q and q.sheet
        }
        summary = tuple(
            self._shown(name, one, {*wide, *row["environment"]}) for name, one in row.get("summary", {}).items()
        )
        limit = self._limit(row["limit"], fields) if "limit" in row else None
        if row.get("reading_units") and len(row["reading_units"]) != len(row["units"]):
            self.tell(row, "reading_units and units differ in number.", "Write one for each of units.")
        if self.reader.problems or model is None:
            return None
        points = row.get("points", {})
        return Method(
            code=row["code"], name=row["name"], measurand=row["measurand"], units=row["units"],
            reading_units=row.get("reading_units", ()), norms=tuple(Norm(**one) for one in row["norms"]),
            kinds=row["kinds"], environment={name: self._condition(one) for name, one in row["environment"].items()},
            fields=fields, readings=readings, sheet_readings=sheet, standards=tuple(one for one in standards if one),
            quantities=tuple(one for one in (*before, *after) if one), inputs=tuple(one for one in inputs if one), model=model,
            **{name: formula for name, formula in results.items() if formula},  # type: ignore[arg-type]
            shown=tuple(one for one in shown if one), summary=tuple(one for one in summary if one), limit=limit,
            fractions=tuple(float(one) for one in points.get("fractions", ())), points=points.get("fixed", ()),
            p=float(row.get("p", "0.9545")), notes=row.get("notes", ""),
            **{key: row[key] for key in ("reference_label", "indication_label", "error_label") if key in row},
        )  # fmt: skip

    def tell(self, row: Row, what: str, fix: str) -> None:
        self.reader.problem(row.line, what, fix)

    def _names(self) -> None:
        """Every name stands for one thing."""
        for kind in ("fields", "readings", "sheet_readings", "standards", "quantities", "definitions", "inputs"):
            for name, one in self.row.get(kind, {}).items():
                line = one.line if isinstance(one, Row) else self.row.line
                if name in RESERVED or name in self.taken:
                    self.reader.problem(line, f"The name {name!r} under {kind} is taken.", "Choose another name.")
                self.taken.add(name)

    def formula(self, text: str, row: Row, known: set[str], where: str) -> Formula | None:
        """The parsed formula, or None after telling what is wrong with it."""
        try:
            found = parse(text)
        except FormulaError as wrong:
            self.reader.problem(_line(row, where), f"{where}: {wrong}", "Write it as in docs/howto/budget.md.")
            return None
        for name in found.names:
            if name not in known:
                self.reader.problem(
                    _line(row, where),
                    f"{where} names {name!r}, which is not known there.",
                    f"Known are: {', '.join(sorted(known)) or 'none'}.",
                )
        return found

    def _condition(self, row: Row) -> Condition:
        return Condition(float(row["from"]), float(row["to"]), row.get("source", ""), row.get("verified", False))

    def _field(self, name: str, row: Row) -> Field:
        return Field(name, **row)

    def _slot(self, name: str, row: Row) -> Slot | None:
        at = self.formula(row.get("at", "point"), row, self.numbers, f"standard {name}: at")
        self.numbers |= {name + part for part in OF_STANDARD}
        if at is None:
            return None
        return Slot(name, row["label"], row["kinds"], at, row.get("interpolate", False), row.get("combine", False))

    def _quantity(self, name: str, row: Row) -> Quantity | None:
        kinds = [key for key in row if key in {"formula", "across", *Take}]
        if len(kinds) != 1:
            self.tell(
                row,
                f"The quantity {name} is told in {len(kinds)} ways.",
                "Tell it in one: mean, stdev, formula, across …",
            )
            return None
        where = f"quantity {name}"
        self.numbers.add(name)
        if kinds[0] == "formula":
            found = self.formula(row["formula"], row, self.numbers - {name}, where)
            return Quantity(name, formula=found, sheet=bool(found) and self._is_wide(found)) if found else None
        if kinds[0] == "across":
            return self._across(name, row["across"])
        of = self.formula(row[kinds[0]], row, set(self.columns), where)
        return Quantity(name, take=Take(kinds[0]), of=of, sheet=self._side(of, row, where)) if of else None

    def _is_wide(self, formula: Formula) -> bool:
        wide = set(self.row.get("fields", {})) | {
            name for name, one in self.row.get("quantities", {}).items()
            if any(key in one and set(parse(one[key]).names) <= set(self.row.get("sheet_readings", {})) for key in Take)
        }  # fmt: skip
        return set(formula.names) <= wide

    def _side(self, of: Formula, row: Row, where: str) -> bool:
        """Whether it is of readings of the sheet; told where it mixes them with those of a point."""
        sheet = set(self.row.get("sheet_readings", {}))
        named = set(of.names)
        if not named:
            self.tell(row, f"{where} names no column.", "Name what was read.")
        elif named & sheet and named - sheet:
            self.tell(row, f"{where} mixes readings of the sheet with readings of a point.", "Take them one by one.")
        repeats = {self.columns[name].get("repeats", "1") for name in named if name in self.columns}
        if len(repeats) > 1:
            self.tell(row, f"{where} joins columns that are not read equally often.", "Give them the same repeats.")
        return bool(named) and named <= sheet

    def _across(self, name: str, row: Row) -> Quantity | None:
        unknown = [
            one for one in (*row["columns"], *([row["from"]] if "from" in row else [])) if one not in self.columns
        ]
        for one in unknown:
            self.tell(
                row, f"The quantity {name} names the column {one!r}, which does not exist.", "Name columns of readings."
            )
        if (row["take"] is Across.LARGEST_DIFFERENCE) != ("from" in row):
            self.tell(row, f"The quantity {name}: from belongs to largest_difference.", "Add or remove it.")
        if unknown:
            return None
        sheet = set(row["columns"]) <= set(self.row.get("sheet_readings", {}))
        return Quantity(name, across=row["take"], columns=row["columns"], origin=row.get("from", ""), sheet=sheet)

    def _input(self, name: str, row: Row) -> Input | None:
        where = f"input {name}"
        ways = [way for way in ("readings", "u", "half_width") if way in row]
        if len(ways) > 1:
            self.tell(row, f"{where} is told by {' and '.join(ways)}.", "Tell one of them.")
        if "pooled" in row and "readings" not in row:
            self.tell(row, f"{where}: pooled belongs to readings.", "Use u instead.")
        if "readings" in row and "value" in row:
            self.tell(row, f"{where}: its value is the mean of the readings.", "Remove value.")
        found: dict[str, Any] = {}
        for key in ("readings", "pooled", "value", "u", "half_width", "dof"):
            if key in row:
                known = set(self.columns) if key == "readings" else self.numbers
                found[key] = self.formula(row[key], row, known, f"{where}: {key}")
        if found.get("readings"):
            self._side(found["readings"], row, where)
        rest = {key: row[key] for key in ("label", "unit", "source", "verified") if key in row}
        self.numbers.add(name)
        return Input(name, **rest, **found, distribution=str(row.get("distribution", "uniform")))

    def _model(self, inputs: tuple[Input | None, ...]) -> Formula | None:
        parts: dict[str, Tree] = {}
        known = set(self.numbers)
        for name, text in self.row.get("definitions", {}).items():
            found = self.formula(text, self.row, known | set(parts), f"definition {name}")
            if found:
                parts[name] = _put_in(found.tree, parts)
        found = self.formula(self.row["model"], self.row, known | set(parts), "model")
        if found is None:
            return None
        model = Formula(found.text, _put_in(found.tree, parts), found.result)
        unused = [one.name for one in inputs if one and one.name not in model.names]
        for name in unused:
            self.tell(
                self.row["inputs"][name],
                f"The model does not use the input {name!r}.",
                "Add it to the model or remove it.",
            )
        return model

    def _shown(self, name: str, row: Row, known: set[str]) -> Shown | None:
        found = self.formula(row["formula"], row, known, f"shown {name}")
        return Shown(name, row["label"], found, row.get("unit", "")) if found else None

    def _limit(self, row: Row, fields: tuple[Field, ...]) -> Limit | None:
        rest = {key: row[key] for key in ("norm", "verified", "choose", "nominal_unit", "limit_unit") if key in row}
        if ("formula" in row) == ("table" in row):
            self.tell(row, "The limit is told by a formula or by a table.", "Write one of them.")
            return None
        if "formula" in row:
            found = self.formula(row["formula"], row, self.numbers, "limit")
            return Limit(formula=found, **rest) if found else None
        options = next((field.options for field in fields if field.name == row.get("choose")), ())
        for name in row["table"]:
            if name not in options:
                self.tell(
                    row,
                    f"The table has the class {name!r}, which choose does not offer.",
                    "Name a field with these options.",
                )
        table = {name: {float(at): float(limit) for at, limit in one.items()} for name, one in row["table"].items()}
        return Limit(table=table, **rest)


def _line(row: Row, where: str) -> int:
    """The line of the key that ``where`` ends with: "input keep: u", "model", "definition part"."""
    key = where.rpartition(": ")[2]
    return row.lines.get("definitions" if key.startswith("definition ") else key, row.line)


def _column(name: str, row: Row) -> Column:
    return Column(name, row["label"], int(row.get("repeats", "1")), row.get("unit", ""))


def _before_standards(row: Row, whole: Row) -> bool:
    """Whether a quantity needs no standard, so that a standard may be looked up at it."""
    if "formula" not in row:
        return True
    of_standards = {name + part for name in whole["standards"] for part in OF_STANDARD}
    later = {
        name
        for name, one in whole.get("quantities", {}).items()
        if "formula" in one and _names_of(one["formula"]) & of_standards
    }
    return not _names_of(row["formula"]) & (of_standards | later)


def _names_of(text: str) -> set[str]:
    try:
        return set(parse(text).names)
    except FormulaError:
        return set()


def _put_in(tree: Tree, parts: Mapping[str, Tree]) -> Tree:
    """The tree with every name of a part replaced by the part."""
    match tree:
        case Name(name):
            return parts.get(name, tree)
        case Negative(of):
            return Negative(_put_in(of, parts))
        case Call(function, argument):
            return Call(function, _put_in(argument, parts))
        case Operation(sign, left, right):
            return Operation(sign, _put_in(left, parts), _put_in(right, parts))
    return tree


def unverified(method: Method) -> Iterator[str]:
    """What nobody has compared with its source yet, as people call it: conditions by their key, then defaults of fields,
    inputs, limits."""
    for name, condition in method.environment.items():
        if not condition.verified:
            yield name
    yield from (field.label for field in method.fields if field.default and not field.verified)
    yield from (one.label for one in method.inputs if one.source and not one.verified)
    if method.limit is not None and not method.limit.verified:
        yield method.limit.norm
