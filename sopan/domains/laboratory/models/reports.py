"""Reports of instruments, their versions, and what was asked of them after their release."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.documents.models import IssuedDocument
from sopan.domains.orders.models import Order

from .items import Item
from .work import WorkOrder

PERSON = settings.AUTH_USER_MODEL


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
        REVOKED = "revoked", _("Dicabut")

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
    snapshot = models.JSONField(default=dict, blank=True)  # all that it says, see ``certificates.snapshot``
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    # The released report in whose place this one comes, under a number of its own; None for an ordinary one.
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments")

    class Meta:
        ordering = ["item_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="one_report_a_version"),
            models.UniqueConstraint(
                fields=["item"],
                condition=~Q(state__in=["replaced", "revoked"]) & Q(amends=None),
                name="one_current_report_an_item",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReportChange(models.Model):
    """Somebody asks that a released report be amended or revoked; the office that signs decides. Never deleted."""

    class Kind(models.TextChoices):
        AMEND = "amend", _("Amandemen")
        REVOKE = "revoke", _("Pencabutan")

    class State(models.TextChoices):
        ASKED = "asked", _("Menunggu keputusan")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    what = models.CharField(max_length=500, blank=True)  # what changes
    reason = models.CharField(max_length=500)
    corrections = models.JSONField(default=dict, blank=True)  # name of a text of the report -> what it is to say
    # Whose results are corrected: each gets a new version once this is approved, and the amendment prints those.
    works = models.ManyToManyField(WorkOrder, blank=True, related_name="corrections")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_name = models.CharField(max_length=220)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_name = models.CharField(max_length=220, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=500, blank=True)  # why it was rejected
    amendment = models.OneToOneField(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="made_by")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(state="asked"), name="one_open_change_a_report"),
            models.CheckConstraint(name="a_change_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="a_rejected_change_has_a_remark", condition=~Q(state="rejected") | ~Q(remark="")
            ),
        ]
