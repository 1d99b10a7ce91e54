"""Number series, issued documents, their signatures and the keys they are signed with.

Only ``numbers`` and ``operations`` write these rows. Files are stored by their content (``files``) before a row
refers to them, so that a crash leaves at most a file that nothing points at.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.engine.models import Case
from sopan.people.models import Institution

PERSON = settings.AUTH_USER_MODEL


class NumberSeries(models.Model):
    """How numbers of one kind look, and when they begin again at 1. Tokens: see ``numbers``."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="number_series")
    key = models.SlugField(max_length=60)  # asked for by the code of a domain: "order", "report"
    pattern = models.CharField(max_length=120)  # "E-LHU {seq:4}/KAL/{roman_month}/{yyyy}"
    scope = models.CharField(max_length=60, blank=True, default="{yyyy}")  # a new count for each value; "" = never
    remark = models.CharField(max_length=250, blank=True)  # rule or decision that prescribes the pattern

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "key"], name="one_series_a_key")]

    def __str__(self) -> str:
        return f"{self.institution_id}/{self.key}"


class NumberCounter(models.Model):
    """The last value given in one scope. Its row lock is what makes allocations wait for each other."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="counters")
    scope = models.CharField(max_length=60, blank=True)
    began_after = models.PositiveIntegerField(default=0)  # numbers up to this one were given before Sopan
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "scope"], name="one_counter_a_scope")]


class Number(models.Model):
    """A number that was given, and what became of it. Rows are never deleted: every gap is explained."""

    class Status(models.TextChoices):
        RESERVED = "reserved", _("Dipesan")
        USED = "used", _("Dipakai")
        VOID = "void", _("Batal")

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="numbers")
    scope = models.CharField(max_length=60, blank=True)
    value = models.PositiveIntegerField()
    text = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=Status.choices)
    reason = models.CharField(max_length=250, blank=True)  # why it is void
    used_for = models.CharField(max_length=250)
    at = models.DateTimeField()
    by = models.CharField(max_length=220, blank=True)  # name, copied

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "scope", "value"], name="one_number_a_value"),
            models.UniqueConstraint(fields=["series", "text"], name="one_number_a_text"),
            models.CheckConstraint(name="a_void_number_has_a_reason", condition=~Q(status="void") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.text


def new_token() -> str:
    """The secret of a verification address: 24 characters, 144 random bits."""
    return secrets.token_urlsafe(18)


class IssuedDocument(models.Model):
    """A document with a number: rendered, signed, released, and perhaps replaced or revoked later."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Konsep")
        AWAITING = "awaiting_signature", _("Menunggu tanda tangan")
        SIGNED = "signed", _("Sudah ditandatangani")
        RELEASED = "released", _("Diterbitkan")
        REPLACED = "replaced", _("Diganti")
        REVOKED = "revoked", _("Dicabut")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="documents")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    kind = models.SlugField(max_length=60)  # "calibration_report"
    number = models.CharField(max_length=160)
    title = models.CharField(max_length=250)
    language = models.CharField(max_length=5, default="id")
    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    token = models.CharField(max_length=43, unique=True, default=new_token)
    facts = models.JSONField(default=list)  # [[label, text], …] for the public page, in the order shown
    unsigned = models.FileField(max_length=250, blank=True)
    unsigned_sha256 = models.CharField(max_length=64, blank=True)
    signed = models.FileField(max_length=250, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)
    revoked_by = models.CharField(max_length=220, blank=True)  # name, copied

    class Meta:
        indexes = [
            models.Index(fields=["institution", "number"]),
            models.Index(fields=["case", "kind"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "number", "version"], name="one_document_a_version"),
            models.CheckConstraint(
                name="a_public_document_is_signed",
                condition=~Q(status__in=["signed", "released"]) | ~Q(signed_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_public(self) -> bool:
        """Whether strangers with the token may know of it: once released, also when replaced or revoked later."""
        return self.released_at is not None


class Signature(models.Model):
    """The fact that somebody signed: name, position and letter are copied, as they were at that moment."""

    class Method(models.TextChoices):
        CERTIFICATE = "certificate", _("Sertifikat elektronik")
        GATEWAY = "gateway", _("Layanan tanda tangan")
        WET_INK = "wet_ink", _("Tanda tangan basah")
        CLICK = "click", _("Persetujuan dalam sistem")

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220)
    letter = models.CharField(max_length=120, blank=True)
    meaning = models.CharField(max_length=120)  # "Pengesahan"
    method = models.CharField(max_length=12, choices=Method.choices)
    at = models.DateTimeField()
    document_sha256 = models.CharField(max_length=64)  # of what was signed: the bytes that were previewed
    certificate_subject = models.CharField(max_length=300, blank=True)
    certificate_serial = models.CharField(max_length=64, blank=True)
    certificate_fingerprint = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"


class SigningKey(models.Model):
    """The PKCS#12 file of a person. Its passphrase is asked for at each act and is never kept."""

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="signing_keys")
    file = models.FileField(max_length=250)  # readable by the server alone, and of no use without the passphrase
    file_sha256 = models.CharField(max_length=64)
    subject = models.CharField(max_length=300)
    serial = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the certificate
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-not_before"])]

    def __str__(self) -> str:
        return self.subject
