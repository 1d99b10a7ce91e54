"""Published procedure versions and who stands behind their actors."""

from __future__ import annotations

from django.db import models

from sopan.people.models import Institution, Position


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
    """The positions of an institution that stand behind an actor of a procedure; none for customers and outsiders.

    A task queue is a binding: the inbox of a person is the tasks of the bindings of the positions that he holds now.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="bindings")
    slug = models.SlugField(max_length=80)  # of the procedure
    actor = models.CharField(max_length=60)  # id of the actor in the procedure
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)  # core.model.ActorKind
    positions = models.ManyToManyField(Position, related_name="bindings", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "slug", "actor"], name="one_binding_an_actor")]

    def __str__(self) -> str:
        return f"{self.slug}: {self.name}"
