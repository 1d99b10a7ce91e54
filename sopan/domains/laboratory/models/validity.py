"""Validity of results (ISO/IEC 17025:2017, 7.7): control charts, proficiency tests, repeats, and what was found by them.

Nothing here is deleted. A point or a test that was taken by mistake is withdrawn with a reason and stays to be seen; what
was typed is kept as typed, the decimals beside it are for computing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sopan.people.models import Institution

from .equipment import Equipment
from .items import Laboratory

PERSON = settings.AUTH_USER_MODEL


def exact(**more: object) -> models.DecimalField:
    """The decimal beside a text."""
    return models.DecimalField(**{"max_digits": 24, "decimal_places": 10, **more})  # type: ignore[arg-type]


def withdrawal(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""))


class Withdrawable(models.Model):
    """What is entered once, by whom and when, and may be withdrawn, never changed."""

    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    entered_name = models.CharField(max_length=220)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_name = models.CharField(max_length=220, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True


class Measured(models.Model):
    """One quantity, by a method: its code, as a newer version of the method changes nothing of what was recorded."""

    method = models.SlugField(max_length=60)
    quantity = models.CharField(max_length=150)
    unit = models.CharField(max_length=20)

    class Meta:
        abstract = True


class Verdict(models.TextChoices):
    SATISFACTORY = "satisfactory", _("Memuaskan")
    QUESTIONABLE = "questionable", _("Diragukan")
    UNSATISFACTORY = "unsatisfactory", _("Tidak memuaskan")


class Judged(Measured, Withdrawable):
    """What was measured on a day, and how it was found."""

    on = models.DateField()
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ["-on", "-pk"]


class ControlChart(Measured):
    """A chart of one quantity of one check standard, measured by one method."""

    class Rules(models.TextChoices):
        WESTGARD = "westgard", _("Westgard")
        NELSON = "nelson", _("Nelson")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="control_charts")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="control_charts")
    name = models.CharField(max_length=200)
    check_standard = models.CharField(max_length=200)
    instrument = models.CharField(max_length=200)  # what it is measured with, unless a point says otherwise
    rules = models.CharField(max_length=10, choices=Rules.choices, default=Rules.WESTGARD)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_name = models.CharField(max_length=220)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_name = models.CharField(max_length=220, blank=True)
    closed_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["laboratory", "name"], name="one_chart_a_name"),
            models.CheckConstraint(
                name="a_closed_chart_has_a_reason", condition=Q(closed_at__isnull=True) | ~Q(closed_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChartLimits(models.Model):
    """A version of the limits: centre and standard deviation of a reference period in control. Rows are added only."""

    chart = models.ForeignKey(ControlChart, on_delete=models.PROTECT, related_name="limits")
    version = models.PositiveSmallIntegerField()
    first_day = models.DateField()  # of the reference period
    last_day = models.DateField()
    count = models.PositiveIntegerField()
    mean = models.FloatField()
    s = models.FloatField()
    provisional = models.BooleanField()  # from fewer points than ISO 7870-2 wants
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    set_name = models.CharField(max_length=220)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["chart", "version"], name="one_limits_a_version"),
            models.CheckConstraint(name="limits_have_a_spread", condition=Q(s__gt=0)),
            models.CheckConstraint(name="a_reference_period_has_an_order", condition=Q(last_day__gte=F("first_day"))),
        ]


class ChartPoint(Withdrawable):
    """One measurement of the check standard; ``limits`` is the version by which it is judged, None before there was one."""

    chart = models.ForeignKey(ControlChart, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    text = models.CharField(max_length=60)
    value = exact()
    limits = models.ForeignKey(ChartLimits, on_delete=models.PROTECT, null=True, blank=True, related_name="points")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    instrument = models.CharField(max_length=220)  # copied: the name may change later
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["taken_at", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chart", "number"], name="one_point_a_number"),
            withdrawal("a_withdrawn_point_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.chart}, {self.number}"


class ProficiencyTest(Judged):
    """A round of a proficiency test or comparison: their value, ours, and the scores (ISO 13528).

    ``scores`` is a list of {"name", "value", "verdict"}; ``verdict`` is the worst of them.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="proficiency_tests")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="proficiency_tests")
    provider = models.CharField(max_length=200)
    round = models.CharField(max_length=120)
    item = models.CharField(max_length=200)
    assigned_text = models.CharField(max_length=60)
    assigned = exact()
    assigned_u_text = models.CharField(max_length=60, blank=True)  # expanded
    assigned_u = exact(null=True, blank=True)
    assigned_k = exact(default=2)
    sigma_text = models.CharField(max_length=60, blank=True)  # standard deviation for proficiency assessment
    sigma = exact(null=True, blank=True)
    result_text = models.CharField(max_length=60)
    result = exact()
    expanded_text = models.CharField(max_length=60, blank=True)
    expanded = exact(null=True, blank=True)
    k = exact(default=2)
    scores = models.JSONField()

    class Meta(Judged.Meta):
        constraints = [withdrawal("a_withdrawn_test_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.provider}, {self.round}: {self.quantity}"


class RepeatCheck(Judged):
    """The same measured again: a retained item, or a duplicate. The difference is held against a limit."""

    class Kind(models.TextChoices):
        RETAINED = "retained", _("Contoh tersimpan diukur lagi")
        DUPLICATE = "duplicate", _("Pengukuran duplo")

    class Basis(models.TextChoices):
        LIMIT = "limit", _("Batas selisih")
        DEVIATION = "s_r", _("Simpangan baku keterulangan; batasnya 2,8 kali (ISO 5725-6)")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="repeat_checks")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="repeat_checks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=200)
    first_text = models.CharField(max_length=60)
    first = exact()
    second_text = models.CharField(max_length=60)
    second = exact()
    basis = models.CharField(max_length=5, choices=Basis.choices)
    limit_text = models.CharField(max_length=60)
    source = models.CharField(max_length=200)  # where the limit comes from
    difference = exact(max_digits=30)  # second minus first
    allowed = exact(max_digits=30)

    class Meta(Judged.Meta):
        constraints = [withdrawal("a_withdrawn_repeat_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.quantity}"


class Finding(models.Model):
    """A rule was broken or a test was not satisfactory: somebody answers with cause and action, another one closes.

    ``signals`` is a list of {"rule", "points": numbers of the points that the rule saw}, empty for tests and repeats. A rule
    that goes on firing while the finding is open is added to it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Belum dijawab")
        ANSWERED = "answered", _("Menunggu penutupan")
        CLOSED = "closed", _("Ditutup")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="findings")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="findings")
    point = models.ForeignKey(ChartPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    test = models.ForeignKey(ProficiencyTest, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    repeat = models.ForeignKey(RepeatCheck, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    signals = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_finding_has_one_subject",
                condition=Q(point__isnull=False, test__isnull=True, repeat__isnull=True)
                | Q(point__isnull=True, test__isnull=False, repeat__isnull=True)
                | Q(point__isnull=True, test__isnull=True, repeat__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def subject(self) -> ChartPoint | ProficiencyTest | RepeatCheck:
        found = self.point or self.test or self.repeat
        assert found is not None
        return found

    @property
    def rules(self) -> list[str]:
        """The names of the rules that fired, each once."""
        return list(dict.fromkeys(one["rule"] for one in self.signals))


class FindingAct(models.Model):
    """An answer to a finding, its return, or its end. Rows are added, never changed."""

    class Act(models.TextChoices):
        ANSWERED = "answered", _("Dijawab")
        RETURNED = "returned", _("Dikembalikan")
        CLOSED = "closed", _("Ditutup")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=8, choices=Act.choices)
    cause = models.TextField(blank=True)
    action = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=220)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_answer_has_cause_and_action", condition=~Q(act="answered") | (~Q(cause="") & ~Q(action=""))
            ),
            models.CheckConstraint(name="a_returned_answer_has_a_remark", condition=~Q(act="returned") | ~Q(remark="")),
        ]
