"""What people are told: in the application, and over channels outside. Written by ``notices.sending`` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.engine.models import Case
from sopan.people.models import Institution

from .order import PERSON


class Notice(models.Model):
    """One thing told to one person, once: ``dedupe`` names what happened."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="notices")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    key = models.CharField(max_length=40)
    dedupe = models.CharField(max_length=80)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    language = models.CharField(max_length=10, default="id")  # of subject and text, whatever the person reads later
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"]),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["person", "dedupe"], name="one_notice_a_person_and_thing")]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """A notice on its way over a channel outside. The text is what leaves the house: nothing confidential."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("Surel")
        WHATSAPP = "whatsapp", _("WhatsApp")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(status="waiting"), name="delivery_waiting")]
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_a_channel")]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"


class NoticeChoice(models.Model):
    """Over which channels a person wants to be told; without a row: by e-mail, and the digest."""

    person = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="notice_choice")
    email = models.BooleanField(default=True)
    whatsapp = models.BooleanField(default=False)
    digest = models.BooleanField(default=True)
