"""Orders of customers: tariffs, instruments, bills, proofs of payment, surveys.

An order has no status of its own: where it stands is told by the open step of its case, in that step's public words.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.engine.models import Attachment, Case, Task
from sopan.people.models import Company, Institution

PERSON = settings.AUTH_USER_MODEL
MONEY = {"max_digits": 15, "decimal_places": 2}
AMOUNT = {"max_digits": 24, "decimal_places": 9}  # of a measured quantity; what was typed is kept as text beside it


class Revenue(models.TextChoices):
    """Whose money a tariff brings in: by another law, to another account, with another paper."""

    STATE = "pnbp", _("PNBP")
    REGION = "retribusi", _("Retribusi daerah")


class TariffLine(models.Model):
    """A line of the tariff: what is charged for which kind of instrument, in which range, by which law, from–to."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="tariff_lines")
    code = models.SlugField(max_length=60)
    group = models.CharField(max_length=120)
    description = models.CharField(max_length=250)
    kind = models.SlugField(max_length=60)  # of the instrument; lines of one kind share ``kind_name``
    kind_name = models.CharField(max_length=120)
    measure = models.CharField(max_length=80, blank=True)  # what decides: "Volume ruang"; "" = the kind alone decides
    unit = models.CharField(max_length=20, blank=True)
    lower = models.DecimalField(**AMOUNT, null=True, blank=True)
    upper = models.DecimalField(**AMOUNT, null=True, blank=True)
    lower_open = models.BooleanField(default=False)  # the lower limit itself is outside
    upper_open = models.BooleanField(default=False)
    per = models.CharField(max_length=40, default="alat")
    amount = models.DecimalField(**MONEY)
    legal_basis = models.CharField(max_length=250)
    source = models.CharField(max_length=250, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day on which it holds
    verified = models.BooleanField(default=False)  # somebody compared it with the printed law
    verified_by_name = models.CharField(max_length=220, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    compared_with = models.CharField(max_length=250, blank=True)  # the copy of the law that it was compared with
    note = models.CharField(max_length=250, blank=True)
    revenue = models.CharField(max_length=10, choices=Revenue.choices, default=Revenue.STATE)
    own = models.BooleanField(default=False)  # changed by the body: the file no longer replaces it

    class Meta:
        indexes = [models.Index(fields=["institution", "kind", "valid_from"])]
        ordering = ["group", "kind_name", "lower", "code"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "code", "valid_from"], name="one_tariff_line_a_code"),
            models.CheckConstraint(name="a_tariff_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="a_tariff_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.description


class Order(models.Model):
    """What a customer asks for in one case. ``number`` is allocated when CS validates it, and then kept."""

    class Language(models.TextChoices):
        INDONESIAN = "id", _("Bahasa Indonesia")
        ENGLISH = "en", _("Bahasa Inggris")
        BOTH = "both", _("Bahasa Indonesia dan Inggris")

    class DecisionRule(models.TextChoices):
        """How a statement of conformity takes the uncertainty into account (ISO/IEC 17025:2017, 7.1.3 and 7.8.6)."""

        NONE = "none", _("Tanpa pernyataan kesesuaian")
        SIMPLE = "simple", _("Penerimaan sederhana: batas dipakai apa adanya")
        GUARD = "guard", _("Dengan jalur penjaga: batas dikurangi ketidakpastian")
        FRACTION = "fraction", _("Dengan jalur penjaga sebagian: batas dikurangi r kali ketidakpastian")
        CUSTOMER = "customer", _("Aturan dari pelanggan")

    class Risk(models.TextChoices):
        """Of a wrong statement of conformity (JCGM 106:2012): of this one value, or of such instruments in general."""

        NONE = "", _("Tanpa angka risiko")
        SPECIFIC = "specific", _("Risiko spesifik tiap titik")
        GLOBAL = "global", _("Risiko spesifik dan risiko global")

    class Payment(models.TextChoices):
        """When an order must be paid."""

        BEFORE_WORK = "before_work", _("Sebelum pekerjaan dimulai")
        BEFORE_RELEASE = "before_release", _("Sebelum laporan diterbitkan")
        ON_HANDOVER = "on_handover", _("Saat penyerahan")
        PER_CONTRACT = "per_contract", _("Menurut perjanjian")
        NONE = "none", _("Tidak dipungut biaya")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="order")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="orders")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=160, null=True, blank=True)  # noqa: DJ001  null: several without a number
    contact_name = models.CharField(max_length=150, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, choices=Language.choices, blank=True)
    decision_rule = models.CharField(max_length=10, choices=DecisionRule.choices, blank=True)
    guard_fraction = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)  # r: guard band w = r·U
    rule_text = models.CharField(max_length=500, blank=True)  # the customer's own rule, in his words
    accepts_unaccredited = models.BooleanField(default=False)  # results outside of the accredited scope may be reported
    risk = models.CharField(max_length=8, choices=Risk.choices, blank=True)  # told beside each statement of conformity
    # The share of such instruments that keeps its limits, in per cent, as the customer knows it; for the global risk.
    in_tolerance = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    # What is told only where it was agreed (ISO/IEC 17025:2017, 7.8.4.3 and 7.8.1.3).
    interval_months = models.PositiveSmallIntegerField(null=True, blank=True)  # until the next calibration
    accepts_simplified = models.BooleanField(
        default=False
    )  # a simplified report where there is no method with a budget
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict, blank=True)  # typed into a page of the form and not yet valid, by page
    quote_total = models.DecimalField(**MONEY, null=True, blank=True)
    quoted_at = models.DateTimeField(null=True, blank=True)
    quoted_by = models.CharField(max_length=220, blank=True)  # name, copied
    # Copied when the tariff is approved: a later setting or contract does not change what was offered.
    payment_policy = models.CharField(max_length=20, choices=Payment.choices, blank=True)
    payment_basis = models.CharField(max_length=500, blank=True)  # by what: a setting, a contract, a law

    class Meta:
        indexes = [models.Index(fields=["company", "-created_at"])]
        constraints = [models.UniqueConstraint(fields=["institution", "number"], name="one_order_a_number")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The order number, or before it exists the number of the application."""
        return self.number or f"P-{self.case_id:06d}"


class OrderItem(models.Model):
    """One instrument of an order. Quantities are kept as typed; the Decimal beside is what was understood."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="items")
    line = models.PositiveSmallIntegerField()
    kind = models.SlugField(max_length=60)  # as in the tariff; "lainnya" for what is in no line
    kind_name = models.CharField(max_length=120)
    name = models.CharField(max_length=150)
    make = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=100, blank=True)
    serial_number = models.CharField(max_length=100, blank=True)
    range_lower_text = models.CharField(max_length=40, blank=True)
    range_lower = models.DecimalField(**AMOUNT, null=True, blank=True)
    range_upper_text = models.CharField(max_length=40, blank=True)
    range_upper = models.DecimalField(**AMOUNT, null=True, blank=True)
    range_unit = models.CharField(max_length=20, blank=True)
    measure = models.CharField(max_length=80, blank=True)  # what the tariff of this kind depends on: "Volume ruang"
    size_text = models.CharField(max_length=40, blank=True)
    size = models.DecimalField(**AMOUNT, null=True, blank=True)
    size_unit = models.CharField(max_length=20, blank=True)
    points = models.TextField(blank=True)  # measuring points asked, as typed
    remark = models.CharField(max_length=250, blank=True)
    tariff = models.ForeignKey(TariffLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    price = models.DecimalField(**MONEY, null=True, blank=True)
    # Copied when the tariff is approved: a later change of the tariff does not touch what was offered.
    tariff_description = models.CharField(max_length=250, blank=True)
    tariff_basis = models.CharField(max_length=250, blank=True)
    tariff_override = models.CharField(max_length=500, blank=True)  # why another line, or none, than the matched one

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="one_item_a_line"),
            models.CheckConstraint(name="a_price_is_not_negative", condition=Q(price__isnull=True) | Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.line}. {self.name}"

    @property
    def range_text(self) -> str:
        """The measuring range as typed: "0–10 bar"."""
        ends = "–".join(part for part in (self.range_lower_text, self.range_upper_text) if part)
        return f"{ends} {self.range_unit}".strip() if ends else ""

    @property
    def quoted_choice(self) -> str:
        """What was chosen when the tariff was approved, in the values of the form; empty before."""
        if self.price is None:
            return ""
        return str(self.tariff_id) if self.tariff_id else "none"

    @property
    def size_words(self) -> str:
        return f"{self.size_text} {self.size_unit}".strip() if self.size_text else ""


