"""Worksheets: readings as typed, what was computed from them, who checked. Written by ``operations.worksheet``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.engine.models import Case

from .register import PERSON, QUANTITY, Parameter
from .sampling import Sample


class Worksheet(models.Model):
    """The work sheet of the samples that are tested in one case."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Sedang diuji")
        SUBMITTED = "submitted", _("Menunggu pemeriksaan")
        RETURNED = "returned", _("Dikembalikan")
        APPROVED = "approved", _("Disetujui")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="worksheet")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(default=0)  # of what was handed in
    tested_from = models.DateField(null=True, blank=True)
    tested_to = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    temperature = models.CharField(max_length=60, blank=True)  # as typed: "25,0 ± 1,0"
    humidity = models.CharField(max_length=60, blank=True)
    equipment = models.CharField(max_length=500, blank=True)
    deviation = models.CharField(max_length=500, blank=True)  # from the methods; "" = none
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_by_name = models.CharField(max_length=220, blank=True)

    def __str__(self) -> str:
        return str(self.case)


class Determination(models.Model):
    """One parameter of one sample. What was computed is frozen with the version that was handed in."""

    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="determinations")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="determinations")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="determinations")
    value = models.DecimalField(max_digits=30, decimal_places=14, null=True, blank=True)  # before rounding
    outcome = models.JSONField(default=dict, blank=True)  # see ``calculation.Outcome``
    external_report = models.CharField(max_length=150, blank=True)  # of the laboratory that it was given to

    class Meta:
        ordering = ["sample", "parameter__place", "pk"]
        constraints = [models.UniqueConstraint(fields=["sample", "parameter"], name="one_determination_a_parameter")]

    def __str__(self) -> str:
        return f"{self.sample} – {self.parameter}"


class Reading(models.Model):
    """Something that was read, as typed. Never changed: a correction is a new row that tells why and points back."""

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="readings")
    repetition = models.PositiveSmallIntegerField()
    name = models.SlugField(max_length=40)
    text = models.CharField(max_length=100)
    value = models.DecimalField(**QUANTITY, null=True, blank=True)  # None: an observation in words
    current = models.BooleanField(default=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=500, blank=True)  # of the correction
    at = models.DateTimeField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=220)

    class Meta:
        ordering = ["determination", "repetition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["determination", "repetition", "name"], condition=Q(current=True), name="one_current_reading"
            ),
            models.CheckConstraint(
                name="a_correction_has_a_reason", condition=Q(corrects__isnull=True) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Check(models.Model):
    """What somebody said of a version of a worksheet."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Disetujui")
        RETURNED = "returned", _("Dikembalikan")

    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="checks")
    version = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=220)
    position = models.CharField(max_length=220)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
