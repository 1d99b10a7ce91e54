"""Named rules of the laboratory: who may open what, and who must not judge whose work.

Objects are got through these functions alone; None means "not found" to whoever asks. Holding a position is asked of the
appointments of the moment, and independence of the persons themselves: a second position does not make a second person.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sopan.catalogue.models import ActorBinding
from sopan.catalogue.queries import bindings, procedure
from sopan.core.flow import Refusal
from sopan.core.model import Step
from sopan.engine.access import Acting, as_person, case_for
from sopan.engine.models import Case
from sopan.people.models import Position, User
from sopan.people.queries import appointments_at

from .models import (
    Item,
    Observation,
    RawReading,
    ReadingCorrection,
    ReportChange,
    ResultVersion,
    Verification,
    WorkOrder,
)

S = WorkOrder.State
WITH_ANALYST = (S.CONFIRMED, S.MEASURING)
APPROVING = ("laboratory.validate_results", "laboratory.number_report")


def step_doing(case: Case, work: str) -> Step | None:
    """The step of the case's procedure that carries a work, if any."""
    return next((step for step in procedure(case.procedure_id).steps if step.work == work), None)


def positions_of(case: Case, actor: str) -> list[int]:
    """Keys of the positions behind an actor of the case's procedure."""
    queue = bindings(case.procedure_id).get(actor)
    bound = ActorBinding.objects.filter(pk=queue.binding_id if queue else None)
    return list(bound.values_list("positions", flat=True).exclude(positions=None))


def holding(user: User, positions: list[int] | list[Position], *, now: datetime) -> Acting | None:
    """As whom a person acts under one of these positions now, or None if he holds none of them."""
    wanted = {position.pk if isinstance(position, Position) else position for position in positions}
    found = next((held for held in appointments_at(user, now) if held.position_id in wanted), None)
    return as_person(user, found) if found else None


def doing(user: User, case: Case, work: str, *, now: datetime) -> Acting | None:
    """As whom a person may do, beside its task, what the step with this work does: register a late instrument."""
    step = step_doing(case, work)
    if step is None or case_for(user, case.pk, now=now) is None or user.is_customer:
        return None
    return holding(user, [key for actor in step.actors for key in positions_of(case, actor)], now=now)


def staff_case(user: User, case_id: int, *, now: datetime) -> Case | None:
    """A case as staff who take part in it see it; never for customers."""
    return None if user.is_customer else case_for(user, case_id, now=now)


def item_for(user: User, item_id: int, *, now: datetime) -> Item | None:
    """An instrument that this member of staff may see."""
    rows = Item.objects.select_related("order__case__procedure", "order_item", "laboratory")
    item = rows.filter(pk=item_id).first()
    return item if item is not None and staff_case(user, item.order.case_id, now=now) else None


def work_order_for(user: User, work_order_id: int, *, now: datetime) -> WorkOrder | None:
    """A work order that this person measures: it is his by name, and he is still an analyst of that laboratory."""
    rows = WorkOrder.objects.select_related(
        "item__order__case__procedure", "item__order_item", "laboratory", "supervisor"
    )
    work = rows.filter(pk=work_order_id, analyst=user).first()
    if work is None or as_analyst(user, work, now=now) is None:
        return None
    return work if staff_case(user, work.item.order.case_id, now=now) else None


def as_analyst(user: User, work: WorkOrder, *, now: datetime) -> Acting | None:
    """As whom a person enters results of a work order, or None if it is not his."""
    if work.analyst_id != user.pk:
        return None
    return holding(user, [work.laboratory.analis_id], now=now)


def may_enter(work: WorkOrder) -> Refusal | None:
    """Whether results may be written now: confirmed, not handed in, and the case runs or its report is being corrected."""
    case = work.item.order.case
    if case.status != Case.Status.OPEN and correction_of(work) is None:
        return Refusal("held", _("Kasus ini sedang tidak berjalan, sehingga hasil tidak dapat diubah."))
    if work.state not in WITH_ANALYST:
        return Refusal(
            "not-measuring", _("Hasil tidak dapat diubah: %(state)s.") % {"state": work.get_state_display().lower()}
        )
    return None


