"""What is typed into the screens of accounts, appointments, calendar and settings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sopan.core.workcalendar import FIRST_YEAR, LAST_YEAR
from sopan.people.models import Appointment, Institution, User


def _reason(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=250, widget=forms.Textarea(attrs={"rows": 2}))


class DayField(forms.DateField):
    """A date within the years that calendars know."""

    widget = forms.DateInput

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_YEAR < value.year < LAST_YEAR:
            raise forms.ValidationError(_("Periksa tahunnya."))


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Nama, surel, atau perusahaan"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Jenis"), required=False, choices=[("", _("Semua")), *User.Kind.choices])
    state = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[("", _("Semua")), ("active", _("Aktif")), ("inactive", _("Tidak aktif"))],
    )


class ReasonForm(forms.Form):
    reason = _reason(_("Alasan"))


class PersonForm(forms.Form):
    """Somebody who gets an account by invitation."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=150)
    email = forms.EmailField(label=_("Alamat surel"), max_length=254)


class MemberForm(PersonForm):
    phone = forms.CharField(label=_("Telepon"), max_length=30, required=False)


class StaffForm(PersonForm):
    title_before = forms.CharField(label=_("Gelar depan"), max_length=40, required=False)
    title_after = forms.CharField(label=_("Gelar belakang"), max_length=40, required=False)


class ProfileForm(forms.Form):
    """A person's own data. Staff do not have ``name``: it stands on documents and is changed with the account."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=150)
    phone = forms.CharField(label=_("Telepon"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Bahasa"), choices=settings.LANGUAGES)
    keyboard = forms.BooleanField(
        label=_("Pakai pintasan satu huruf"),
        required=False,
        help_text=_("Matikan bila Anda memakai suara atau bantuan lain untuk mengetik."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        initial = {key: getattr(person, key) for key in ("name", "phone", "language", "keyboard")}
        super().__init__(*args, initial=initial, **kwargs)
        if not person.is_customer:
            del self.fields["name"]


class AppointmentForm(forms.Form):
    """Days are typed; an appointment holds from local midnight of the first through the last day."""

    person = forms.ModelChoiceField(label=_("Pegawai"), queryset=User.objects.none())
    position = forms.ModelChoiceField(label=_("Jabatan"), queryset=None)
    kind = forms.ChoiceField(label=_("Sifat"), choices=Appointment.Kind.choices)
    first = DayField(label=_("Mulai"))
    last = DayField(
        label=_("Sampai dengan"),
        required=False,
        help_text=_("Hari terakhir. Wajib untuk Plh.; kosongkan bila belum ditentukan."),
    )
    letter = forms.CharField(
        label=_("Nomor surat penunjukan"), max_length=120, required=False, help_text=_("Wajib untuk Plt. dan Plh.")
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(institution.zone)
        staff = institution.people.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")
        self.fields["person"].queryset = staff
        self.fields["position"].queryset = institution.positions.order_by("name")

    def span(self) -> tuple[datetime, datetime | None]:
        """Beginning, and end (excluded) if there is one; only after the form was found valid."""
        last = self.cleaned_data["last"]
        return self._midnight(self.cleaned_data["first"]), self._midnight(last + timedelta(days=1)) if last else None

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)


class DayForm(forms.Form):
    """A day that a decree closes or opens."""

    date = DayField(label=_("Tanggal"))
    kind = forms.ChoiceField(label=_("Menjadi"), choices=[("closed", _("Hari libur")), ("opened", _("Hari kerja"))])
    name = forms.CharField(label=_("Keterangan"), max_length=150)
    source = forms.CharField(label=_("Dasar"), max_length=200, help_text=_("Nomor keputusan atau surat edaran."))


class SettingForm(forms.Form):
    value = forms.CharField(label=_("Nilai"), max_length=500)
    source = forms.CharField(label=_("Dasar"), max_length=500)
    verified = forms.BooleanField(label=_("Sudah dipastikan"), required=False)

    def __init__(self, *args: Any, held: dict[str, Any], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {key: held.get(key) for key in ("value", "source", "verified")})
        super().__init__(*args, **kwargs)
        if held.get("choices"):
            self.fields["value"] = forms.ChoiceField(
                label=_("Nilai"), choices=[(choice, choice) for choice in held["choices"]]
            )
