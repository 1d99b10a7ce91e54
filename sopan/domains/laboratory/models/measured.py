"""What was measured by a method: points, readings as typed, corrections of readings, and the standards behind each point."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .equipment import EquipmentCertificate
from .work import ResultVersion

PERSON = settings.AUTH_USER_MODEL


class MeasuredPoint(models.Model):
    """A point of a result, with what was computed there when the result was handed in.

    ``outcome``: {"values": {column: text}, "reference", "indication", "error", "u", "dof", "k", "p", "U" as numbers,
    "printed": {the same as printed, with a decimal point}, "cmc", "raised", "accredited"}; ``budget`` is the list of its
    lines {"name", "label", "value", "u", "c", "contribution", "dof", "distribution", "source"}; ``conformity`` is
    {"outcome", "limit", "rule", "guard", "risk"}, empty where nothing was asked.
    """

    class Stage(models.TextChoices):
        AS_IS = "as_is", _("Tanpa penyetelan")
        AS_FOUND = "as_found", _("Sebelum penyetelan")
        AS_LEFT = "as_left", _("Sesudah penyetelan")

    result = models.ForeignKey(ResultVersion, on_delete=models.PROTECT, related_name="points")
    row = models.PositiveSmallIntegerField()  # 0: what is read once for the whole sheet
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.AS_IS)
    point_text = models.CharField(max_length=60, blank=True)
    point = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=200, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    budget = models.JSONField(default=list, blank=True)
    conformity = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["result", "row"], name="one_point_a_row")]

    def __str__(self) -> str:
        return f"{self.point_text} {self.unit}".strip()


class RawReading(models.Model):
    """One reading. ``text`` is what was typed; the decimal beside it is empty while it is no number."""

    point = models.ForeignKey(MeasuredPoint, on_delete=models.CASCADE, related_name="readings")
    column = models.CharField(max_length=30)
    repeat = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["column", "repeat"]
        constraints = [models.UniqueConstraint(fields=["point", "column", "repeat"], name="one_reading_a_place")]


class ReadingCorrection(models.Model):
    """A kept reading was changed: what it was, what it became, by whom, why (7.5.2). Rows are added, never changed."""

    result = models.ForeignKey(ResultVersion, on_delete=models.PROTECT, related_name="corrections")
    row = models.PositiveSmallIntegerField()
    column = models.CharField(max_length=30)
    repeat = models.PositiveSmallIntegerField()
    old = models.CharField(max_length=60)
    new = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # typed before the result is handed in
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")  # of the old reading
    entered_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["changed_at", "pk"]


class StandardUse(models.Model):
    """A version of a certificate behind a result; with a point once it was handed in: frozen for ever."""

    result = models.ForeignKey(ResultVersion, on_delete=models.PROTECT, related_name="standard_uses")
    slot = models.CharField(max_length=30)  # of the method
    certificate = models.ForeignKey(EquipmentCertificate, on_delete=models.PROTECT, related_name="uses")
    point = models.ForeignKey(
        MeasuredPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="standard_uses"
    )

    class Meta:
        ordering = ["slot", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "slot", "certificate"], condition=Q(point=None), name="one_choice_a_standard"
            ),
            models.UniqueConstraint(fields=["point", "slot"], name="one_standard_a_point_and_slot"),
        ]
