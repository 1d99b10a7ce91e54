"""What is typed into the registers of the laboratory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sopan.core.flow import Refusal
from sopan.people.models import User
from sopan.ui.fields import Select
from sopan.ui.source import of_body

from .forms import DATES
from .models import Equipment, EquipmentCheck, Laboratory
from .numbers import parse_number

KINDS = (
    ("anak-timbangan", _("Anak timbangan")),
    ("timbangan", _("Timbangan")),
    ("termometer", _("Termometer")),
    ("perekam-suhu", _("Perekam suhu dengan beberapa sensor")),
    ("standar-tekanan", _("Standar tekanan")),
    ("larutan-penyangga", _("Larutan penyangga pH")),
    ("termohigrometer", _("Termohigrometer")),
    ("barometer", _("Barometer")),
    ("lainnya", _("Lainnya")),
)


def _text(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **more)


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, input_formats=DATES, **more)


def _reason(label: Any, length: int = 500, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 2}), **more)


class EquipmentForm(forms.Form):
    """Identity of a piece of equipment."""

    code = _text(_("Kode peralatan"), 40)
    name = _text(_("Nama"), 150)
    laboratory = forms.TypedChoiceField(label=_("Laboratorium"), coerce=int, widget=Select)
    kind = forms.ChoiceField(label=_("Jenis"), choices=KINDS, help_text=_("Metode memilih standar menurut jenis ini."))
    role = forms.ChoiceField(label=_("Peran"), choices=Equipment.Role.choices)
    asset_number = _text(_("Nomor aset kantor"), 60, required=False)
    maker = _text(_("Pembuat"), 100, required=False)
    type = _text(_("Tipe"), 100, required=False)
    serial_number = _text(_("Nomor seri"), 100, required=False)
    location = _text(_("Lokasi"), 150, required=False)
    check_months = forms.IntegerField(
        label=_("Pemeriksaan antara setiap … bulan"), min_value=1, max_value=120, required=False
    )

    def __init__(
        self, *args: Any, laboratories: Sequence[Laboratory], known: Equipment | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["laboratory"].choices = [(one.pk, of_body(str(one))) for one in laboratories]
        if known is not None:
            del self.fields["code"], self.fields["laboratory"]


class StatusForm(forms.Form):
    """Whether it may be used."""

    status = forms.ChoiceField(label=_("Status"), choices=Equipment.Status.choices)
    since = _date(_("Sejak"))
    reason = _reason(_("Alasan"))


class CheckForm(forms.Form):
    """An intermediate check."""

    on = _date(_("Tanggal pemeriksaan"))
    outcome = forms.ChoiceField(label=_("Hasil"), choices=EquipmentCheck.Outcome.choices, widget=forms.RadioSelect)
    found = _text(_("Yang terbaca"), 200)
    limit = _text(_("Batas"), 200, required=False)
    note = _text(_("Catatan"), 500, required=False)


class CertificateForm(forms.Form):
    """The head of a certificate; its values are typed into a grid, see ``Values``."""

    number = _text(_("Nomor sertifikat"), 100)
    issuer = _text(_("Penerbit"), 200)
    traceability = _text(
        _("Ketertelusuran"), 300, help_text=_("Kepada SI melalui siapa: SNSU-BSN, nomor akreditasi, dan lain-lain.")
    )
    calibrated_on = _date(_("Tanggal kalibrasi"))
    valid_to = _date(_("Berlaku sampai"), help_text=_("Ditetapkan laboratorium."))
    file = forms.FileField(
        label=_("Berkas sertifikat"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("calibrated_on"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _t("Tanggal ini mendahului tanggal kalibrasi."))
        return data


class DigitalForm(forms.Form):
    """A digital certificate (DCC) of a standard: by itself or inside of a PDF. What it does not tell is typed."""

    file = forms.FileField(
        label=_("Sertifikat digital"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml,.pdf"}),
        help_text=_("DCC berupa XML, atau PDF yang memuatnya. Nomor, penerbit, tanggal, dan nilai dibaca dari berkas."),
    )
    traceability = _text(
        _("Ketertelusuran"), 300, help_text=_("Kepada SI melalui siapa: SNSU-BSN, nomor akreditasi, dan lain-lain.")
    )
    valid_to = _date(_("Berlaku sampai"), help_text=_("Ditetapkan laboratorium."))
    other_serial = forms.BooleanField(
        label=_("Nomor seri pada sertifikat memang ditulis lain"),
        required=False,
    )


VALUE_COLUMNS = {
    "from": _("Titik, atau dari"),
    "to": _("Sampai"),
    "unit": _("Satuan"),
    "correction": _("Koreksi"),
    "U": _("U"),
    "k": _("k"),
    "drift": _("Hanyutan ±"),
}
ROWS = 12
MOST_ROWS = 200
UNIT = re.compile(r"[A-Za-zµμΩ°⁰%][A-Za-z0-9µμΩ°%/·*^²³.-]{0,19}")


class Values:
    """The values of a certificate as typed: ``values`` with decimals as text, or ``errors`` by cell."""

    def __init__(self, post: QueryDict | None) -> None:
        columns = {name: post.getlist(f"v_{name}") if post else [] for name in VALUE_COLUMNS}
        count = max((len(texts) for texts in columns.values()), default=0)
        self.rows = [
            {
                name: (texts[at] if at < len(texts) else "").replace("\x00", "").strip()
                for name, texts in columns.items()
            }
            for at in range(min(count, MOST_ROWS))
        ]
        self.errors: dict[str, str] = {}
        self.values: list[dict[str, str]] = []
        for number, row in enumerate(self.rows, 1):
            if any(row.values()):
                self._read(number, row)
        if count > MOST_ROWS:
            self.errors["v_from-1"] = _t("Paling banyak %(count)s baris.") % {"count": MOST_ROWS}
        if post is not None and not self.values and not self.errors:
            self.errors["v_from-1"] = _t("Isi sekurangnya satu titik atau rentang.")

    def _read(self, number: int, row: dict[str, str]) -> None:
        told: dict[str, str] = {"unit": row["unit"]}
        given = {**row, "to": row["to"] or row["from"], "correction": row["correction"] or "0", "k": row["k"] or "2"}
        for name in ("from", "to", "correction", "U", "k", *(["drift"] if row["drift"] else [])):
            parsed = parse_number(given[name])
            if isinstance(parsed, Refusal):
                self.errors[f"v_{name}-{number}"] = parsed.message
            else:
                told[name] = f"{parsed.normalize():f}"
                low = {"U": parsed <= 0, "k": parsed < 1, "drift": parsed < 0}.get(name, False)
                if low:
                    self.errors[f"v_{name}-{number}"] = _t("Angka ini terlalu kecil.")
        if not row["unit"]:
            self.errors[f"v_unit-{number}"] = _t("Isi satuan.")
        elif not UNIT.fullmatch(row["unit"]):
            self.errors[f"v_unit-{number}"] = _t("Tulis satuan saja, misalnya g, °C, atau µL.")
        if not self.errors and float(told["to"]) < float(told["from"]):
            self.errors[f"v_to-{number}"] = _t("Ujung rentang tidak dapat di bawah awalnya.")
        self.values.append(told)

    @property
    def lines(self) -> list[list[dict[str, str]]]:
        """Cells for the page."""
        rows = [*self.rows, *([dict.fromkeys(VALUE_COLUMNS, "")] * (ROWS - len(self.rows)))]
        return [
            [
                {
                    "name": f"v_{name}", "id": f"v_{name}-{number}", "value": row[name], "error": self.errors.get(f"v_{name}-{number}", ""),
                    "label": _t("%(column)s, baris %(row)s") % {"column": label, "row": number},
                }
                for name, label in VALUE_COLUMNS.items()
            ]
            for number, row in enumerate(rows, 1)
        ]  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a certificate is no longer used."""

    reason = _reason(_("Alasan"))


