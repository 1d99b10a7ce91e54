"""The procedure as data: frozen dataclasses in the terms of PermenPAN-RB 35/2012.

Everything that a document says is kept as it is printed (``no``, ``activity``, ``Duration.printed``) beside what it
means (``sequence``, ``Duration.amount``). The format is a closed set and has no expression language: a branch is a
person's answer, or a named decision that a domain registers in Python.

``docs/glossary.md`` gives the Indonesian term of each name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType


class TimeKind(StrEnum):
    """How a time (Waktu) of the quality standard (Mutu Baku) is meant."""

    EXACT = "exact"
    MAX = "max"
    RANGE = "range"
    APPROXIMATE = "approximate"
    RATE = "rate"  # "2 menit/berkas": so much per unit
    CADENCE = "cadence"  # "1 bulan" written for something done monthly
    CONDITIONAL = "conditional"  # "kondisional"
    UNDETERMINED = "undetermined"  # "tidak dapat ditentukan"
    UNBOUNDED = "unbounded"  # "∞"
    MISSING = "missing"


class Unit(StrEnum):
    """Unit of a time. ``DAY`` is a day whose kind the document does not tell; the body decides how to count it."""

    MINUTE = "minute"
    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Duration:
    """A time as printed and as meaning. ``amount`` is the upper end; ``least`` the lower end of a range."""

    kind: TimeKind
    printed: str = ""
    amount: Decimal | None = None
    unit: Unit | None = None
    least: Decimal | None = None
    per: str = ""  # of a rate: "berkas", "sampel"

    @property
    def bounded(self) -> bool:
        """True if a due date can be computed from it."""
        return self.amount is not None and self.kind in _BOUNDED


_BOUNDED = frozenset({TimeKind.EXACT, TimeKind.MAX, TimeKind.RANGE, TimeKind.APPROXIMATE})


class StepKind(StrEnum):
    """The symbol of a step in the flowchart (capsule, box, diamond, capsule)."""

    START = "start"
    ACTIVITY = "activity"
    DECISION = "decision"
    END = "end"


class Outcome(StrEnum):
    """How a case ends."""

    FINISHED = "finished"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ActorKind(StrEnum):
    """Who stands behind an actor: positions of the institution, or somebody outside for whom the clock stops."""

    STAFF = "staff"
    CUSTOMER = "customer"
    OUTSIDE = "outside"


class Participation(StrEnum):
    """Of several actors of one step: one of them is enough, or each must act."""

    ANY = "any"
    ALL = "all"


class FieldKind(StrEnum):
    """What a person may type into a field of a plain step."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Actor:
    """A column of the Pelaksana part: a position or a party, never a person."""

    id: str
    name: str
    kind: ActorKind = ActorKind.STAFF
    signs: bool = False  # signs documents: needs a second factor


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form of a plain step."""

    id: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """An item of Kelengkapan; ``attach`` asks for a file."""

    text: str
    attach: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step. ``to`` names the steps that open (several: in parallel), or ``end`` the end of the case."""

    answer: str  # code, "ya"; empty for the single way out of an activity
    label: str = ""  # as it is shown: "Ya", "Tidak, kembali ke CS"
    to: tuple[str, ...] = ()
    end: Outcome | None = None
    reason: bool = False  # the person must say why


@dataclass(frozen=True, slots=True)
class Separation:
    """Separation of duty: who acts here must be another person than who acted in ``steps`` of the same case."""

    steps: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table of activities (Uraian Kegiatan)."""

    id: str  # unique in the procedure; the printed number unless that repeats
    no: str  # as printed
    sequence: int  # 1, 2, 3 … in the order of the document
    activity: str  # verbatim
    actors: tuple[str, ...]  # the first is responsible
    exits: tuple[Exit, ...]
    name: str = ""  # short name for lists: "Validasi order"
    kind: StepKind = StepKind.ACTIVITY
    participation: Participation = Participation.ANY
    join: bool = False  # waits for all branches that can still reach it
    entry: str = ""  # a case may start here under this name
    requirements: tuple[Requirement, ...] = ()
    time: Duration = Duration(TimeKind.MISSING)
    outputs: tuple[str, ...] = ()
    remarks: str = ""
    fields: tuple[Field, ...] = ()
    separation: tuple[Separation, ...] = ()
    work: str = ""  # key of a StepWork that a domain registers
    decision: str = ""  # key of a named decision that a domain registers: answers instead of the person
    phase: str = ""  # heading under which steps are grouped on screen
    public: str = ""  # plain status for the customer and the public while this step is open
    inferred: tuple[str, ...] = ()  # names of attributes that the document does not tell

    @property
    def title(self) -> str:
        return self.name or self.activity


@dataclass(frozen=True, slots=True)
class Approval:
    """Disahkan oleh: position and name; the NIP is never stored."""

    position: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity block (bagian identitas) of the SOP-AP form."""

    number: str
    name: str
    made: date | None = None
    revised: date | None = None
    effective: date | None = None
    edition: str = ""
    approved_by: Approval = Approval()
    legal_bases: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """One SOP: identity, actors in the order of the columns, steps in the order of the rows."""

    slug: str
    identity: Identity
    actors: tuple[Actor, ...]
    steps: tuple[Step, ...]
    source: str = ""  # where it was read from: document and place
    notes: tuple[str, ...] = field(default=())  # what was inferred or corrected, in words

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        return MappingProxyType({step.id: step for step in self.steps})

    @cached_property
    def actor_by_id(self) -> Mapping[str, Actor]:
        return MappingProxyType({actor.id: actor for actor in self.actors})

    @cached_property
    def entries(self) -> Mapping[str, str]:
        """Name of an entry -> id of its step; "" is the ordinary beginning."""
        named = {step.entry: step.id for step in self.steps if step.entry}
        return MappingProxyType({"": self.steps[0].id, **named})

    @cached_property
    def forward(self) -> Mapping[str, frozenset[str]]:
        """Id of a step -> ids of all steps that it can still reach without going back.

        A way is forward if it leads down the table. That relation has no cycles, which is why joins cannot wait for
        each other (see ``flow``).
        """
        reach: dict[str, frozenset[str]] = {}
        for step in reversed(self.steps):
            ahead: set[str] = set()
            for way in step.exits:
                for target in way.to:
                    if self.by_id[target].sequence > step.sequence:
                        ahead |= {target} | reach[target]
            reach[step.id] = frozenset(ahead)
        return MappingProxyType(reach)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a procedure file: where, what, and what to do. ``error`` False is a warning."""

    file: str
    line: int
    what: str
    fix: str = ""
    error: bool = True
    rule: str = ""

    def __str__(self) -> str:
        kind = "error" if self.error else "warning"
        tail = f" {self.fix}" if self.fix else ""
        return f"{self.file}:{self.line}: {kind}: {self.what}{tail}"
