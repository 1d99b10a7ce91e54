"""What was understood of a procedure: a draft that a person reviews. What the document does not tell stays None."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from sopan.core.model import Procedure

T = TypeVar("T")


class Source(StrEnum):
    """Where a value comes from."""

    CELL = "cell"  # it stands in its cell
    WORDS = "words"  # the words of the row tell it
    POSITION = "position"  # it follows from where things stand
    DEFAULT = "default"  # the heading of a column, or the rest of the document, tells it for all


class Sure(StrEnum):
    """How sure a value is."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """A value with where it comes from and how sure it is."""

    value: T
    source: Source = Source.CELL
    sure: Sure = Sure.CERTAIN


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should look at: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Time:
    """A time as printed, what it means in working minutes, and how it is meant (see ``times``)."""

    text: Told[str] | None
    minutes: Told[int | float] | None
    kind: str


@dataclass(slots=True)
class DraftStep:
    """A row of the table of activities. ``candidates`` are columns that are marked where none of them is told alone."""

    seq: int
    no: Told[str] | None
    activity: Told[str]
    requirements: Told[str] | None
    time: Time
    output: Told[str] | None
    remarks: Told[str] | None
    place: str = ""
    actor: Told[str] | None = None
    candidates: tuple[str, ...] = ()
    decision: Told[bool] | None = None
    returns_to: Told[int] | None = None  # seq of the step

    @property
    def words(self) -> str:
        """All that is said of the step: its activity and its remarks."""
        return f"{self.activity.value}. {self.remarks.value}" if self.remarks else self.activity.value

    @property
    def name(self) -> str:
        """How warnings call it."""
        return f"step {self.no.value}" if self.no else f"the step in place {self.seq}"


@dataclass(slots=True)
class DraftProcedure:
    """A procedure as it was found. ``identity`` holds texts and lists of texts under the keys of the file format."""

    number: Told[str] | None = None
    name: Told[str] | None = None
    identity: dict[str, str | list[str]] = field(default_factory=dict)
    actors: list[str] = field(default_factory=list)
    steps: list[DraftStep] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    time_unit: str = ""  # that the heading of the column tells
    refused: str = ""  # why its table is not read
    whole: Procedure | None = None  # where the file tells everything, and nothing is drafted
