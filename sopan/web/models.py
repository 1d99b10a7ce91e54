"""Books of SOPs that were asked for. ``book.operations`` and the worker alone write these rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sopan.people.models import Institution, Unit


def book_path(book: SopBook, filename: str) -> str:
    return f"books/{book.institution_id}/{book.pk}.pdf"


class SopBook(models.Model):
    """One printing of the SOPs of an institution, or of one of its units: a long piece of work with a file at its end."""

    class Paper(models.TextChoices):
        A4 = "a4", _("A4")
        F4 = "f4", _("F4")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paper = models.CharField(max_length=2, choices=Paper.choices, default=Paper.A4)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_key = models.CharField(max_length=64, unique=True)  # one-time key of the form
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # of the SOPs that were laid out
    pages = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to=book_path, max_length=250, blank=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["institution", "-asked_at"])]
