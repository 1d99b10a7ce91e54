"""Forms of the treasurer and of who keeps prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sopan.people.models import Company, Institution
from sopan.ui import formats
from sopan.ui.fields import Select
from sopan.ui.source import translated

from .. import rules
from ..models import Order, ReconciliationRow, Revenue, TariffLine


class DecimalInput(forms.DecimalField):
    """An amount of rupiah as people write it: 1.250.000 or 1250000, with or without "Rp"."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            bare = value.replace("Rp", "").strip()
            found = rules.parse_number(bare)
            value = bare if found is None else found
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return formats.number(rules.plain(value)) if isinstance(value, Decimal) else value


def rupiah(label: Any, **more: Any) -> DecimalInput:
    given = {"max_digits": 15, "decimal_places": 2, "min_value": 0, **more}
    return DecimalInput(label=label, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **given)


class ContractForm(forms.Form):
    company = forms.ModelChoiceField(label=_("Perusahaan"), queryset=Company.objects.none())
    number = forms.CharField(label=_("Nomor perjanjian"), max_length=120)
    basis = forms.CharField(
        label=_("Dasar"), max_length=500, help_text=_("Peraturan yang membolehkan ketentuan ini, dan naskahnya.")
    )
    policy = forms.ChoiceField(label=_("Waktu pembayaran"), choices=Order.Payment.choices)
    first = forms.DateField(label=_("Berlaku sejak"))
    last = forms.DateField(label=_("Berlaku sampai"))

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = Company.objects.filter(institution=institution).order_by("name")  # type: ignore[attr-defined]
        self.fields["policy"].initial = Order.Payment.PER_CONTRACT


class ContractPriceForm(forms.Form):
    code = forms.ChoiceField(label=_("Baris tarif"))
    amount = rupiah(_("Harga yang disepakati"))

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = TariffLine.objects.filter(institution=institution).order_by("description", "-valid_from")
        self.fields["code"].choices = list({line.code: line.description for line in lines}.items())  # type: ignore[attr-defined]


class ContractEndForm(forms.Form):
    last = forms.DateField(label=_("Hari terakhir"))


class NumberField(forms.CharField):
    """A quantity as people write it, 2.500 or 10,5; None where it is empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = rules.parse_number(text)
        if found is None:
            raise forms.ValidationError(_("Tulis angka saja, misalnya 2.500 atau 10,5."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return formats.number(rules.plain(value)) if isinstance(value, Decimal) else value


class TariffLineForm(forms.Form):
    code = forms.SlugField(label=_("Kode"), max_length=60, help_text=_("Tetap sama pada semua versi baris ini."))
    group = forms.CharField(label=_("Kelompok"), max_length=120)
    description = forms.CharField(label=_("Uraian"), max_length=250)
    kind = forms.SlugField(label=_("Kode jenis alat"), max_length=60, required=False)
    kind_name = forms.CharField(label=_("Jenis alat"), max_length=120, required=False)
    measure = forms.CharField(
        label=_("Besaran yang menentukan"), max_length=80, required=False, help_text=_("Misalnya: Kapasitas.")
    )
    unit = forms.CharField(label=_("Satuan besaran"), max_length=20, required=False)
    lower = NumberField(label=_("Batas bawah"), max_length=40, required=False)
    lower_open = forms.BooleanField(label=_("Batas bawah sendiri tidak termasuk"), required=False)
    upper = NumberField(label=_("Batas atas"), max_length=40, required=False)
    upper_open = forms.BooleanField(label=_("Batas atas sendiri tidak termasuk"), required=False)
    per = forms.CharField(label=_("Per"), max_length=40, help_text=_("Misalnya: alat, contoh, parameter, orang."))
    amount = rupiah(_("Tarif"))
    revenue = forms.ChoiceField(label=_("Penerimaan"), choices=Revenue.choices)
    legal_basis = forms.CharField(label=_("Dasar hukum"), max_length=250)
    source = forms.CharField(label=_("Sumber"), max_length=250, required=False)
    valid_from = forms.DateField(label=_("Berlaku sejak"))
    valid_to = forms.DateField(label=_("Berlaku sampai"), required=False)
    note = forms.CharField(label=_("Keterangan"), max_length=250, required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The line as its operations want it."""
        return self.cleaned_data


class LevyLineForm(forms.Form):
    """A line of the regional levy. It is not matched with instruments: who assesses it names it."""

    code = forms.SlugField(label=_("Kode"), max_length=60, help_text=_("Tetap sama pada semua versi baris ini."))
    group = forms.CharField(label=_("Kelompok"), max_length=120)
    description = forms.CharField(label=_("Uraian"), max_length=250)
    per = forms.CharField(label=_("Per"), max_length=40, help_text=_("Misalnya: alat, contoh, parameter, orang."))
    amount = rupiah(_("Tarif"))
    legal_basis = forms.CharField(
        label=_("Dasar hukum"),
        max_length=250,
        help_text=_("Peraturan daerah atau peraturan gubernur, dengan pasalnya."),
    )
    source = forms.CharField(label=_("Sumber"), max_length=250, required=False)
    valid_from = forms.DateField(label=_("Berlaku sejak"))
    valid_to = forms.DateField(label=_("Berlaku sampai"), required=False)
    note = forms.CharField(label=_("Keterangan"), max_length=250, required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The line as its operations want it: a levy is never a line that instruments are matched with by kind."""
        bare = {"kind": "", "kind_name": "", "measure": "", "unit": "", "lower": None, "upper": None}
        return {**bare, "lower_open": False, "upper_open": False, **self.cleaned_data, "revenue": Revenue.REGION}


class LevyEndForm(forms.Form):
    last_day = forms.DateField(label=_("Hari terakhir berlaku"))


class VerifyForm(forms.Form):
    compared_with = forms.CharField(
        label=_("Dibandingkan dengan"), max_length=250, help_text=_("Naskah peraturan, halaman atau lampirannya.")
    )


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas Excel"),
        allow_empty_file=True,
        max_length=2_000,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class LookUpForm(forms.Form):
    """Which tariff an instrument has: answered without a log-in."""

    jenis = forms.ChoiceField(label=_("Jenis alat"), widget=Select)
    ukuran = forms.CharField(label=_("Ukuran"), max_length=40, required=False)
    satuan = forms.CharField(label=_("Satuan"), max_length=20, required=False)

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jenis"].choices = [(kind.key, translated(kind.name)) for kind in kinds]  # type: ignore[attr-defined]


class ReconcileForm(forms.Form):
    file = forms.FileField(
        label=_("Daftar dari bank atau SIMPONI"),
        allow_empty_file=True,
        max_length=2_000,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    first = forms.DateField(label=_("Dari tanggal"))
    last = forms.DateField(label=_("Sampai tanggal"))


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[pair for pair in ReconciliationRow.Decision.choices if pair[0]])
    reason = forms.CharField(max_length=500)
