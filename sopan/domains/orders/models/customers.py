"""What customers keep and ask beside their orders. Written by ``customers`` and ``complaints``."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from sopan.documents.models import IssuedDocument
from sopan.people.models import Company, Institution

from .order import PERSON, Order


class Asset(models.Model):
    """An instrument of a company as it keeps it itself. The due day is the customer's own: we advise no interval."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="assets")
    kind = models.SlugField(max_length=60)
    kind_name = models.CharField(max_length=120)
    name = models.CharField(max_length=150)
    make = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=100, blank=True)
    serial_number = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=150, blank=True)
    values = models.JSONField(default=dict)  # sizes, ranges and points as typed into the last order
    due_on = models.DateField(null=True, blank=True)
    remind = models.BooleanField(default=False)  # the customer asked to be reminded
    retired = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["company", "retired"]),
            models.Index(fields=["due_on"], condition=models.Q(remind=True, retired=False), name="asset_to_remind"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.serial_number}".strip()


class AmendmentRequest(models.Model):
    """A customer asks that a report be corrected. The laboratory makes the amendment; this is the wish for it."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Sudah kami terima, belum dinilai")
        ACCEPTED = "accepted", _("Disetujui")
        REFUSED = "refused", _("Ditolak")
        DONE = "done", _("Selesai")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="amendment_requests")
    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="amendment_requests")
    wrong = models.TextField()  # what stands in the report and is wrong
    right = models.TextField()  # what should stand there
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_by_name = models.CharField(max_length=200)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=220, blank=True)
    replacement = models.ForeignKey(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="made_for_requests"
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(status__in=["received", "accepted"]),
                name="one_open_request_a_document",
            )
        ]


def new_secret() -> str:
    return secrets.token_urlsafe(18)


class Complaint(models.Model):
    """A complaint, or an appeal against how one was decided (ISO/IEC 17025:2017, 7.9)."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Pengaduan")
        APPEAL = "appeal", _("Banding")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Diterima")
        ACKNOWLEDGED = "acknowledged", _("Dikonfirmasi")
        ASSESSED = "assessed", _("Dinilai")
        DECIDED = "decided", _("Diputuskan")
        ANSWERED = "answered", _("Dijawab")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Diterima")
        PARTLY = "partly", _("Diterima sebagian")
        REJECTED = "rejected", _("Tidak diterima")

    class Channel(models.TextChoices):
        APP = "app", _("Aplikasi")
        COUNTER = "counter", _("Loket")
        LETTER = "letter", _("Surat atau surel")
        PHONE = "phone", _("Telepon")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="complaints")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMPLAINT)
    appeal_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="appeal")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.APP)
    text = models.TextField()
    token = models.CharField(max_length=32, unique=True, default=new_secret)  # of the page of who has no account
    status = models.CharField(max_length=15, choices=Status.choices, default=Status.RECEIVED)
    received_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    assessment = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField(max_length=220, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["institution", "status", "answer_by"])]
        constraints = [
            models.CheckConstraint(
                name="an_appeal_is_against_a_complaint",
                condition=models.Q(kind="complaint", appeal_of__isnull=True)
                | models.Q(kind="appeal", appeal_of__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"ADU-{self.pk:06d}"


class ComplaintAct(models.Model):
    """What somebody did about a complaint: append-only."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="acts")
    at = models.DateTimeField()
    code = models.CharField(max_length=20)  # a status of the complaint, or "assigned"
    text = models.TextField(blank=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    by_position = models.CharField(max_length=220, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def save(self, *args: object, **kwargs: object) -> None:
        """Write the row once. Raises TypeError for a row that exists."""
        if not self._state.adding:
            raise TypeError("acts on complaints are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("acts on complaints are append-only")


class Handover(models.Model):
    """Minutes (berita acara) of what was given back to a customer: who gave, who took, and his confirmation."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="handovers")
    items = models.JSONField()  # [[number of the sample, name, make and type, serial number, note], …]
    given_at = models.DateTimeField()
    given_by_name = models.CharField(max_length=200)
    given_by_position = models.CharField(max_length=220, blank=True)
    receiver = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"BA-{self.pk:06d}"
