"""Equipment and reference standards: identity, versions of their certificates, checks between, what happened to them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sopan.people.models import Institution

from .items import Laboratory

PERSON = settings.AUTH_USER_MODEL


class Equipment(models.Model):
    """A piece of measuring equipment under one identity, with the asset number of the office beside its own code."""

    class Role(models.TextChoices):
        REFERENCE = "reference", _("Standar acuan")
        WORKING = "working", _("Standar kerja")
        AUXILIARY = "auxiliary", _("Alat bantu")

    class Status(models.TextChoices):
        IN_USE = "in_use", _("Digunakan")
        OUT_OF_SERVICE = "out_of_service", _("Tidak boleh digunakan")
        DISPOSED = "disposed", _("Dihapuskan")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="equipment")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="equipment")
    code = models.CharField(max_length=40)  # of the laboratory: "STD-M-01"
    asset_number = models.CharField(max_length=60, blank=True)  # of the office's register of assets
    name = models.CharField(max_length=150)
    # What it can serve as; a method names the kind that it wants: "anak-timbangan".
    kind = models.SlugField(max_length=60)
    maker = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=100, blank=True)
    serial_number = models.CharField(max_length=100, blank=True)
    location = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    status = models.CharField(max_length=15, choices=Status.choices, default=Status.IN_USE)
    status_since = models.DateField()
    status_reason = models.CharField(max_length=500, blank=True)
    check_months = models.PositiveSmallIntegerField(null=True, blank=True)  # between intermediate checks; None: none
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="one_equipment_a_code"),
            models.UniqueConstraint(
                fields=["institution", "asset_number"], condition=~Q(asset_number=""), name="one_equipment_an_asset"
            ),
            models.CheckConstraint(
                name="equipment_out_of_use_has_a_reason", condition=Q(status="in_use") | ~Q(status_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.name}"

    def status_on(self, day: date) -> tuple[str, date, str]:
        """Its status on that day, since when and why: the one of now, or before it came one that was recorded earlier."""
        if day >= self.status_since:
            return self.status, self.status_since, self.status_reason
        before = self.events.exclude(status="").filter(since__lte=day).order_by("since", "pk").last()
        return (before.status, before.since, before.detail) if before else (self.Status.IN_USE, day, "")


class EquipmentCertificate(models.Model):
    """A version of what is known of a piece of equipment. It is never changed: a newer one takes its place.

    ``values`` is a list of points and ranges: {"from", "to", "unit", "correction", "U", "k"} and where told "drift", all
    decimals as text with a point. The correction is added to the nominal value or the indication.
    """

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=100)
    issuer = models.CharField(max_length=200)
    traceability = models.CharField(max_length=300)  # to the SI by whom: "SNSU-BSN", "LK-001-IDN"
    calibrated_on = models.DateField()  # from this day on the values hold
    valid_to = models.DateField()  # the last day, as the laboratory has decided it
    values = models.JSONField()
    file = models.FileField(max_length=200, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    entered_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["equipment_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["equipment", "version"], name="one_certificate_a_version"),
            models.CheckConstraint(
                name="a_certificate_ends_after_it_begins", condition=Q(valid_to__gte=F("calibrated_on"))
            ),
            models.CheckConstraint(
                name="a_withdrawal_has_a_reason", condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def covers(self, day: date) -> bool:
        """Whether it was in force on that day; that it was withdrawn later does not change this."""
        return self.calibrated_on <= day <= self.valid_to


class EquipmentCheck(models.Model):
    """An intermediate check (ISO/IEC 17025:2017, 6.4.10). Rows are added, never changed."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Dalam toleransi")
        FAILED = "failed", _("Di luar toleransi")

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="checks")
    on = models.DateField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    found = models.CharField(max_length=200)  # what was read
    limit = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]


class EquipmentEvent(models.Model):
    """What was changed about a piece of equipment, by whom and why. Rows are added, never changed."""

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    who = models.CharField(max_length=220)
    what = models.CharField(max_length=40)  # "added", "changed", "status", "certificate", "check", "out_of_tolerance"
    detail = models.CharField(max_length=700, blank=True)
    status = models.CharField(max_length=15, choices=Equipment.Status.choices, blank=True)  # "status" only: which, and
    since = models.DateField(null=True, blank=True)  # from which day on

    class Meta:
        ordering = ["-at", "-pk"]
