"""Drafts as procedure files (see ``procedures/README.md``): what is inferred is marked, what is odd stands in the notes.

A draft need not be complete: ``core.load`` tells what a person must still fill in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from sopan.core.format import STEP_ID
from sopan.core.write import to_file
from sopan.exchange.block_yaml import block_yaml
from sopan.exchange.draft import DraftProcedure, DraftStep, Source, Sure, Told
from sopan.exchange.words import plain

_MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember"
_DATE = re.compile(r"(\d{1,2})[ ./-]+([A-Za-z]+|\d{1,2})[ ./-]+(\d{4}|\d{2})\b")
_CUSTOMER = re.compile(r"\b(?:pelanggan|pemohon|masyarakat|konsumen|pengguna layanan|pelapor)\b", re.IGNORECASE)
_DATES = ("made", "revised", "effective")
_LISTS = ("legal_bases", "qualifications", "related", "equipment", "warnings", "records")
_FLOW = "The rows are taken to follow each other in their order; the drawing of the document is not read."
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
LONGEST_NOTE = 500


def slug_of(draft: DraftProcedure, taken: Collection[str] = ()) -> str:
    """A file name for the draft: small letters, digits and hyphens, none of ``taken``."""
    told = draft.name or draft.number
    words = plain(told.value if told else "").replace(" ", "-")[:60].strip("-") or "sop"
    words = draft.whole.slug if draft.whole and _SLUG.fullmatch(draft.whole.slug) else words
    number = 2
    slug = words
    while slug in taken:
        slug, number = f"{words}-{number}", number + 1
    return slug


def as_file(draft: DraftProcedure, *, source: str) -> str:
    """The text of a procedure file. ``source`` names the document."""
    if draft.whole:
        return block_yaml(to_file(draft.whole))
    notes = [_FLOW]
    identity = list(_identity(draft, notes))
    actors = _actor_ids(draft.actors)
    ids = _step_ids(draft.steps)
    notes += [f"That {name} is a customer is taken from the name." for name in actors if _CUSTOMER.search(name)]
    steps = [line for step in draft.steps for line in _step(step, draft, ids, actors, notes)]
    notes += [f"{remark.where}: {remark.what}"[:LONGEST_NOTE] for remark in draft.warnings]
    lines = [
        "# Read from a document and not yet looked at by a person.",
        "format: 1",
        *(["identity:", *identity] if identity else ["identity: {}"]),
        f"source: {_text(source)}",
        "notes:",
        *(f"  - {_text(note)}" for note in dict.fromkeys(notes)),
        *([f"time_unit: {draft.time_unit}"] if draft.time_unit else []),
        "actors:" if actors else "actors: {}",
        *(line for name, actor in actors.items() for line in _actor(actor, name)),
        "steps:",
        *steps,
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A quoted text: JSON's quotes are YAML's."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


def _texts(values: Collection[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _identity(draft: DraftProcedure, notes: list[str]) -> Iterator[str]:
    for key, told in (("number", draft.number), ("name", draft.name)):
        if told:
            yield f"  {key}: {_text(told.value)}"
    for key, value in draft.identity.items():
        if isinstance(value, list) or key in _LISTS:
            yield f"  {key}: {_texts(value if isinstance(value, list) else [value])}"
        elif key in _DATES and (day := read_date(value)):
            yield f"  {key}: {day.isoformat()}"
        elif key == "approved_by":
            yield f"  approved_by: {{position: {_text(value)}}}"
        elif key == "edition":
            yield f"  edition: {_text(value)}"
        elif value.strip("- "):
            notes.append(f"The identity block says {key}: {value}")


def read_date(text: str) -> date | None:
    """ "08 November 2023", "05-Mei-25", "6/8/2019"; None for anything else."""
    found = _DATE.match(text)
    if not found:
        return None
    day, month, year = found.groups()
    names = [name for name in _MONTHS.split() if name.startswith(month.casefold()) or month.casefold() == name[:3]]
    number = int(month) if month.isdigit() else _MONTHS.split().index(names[0]) + 1 if len(names) == 1 else 0
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return None


def _actor_ids(names: Collection[str]) -> dict[str, str]:
    """Names of the actors -> what the file calls them."""
    ids: dict[str, str] = {}
    for name in names:
        words = plain(name).replace(" ", "_")[:36].strip("_") or "pelaksana"
        words = words if words[0].isalpha() else f"p_{words}"
        number, one = 2, words
        while one in ids.values():
            one, number = f"{words}_{number}", number + 1
        ids.setdefault(name, one)
    return ids


def _actor(identifier: str, name: str) -> Iterator[str]:
    kind = ", kind: customer" if _CUSTOMER.search(name) else ""
    yield f"  {identifier}: {{name: {_text(name)}{kind}}}"


def _step_ids(steps: Collection[DraftStep]) -> dict[int, str]:
    """Place of a step -> its id: the printed number, unless that repeats, is missing or is no name."""
    printed = Counter(_number(step) for step in steps)
    ids: dict[int, str] = {}
    for step in steps:
        number = _number(step)
        good = bool(re.fullmatch(STEP_ID.pattern, number)) and (printed[number] == 1 or number not in ids.values())
        one = number if good else f"r{step.seq}"
        ids[step.seq] = one if one not in ids.values() else f"r{step.seq}.{number}"
    return ids


def _number(step: DraftStep) -> str:
    return step.no.value.strip("(). ,") if step.no else ""


def _step(
    step: DraftStep, draft: DraftProcedure, ids: dict[int, str], actors: dict[str, str], notes: list[str]
) -> Iterator[str]:
    inferred: list[str] = []
    yield f"  - no: {_text(step.no.value if step.no else '-')}"
    if ids[step.seq] != (step.no.value if step.no else "-"):
        yield f"    id: {_text(ids[step.seq])}"
    if step.no is None:
        inferred.append("no")
    yield from _who(step, actors, inferred)
    yield f"    activity: {_text(step.activity.value)}"
    yield from _standard(step, inferred)
    yield from _ways(step, draft, ids, inferred, notes)
    if inferred:
        yield f"    inferred: [{', '.join(dict.fromkeys(inferred))}]"


def _who(step: DraftStep, actors: dict[str, str], inferred: list[str]) -> Iterator[str]:
    if step.actor and step.actor.value in actors:
        yield f"    actor: {actors[step.actor.value]}"
        if step.actor.source is not Source.CELL or step.actor.sure is not Sure.CERTAIN:
            inferred.append("actor")
    elif len(set(step.candidates)) > 1:
        yield f"    actors: [{', '.join(dict.fromkeys(actors[name] for name in step.candidates))}]"
        inferred.append("actors")


def _standard(step: DraftStep, inferred: list[str]) -> Iterator[str]:
    told: tuple[tuple[str, Told[str] | None], ...] = (
        ("requirements", step.requirements),
        ("time", step.time.text),
        ("outputs", step.output),
        ("remarks", step.remarks),
    )
    for key, value in told:
        if value is not None and value.value.strip("- "):
            yield f"    {key}: {_texts([value.value]) if key in ('requirements', 'outputs') else _text(value.value)}"
            if value.source is not Source.CELL:
                inferred.append(key)


def _ways(
    step: DraftStep, draft: DraftProcedure, ids: dict[int, str], inferred: list[str], notes: list[str]
) -> Iterator[str]:
    """What follows: the row below, the end behind the last row, two answers where a decision says where it returns to."""
    last = step.seq == len(draft.steps)
    on = "end: finished" if last else f"to: {_text(ids[step.seq + 1])}"
    if step.decision and step.decision.value and step.returns_to:
        yield "    kind: decision"
        yield "    exits:"
        yield f"      ya: {{label: Ya, {on}}}"
        yield f"      tidak: {{label: Tidak, to: {_text(ids[step.returns_to.value])}, reason: true}}"
        inferred += ["exits"] if step.decision.source is Source.CELL else ["kind", "exits"]
        return
    if step.decision and step.decision.value:
        notes.append(f"{step.name} decides something, but its answers and where they lead must be filled in.")
    if last:
        yield "    end: finished"
        inferred.append("end")
