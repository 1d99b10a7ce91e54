"""Reports of instruments and their versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.documents.models import IssuedDocument
from sopan.domains.orders.models import Order

from .items import Item


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
