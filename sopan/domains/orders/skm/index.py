"""The index of PermenPAN-RB 14/2017: pure, exact, without a clock and without a database.

Every element weighs exactly one by the number of elements. Engines that print the weight as 0,11 reach 99,00 at most;
here means stay fractions, and only the final number is rounded, half up, to two decimals. The class is read from that
number: the bands of the law leave gaps on the finer scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

CENT = Decimal("0.01")
# The lowest converted value of each class, the best first.
CLASSES: tuple[tuple[Decimal, str], ...] = (
    (Decimal("88.31"), "A"),
    (Decimal("76.61"), "B"),
    (Decimal("65.00"), "C"),
    (Decimal("25.00"), "D"),
)
CHI_SQUARE = Fraction(3841, 1000)  # one degree of freedom, 95 %
PROPORTION = Fraction(1, 2)
MARGIN = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Element:
    """One element (unsur): the sum and the mean of its answers from 1 to 4."""

    code: str
    answers: int
    total: int
    mean: Fraction  # NRR

    @property
    def converted(self) -> Decimal:
        """The mean on the scale to 100, for the bars."""
        return rounded(self.mean * 25)


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a set of questionnaires: ``value`` from 25,00 to 100,00 and its class A to D."""

    respondents: int
    elements: tuple[Element, ...]
    mean: Fraction  # from 1 to 4
    value: Decimal
    grade: str


def rounded(value: Fraction, places: Decimal = CENT) -> Decimal:
    """A fraction to two decimals, half up; exact, because it never passes through a float."""
    units = math.floor(value / Fraction(places) + Fraction(1, 2))
    return units * places


def grade(value: Decimal) -> str:
    """The class of a converted value of two decimals. Raises ValueError for a value that no survey can give."""
    for lowest, letter in CLASSES:
        if value >= lowest:
            if value > 100:
                break
            return letter
    raise ValueError(f"{value} is not from 25,00 to 100,00")


def of_means(means: Sequence[Fraction | Decimal]) -> tuple[Fraction, Decimal, str]:
    """The index of the means of all elements: from 1 to 4, converted, and its class."""
    mean = sum((Fraction(m) for m in means), Fraction(0)) * Fraction(1, len(means))
    value = rounded(mean * 25)
    return mean, value, grade(value)


def index(questionnaires: Iterable[Mapping[str, int]], *, codes: Sequence[str]) -> Index | None:
    """The index of complete questionnaires (code of the element -> 1 to 4); None without any.

    Raises KeyError for a questionnaire that lacks an element, ValueError for an answer outside of 1 to 4: incomplete
    forms are refused when they are filled in, because the law does not say how they would count.
    """
    rows = list(questionnaires)
    if not rows:
        return None
    elements = tuple(_element(code, [row[code] for row in rows]) for code in codes)
    mean, value, letter = of_means([element.mean for element in elements])
    return Index(len(rows), elements, mean, value, letter)


def _element(code: str, answers: Sequence[int]) -> Element:
    if any(isinstance(answer, bool) or answer not in (1, 2, 3, 4) for answer in answers):
        raise ValueError(f"{code}: an answer is not from 1 to 4")
    total = sum(answers)
    return Element(code, len(answers), total, Fraction(total, len(answers)))


def sample_size(population: int) -> Fraction:
    """The sample of Krejcie and Morgan (1970) for a population, not rounded. Raises ValueError below one."""
    if population < 1:
        raise ValueError("a population has at least one member")
    spread = CHI_SQUARE * PROPORTION * (1 - PROPORTION)
    return spread * population / (MARGIN**2 * (population - 1) + spread)


def target(population: int) -> int:
    """How many respondents are enough: rounded up, because a target must not be missed. 0 without anybody to ask."""
    return math.ceil(sample_size(population)) if population else 0


def printed(population: int) -> int:
    """The number in the table as it is printed: rounded to the nearest."""
    return math.floor(sample_size(population) + Fraction(1, 2)) if population else 0
