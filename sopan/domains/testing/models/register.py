"""What a body tests: commodities, their parameters with method and limit, and who is competent. Written by
``operations.register`` and ``loading``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sopan.people.models import Institution

PERSON = settings.AUTH_USER_MODEL
QUANTITY = {"max_digits": 24, "decimal_places": 10}  # what was typed is kept as text beside it


class Commodity(models.Model):
    """Goods that a body samples and tests by one standard."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="commodities")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)
    standard = models.CharField(max_length=200)  # the specification: "SNI …"
    sampling_method = models.CharField(max_length=250, blank=True)  # standard by which samples are taken
    invented = models.BooleanField(default=False)  # made up for trying out: papers on it say so

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_commodity_a_code")]

    def __str__(self) -> str:
        return self.name


class Parameter(models.Model):
    """What is determined of a commodity: method, unit, limit, and where the limit is from.

    ``readings`` are the quantities that the analyst reads for each repetition, [{name, label, unit}, …], and ``formula``
    computes one result from them. A limit counts for statements of conformity only once somebody has compared it with the
    printed standard.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", _("Angka")
        TEXT = "text", _("Pengamatan")

    commodity = models.ForeignKey(Commodity, on_delete=models.PROTECT, related_name="parameters")
    code = models.SlugField(max_length=60)
    place = models.PositiveSmallIntegerField(default=0)  # order on worksheet and paper
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NUMBER)
    unit = models.CharField(max_length=30, blank=True)
    method = models.CharField(max_length=200)
    readings = models.JSONField(default=list, blank=True)
    formula = models.CharField(max_length=300, blank=True)
    repetitions = models.PositiveSmallIntegerField(default=2)
    decimals = models.PositiveSmallIntegerField(default=2)
    lower = models.DecimalField(**QUANTITY, null=True, blank=True)
    upper = models.DecimalField(**QUANTITY, null=True, blank=True)
    expected = models.CharField(max_length=100, blank=True)  # the limit of an observation: "tidak ada"
    reference = models.CharField(max_length=200, blank=True)  # where the limit stands: "SNI …, tabel 1"
    expanded = models.DecimalField(**QUANTITY, null=True, blank=True)  # U of the method, in ``unit``
    coverage = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)  # its k
    subcontracted_to = models.CharField(max_length=200, blank=True)  # the laboratory that does it; "" = we
    active = models.BooleanField(default=True)
    verified = models.BooleanField(default=False)
    verified_by_name = models.CharField(max_length=220, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    compared_with = models.CharField(max_length=250, blank=True)  # the copy of the standard
    note = models.CharField(max_length=250, blank=True)
    own = models.BooleanField(default=False)  # changed by the body: the file no longer replaces it

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commodity", "code"], name="one_parameter_a_code"),
            models.CheckConstraint(
                name="a_limit_has_room",
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
            ),
            models.CheckConstraint(
                name="an_uncertainty_is_above_zero", condition=Q(expanded__isnull=True) | Q(expanded__gt=0)
            ),
            models.CheckConstraint(
                name="a_verified_limit_has_its_copy", condition=Q(verified=False) | ~Q(compared_with="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_limit(self) -> bool:
        return self.lower is not None or self.upper is not None or bool(self.expected)

    @property
    def limit_text(self) -> str:
        """The limit as it is printed, with a decimal point: "≤ 12.5"."""
        if self.expected:
            return self.expected
        ends = [f"{end.normalize():f}" if end is not None else "" for end in (self.lower, self.upper)]
        if all(ends):
            return " – ".join(ends)
        return f"≥ {ends[0]}" if ends[0] else f"≤ {ends[1]}" if ends[1] else ""


class Competence(models.Model):
    """That somebody may test a commodity, from–to, with the evidence (ISO/IEC 17025:2017, 6.2)."""

    commodity = models.ForeignKey(Commodity, on_delete=models.PROTECT, related_name="competences")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="testing_competences")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day
    evidence = models.CharField(max_length=250)
    granted_by_name = models.CharField(max_length=220)
    granted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["commodity", "person"])]