def correction_of(work: WorkOrder) -> ReportChange | None:
    """The approved change of a released report for which the results of this work are being corrected, if any."""
    rows = work.corrections.select_related("report__order__case__procedure", "report__document")
    return rows.filter(state=ReportChange.State.APPROVED, amendment=None).first()


def supervises(user: User, work: WorkOrder, *, now: datetime) -> Acting | None:
    """As whom a person supervises a work order: he holds the position Penyelia of its laboratory now."""
    return holding(user, [work.laboratory.penyelia_id], now=now)


def measured_by(work: WorkOrder) -> set[int]:
    """Everybody who measured any version of this work: who is or handed in, and who typed any row."""
    found = {work.analyst_id, *work.results.values_list("submitted_by", flat=True)}
    found |= set(Observation.objects.filter(result__work_order=work).values_list("entered_by", flat=True))
    found |= set(RawReading.objects.filter(point__result__work_order=work).values_list("entered_by", flat=True))
    found |= set(ReadingCorrection.objects.filter(result__work_order=work).values_list("entered_by", flat=True))
    return {key for key in found if key is not None}


def measured_works(user: User) -> QuerySet[WorkOrder]:
    """The works of which this person measured any version: ``measured_by`` as a query."""
    typed = (
        Q(pk__in=rows.values(path))
        for rows, path in (
            (ResultVersion.objects.filter(submitted_by=user), "work_order"),
            (Observation.objects.filter(entered_by=user), "result__work_order"),
            (RawReading.objects.filter(entered_by=user), "point__result__work_order"),
            (ReadingCorrection.objects.filter(entered_by=user), "result__work_order"),
        )
    )
    return WorkOrder.objects.filter(reduce(or_, typed, Q(analyst=user)))


def verified_by(work: WorkOrder, *, level: int) -> set[int]:
    """Everybody who accepted the current version at this level."""
    accepted = Verification.objects.filter(
        result__work_order=work, result__version=work.version, level=level, decision=Verification.Decision.ACCEPTED
    )
    return set(accepted.values_list("person", flat=True))


def may_verify(work: WorkOrder, *, person_id: int | None, level: int) -> Refusal | None:
    """Independence: who judges results did not measure them, and who judges second did not judge first."""
    if person_id in measured_by(work):
        text = _("Anda ikut mengisi hasil %(work)s, sehingga tidak dapat memeriksanya.")
        return Refusal("own-results", text % {"work": work})
    if level == 2 and person_id in verified_by(work, level=1):
        text = _("Anda sudah memverifikasi hasil %(work)s, sehingga tidak dapat memvalidasinya.")
        return Refusal("own-verification", text % {"work": work})
    return None


def may_measure(work: WorkOrder, *, analyst: User, now: datetime) -> Refusal | None:
    """Whether somebody may be chosen as the analyst: holds the position of that laboratory, and does not judge it."""
    if holding(analyst, [work.laboratory.analis_id], now=now) is None:
        text = _("%(name)s bukan analis %(laboratory)s.")
        return Refusal("other-laboratory", text % {"name": analyst.full_name, "laboratory": work.laboratory})
    judges = {work.supervisor_id} | (verified_by(work, level=1) if work.pk else set())
    if analyst.pk in judges:
        text = _("%(name)s memeriksa pekerjaan ini, sehingga tidak dapat mengujinya.")
        return Refusal("own-verification", text % {"name": analyst.full_name})
    return None


def may_read_results(user: User, work: WorkOrder, case: Case, *, now: datetime) -> bool:
    """The analyst reads his own results, the Penyelia those of his laboratory, who approves and numbers them all."""
    if work.analyst_id == user.pk or supervises(user, work, now=now) is not None:
        return True
    return any(doing(user, case, key, now=now) is not None for key in APPROVING)


def readable_work(user: User, work_order_id: int, *, now: datetime) -> WorkOrder | None:
    """A work order whose results this person may read, or None."""
    rows = WorkOrder.objects.select_related("item__order__case__procedure", "item__order_item", "laboratory", "analyst")
    work = rows.filter(pk=work_order_id).first()
    if work is None or staff_case(user, work.item.order.case_id, now=now) is None:
        return None
    return work if may_read_results(user, work, work.item.order.case, now=now) else None
