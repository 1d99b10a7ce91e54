"""Whose time an order took: ours, the customer's, the payment's, the signature's. Working minutes, from the tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sopan.catalogue.queries import procedure
from sopan.core.model import ActorKind, Step
from sopan.engine.models import Task
from sopan.people.calendars import calendar_of
from sopan.people.models import Institution

US, CUSTOMER, PAYMENT, SIGNATURE = "us", "customer", "payment", "signature"
PARTS = (US, CUSTOMER, PAYMENT, SIGNATURE)
PAYING = {"orders.issue_bill", "orders.pay", "orders.confirm_payment"}


@dataclass(frozen=True, slots=True)
class Split:
    """Working minutes of one case by whose they were; ``held`` is on hold or in the hands of somebody outside."""

    us: int = 0
    customer: int = 0
    payment: int = 0
    signature: int = 0
    held: int = 0

    @property
    def total(self) -> int:
        return self.us + self.customer + self.payment + self.signature


def part_of(step: Step, *, kind: ActorKind, signs: bool) -> str:
    """Whose time a step takes. The payment is its own part, whoever has it at the moment."""
    if step.work in PAYING:
        return PAYMENT
    if kind is not ActorKind.STAFF:
        return CUSTOMER
    return SIGNATURE if signs else US


def split(tasks: Iterable[tuple[str, int, int]]) -> Split:
    """The split of tasks: part, working minutes from opening to completion, minutes on hold."""
    sums = dict.fromkeys(PARTS, 0)
    held = 0
    for part, worked, paused in tasks:
        sums[part] += worked
        held += paused
    return Split(sums[US], sums[CUSTOMER], sums[PAYMENT], sums[SIGNATURE], held)


def of_cases(cases: Sequence[tuple[int, int]]) -> dict[int, Split]:
    """The split of finished cases: case -> split. ``cases``: (case, version of its procedure)."""
    versions = dict(cases)
    parts: dict[tuple[int, str, str], str] = {}
    for version in set(versions.values()):
        proc = procedure(version)
        for step in proc.steps:
            for actor in step.actors:
                found = proc.actor_by_id[actor]
                parts[version, step.id, actor] = part_of(step, kind=found.kind, signs=found.signs)
    rows: dict[int, list[tuple[str, int, int]]] = {case: [] for case in versions}
    done = Task.objects.filter(case_id__in=versions, status=Task.Status.DONE)
    for case, step, actor, worked, paused in done.values_list(
        "case_id", "step", "actor", "worked_minutes", "paused_minutes"
    ):
        part = parts.get((versions[case], step, actor), US)
        rows[case].append((part, worked or 0, paused))
    return {case: split(found) for case, found in rows.items()}


def minutes_a_day(institution: Institution) -> int:
    """Working minutes of an ordinary day of the body: the mean over the days of its week on which it works."""
    days = [sum(end - begin for begin, end in hours) for hours in calendar_of(institution).week.values()]
    open_days = [minutes for minutes in days if minutes]
    return round(sum(open_days) / len(open_days)) if open_days else 450


def middle(values: Sequence[int]) -> int | None:
    """The median, so that one order that lay for a year does not speak for all; None without any."""
    return round(median(values)) if values else None