class MethodForm(forms.Form):
    """A version of a method that is put in force."""

    text = forms.CharField(
        label=_("Isi metode"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "num", "lang": "id"}),
    )
    valid_from = _date(_("Berlaku sejak"))
    note = _text(_("Perubahan dan alasannya"), 500)


class EndForm(forms.Form):
    """The last day of something."""

    last_day = _date(_("Hari terakhir berlaku"))


class GrantForm(forms.Form):
    """That a person may measure by a method."""

    person = forms.TypedChoiceField(label=_("Analis"), coerce=int)
    method = forms.ChoiceField(label=_("Metode"), widget=Select)
    valid_from = _date(_("Berlaku sejak"))
    valid_to = _date(_("Berlaku sampai"), required=False)
    evidence = _text(_("Bukti kompetensi"), 300)

    def __init__(self, *args: Any, people: Sequence[User], methods: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(one.pk, one.full_name) for one in people]
        self.fields["method"].choices = methods


class RevokeForm(forms.Form):
    """Why a grant ends."""

    on = _date(_("Sejak"))
    reason = _text(_("Alasan"), 300)


class ScopeForm(forms.Form):
    """A line of the accredited scope."""

    method = forms.ChoiceField(label=_("Metode"), widget=Select)
    measurand = _text(_("Besaran atau alat"), 150)
    unit = _text(_("Satuan"), 20)
    lower = _text(_("Batas bawah"), 40)
    upper = _text(_("Batas atas"), 40)
    cmc = _text(_("CMC"), 200, help_text=_("Angka atau rumus dengan x sebagai titik ukur: 0,00005 + 0,000001*x."))
    accreditation = _text(_("Nomor akreditasi"), 60)
    valid_from = _date(_("Berlaku sejak"))
    valid_to = _date(_("Berlaku sampai"), required=False)

    def __init__(self, *args: Any, methods: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = methods

    def clean_lower(self) -> Any:
        return self._number("lower")

    def clean_upper(self) -> Any:
        return self._number("upper")

    def _number(self, name: str) -> Any:
        parsed = parse_number(self.cleaned_data[name])
        if isinstance(parsed, Refusal):
            raise ValidationError(parsed.message)
        return parsed


class ConsentForm(forms.Form):
    """To what the customer agreed, and what proves it."""

    what = forms.ChoiceField(
        label=_("Yang disetujui"),
        choices=[
            ("unaccredited", _("Hasil di luar lingkup akreditasi dilaporkan tanpa tanda akreditasi")),
            ("simplified", _("Laporan sederhana, tanpa ketidakpastian, untuk alat yang belum ada metodenya")),
        ],
        widget=forms.RadioSelect,
    )
    evidence = _text(_("Surat atau surel persetujuan"), 300, help_text=_("Nomor, tanggal, dan nama yang menyetujui."))
