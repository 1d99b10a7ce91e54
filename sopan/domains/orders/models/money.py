"""Contracts, levies of regions, and lists of banks compared with our bills. Written by the modules of ``money``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.engine.models import Case
from sopan.people.models import Company, Institution

from .order import MONEY, PERSON, Bill, Order


class Contract(models.Model):
    """What was agreed with a company from–to: when it pays, and prices of its own with their basis."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="contracts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=120)
    basis = models.CharField(max_length=500)  # by what law these terms may be agreed
    policy = models.CharField(max_length=20, choices=Order.Payment.choices, default=Order.Payment.PER_CONTRACT)
    valid_from = models.DateField()
    valid_to = models.DateField()  # the last day on which it holds
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=220)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="one_contract_a_number"),
            models.CheckConstraint(
                name="a_contract_ends_after_it_begins", condition=Q(valid_to__gte=models.F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ContractPrice(models.Model):
    """The price of one tariff line (by its code) for the company of a contract."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="prices")
    code = models.SlugField(max_length=60)  # of the tariff line
    amount = models.DecimalField(**MONEY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="one_contract_price_a_code"),
            models.CheckConstraint(name="a_contract_price_is_not_negative", condition=Q(amount__gte=0)),
        ]


class Levy(models.Model):
    """A regional levy (retribusi) of a case: assessed by a SKRD, received against a receipt."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="levies")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="levies")
    number = models.CharField(max_length=40)  # of the SKRD
    amount = models.DecimalField(**MONEY)
    basis = models.CharField(max_length=250)  # the regional regulation
    assessed_at = models.DateTimeField()
    assessed_by_name = models.CharField(max_length=220)
    receipt = models.CharField(max_length=40, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by_name = models.CharField(max_length=220, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="one_levy_a_number"),
            models.UniqueConstraint(
                fields=["institution", "receipt"], condition=~Q(receipt=""), name="one_levy_a_receipt"
            ),
            models.CheckConstraint(name="a_levy_has_an_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="a_received_levy_has_a_receipt", condition=Q(paid_at__isnull=True) | ~Q(receipt="")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Reconciliation(models.Model):
    """A list of payments of a bank or of SIMPONI that was compared with our bills."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="reconciliations")
    name = models.CharField(max_length=200)  # of the file
    sha256 = models.CharField(max_length=64)
    first = models.DateField()  # the days that the list is for, both included
    last = models.DateField()
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=220)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "sha256"], name="one_reconciliation_a_file"),
        ]

    def __str__(self) -> str:
        return self.name


class ReconciliationRow(models.Model):
    """One payment of a list, or a payment of ours that the list lacks, with what was found and decided."""

    class Outcome(models.TextChoices):
        MATCHED = "matched", _("Cocok")
        AMOUNT = "amount", _("Jumlah berbeda")
        REFERENCE = "reference", _("NTPN berbeda")
        DOUBLE = "double", _("Tercatat ganda")
        UNKNOWN = "unknown", _("Tidak ada tagihannya")
        UNPAID = "unpaid", _("Tagihan belum tercatat lunas")
        MISSING = "missing", _("Tidak ada dalam daftar")

    class Decision(models.TextChoices):
        OPEN = "", _("Belum diputuskan")
        ACCEPTED = "accepted", _("Diterima dengan penjelasan")
        FOLLOWED = "followed", _("Ditindaklanjuti di luar aplikasi")
        REFUNDED = "refunded", _("Diajukan pengembalian")

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(null=True, blank=True)  # of the file; empty for what it lacks
    code = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    amount = models.DecimalField(**MONEY, null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=220, blank=True)

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["reconciliation", "outcome"])]
