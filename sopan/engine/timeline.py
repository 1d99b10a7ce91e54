"""The journal of a case in words: what, by whom, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sopan.catalogue.queries import procedure
from sopan.core.model import Procedure, Step
from sopan.people.models import User
from sopan.ui.source import translated

from . import blind
from .access import Acting
from .models import Case, Comment, JournalEntry
from .stepwork import wordings

TONES = {"sent_back": "warn", "held": "wait", "resumed": "", "withdrawn": "bad", "commented": "msg"}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it is shown; the fields are those of ``ui/_timeline.html``."""

    title: str
    who: str
    at: datetime
    tone: str = ""
    detail: str = ""
    quote: str = ""
    code: str = ""


def entries(case: Case, *, internal: bool = True, blind: bool = False, size: int | None = None) -> list[Told]:
    """The journal, the newest first. Without ``internal`` notes among colleagues are left out; for who works ``blind``
    what customers did, was told them, was handed to them, or says who they are (``names_customer`` in its data)."""
    rows = JournalEntry.objects.filter(case=case).order_by("-seq")
    if blind:
        staff = Q(person__kind=User.Kind.STAFF) | Q(person__isnull=True, name="Sistem")
        rows = rows.filter(staff, data__receiver__isnull=True, data__names_customer__isnull=True).exclude(
            code="commented", data__internal=False
        )
    comments = {row.pk: row for row in Comment.objects.filter(case=case)}
    told = _with_procedure(case, rows[:size] if size else rows)
    return [_told(row, proc, comments) for row, proc in told if internal or not row.data.get("internal")]


def _with_procedure(case: Case, newest_first: Iterable[JournalEntry]) -> Iterator[tuple[JournalEntry, Procedure]]:
    """Each entry with the procedure by which it was done: what is older than a move is of the version before it."""
    version = case.procedure_id
    for row in newest_first:
        yield row, procedure(version)
        if row.code == "moved":
            version = row.data["from"]["version"]


def _told(row: JournalEntry, proc: Procedure, comments: Mapping[int, Comment]) -> Told:
    data = {**row.data, **_step_words(row, proc)}
    wording = wordings.get(row.code)
    comment = comments.get(row.data.get("comment", 0)) if row.code == "commented" else None
    reason = str(row.data.get("reason") or "")
    return Told(
        title=wording(data) if wording else _("Tindakan “%(code)s” tercatat") % {"code": row.code},
        who=_who(row),
        at=row.at,
        tone=TONES.get(row.code, "warn" if reason and row.code == "completed" else ""),
        detail=_typed(row, proc),
        quote=comment.text if comment else ("" if reason == "-" else reason),
        code=row.code,
    )


def _who(row: JournalEntry) -> str:
    if row.person_id is None and row.name == "Sistem":
        return _("Sistem")
    return f"{row.name}, {row.position}" if row.position else row.name


def _step_of(row: JournalEntry, proc: Procedure) -> Step | None:
    """The step that an entry is about; of a return, where the case went."""
    do = row.data.get("do") or []
    if row.code == "sent_back" and len(do) > 2:
        return proc.by_id.get(do[2])
    key = row.data.get("step") or (do[1] if len(do) > 1 else "")
    return proc.by_id.get(key)


def _step_words(row: JournalEntry, proc: Procedure) -> dict[str, str]:
    step = _step_of(row, proc)
    if step is None:
        return {}
    do = row.data.get("do") or []
    answer = do[3] if row.code == "completed" and len(do) > 3 else ""
    label = next((way.label for way in step.exits if way.answer == answer and answer), "")
    return {"step_no": step.no, "step_name": translated(step.title), "answer_label": translated(label)}


def _typed(row: JournalEntry, proc: Procedure) -> str:
    """What was typed into a plain step: a work words its own facts."""
    step = _step_of(row, proc)
    facts = row.data.get("facts")
    if row.code != "completed" or step is None or step.work or not facts:
        return ""
    shown = [f"{translated(field.label)}: {_worded(facts[field.id])}" for field in step.fields if field.id in facts]
    if facts.get("checked"):
        shown.append(_("Diperiksa: %(what)s") % {"what": "; ".join(facts["checked"])})
    shown += [f"{output}: {noted}" for output, noted in (facts.get("outputs") or {}).items()]
    if facts.get("remark"):
        shown.append(_("Keterangan: %(text)s") % {"text": facts["remark"]})
    return " · ".join(shown)


def _worded(value: object) -> str:
    if isinstance(value, bool):
        return pgettext("jawaban", "Ya") if value else pgettext("jawaban", "Tidak")
    return str(value)


def typed_before(case: Case, *, reader: Acting) -> list[Told]:
    """What was typed into the plain steps of a case so far, and the reasons given, in the order of the acts.

    A customer reads what his own side typed; who works blind, what the staff did.
    """
    completed = Q(code="completed")
    if reader.is_customer:
        completed &= Q(person__kind=User.Kind.CUSTOMER)
    elif case.company_id is not None and _reads_blind(case, reader):
        completed &= Q(person__kind=User.Kind.STAFF)
    rows = JournalEntry.objects.filter(completed | Q(code="moved"), case=case).order_by("-seq")
    found = [_told(row, proc, {}) for row, proc in _with_procedure(case, rows) if row.code == "completed"]
    return [told for told in reversed(found) if told.detail or told.quote]


def _reads_blind(case: Case, reader: Acting) -> bool:
    person = User.objects.filter(pk=reader.person_id).first()
    return person is not None and blind.is_blind(person, case, now=timezone.now())
