"""Cases being executed. Only ``operations`` (with ``store``) writes these rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from sopan.catalogue.models import ActorBinding, ProcedureVersion, StartRule
from sopan.people.models import Company, Institution

PERSON = settings.AUTH_USER_MODEL


class Case(models.Model):
    """One execution of one procedure version. ``state`` is core.flow's state; the journal tells how it came about."""

    class Status(models.TextChoices):
        OPEN = "open", _("Berjalan")
        HELD = "held", _("Ditahan")
        FINISHED = "finished", _("Selesai")
        REJECTED = "rejected", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Dibatalkan")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="cases")
    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases")
    number = models.CharField(max_length=60, blank=True)  # shown everywhere; a domain may set its own
    title = models.CharField(max_length=250, blank=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    subject = models.CharField(max_length=200, blank=True)  # name of the customer or of what it is about
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    state = models.JSONField(default=dict)
    # The finished case of another procedure that this one goes on from.
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    tracking = models.CharField(max_length=32, unique=True)  # secret of the public tracking link
    start_key = models.CharField(max_length=64, unique=True, null=True, blank=True)  # one-time key of the form
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    journal_length = models.PositiveIntegerField(default=0)
    journal_head = models.CharField(max_length=64, default="")
    # What a search looks through, kept by the database: it reads one short text a case instead of three that it converts.
    # Of 512 characters at most, so that it fits a row of an index of PostgreSQL (2,704 bytes) in any script.
    sought = models.GeneratedField(
        expression=Lower(Concat("number", Value(" "), "title", Value(" "), "subject")),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["institution", "status", "-opened_at"]),
            # The list, as it is shown; a search in it reads nothing else of the cases that it passes by.
            models.Index(fields=["institution", "-opened_at", "-id", "procedure", "sought"], name="case_newest_sought"),
            models.Index(fields=["company", "-opened_at"]),
            models.Index(fields=["institution", "number"]),
        ]

    def __str__(self) -> str:
        return self.number or f"P-{self.pk:06d}"  # as a customer knows it before it has a number

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.OPEN, self.Status.HELD)


class Unblinding(models.Model):
    """Somebody who works blind was told whose case it is: the entry of the journal says why. Once a person and case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="unblindings")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "case"], name="told_once_a_person_and_case")]

    def __str__(self) -> str:
        return f"{self.case}: {self.name}"


class Task(models.Model):
    """One opening of one step for one actor. History rows copy the name and position of who acted."""

    class Status(models.TextChoices):
        OPEN = "open", _("Terbuka")
        DONE = "done", _("Selesai")
        CANCELLED = "cancelled", _("Dibatalkan")  # overtaken by a return or by the end of the case

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    binding = models.ForeignKey(ActorBinding, on_delete=models.PROTECT, related_name="+", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    step = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField(default=1)
    actor = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    assignee = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    completed_name = models.CharField(max_length=200, blank=True)
    completed_position = models.CharField(max_length=220, blank=True)
    answer = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    form_key = models.CharField(max_length=64, blank=True)  # one-time key of the form that completed it
    paused_minutes = models.PositiveIntegerField(default=0)  # working minutes on hold while it was open
    worked_minutes = models.PositiveIntegerField(null=True)  # working minutes from opening to completion, less those

    class Meta:
        indexes = [
            models.Index(fields=["case", "status"]),
            # The two inboxes, and the customer's, are read from an index in the order in which they are shown.
            models.Index(fields=["binding", "due_at", "id"], condition=Q(status="open"), name="task_open_binding"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(status="open"), name="task_open_assignee"),
            models.Index(fields=["company", "due_at", "id"], condition=Q(status="open"), name="task_open_company"),
        ]
        constraints = [
            # The last line of defence for "a step never opens twice".
            models.UniqueConstraint(
                fields=["case", "step", "actor"], condition=Q(status="open"), name="one_open_task_a_step_and_actor"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.step}"


class Pause(models.Model):
    """A stretch in which the clock of a case does not run: waiting for somebody outside, or on hold."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=250)


class JournalEntry(models.Model):
    """An act on a case: append-only, one hash chain a case, codes and data that are worded when shown."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="journal", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    data = models.JSONField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220, blank=True)
    letter = models.CharField(max_length=120, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_entry_a_place")]


class Seal(models.Model):
    """Merkle root over the heads of all chains of an institution: shows a cut tail or a removed case."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="seals")
    at = models.DateTimeField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)  # hash of the seal before
    hash = models.CharField(max_length=64)
    heads = models.JSONField()  # [[case id, length, head], …] in the order of the leaves: those that grew since
    upto = models.BigIntegerField(default=0)  # the newest journal entry that it saw


class Effect(models.Model):
    """The outbox: work for after the commit, done by the worker at least once."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Gagal")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="effects")
    key = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField()
    run_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_after", "id"], condition=Q(status="waiting"), name="effect_waiting"),
            models.Index(fields=["institution", "status", "-created_at"]),
        ]


class Schedule(models.Model):
    """When a regular job runs next. The row is the lock: of several workers one moves it on and runs the job."""

    key = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField()
    runs = models.PositiveIntegerField(default=0)


class CalendarMark(models.Model):
    """How far a rule of the calendar has been followed. The row is the lock: of several workers one moves it on."""

    rule = models.OneToOneField(StartRule, on_delete=models.CASCADE, related_name="mark")
    upto = models.DateTimeField()  # what was due up to then is dealt with
    period = models.CharField(max_length=12, blank=True)  # that was begun last
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")  # with which it was begun
    missed = models.JSONField(default=list)  # periods that passed while nothing ran, the latest ones
    problem = models.TextField(blank=True)  # why what is due could not begin yet


class Draft(models.Model):
    """What a person has typed into the form of a task and not yet finished."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="one_draft_a_task_and_person")]


class Comment(models.Model):
    """A note to colleagues (internal) or a message to and from the customer."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    text = models.TextField()
    internal = models.BooleanField(default=True)


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Stored under the hash of the content: what a person called the file is data, not a path."""
    return f"attachments/{attachment.case_id}/{attachment.sha256[:24]}"


class Attachment(models.Model):
    """A file of a case, for a requirement (Kelengkapan) or an output of a step."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="attachments")
    label = models.CharField(max_length=250)  # the requirement or output that it serves
    name = models.CharField(max_length=200)  # as the person called it
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=attachment_path, max_length=250)
    at = models.DateTimeField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    customer_may_see = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["case", "at"])]


class SavedView(models.Model):
    """Filters of the inbox under a name."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_view_a_name")]
