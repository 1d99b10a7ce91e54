"""What a body says of its service in its own words, and what was decided about it. Written by ``service.operations``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sopan.engine.models import Case
from sopan.people.models import Institution

PERSON = settings.AUTH_USER_MODEL


class ServiceText(models.Model):
    """A text that the body may change: an element of the survey, a component of the service standard, a notice."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("Unsur survei kepuasan")
        STANDARD = "standard", _("Komponen standar pelayanan")
        NOTICE = "notice", _("Pemberitahuan")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="service_texts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField(default=0)  # the order in which it is shown
    title = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=500, blank=True)
    verified = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=220)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "kind", "key"], name="one_service_text_a_key")]

    def __str__(self) -> str:
        return self.title


class ServiceEvent(models.Model):
    """A decision about the service that belongs to no case: append-only, worded when shown (``service.events``)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="service_events")
    about = models.CharField(max_length=60)  # what it is about: "tariff:12"
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    by_position = models.CharField(max_length=220, blank=True)

    class Meta:
        indexes = [models.Index(fields=["institution", "about", "at"])]

    def __str__(self) -> str:
        return f"{self.about} {self.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Write the row once. Raises TypeError for a row that exists: what was decided does not change."""
        if not self._state.adding:
            raise TypeError("events of the service are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("events of the service are append-only")


class SurveyPublication(models.Model):
    """An index of satisfaction as it was published: what was counted stays, whatever is answered later."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="survey_publications")
    service = models.SlugField(max_length=80)  # of the procedure
    service_name = models.CharField(max_length=200)
    period = models.CharField(max_length=10)  # "2026", "2026-S1", "2026-T3", "2026-11"
    value = models.DecimalField(max_digits=5, decimal_places=2)
    grade = models.CharField(max_length=1)
    respondents = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    elements = models.JSONField()  # [[code, label, sum, mean, converted], …] in the order shown
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=220)

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "service", "period"], name="one_publication_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.period}"


class CompensationRule(models.Model):
    """What the body promises who waited too long: never a discount by itself, because a tariff is law."""

    class Unit(models.TextChoices):
        MINUTE = "minute", _("menit kerja")
        DAY = "working_day", _("hari kerja")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="compensation_rules")
    service = models.SlugField(max_length=80)  # of the procedure
    more_than = models.PositiveIntegerField()  # late by more than this
    up_to = models.PositiveIntegerField(null=True, blank=True)  # and by at most this
    unit = models.CharField(max_length=12, choices=Unit.choices, default=Unit.DAY)
    form = models.CharField(max_length=250)  # what is given
    needs_handover = models.BooleanField(default=False)  # somebody must receive it
    source = models.CharField(max_length=500)
    verified = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=220)

    class Meta:
        ordering = ["service", "unit", "more_than"]
        constraints = [
            models.CheckConstraint(
                name="a_compensation_has_a_range",
                condition=models.Q(up_to__isnull=True) | models.Q(up_to__gt=models.F("more_than")),
            )
        ]

    def __str__(self) -> str:
        return self.form


class CompensationGiven(models.Model):
    """A promise that was kept for one order, once."""

    rule = models.ForeignKey(CompensationRule, on_delete=models.PROTECT, related_name="given")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="compensation")
    late_minutes = models.PositiveIntegerField()
    receiver = models.CharField(max_length=200, blank=True)
    given_at = models.DateTimeField()
    given_by_name = models.CharField(max_length=220)
