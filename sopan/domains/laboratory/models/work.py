"""Work orders, the versions of their results, and the judgements of these."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.core.flow import Refusal

from ..numbers import correction_text
from .items import Item, Laboratory
from .methods import MethodVersion

PERSON = settings.AUTH_USER_MODEL


class WorkOrder(models.Model):
    """What one laboratory measures on one instrument: supervised by one person, measured by another."""

    class State(models.TextChoices):
        NEW = "new", _("Menunggu pemilihan analis")
        ASSIGNED = "assigned", _("Menunggu persetujuan Manajer Teknis")
        CONFIRMED = "confirmed", _("Siap diuji")
        MEASURING = "measuring", _("Sedang diuji")
        SUBMITTED = "submitted", _("Menunggu verifikasi")
        VERIFIED = "verified", _("Menunggu validasi")
        APPROVED = "approved", _("Disetujui")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="work_orders")
    parameter = models.CharField(max_length=200)
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="work_orders")
    supervisor = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="supervised_work")
    analyst = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="measuring_work")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    version = models.PositiveSmallIntegerField(default=0)  # of the results that are worked on or valid; 0: none yet
    remark = models.TextField(blank=True)  # why it came back, until it is finished again

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["analyst", "state"]), models.Index(fields=["supervisor", "state"])]

    def __str__(self) -> str:
        return f"{self.item} – {self.parameter}"


class ResultVersion(models.Model):
    """One version of the results of a work order. A returned one is kept as it was; the work goes on in a copy."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Konsep")
        SUBMITTED = "submitted", _("Diserahkan")
        SUPERSEDED = "superseded", _("Digantikan")
        APPROVED = "approved", _("Disetujui")

    work_order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    measured_from = models.DateField(null=True, blank=True)
    measured_to = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=250, blank=True)
    temperature_text = models.CharField(max_length=60, blank=True)  # "23,1 ± 0,5", in °C
    temperature = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    humidity_text = models.CharField(max_length=60, blank=True)  # in % of relative humidity
    humidity = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    pressure_text = models.CharField(max_length=60, blank=True)  # of the air, in hPa, where the method asks for it
    pressure = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    deviation = models.TextField(blank=True)  # from the method, and why; also an environment outside of its limits
    # The version of the method by which was measured; None: measured without one, as a free table of observations.
    method_version = models.ForeignKey(
        MethodVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
    fields = models.JSONField(default=dict, blank=True)  # name of a field of the method -> what was typed
    change_reason = models.CharField(max_length=500, blank=True)  # why kept readings were changed
    accredited = models.BooleanField(default=True)  # False: reported outside of the accredited scope
    outcome = models.JSONField(default=dict, blank=True)  # what holds for the whole sheet, computed when handed in
    method = models.CharField(max_length=300, blank=True)
    standards = models.TextField(blank=True)  # the standards used, one a line
    notes = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["work_order_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["work_order", "version"], name="one_result_a_version"),
            models.UniqueConstraint(fields=["work_order"], condition=Q(state="draft"), name="one_draft_a_work_order"),
        ]

    def __str__(self) -> str:
        return f"{self.work_order} v{self.version}"


class Observation(models.Model):
    """A row of the results. ``*_text`` is what was typed; the decimal beside it is empty while it is no number."""

    result = models.ForeignKey(ResultVersion, on_delete=models.PROTECT, related_name="observations")
    row = models.PositiveSmallIntegerField()
    point = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    reference_text = models.CharField(max_length=60, blank=True)
    reference = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    indication_text = models.CharField(max_length=60, blank=True)
    indication = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["result", "row"], name="one_observation_a_row")]

    def __str__(self) -> str:
        return f"{self.point} {self.unit}".strip()

    @property
    def correction(self) -> str:
        """Reference minus indication, from the texts: exact, and never stored. Empty while one is missing."""
        found = correction_text(self.reference_text, self.indication_text)
        return "" if isinstance(found, Refusal) else found


class Verification(models.Model):
    """A judgement of one version of results by a person who did not measure it. Level 1 Penyelia, 2 Manajer Teknis."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Diterima")
        RETURNED = "returned", _("Dikembalikan")

    result = models.ForeignKey(ResultVersion, on_delete=models.PROTECT, related_name="verifications")
    level = models.PositiveSmallIntegerField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="a_return_has_a_reason", condition=Q(decision="accepted") | ~Q(reason="")),
        ]
