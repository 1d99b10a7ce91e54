"""Instruments in the laboratory: items, work orders, results and their versions, verifications, reports.

Item, work order, result version and report are machines of their own; the steps of a procedure are a view over them.
Only ``operations`` writes these rows. What a person typed is kept as typed; the decimals beside it are for queries.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.core.flow import Refusal
from sopan.documents.models import IssuedDocument
from sopan.domains.orders.models import Order, OrderItem
from sopan.engine.models import Attachment
from sopan.people.models import Institution, Position, Unit

from .numbers import correction_text

PERSON = settings.AUTH_USER_MODEL


class Laboratory(models.Model):
    """A laboratory of the body. Who leads and who measures follows from the appointments to its two positions."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="laboratories")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="laboratories")
    code = models.SlugField()
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=250, blank=True)  # printed as the place of the work
    penyelia = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    analis = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_laboratory_a_code")]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """An instrument of an order as an object that comes, lies somewhere and goes back."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("Belum datang")
        RECEIVED = "received", _("Diterima")
        IN_LABORATORY = "in_laboratory", _("Di laboratorium")
        READY_TO_RETURN = "ready_to_return", _("Siap diambil")
        RETURNED = "returned", _("Sudah diambil")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="laboratory_items")
    order_item = models.OneToOneField(OrderItem, on_delete=models.PROTECT, related_name="laboratory_item")
    number = models.CharField(max_length=60, blank=True)  # "S-26-0001"; empty until it has come
    state = models.CharField(max_length=16, choices=State.choices, default=State.EXPECTED)
    condition = models.CharField(max_length=500, blank=True)
    accessories = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_item_that_came_has_a_number", condition=Q(state="expected", number="") | ~Q(number="")
            )
        ]

    def __str__(self) -> str:
        return self.number or str(self.order_item)

    @property
    def has_come(self) -> bool:
        return self.state != self.State.EXPECTED


class CustodyEvent(models.Model):
    """Who did what with an instrument, and when. Rows are added, never changed."""

    class What(models.TextChoices):
        RECEIVED = "received", _("Diterima dari pelanggan")
        TO_LABORATORY = "to_laboratory", _("Diserahkan ke laboratorium")
        CHECKED = "checked", _("Diperiksa oleh Penyelia")
        READY = "ready", _("Siap diambil pelanggan")
        RETURNED = "returned", _("Diserahkan kembali kepada pelanggan")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="custody")
    at = models.DateTimeField()
    who = models.CharField(max_length=220)  # name and position, copied
    what = models.CharField(max_length=16, choices=What.choices)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]


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


class Report(models.Model):
    """A version of the report (E-LHU) of one instrument. The number stays; a new rendering is a new version."""

    class State(models.TextChoices):
        NUMBERED = "numbered", _("Bernomor")
        RENDERING = "rendering", _("Sedang dicetak")
        RENDERED = "rendered", _("Siap ditandatangani")
        REQUESTED = "requested", _("Menunggu tanda tangan")
        SIGNED = "signed", _("Sudah ditandatangani")
        RELEASED = "released", _("Diterbitkan")
        REPLACED = "replaced", _("Diganti")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reports")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField(max_length=160)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NUMBERED)
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="laboratory_report"
    )
    pages = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=500, blank=True)  # why it could not be printed
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["item_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="one_report_a_version"),
            models.UniqueConstraint(fields=["item"], condition=~Q(state="replaced"), name="one_current_report_an_item"),
        ]

    def __str__(self) -> str:
        return self.number
