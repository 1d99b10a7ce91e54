"""A method as frozen dataclasses. Formulas are parsed once, when the file is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from sopan.measurement.formula import Formula

SHEET_ROW = 0  # the row under which the readings of the whole sheet are kept


class Take(StrEnum):
    """What is made of repeated readings."""

    MEAN = "mean"
    STDEV = "stdev"
    SPREAD = "spread"
    LARGEST = "largest"
    SMALLEST = "smallest"
    COUNT = "count"


class Across(StrEnum):
    """What is made of several columns of one point: sensors in a chamber."""

    LARGEST_SPAN = "largest_span"  # of the readings of one column
    LARGEST_DIFFERENCE = "largest_difference"  # of the mean of a column from that of the column ``from``
    MEAN = "mean"  # of the means


@dataclass(frozen=True, slots=True)
class Norm:
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Limits of an environmental condition."""

    lower: float
    upper: float
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """What is typed once for the sheet: a number, or one of ``options``."""

    name: str
    label: str
    unit: str = ""  # "": that of the sheet; "1": without one
    default: str = ""
    options: tuple[str, ...] = ()
    optional: bool = False
    signed: bool = False
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """What is read ``repeats`` times, at each point or once for the sheet."""

    name: str
    label: str
    repeats: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A standard that the method needs: equipment of one of these kinds, valued at ``at``."""

    name: str
    label: str
    kinds: tuple[str, ...]
    at: Formula
    interpolate: bool = False
    combine: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number without uncertainty: what is taken of readings, of columns, or a formula of earlier numbers."""

    name: str
    formula: Formula | None = None
    take: Take | None = None
    of: Formula | None = None
    across: Across | None = None
    columns: tuple[str, ...] = ()
    origin: str = ""
    sheet: bool = False  # of the readings of the sheet


@dataclass(frozen=True, slots=True)
class Input:
    """An input quantity of the model, a line of the budget."""

    name: str
    label: str
    readings: Formula | None = None
    pooled: Formula | None = None  # standard deviation of one reading, known from elsewhere, and its degrees of freedom
    value: Formula | None = None
    u: Formula | None = None
    half_width: Formula | None = None
    distribution: str = "uniform"
    dof: Formula | None = None
    unit: str = ""
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of the results beside those that every method has, or a line about the whole sheet."""

    name: str
    label: str
    formula: Formula
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest permissible error: a formula, or a table of nominal values for the chosen class."""

    formula: Formula | None = None
    table: Mapping[str, Mapping[float, float]] = field(default_factory=dict)  # class -> nominal in ``unit`` -> limit
    choose: str = ""  # field that holds the class
    nominal_unit: str = ""
    limit_unit: str = ""
    norm: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Method:
    """Everything that a sheet of readings and its results need."""

    code: str
    name: str
    measurand: str
    units: tuple[str, ...]
    reading_units: tuple[str, ...]
    norms: tuple[Norm, ...]
    kinds: tuple[str, ...]
    environment: Mapping[str, Condition]
    fields: tuple[Field, ...]
    readings: tuple[Column, ...]
    sheet_readings: tuple[Column, ...]
    standards: tuple[Slot, ...]
    quantities: tuple[Quantity, ...]
    inputs: tuple[Input, ...]
    model: Formula
    reference: Formula
    indication: Formula
    error: Formula
    shown: tuple[Shown, ...] = ()
    summary: tuple[Shown, ...] = ()
    limit: Limit | None = None
    fractions: tuple[float, ...] = ()  # of the range of the instrument, where the customer named no points
    points: tuple[str, ...] = ()
    p: float = 0.9545
    digits: int = 2
    reference_label: str = ""
    indication_label: str = ""
    error_label: str = ""
    notes: str = ""

    @cached_property
    def by_column(self) -> Mapping[str, Column]:
        return {column.name: column for column in (*self.readings, *self.sheet_readings)}

    def reading_unit(self, unit: str) -> str:
        """The unit in which is read where results are in ``unit``."""
        at = self.units.index(unit) if unit in self.units else 0
        return self.reading_units[at] if self.reading_units else self.units[at]
