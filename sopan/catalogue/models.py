"""The list of SOPs of an institution, their published versions, who stands behind their actors, and how they change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sopan.catalogue.fields import OrderedDataField
from sopan.people.models import Institution, Position, Unit

PERSON = settings.AUTH_USER_MODEL


class ProcedureVersion(models.Model):
    """An immutable published version: canonical content and its SHA-256. Running cases point at one of these."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="procedure_versions")
    slug = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    name = models.CharField(max_length=250)
    content = models.TextField()  # canonical JSON of core.dump.to_data
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)  # set where it ended without a successor
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "slug", "version"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["institution", "slug"],
                condition=models.Q(effective_to__isnull=True),
                name="one_version_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class ActorBinding(models.Model):
    """The positions of an institution that stand behind an actor of a procedure, or record for an outsider what he did;
    none for customers.

    A task queue is a binding: the inbox of a person is the tasks of the bindings of the positions that he holds now.
    Its kind never changes: where a version makes an actor of the staff a customer, that is another queue, and the cases
    of the versions before keep theirs (``queries.bindings``).
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="bindings")
    slug = models.SlugField(max_length=80)  # of the procedure
    actor = models.CharField(max_length=60)  # id of the actor in the procedure
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)  # core.model.ActorKind
    positions = models.ManyToManyField(Position, related_name="bindings", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "slug", "actor", "kind"], name="one_binding_an_actor_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.name}"


class CatalogueEntry(models.Model):
    """A line of the institution's list of SOPs. Without a published version it is only listed, not yet described."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="catalogue")
    slug = models.SlugField(max_length=80)  # of the procedure
    number = models.CharField(max_length=120, blank=True)  # as the list prints it
    name = models.CharField(max_length=250)  # as the list prints it
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="catalogue")
    place = models.PositiveIntegerField(default=0)  # in the list
    note = models.CharField(max_length=500, blank=True)  # what is odd about the line
    source = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "slug"], name="one_entry_a_procedure")]
        indexes = [models.Index(fields=["institution", "place"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class StartRule(models.Model):
    """How cases of a procedure begin, besides by the pages of a domain."""

    class By(models.TextChoices):
        PERSON = "person", _("Pegawai")
        CUSTOMER = "customer", _("Pelanggan")
        CALENDAR = "calendar", _("Kalender")
        PROCEDURE = "procedure", _("SOP lain")
        DOMAIN = "domain", _("Layanan khusus")

    class Every(models.TextChoices):
        WORKING_DAY = "working_day", _("Setiap hari kerja")
        WEEK = "week", _("Setiap minggu")
        MONTH = "month", _("Setiap bulan")
        QUARTER = "quarter", _("Setiap triwulan")
        SEMESTER = "semester", _("Setiap semester")
        YEAR = "year", _("Setiap tahun")

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="starts")
    by = models.CharField(max_length=10, choices=By.choices)
    at = models.CharField(max_length=40, blank=True)  # name of the entry of the procedure; empty: its first step
    every = models.CharField(max_length=12, choices=Every.choices, blank=True)  # of a calendar
    day = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # of the month, or of the week (Monday 1); first unless told
    month = models.PositiveSmallIntegerField(null=True, blank=True)  # of the year; January unless told
    after = models.SlugField(max_length=80, blank=True)  # procedure whose finished case starts one of this
    active = models.BooleanField(default=True)
    inferred = models.BooleanField(default=False)  # the document does not tell it

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_by_display()}"


class Revision(models.Model):
    """A procedure being written or changed, from the first draft to its approval. ``operations`` alone moves it on.

    ``content`` is the file format of procedures as JSON (``core.format``); it may be incomplete while it is a draft.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Disusun")
        CHECKING = "checking", _("Diperiksa")
        REVIEWING = "reviewing", _("Dikaji ulang")
        APPROVING = "approving", _("Menunggu pengesahan")
        APPROVED = "approved", _("Disahkan")
        DROPPED = "dropped", _("Dibatalkan")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="revisions")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=250, blank=True)  # of the content, for lists
    based_on = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    content: Any = OrderedDataField(default=dict)
    edit = models.PositiveIntegerField(
        default=0
    )  # the place of ``content`` among the edits; two windows are told by it
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    what = models.TextField(blank=True)  # what changes
    why = models.TextField(blank=True)
    source = models.CharField(max_length=250, blank=True)  # the document that it was read from
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    effective_from = models.DateTimeField(null=True, blank=True)  # wished by the author, fixed by the approval
    version = models.OneToOneField(
        ProcedureVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="revision"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "slug"],
                condition=~models.Q(state__in=["approved", "dropped"]),
                name="one_open_revision",
            )
        ]
        indexes = [models.Index(fields=["institution", "state", "-changed_at"])]

    def __str__(self) -> str:
        return f"{self.name or self.slug} ({self.get_state_display()})"


class RevisionEdit(models.Model):
    """The content of a revision after each save: what undo goes back to, and who wrote it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="edits")
    seq = models.PositiveIntegerField()
    content: Any = OrderedDataField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "seq"], name="one_edit_a_place")]


class RevisionAct(models.Model):
    """Who sent, checked, reviewed, returned or approved a revision: append-only, with the position of that moment."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="acts")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    code = models.CharField(
        max_length=20
    )  # opened, edited, sent, checked, reviewed, approved, returned, taken-back, dropped
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    letter = models.CharField(max_length=120, blank=True)
    comment = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)  # of the content that was acted upon

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "seq"], name="one_act_a_place")]


class ChangeRequest(models.Model):
    """A person who works by a procedure asks for a change: what, and why."""

    class State(models.TextChoices):
        OPEN = "open", _("Menunggu")
        TAKEN = "taken", _("Ditindaklanjuti")
        DECLINED = "declined", _("Ditolak")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="change_requests")
    slug = models.SlugField(max_length=80)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    step = models.CharField(max_length=40, blank=True)
    what = models.TextField()
    why = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    at = models.DateTimeField()
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")

    class Meta:
        indexes = [models.Index(fields=["institution", "slug", "-at"])]


class Reading(models.Model):
    """That a person has read a version and understood it."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="one_reading_a_person")]


class Appraisal(models.Model):
    """Monitoring (each half year) and evaluation (each year) of a version in use: PermenPAN-RB 35/2012."""

    class Kind(models.TextChoices):
        MONITORING = "monitoring", _("Monitoring")
        EVALUATION = "evaluation", _("Evaluasi")

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="appraisals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    period = models.CharField(max_length=10)  # "2026-1", "2026"
    answers = models.JSONField(default=dict)
    conclusion = models.TextField(blank=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "period"], name="one_appraisal_a_period"),
        ]


class SourceDocument(models.Model):
    """A document that was uploaded to be read: what was found in it, or why it is not read. ``importing`` alone writes it.

    ``found`` is a list of procedures in the order of the document: slug, number, name, counts, content (the file format)
    and, once it became one, the key of its revision.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="source_documents")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    refused = models.CharField(max_length=500, blank=True)
    found: Any = OrderedDataField(default=list)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "sha256"], name="one_reading_a_document"),
        ]
        indexes = [models.Index(fields=["institution", "-at"])]

    def __str__(self) -> str:
        return self.name
