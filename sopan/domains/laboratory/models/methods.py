"""Methods in versions, who may use them, and for what the laboratory is accredited."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sopan.people.models import Institution

PERSON = settings.AUTH_USER_MODEL


class MethodVersion(models.Model):
    """A version of a method in force for some time. The text is kept as published; results name the version."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="methods")
    code = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    text = models.TextField()  # the file, see docs/howto/add-a-method.md
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day on which it holds
    note = models.CharField(max_length=500, blank=True)  # what was changed
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    approved_name = models.CharField(max_length=220)
    approved_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "code", "version"], name="one_method_a_version"),
            models.CheckConstraint(
                name="a_method_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (versi {self.version})"

    def covers(self, day: date) -> bool:
        """Whether it was in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CompetenceGrant(models.Model):
    """That a person may measure by a method, from–to (ISO/IEC 17025:2017, 6.2.5, 6.2.6). Revoked, never deleted."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="competence")
    method = models.SlugField(max_length=60)  # code; a newer version of the method keeps the grant
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=300)
    granted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    granted_name = models.CharField(max_length=220)
    granted_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)  # from this day on it does not count
    revoked_reason = models.CharField(max_length=300, blank=True)
    revoked_name = models.CharField(max_length=220, blank=True)

    class Meta:
        ordering = ["method", "person__name", "valid_from"]
        indexes = [models.Index(fields=["person", "method"])]
        constraints = [
            models.CheckConstraint(
                name="a_grant_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="a_revocation_has_a_reason", condition=Q(revoked_on__isnull=True) | ~Q(revoked_reason="")
            ),
        ]

    def covers(self, day: date) -> bool:
        """Whether it counted on that day."""
        ended = (self.valid_to is not None and day > self.valid_to) or (
            self.revoked_on is not None and day >= self.revoked_on
        )
        return self.valid_from <= day and not ended


class ScopeLine(models.Model):
    """A line of the accredited scope: what is measured in which range, and the best uncertainty (CMC) there."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="scope")
    method = models.SlugField(max_length=60)
    measurand = models.CharField(max_length=150)
    unit = models.CharField(max_length=20)
    lower = models.DecimalField(max_digits=24, decimal_places=10)
    upper = models.DecimalField(max_digits=24, decimal_places=10)
    cmc = models.CharField(max_length=200)  # a number or a formula of x, the measured point, in ``unit``
    accreditation = models.CharField(max_length=60)  # number of the accreditation
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    entered_name = models.CharField(max_length=220)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["method", "unit", "lower"]
        constraints = [
            models.CheckConstraint(name="a_scope_line_has_a_range", condition=Q(upper__gte=F("lower"))),
            models.CheckConstraint(
                name="a_scope_line_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measurand} {self.lower.normalize():f}–{self.upper.normalize():f} {self.unit}"

    def covers(self, day: date) -> bool:
        """Whether the accreditation held on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
