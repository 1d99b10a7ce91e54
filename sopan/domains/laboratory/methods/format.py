"""The keys of a method file, in one table; ``load`` reads by it. Shapes are those of procedure files."""

from __future__ import annotations

from enum import StrEnum

from sopan.core.format import Choice, Flag, Key, ListOf, Record, TableOf, Text
from sopan.measurement.inputs import Distribution

from .model import Across, Take

TEXT = Text()
CODE = Text(r"[a-z][a-z0-9-]{0,59}", "small letters, digits and hyphens, a letter first")
NAME = Text(r"[A-Za-z][A-Za-z0-9_]{0,29}", "letters, digits and _, a letter first, at most 30 characters")
NUMBER = Text(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", "a number with a decimal point")
WHOLE = Text(r"[1-9][0-9]?", "a whole number from 1 to 99")
FORMULA = Text()


class Environment(StrEnum):
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    PRESSURE = "pressure"


CONDITION = Record(
    "condition",
    {
        "from": Key(NUMBER, "Lowest value.", required=True),
        "to": Key(NUMBER, "Highest value.", required=True),
        "source": Key(TEXT, "Where the limits are from."),
        "verified": Key(Flag(), "Whether somebody compared them with the source."),
    },
)
NORM = Record(
    "norm", {"name": Key(TEXT, "Number and year.", required=True), "about": Key(TEXT, "What it is for.")}, "name"
)
FIELD = Record(
    "field",
    {
        "label": Key(TEXT, "What the person reads.", required=True),
        "unit": Key(TEXT, "Left out: that of the sheet; 1: none."),
        "default": Key(TEXT, "What stands there before somebody types."),
        "options": Key(ListOf(TEXT), "One of these is chosen."),
        "optional": Key(Flag(), "May stay empty; it is then 0."),
        "signed": Key(Flag(), "May be negative."),
        "source": Key(TEXT, "Where the default is from."),
        "verified": Key(Flag(), "Whether somebody compared it with the source."),
    },
)
COLUMN = Record(
    "column",
    {
        "label": Key(TEXT, "Heading of the column.", required=True),
        "repeats": Key(WHOLE, "How often it is read."),
        "unit": Key(TEXT, "Left out: the unit of readings."),
    },
)
SLOT = Record(
    "standard",
    {
        "label": Key(TEXT, "What the person chooses.", required=True),
        "kinds": Key(ListOf(CODE, bare=True), "Kinds of equipment that fit.", required=True),
        "at": Key(FORMULA, "Where its certificate is read; left out: at the point."),
        "interpolate": Key(Flag(), "Between the points of the certificate a line is drawn."),
        "combine": Key(Flag(), "A point may be put together of several values, as loads of weights."),
    },
)
ACROSS = Record(
    "across",
    {
        "columns": Key(ListOf(NAME), "The columns.", required=True),
        "take": Key(Choice(Across), "What is taken of them.", required=True),
        "from": Key(NAME, "The column from which differences are taken."),
    },
)
QUANTITY = Record(
    "quantity",
    {take.value: Key(FORMULA, f"The {take.value} of readings.") for take in Take}
    | {
        "formula": Key(FORMULA, "A formula of numbers that stand above."),
        "across": Key(ACROSS, "Of several columns."),
    },
)
INPUT = Record(
    "input",
    {
        "label": Key(TEXT, "Its line in the budget.", required=True),
        "readings": Key(FORMULA, "Of the columns, for each repetition: a type A evaluation."),
        "pooled": Key(FORMULA, "Standard deviation of one reading, where it is known from more readings than these."),
        "value": Key(FORMULA, "Estimate; left out: 0."),
        "u": Key(FORMULA, "Standard uncertainty."),
        "half_width": Key(FORMULA, "Half-width of the limits."),
        "distribution": Key(Choice(Distribution), "Of the half-width; left out: uniform."),
        "dof": Key(FORMULA, "Degrees of freedom; left out: infinite."),
        "unit": Key(TEXT, "Where it is not that of the result."),
        "source": Key(TEXT, "Where the number is from."),
        "verified": Key(Flag(), "Whether somebody compared it with the source."),
    },
)
SHOWN = Record(
    "shown",
    {
        "label": Key(TEXT, "Heading.", required=True),
        "formula": Key(FORMULA, "Of numbers of the point.", required=True),
        "unit": Key(TEXT, "Where it is not that of the result."),
    },
)
LIMIT = Record(
    "limit",
    {
        "formula": Key(FORMULA, "Of numbers; 0: no limit."),
        "table": Key(
            TableOf(Text(r"[^:]{1,20}", "the name of the class"), TableOf(NUMBER, NUMBER)), "class: {nominal: limit}"
        ),
        "choose": Key(NAME, "The field that holds the class."),
        "nominal_unit": Key(TEXT, "Unit of the nominal values."),
        "limit_unit": Key(TEXT, "Unit of the limits."),
        "norm": Key(TEXT, "Where the limits are from.", required=True),
        "verified": Key(Flag(), "Whether somebody compared them with the source."),
    },
)
POINTS = Record(
    "points",
    {
        "fractions": Key(ListOf(NUMBER), "Of the range of the instrument."),
        "fixed": Key(ListOf(TEXT), "The same for every instrument."),
    },
)
TABLE = Text(NAME.pattern, NAME.hint)

METHOD = Record(
    "method",
    {
        "format": Key(Text("1", "1"), "Version of this format.", required=True),
        "code": Key(CODE, "Name of the file.", required=True),
        "name": Key(TEXT, "What is printed as the method.", required=True),
        "measurand": Key(TEXT, "What is measured.", required=True),
        "units": Key(ListOf(TEXT, bare=True), "Units of results that can be chosen.", required=True),
        "reading_units": Key(ListOf(TEXT, bare=True), "Units of the readings, one for each of units."),
        "norms": Key(ListOf(NORM, bare=True), "What the method follows.", required=True),
        "kinds": Key(
            ListOf(CODE, bare=True), "Kinds of instruments of the tariff that it is proposed for.", required=True
        ),
        "points": Key(POINTS, "Proposed points."),
        "environment": Key(
            TableOf(Text("|".join(Environment), ", ".join(Environment)), CONDITION), "Limits.", required=True
        ),
        "fields": Key(TableOf(TABLE, FIELD), "Typed once."),
        "readings": Key(TableOf(TABLE, COLUMN), "Columns of a point.", required=True),
        "sheet_readings": Key(TableOf(TABLE, COLUMN), "Read once for the sheet."),
        "standards": Key(TableOf(TABLE, SLOT), "Standards.", required=True),
        "quantities": Key(TableOf(TABLE, QUANTITY), "Numbers for formulas."),
        "definitions": Key(TableOf(TABLE, FORMULA), "Parts of the model that have a name."),
        "inputs": Key(TableOf(TABLE, INPUT), "Lines of the budget.", required=True),
        "model": Key(FORMULA, "The result as a formula of the inputs.", required=True),
        "reference": Key(FORMULA, "Reference value of the table of results.", required=True),
        "indication": Key(FORMULA, "Indication of the table of results.", required=True),
        "error": Key(FORMULA, "Error or correction of the table of results.", required=True),
        "reference_label": Key(TEXT, "Heading of the reference value."),
        "indication_label": Key(TEXT, "Heading of the indication."),
        "error_label": Key(TEXT, "Heading of the error."),
        "shown": Key(TableOf(TABLE, SHOWN), "More columns of the table of results."),
        "summary": Key(TableOf(TABLE, SHOWN), "Results of the whole sheet."),
        "limit": Key(LIMIT, "Largest permissible error."),
        "p": Key(NUMBER, "Coverage probability; left out: 0.9545, k = 2 for a normal distribution."),
        "notes": Key(TEXT, "Anything else that a person should know."),
    },
)
