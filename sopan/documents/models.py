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
    unsigned = models.FileField(max_length=250, blank=True)  # what lies before its (next) signer
    unsigned_sha256 = models.CharField(max_length=64, blank=True)
    authorisation = models.BooleanField(default=False)  # somebody else authorises by a signature of his own first
    authorised_at = models.DateTimeField(null=True, blank=True)
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

    @property
    def awaits(self) -> str:
        """The role of the signature that it waits for; "" while it waits for none."""
        if self.status != self.Status.AWAITING:
            return ""
        missing = self.authorisation and self.authorised_at is None
        return (Signature.Role.AUTHORISES if missing else Signature.Role.SIGNS).value


class Signature(models.Model):
    """The fact that somebody signed: name, position and letter are copied, as they were at that moment."""

    class Method(models.TextChoices):
        CERTIFICATE = "certificate", _("Sertifikat elektronik")
        GATEWAY = "gateway", _("Layanan tanda tangan")
        WET_INK = "wet_ink", _("Tanda tangan basah")
        CLICK = "click", _("Persetujuan dalam sistem")

    class Role(models.TextChoices):
        AUTHORISES = "authorises", _("Mengesahkan hasil")
        SIGNS = "signs", _("Menandatangani")

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=220)
    letter = models.CharField(max_length=120, blank=True)
    meaning = models.CharField(max_length=120)  # "Pengesahan"
    method = models.CharField(max_length=12, choices=Method.choices)
    at = models.DateTimeField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.SIGNS)
    document_sha256 = models.CharField(max_length=64)  # of what was signed: the bytes that were previewed
    result_sha256 = models.CharField(max_length=64, blank=True)  # of the file that came out of it
    level = models.CharField(max_length=6, blank=True)  # of PAdES: B-B, B-T, B-LT, B-LTA; none on paper
    timestamp_at = models.DateTimeField(null=True, blank=True)  # by the authority, not by our clock
    timestamp_by = models.CharField(max_length=200, blank=True)
    scan = models.ForeignKey("InkScan", on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    certificate_subject = models.CharField(max_length=300, blank=True)
    certificate_serial = models.CharField(max_length=64, blank=True)
    certificate_fingerprint = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"

    @property
    def is_electronic(self) -> bool:
        """Whether the file itself carries it."""
        return self.method in (self.Method.CERTIFICATE, self.Method.GATEWAY)


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
    chain = models.TextField(blank=True)  # the certificate and those above it (PEM): public, to judge it unopened

    class Meta:
        indexes = [models.Index(fields=["person", "-not_before"])]

    def __str__(self) -> str:
        return self.subject


class KeyReminder(models.Model):
    """That somebody was told that a certificate runs out in so many days; told once."""

    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "days"], name="one_reminder_a_term")]


class SignerProfile(models.Model):
    """How a person signs, where it is not as his institution does, and who he is to the signing service."""

    class Method(models.TextChoices):
        PKCS12 = "pkcs12", _("Berkas sertifikat (.p12)")
        BSRE_V1 = "bsre_v1", _("BSrE Esign v1")
        BSRE_V2 = "bsre_v2", _("BSrE Esign v2")

    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="signer_profile")
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)  # "": as the institution does
    nik_sealed = models.TextField(blank=True)  # the number of his identity card, encrypted
    changed_at = models.DateTimeField()


class SigningAttempt(models.Model):
    """A request to a signing service, kept before it is sent: whether it was answered must not decide whether it
    happened. At most one of a document is open."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Sedang berjalan")
        SIGNED = "signed", _("Sudah ditandatangani")
        REFUSED = "refused", _("Ditolak")
        UNCLEAR = "unclear", _("Hasilnya belum diketahui")
        GIVEN_UP = "given_up", _("Dianggap tidak terjadi")

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="signing_attempts")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10)
    document_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    service_id = models.CharField(max_length=100, blank=True)  # by which the service hands the file out once more
    code = models.CharField(max_length=40, blank=True)  # of the refusal

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "document_sha256"],
                condition=Q(outcome__in=["running", "unclear"]),
                name="one_open_attempt_a_document",
            )
        ]


class ReadMark(models.Model):
    """That a person was shown exactly these bytes of a document before he signed them."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="read_marks")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "person", "sha256"], name="one_mark_a_reading")]


class SigningBatch(models.Model):
    """One press of the button that signs several documents, and what became of each: never the passphrase."""

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="signing_batches")
    form_key = models.CharField(max_length=40)  # the same form sent again shows this batch and signs nothing
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcomes = models.JSONField(default=list)  # [{document, number, code, message}, …] in the order of signing

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form_key"], name="one_batch_a_form")]


class InkScan(models.Model):
    """The scan of a print that was signed by hand. Somebody uploads it; the signer himself confirms it, or does not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu konfirmasi penanda tangan")
        CONFIRMED = "confirmed", _("Dikonfirmasi penanda tangan")
        REJECTED = "rejected", _("Ditolak penanda tangan")
        OUTDATED = "outdated", _("Dokumennya sudah dicetak ulang")

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="scans")
    file = models.FileField(max_length=250)
    sha256 = models.CharField(max_length=64)
    of_sha256 = models.CharField(max_length=64)  # of the bytes that were printed
    signed_on = models.DateField()  # as written on the paper
    uploaded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # of who uploaded it, copied
    position = models.CharField(max_length=220)
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True)  # why it was rejected

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="waiting"), name="one_waiting_scan_a_document"
            )
        ]
