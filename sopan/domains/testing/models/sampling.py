"""From the request of a company to samples with a code. Written by ``operations.sampling``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.domains.orders.models import Order
from sopan.engine.models import Case
from sopan.people.models import Company, Institution

from .register import PERSON, Commodity


class Request(models.Model):
    """What a company asked for by its letter (SPPC). All that it says of the goods is its own word and marked so."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="test_request")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="test_requests")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="test_requests")
    applicant = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    letter_number = models.CharField(max_length=100)
    letter_date = models.DateField()
    commodity = models.ForeignKey(Commodity, on_delete=models.PROTECT, related_name="requests")
    warehouse = models.CharField(max_length=300)
    lot = models.CharField(max_length=150, blank=True)  # marks, number of the lot, in the words of the company
    quantity = models.CharField(max_length=100, blank=True)
    destination = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, choices=Order.Language.choices, default=Order.Language.INDONESIAN)
    decision_rule = models.CharField(max_length=10, choices=Order.DecisionRule.choices)
    guard_fraction = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    payment_policy = models.CharField(max_length=20, choices=Order.Payment.choices)  # copied when it was recorded
    payment_basis = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=220)

    def __str__(self) -> str:
        return self.letter_number


class Assignment(models.Model):
    """The letter of assignment (SPT): who takes samples, where, when. Without a number it is proposed, not issued."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="assignment")
    number = models.CharField(max_length=160, blank=True)
    officer = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="sampling_assignments")
    officer_name = models.CharField(max_length=220)
    planned_on = models.DateField()
    proposed_by_name = models.CharField(max_length=220)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by_name = models.CharField(max_length=220, blank=True)
    issued_by_position = models.CharField(max_length=220, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_issued_assignment_has_a_number", condition=Q(issued_at__isnull=True) | ~Q(number="")
            )
        ]

    def __str__(self) -> str:
        return self.number or self.officer_name


class Sampling(models.Model):
    """What happened at the warehouse, and the report on it (LPC); ISO/IEC 17025:2017, 7.3 and 7.8.5."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="sampling")
    number = models.CharField(max_length=160, blank=True)  # of the LPC, once it is written
    place = models.CharField(max_length=300)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    method = models.CharField(max_length=250)  # standard or plan
    lot_size = models.CharField(max_length=100)  # as found at the place
    increments = models.PositiveIntegerField()  # bags or points that something was taken from
    conditions = models.CharField(max_length=300)  # of the place: weather, storage
    deviation = models.CharField(max_length=500, blank=True)  # from the method; "" = none
    witness = models.CharField(max_length=150)  # of the company, who saw it
    taken_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="samplings")
    taken_by_name = models.CharField(max_length=220)
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sampling_ends_after_it_begins", condition=Q(ended_at__gte=models.F("begun_at"))
            )
        ]

    def __str__(self) -> str:
        return self.number or str(self.request)


class Sample(models.Model):
    """A sample: taken by us, or brought by the company, which is then tested as received."""

    class Origin(models.TextChoices):
        US = "us", _("Diambil petugas kami")
        CUSTOMER = "customer", _("Diantar pemohon")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="samples")
    line = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=160, blank=True)  # its identity in the laboratory; given when it is booked in
    origin = models.CharField(max_length=10, choices=Origin.choices)
    lot = models.CharField(max_length=150)
    quantity = models.CharField(max_length=100)
    seal = models.CharField(max_length=100, blank=True)
    condition = models.CharField(max_length=250, blank=True)  # as received
    received_at = models.DateTimeField(null=True, blank=True)
    received_by_name = models.CharField(max_length=220, blank=True)
    tested_in = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="tested_samples")

    class Meta:
        ordering = ["request", "line"]
        constraints = [
            models.UniqueConstraint(fields=["request", "line"], name="one_sample_a_line"),
            models.CheckConstraint(
                name="a_received_sample_has_a_code", condition=Q(received_at__isnull=True) | ~Q(code="")
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.seal or self.lot


class Correction(models.Model):
    """What was booked in was corrected: what it was, what it is, by whom, why (ISO/IEC 17025:2017, 7.5.2).

    Rows are added, never changed, so every value that was ever booked is kept with who gave it.
    """

    class What(models.TextChoices):
        APPLICANT = "applicant", _("perusahaan pemohon")
        ADDRESS = "address", _("alamat pemohon")
        LETTER_NUMBER = "letter_number", _("nomor surat permohonan")
        LETTER_DATE = "letter_date", _("tanggal surat")
        WAREHOUSE = "warehouse", _("alamat gudang")
        DESTINATION = "destination", _("tujuan")
        LOT = "lot", _("lot")
        QUANTITY = "quantity", _("jumlah")
        SEAL = "seal", _("segel")
        CONDITION = "condition", _("kondisi saat diterima")
        RECEIVED_AT = "received_at", _("waktu diterima")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="corrections")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, null=True, related_name="corrections")  # None: letter
    what = models.CharField(max_length=20, choices=What.choices)
    old = models.CharField(max_length=300, blank=True)
    new = models.CharField(max_length=300, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=220)
    position = models.CharField(max_length=220, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="a_correction_of_a_sample_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="a_correction_changes_something", condition=~Q(old=models.F("new"))),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
