"""What leaves the house: Test Result and Sertifikat Mutu, and their hand-over. Written by ``operations.papers``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sopan.documents.models import IssuedDocument
from sopan.engine.models import Case


class Report(models.Model):
    """A numbered paper of a case. Its number is kept when it is printed again."""

    class Kind(models.TextChoices):
        TEST_RESULT = "test_result", _("Test Result")
        CERTIFICATE = "quality_certificate", _("Sertifikat Mutu")

    class State(models.TextChoices):
        STALE = "stale", _("Perlu dicetak")
        PRINTING = "printing", _("Sedang dicetak")
        PRINTED = "printed", _("Tercetak")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="test_papers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STALE)
    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.JSONField(default=dict)
    pages = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=500, blank=True)  # why it could not be printed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_paper_a_kind")]

    def __str__(self) -> str:
        return self.number


class Handover(models.Model):
    """That the papers were handed to the company, and to whom."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="paper_handover")
    receiver = models.CharField(max_length=150)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=220)