class Bill(models.Model):
    """An e-billing of an order. One at a time is open; an expired one is kept and a new one issued."""

    class Provider(models.TextChoices):
        MANUAL = "manual", _("Diketik dari SIMPONI")
        LOCAL = "local", _("Gerbang pembayaran lokal")
        LEVY = "retribusi", _("Retribusi daerah (SKRD)")

    class Status(models.TextChoices):
        ISSUED = "issued", _("Belum dibayar")
        EXPIRED = "expired", _("Kedaluwarsa")
        PAID = "paid", _("Lunas")
        CANCELLED = "cancelled", _("Dibatalkan")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="bills")
    code = models.CharField(max_length=40, unique=True)  # 15 digits of SIMPONI, or the number of the SKRD
    provider = models.CharField(max_length=20)
    amount = models.DecimalField(**MONEY)
    amount_words = models.CharField(max_length=300)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ISSUED)
    issued_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    issued_by_name = models.CharField(max_length=220)
    paid_at = models.DateTimeField(null=True, blank=True)
    ntpn = models.CharField(max_length=40, blank=True)  # NTPN, or the number of the receipt of a levy
    channel = models.CharField(max_length=80, blank=True)
    confirmed_by_name = models.CharField(max_length=220, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(status="issued"), name="bill_open")]
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(status="issued"), name="one_open_bill_an_order"),
            models.UniqueConstraint(fields=["order"], condition=Q(status="paid"), name="one_paid_bill_an_order"),
            models.UniqueConstraint(fields=["ntpn"], condition=~Q(ntpn=""), name="one_payment_an_ntpn"),
            models.CheckConstraint(name="a_bill_has_an_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="a_paid_bill_has_an_ntpn", condition=~Q(status="paid") | ~Q(ntpn="")),
        ]

    def __str__(self) -> str:
        return self.code


