"""CS receives the instruments and chooses the laboratory and its Penyelia."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.orders.operations import told
from sopan.engine.access import Acting
from sopan.engine.models import Attachment, Task
from sopan.engine.stepwork import Result, step_works

from ..access import step_doing
from ..forms import ReceiveForm
from ..models import Item
from ..operations import items as operations
from ..photos import check_photo, keep_photo
from ..queries import items, supervisors
from .base import LaboratoryWork


@step_works.register
class ReceiveItems(LaboratoryWork):
    """At least one instrument must have come; the others stay expected and can be received later."""

    key = "laboratory.receive_items"
    template = "laboratory/steps/receive_items.html"
    prepares = True  # keeps the photos

    def reopened(self, task: Task, *, now: datetime) -> None:
        operations.expect(self.order(task))

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> ReceiveForm:
        order = self.order(task)
        choices = supervisors(order.institution_id, now=timezone.now())
        return ReceiveForm(data, files, items=list(items(order)), choices=choices)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"order": self.order(task)}

    def prepare(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> dict[int, Attachment] | Refusal:
        """Keep the photos before the transaction: a file is written once, also if the act is refused."""
        come = [item for item in items(self.order(task)) if data.get(f"arrived_{item.pk}")]
        uploads = [(item, data[f"photo_{item.pk}"]) for item in come if data.get(f"photo_{item.pk}")]
        for item, upload in uploads:  # all before the first is kept: whoever has to send them again keeps none twice
            checked = check_photo(item, upload)
            if isinstance(checked, Refusal):
                return checked
        kept: dict[int, Attachment] = {}
        for item, upload in uploads:
            photo = keep_photo(item, upload, actor=self.person(actor), task_id=task.pk, now=now)
            if isinstance(photo, Refusal):
                return photo
            kept[item.pk] = photo
        return kept

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        order = self.order(task)
        operations.expect(order)
        choices = {choice.key: choice for choice in supervisors(order.institution_id, now=now)}
        every = list(items(order))
        arrivals = []
        for item in every:
            choice = choices.get(data.get(f"choice_{item.pk}") or "")
            if choice is not None and item.has_come:
                operations.redirect(item, choice=choice, acting=actor, now=now)
            elif data.get(f"arrived_{item.pk}"):
                if choice is None:
                    text = _("Penyelia untuk %(item)s tidak tersedia lagi. Pilih yang lain.")
                    return Refusal("choice", text % {"item": item.order_item}, f"choice_{item.pk}")
                arrivals.append(arrival(item, choice, data, photo=data["prepared"].get(item.pk)))
        operations.receive(arrivals, acting=actor, now=now)
        return self._result(task, order.pk)

    def _result(self, task: Task, order_id: int) -> Result | Refusal:
        come = list(Item.objects.filter(order_id=order_id).exclude(number="").select_related("laboratory"))
        if not come:
            return Refusal("nothing-came", _("Sekurangnya satu alat harus sudah datang."))
        waiting = Item.objects.filter(order_id=order_id, number="").count()
        facts = {
            "samples": [item.number for item in come],
            "laboratories": sorted({str(item.laboratory) for item in come}),
            "waiting": waiting,
        }
        leads = set(
            Item.objects.filter(order_id=order_id).exclude(number="").values_list("work_orders__supervisor", flat=True)
        )
        following = step_doing(task.case, "laboratory.assign_analysts")
        if len(leads) == 1 and following is not None:
            return Result(facts=facts, assign={following.id: leads.pop()}, effects=(told("received"),))
        return Result(facts=facts, effects=(told("received"),))


def arrival(item: Item, choice: Any, data: Mapping[str, Any], *, photo: Attachment | None) -> operations.Arrival:
    """An arrival as a clean form tells it."""
    key = item.pk
    return operations.Arrival(item, choice, data[f"condition_{key}"], data.get(f"accessories_{key}") or "", photo)
