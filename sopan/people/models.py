"""Institutions, units, positions, the people who hold them from–to, and the companies of customers.

Positions act, not people: whether somebody may act is asked of the appointments at that moment (``queries``).
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Institution(models.Model):
    """A public body that works by procedures, with its own zone, calendar and settings."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    parent_name = models.CharField(max_length=200, blank=True)  # printed above the name in the letterhead
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    accreditation = models.CharField(max_length=60, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Jakarta")
    calendar = models.JSONField(default=dict)  # office hours, seasons, decrees: see ``calendars``
    calendar_revision = models.PositiveIntegerField(default=1)  # raised by each change of the calendar or a setting
    settings = models.JSONField(default=dict)  # billing_expiry_days, survey_gate, auto_close_days, day_kind …

    def __str__(self) -> str:
        return self.name

    def setting(self, key: str, default: object = None) -> object:
        """The value of a setting; settings are stored as ``{"value", "source", "verified"}`` or plain."""
        held = self.settings.get(key, default)
        return held["value"] if isinstance(held, dict) and "value" in held else held

    def date_at(self, moment: datetime) -> date:
        """The date at the institution, by its own zone."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


class Unit(models.Model):
    """A part of an institution; it may stand under another."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="units")
    code = models.SlugField()
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_unit_a_code")]

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A position (jabatan). Its name is what is printed and what history copies."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="positions")
    code = models.SlugField()
    name = models.CharField(max_length=200)
    signs = models.BooleanField(default=False)  # holders sign documents: a second factor is required
    manages_accounts = models.BooleanField(default=False)  # activates accounts, keeps appointments and settings
    drafts_procedures = models.BooleanField(default=False)  # writes and changes SOPs, keeps their bindings and starts
    reviews_procedures = models.BooleanField(default=False)  # checks and reviews them
    approves_procedures = models.BooleanField(default=False)  # puts them into force, withdraws them
    # Whose SOPs the three hold for: those of this unit and of the units under it; empty: all of the institution.
    procedures_of = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_position_a_code")]

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    """A customer. Several users may act for it."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="companies")
    name = models.CharField(max_length=200)
    npwp = models.CharField(max_length=16, blank=True)  # digits; 15 old ones are kept as typed
    address = models.TextField(blank=True)
    city = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["institution", "name"])]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account: staff of an institution, or acting for a company."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Pegawai")
        CUSTOMER = "customer", _("Pelanggan")

    class CompanyRole(models.TextChoices):
        OWNER = "owner", _("Pengelola akun")
        MEMBER = "member", _("Pengguna")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    title_before = models.CharField(max_length=40, blank=True)  # "Ir."
    title_after = models.CharField(max_length=40, blank=True)  # "M.T."
    phone = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="people")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    company_role = models.CharField(max_length=10, choices=CompanyRole.choices, blank=True)
    is_active = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="id")
    keyboard = models.BooleanField(default=True)  # single-letter keys can be switched off (WCAG 2.1.4)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_have_a_company",
                condition=Q(kind="staff", company__isnull=True) | Q(kind="customer", company__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its academic titles, as typed: "Ir. Hendra Kusuma, M.T."."""
        name = f"{self.title_before} {self.name}".strip()
        return f"{name}, {self.title_after}" if self.title_after else name

    @property
    def is_customer(self) -> bool:
        return self.kind == self.Kind.CUSTOMER

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2]).upper()


class Appointment(models.Model):
    """A person holds a position from–to: definitive, or as Plt. or Plh. by a letter."""

    class Kind(models.TextChoices):
        DEFINITIVE = "definitive", _("Definitif")
        PLT = "plt", "Plt."  # pelaksana tugas: the position is vacant
        PLH = "plh", "Plh."  # pelaksana harian: the holder is absent

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DEFINITIVE)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    letter = models.CharField(max_length=120, blank=True)  # number of the letter of appointment

    class Meta:
        indexes = [models.Index(fields=["person", "position", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.title}"

    @property
    def title(self) -> str:
        """The position as it is shown and copied into history: "Plh. Kepala Balai"."""
        return (
            self.position.name
            if self.kind == self.Kind.DEFINITIVE
            else f"{self.get_kind_display()} {self.position.name}"
        )


class PeopleEvent(models.Model):
    """Something that happened to accounts, appointments, the calendar or settings: append-only, worded when shown.

    ``institution`` is empty only for a failed log-in to an address that nobody has.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="people_events")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # who did it
    by_name = models.CharField(max_length=200, blank=True)
    by_position = models.CharField(max_length=220, blank=True)

    class Meta:
        indexes = [models.Index(fields=["institution", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Write the row once. Raises TypeError for a row that exists: what happened does not change."""
        if not self._state.adding:
            raise TypeError("events of people are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("events of people are append-only")