class PaymentProof(models.Model):
    """A proof that the customer uploaded, and what the treasurer said of it."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Diperiksa")
        ACCEPTED = "accepted", _("Diterima")
        REFUSED = "refused", _("Ditolak")

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="proofs")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    judged_in = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="+")  # its reason is told
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by_name = models.CharField(max_length=220, blank=True)
    reason = models.TextField(blank=True)  # of a refusal outside of a step

    class Meta:
        indexes = [models.Index(fields=["bill", "-uploaded_at"])]

    @property
    def refusal(self) -> str:
        """Why the treasurer refused it."""
        if self.status == self.Status.REFUSED and self.reason:
            return self.reason
        return self.judged_in.reason if self.judged_in and self.status == self.Status.REFUSED else ""


class GatewayMessage(models.Model):
    """A payment message that was received: a signature is accepted once, an event answered the same each time."""

    signature = models.CharField(max_length=64, unique=True)
    event = models.CharField(max_length=64)
    code = models.CharField(max_length=15)
    received_at = models.DateTimeField()
    answer = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["event"])]


class Survey(models.Model):
    """Answers to the satisfaction survey (SKM). Keyed by code: the printed order of elements 8 and 9 differs by form."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="survey")
    answers = models.JSONField()  # code of the element -> 1–4
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id}"
