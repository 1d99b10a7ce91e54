"""The format of a procedure file: which keys there are, and what stands under each.

One table, used twice: ``load`` reads files by it, ``schema`` prints it as JSON Schema for editors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sopan.core.model import ActorKind, FieldKind, Outcome, Participation, StepKind, Unit


@dataclass(frozen=True, slots=True)
class Text:
    """A text as printed; with ``pattern`` a code, ``hint`` saying what a code looks like."""

    pattern: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """``true`` or ``false``."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date, 2025-05-05."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of an enumeration."""

    of: type[StrEnum]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; where ``bare`` is set, a single item may stand without brackets."""

    item: Shape
    bare: bool = False


@dataclass(frozen=True, slots=True)
class TableOf:
    """A mapping whose keys the author chooses; they must match ``key``."""

    key: Text
    item: Shape


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record: its shape, what it is about, whether it must be there."""

    shape: Shape
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. With ``short``, a bare text stands for a record with that one key."""

    what: str
    keys: Mapping[str, Key]
    short: str = ""


Shape = Text | Flag | Day | Choice | ListOf | TableOf | Record

TEXT = Text()
TEXTS = ListOf(TEXT, bare=True)
NAME = Text(r"[a-z][a-z0-9_]{0,39}", "small letters, digits and _, a letter first, at most 40 characters")
# Not the names that the page of a step and the journal have for what is theirs.
FIELD_ID = Text(
    r"(?!(?:answer|checked|form_key|keep|outputs|prepared|reason|remark)$)[a-z][a-z0-9_]{0,39}",
    NAME.hint + "; not answer, checked, form_key, keep, outputs, prepared, reason or remark",
)
STEP_ID = Text(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", "letters, digits, point, _ and -, at most 32 characters")
WORK = Text(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", "domain, point, work, as in orders.issue_bill")
STEP_IDS = ListOf(STEP_ID, bare=True)

APPROVAL = Record(
    "approval",
    {
        "position": Key(TEXT, "Position of who approved the document (Disahkan oleh)."),
        "name": Key(TEXT, "Name of that person. The NIP is never written down."),
    },
)

IDENTITY = Record(
    "identity block",
    {
        "number": Key(TEXT, "Number of the SOP as printed.", required=True),
        "name": Key(TEXT, "Name of the SOP as printed.", required=True),
        "made": Key(Day(), "Date on which it was made (Tanggal Pembuatan)."),
        "revised": Key(Day(), "Date of the revision (Tanggal Revisi)."),
        "effective": Key(Day(), "Date from which it holds (Tanggal Efektif)."),
        "edition": Key(TEXT, "Revision and edition as printed."),
        "approved_by": Key(APPROVAL, "Disahkan oleh."),
        "legal_bases": Key(TEXTS, "Dasar Hukum."),
        "qualifications": Key(TEXTS, "Kualifikasi Pelaksana."),
        "related": Key(TEXTS, "Keterkaitan."),
        "equipment": Key(TEXTS, "Peralatan/Perlengkapan."),
        "warnings": Key(TEXTS, "Peringatan."),
        "records": Key(TEXTS, "Pencatatan dan Pendataan."),
    },
)

ACTOR = Record(
    "actor",
    {
        "name": Key(TEXT, "Heading of the column as printed: a position, never a person.", required=True),
        "kind": Key(Choice(ActorKind), "staff unless told; customer and outside are people outside the institution."),
        "signs": Key(Flag(), "Signs documents, and therefore needs a second factor."),
    },
)

REQUIREMENT = Record(
    "requirement",
    {
        "text": Key(TEXT, "As printed.", required=True),
        "attach": Key(Flag(), "Asks for a file."),
        "required": Key(Flag(), "The step cannot be finished without it."),
    },
    short="text",
)

FIELD = Record(
    "field",
    {
        "id": Key(FIELD_ID, "Name of the field in the data.", required=True),
        "label": Key(TEXT, "Label on the screen.", required=True),
        "kind": Key(Choice(FieldKind), "text unless told."),
        "required": Key(Flag(), "true unless told."),
        "choices": Key(TEXTS, "What can be chosen, for the kind choice."),
    },
)

EXIT = Record(
    "exit",
    {
        "label": Key(TEXT, "What the button says."),
        "to": Key(STEP_IDS, "Step that opens; several open side by side."),
        "end": Key(Choice(Outcome), "Instead of `to`: the case ends like this."),
        "reason": Key(Flag(), "The person must say why."),
    },
)

SEPARATION = Record(
    "separation rule",
    {
        "not_same_as": Key(STEP_IDS, "Who acts here is another person than who acted there.", required=True),
        "why": Key(TEXT, "Reason, shown to the person who is refused."),
    },
)

STEP = Record(
    "step",
    {
        "no": Key(TEXT, "Number as printed.", required=True),
        "id": Key(STEP_ID, "Only where the printed number repeats or is no code: the name that `to` and `next` use."),
        "actor": Key(NAME, "Who is responsible: a name under `actors`."),
        "actors": Key(ListOf(NAME), "Instead of `actor`: several; the first is responsible."),
        "participation": Key(Choice(Participation), "Of several actors one is enough (any), or each must act (all)."),
        "name": Key(TEXT, "Short name for lists."),
        "activity": Key(TEXT, "Uraian kegiatan, verbatim.", required=True),
        "kind": Key(Choice(StepKind), "Symbol in the flowchart; activity unless told."),
        "requirements": Key(ListOf(REQUIREMENT, bare=True), "Kelengkapan."),
        "time": Key(TEXT, "Waktu, verbatim: 15 Menit, maks 14 hari."),
        "outputs": Key(TEXTS, "Output."),
        "remarks": Key(TEXT, "Keterangan."),
        "next": Key(STEP_IDS, "Step that follows; several open side by side. The row below unless told."),
        "end": Key(Choice(Outcome), "Instead of `next`: the case ends here like this."),
        "exits": Key(TableOf(NAME, EXIT), "Instead of `next`: the answers of a decision."),
        "join": Key(Flag(), "Waits for all branches that can still reach it."),
        "entry": Key(NAME, "A case may start here under this name."),
        "fields": Key(ListOf(FIELD), "Form of a step without a work key."),
        "separation": Key(ListOf(SEPARATION, bare=True), "Separation of duty."),
        "work": Key(WORK, "Key of the work that a domain does here."),
        "decision": Key(WORK, "Key of a decision that a domain takes instead of the person."),
        "phase": Key(TEXT, "Heading under which steps are grouped on screen."),
        "public": Key(TEXT, "Status for the customer and the public while this step is open."),
        "inferred": Key(ListOf(NAME, bare=True), "Keys of this step that the document does not tell."),
    },
)

PROCEDURE = Record(
    "procedure",
    {
        "format": Key(Text("1", "the number 1"), "Version of this format.", required=True),
        "identity": Key(IDENTITY, "Identity block (bagian identitas).", required=True),
        "source": Key(TEXT, "Where it was read from: document and place."),
        "notes": Key(TEXTS, "What was inferred or corrected, in words."),
        "time_unit": Key(Choice(Unit), "Unit of a bare number under `time`, told by the heading of the column."),
        "actors": Key(TableOf(NAME, ACTOR), "Columns of the Pelaksana part, in their order.", required=True),
        "steps": Key(ListOf(STEP), "Rows of the table, in their order.", required=True),
    },
)
