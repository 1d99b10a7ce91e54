"""What people of the testing body fill in."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.domains.laboratory.forms import AskedForm
from sopan.domains.orders.forms import PHONE
from sopan.domains.orders.models import Order
from sopan.domains.orders.money.forms import rupiah
from sopan.people.models import Company, Institution, User
from sopan.people.operations import npwp_digits
from sopan.ui.fields import Select

from . import queries
from .models import Commodity, Correction, Parameter, Reading, Request, Sample, Worksheet
from .operations.correcting import LETTER, Changed, correctable
from .operations.sampling import RULES
from .operations.worksheet import SHEET, Key, Typed, field_of

MOST_SAMPLES = 4  # rows of the form; what is more is sampled under a letter of its own


def text(label: Any, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **more)


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, **more)


class RequestForm(forms.Form):
    """What the letter of the company says."""

    applicant = text(gettext_lazy("Perusahaan pemohon"), 200)
    address = text(gettext_lazy("Alamat pemohon"), 300)
    letter_number = text(gettext_lazy("Nomor surat permohonan (SPPC)"), 100)
    letter_date = day(gettext_lazy("Tanggal surat"))
    commodity = forms.ModelChoiceField(label=gettext_lazy("Komoditi"), queryset=Commodity.objects.none())
    warehouse = text(gettext_lazy("Alamat gudang"), 300)
    lot = text(gettext_lazy("Lot menurut pemohon"), 150, required=False)
    quantity = text(gettext_lazy("Jumlah menurut pemohon"), 100, required=False)
    destination = text(gettext_lazy("Tujuan"), 150, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Bahasa dokumen"), choices=Order.Language.choices)
    decision_rule = forms.ChoiceField(
        label=gettext_lazy("Aturan keputusan"),
        choices=[choice for choice in Order.DecisionRule.choices if choice[0] in RULES],
        help_text=gettext_lazy("Cara menyatakan apakah lot memenuhi standarnya, disepakati sebelum pengujian."),
    )
    guard_fraction = forms.DecimalField(
        label=gettext_lazy("Bagian ketidakpastian r"), required=False, localize=True, min_value=0, max_value=2,
        max_digits=4, decimal_places=2,
    )  # fmt: skip

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commodity"].queryset = Commodity.objects.filter(institution=institution)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision_rule") not in (None, Order.DecisionRule.FRACTION):  # what was typed for another rule
            self.errors.pop("guard_fraction", None)
            data["guard_fraction"] = None
        return data


class CounterForm(AskedForm):
    """Which company came: one that is known, or one that is recorded now."""

    company = forms.ModelChoiceField(
        Company.objects.none(), label=gettext_lazy("Perusahaan yang sudah tercatat"), required=False, widget=Select,
        empty_label=gettext_lazy("— perusahaan baru —"),
    )  # fmt: skip
    name = text(gettext_lazy("Nama perusahaan"), 200, required=False)
    npwp = text(gettext_lazy("NPWP"), 30, required=False, help_text=gettext_lazy("15 atau 16 angka, jika ada."))
    address = text(gettext_lazy("Alamat"), 300, required=False)
    city = text(gettext_lazy("Kota atau kabupaten"), 100, required=False)
    phone = text(gettext_lazy("Telepon"), 30, required=False, validators=[PHONE])
    NEW = ("name", "npwp", "address", "city", "phone")
    asked = NEEDED = ("name", "address", "city")  # of a new company

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Company.objects.filter(institution=institution).order_by("name", "pk")
        self.fields["company"].queryset = known  # type: ignore[attr-defined]

    @property
    def new(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NEW]

    def clean_npwp(self) -> str:
        typed = str(self.cleaned_data["npwp"])
        if typed.strip() and len(npwp_digits(typed)) not in (15, 16):
            raise forms.ValidationError(_("NPWP terdiri atas 15 atau 16 angka."))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = [name for name in self.NEW if data.get(name)]
        if data.get("company") is not None and told:
            self.add_error(
                "company", _("Pilih perusahaan yang sudah tercatat, atau isi perusahaan baru, tidak keduanya.")
            )
        if data.get("company") is None and "company" not in self.errors:
            for name in self.NEEDED:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Isi, atau pilih perusahaan yang sudah tercatat."))
        return data

    @property
    def whose(self) -> Company | dict[str, str]:
        """The company that was chosen, or what is told of a new one."""
        chosen: Company | None = self.cleaned_data["company"]
        return chosen if chosen is not None else {name: str(self.cleaned_data[name] or "") for name in self.NEW}


class AssignForm(forms.Form):
    """Who takes the samples, and when."""

    officer = forms.ModelChoiceField(label=gettext_lazy("Petugas pengambil contoh"), queryset=User.objects.none())
    planned_on = day(gettext_lazy("Tanggal pengambilan contoh"))

    def __init__(self, *args: Any, officers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [person.pk for person in officers]
        self.fields["officer"].queryset = User.objects.filter(pk__in=keys).order_by("name")  # type: ignore[attr-defined]


class SamplesForm(AskedForm):
    """Rows of samples: what is told of each. The first row is asked for, the others are there if they are needed."""

    each: Mapping[str, tuple[Any, int]] = {}  # name -> label with the number of the sample, most letters
    optional: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in range(1, MOST_SAMPLES + 1):
            for name, (label, most) in self.each.items():
                self.fields[f"{name}_{line}"] = text(label % {"line": line}, most, required=False)
        self.asked = [f"{name}_1" for name in self.each if name not in self.optional]
        self._ask(True)

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields]

    @property
    def lines(self) -> list[tuple[list[forms.BoundField], bool]]:
        """The inputs of each sample, and whether something was typed there."""
        rows = [[self[f"{name}_{line}"] for name in self.each] for line in range(1, MOST_SAMPLES + 1)]
        return [(row, any(one.value() or one.errors for one in row)) for row in rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in range(1, MOST_SAMPLES + 1):
            one = _line(data, line)
            if any(one.values()):
                for name in (name for name, value in one.items() if not value and name not in self.optional):
                    self.add_error(f"{name}_{line}", _("Lengkapi keterangan contoh ini."))
        return data


class SampleForm(SamplesForm):
    """What was done at the warehouse, and the samples that came of it."""

    place = text(gettext_lazy("Tempat pengambilan contoh"), 300)
    begun_at = forms.DateTimeField(label=gettext_lazy("Mulai"))
    ended_at = forms.DateTimeField(label=gettext_lazy("Selesai"))
    method = text(gettext_lazy("Metode pengambilan contoh"), 250)
    lot_size = text(gettext_lazy("Besar lot di tempat"), 100)
    increments = forms.IntegerField(label=gettext_lazy("Jumlah titik atau karung"), min_value=1, max_value=1_000_000)
    conditions = text(gettext_lazy("Keadaan tempat"), 300)
    deviation = text(
        gettext_lazy("Penyimpangan dari metode"),
        500,
        required=False,
        help_text=gettext_lazy("Kosong berarti tidak ada."),
    )
    witness = text(gettext_lazy("Saksi dari pemohon"), 150)
    each = {
        "lot": (gettext_lazy("Contoh %(line)s: lot"), 150),
        "quantity": (gettext_lazy("Contoh %(line)s: jumlah"), 100),
        "seal": (gettext_lazy("Contoh %(line)s: nomor segel"), 100),
    }


class BringForm(SamplesForm, RequestForm):
    """The letter of a company that brought its samples itself, and each sample as it was received."""

    warehouse = None  # nobody goes there
    received_at = forms.DateTimeField(label=gettext_lazy("Waktu contoh diterima"))
    each = {
        "lot": (gettext_lazy("Contoh %(line)s: lot menurut pemohon"), 150),
        "quantity": (gettext_lazy("Contoh %(line)s: jumlah"), 100),
        "seal": (gettext_lazy("Contoh %(line)s: nomor segel, jika ada"), 100),
        "condition": (gettext_lazy("Contoh %(line)s: kondisi saat diterima"), 250),
    }
    optional = ("seal",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision_rule"].help_text = _(
            "Cara menyatakan apakah contoh memenuhi standarnya, disepakati sebelum pengujian."
        )


class CorrectForm(forms.Form):
    """What was booked in, to be corrected, with the reason. A part that is not this person's is not asked."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("Alasan perbaikan"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Nilai lama tetap disimpan bersama alasan ini."),
    )

    def __init__(
        self, *args: Any, request: Request | None = None, samples: Sequence[Sample] = (), seen: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.samples = request, samples
        self.initial["seen"] = seen
        for name in LETTER if request is not None else ():
            if name == "warehouse" and request is not None and not request.warehouse:
                continue  # the company brought them
            self.fields[name] = copy.deepcopy(RequestForm.base_fields[name])
            self.initial[name] = getattr(request, name)
        for one in samples:
            for name in correctable(one):
                self.fields[f"{name}_{one.pk}"] = _booked(one, name)
                self.initial[f"{name}_{one.pk}"] = getattr(one, name)
        self.order_fields([name for name in self.fields if name != "reason"])

    @property
    def letter(self) -> list[forms.BoundField]:
        return [self[name] for name in LETTER if name in self.fields]

    @property
    def lines(self) -> list[tuple[Sample, list[forms.BoundField]]]:
        return [(one, [self[f"{name}_{one.pk}"] for name in correctable(one)]) for one in self.samples]

    @property
    def changed(self) -> Changed:
        """What was typed, once it is valid."""
        data = self.cleaned_data
        letter = {name: data[name] for name in LETTER if name in data}
        samples = {one.pk: {name: data[f"{name}_{one.pk}"] for name in correctable(one)} for one in self.samples}
        return Changed(letter, samples, data["reason"], data["seen"] or 0)

    def merge(self, since: Sequence[Correction]) -> None:
        """Take over what others corrected while this was typed; where both changed the same, both are shown."""
        self.data = self.data.copy()
        for one in since:
            name = one.what if one.sample_id is None else f"{one.what}_{one.sample_id}"
            if name not in self.fields:
                continue
            if str(self.data.get(name, "")).strip().replace("T", " ") == one.old:
                self.data[name] = one.new
            else:
                told = _("%(name)s mengubahnya menjadi “%(new)s” sementara Anda mengisi.")
                self.add_error(name, told % {"name": one.person_name, "new": one.new or "–"})
        self.data["seen"] = str(since[-1].pk if since else 0)


def _booked(one: Sample, name: str) -> forms.Field:
    """The field for something that was booked of a sample."""
    label = _("%(sample)s: %(what)s") % {"sample": one, "what": Correction.What(name).label}
    if name == "received_at":
        return forms.DateTimeField(label=label)
    most = Sample._meta.get_field(name).max_length
    assert most is not None
    return text(label, most, required=name != "seal" or one.origin == Sample.Origin.US)


def _line(data: Mapping[str, Any], line: int) -> dict[str, str]:
    """What was told of one sample; what was wrong in itself is not in ``data``."""
    names = [name for name in ("lot", "quantity", "seal", "condition") if f"{name}_{line}" in data]
    return {name: str(data[f"{name}_{line}"] or "") for name in names}


def taken(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The samples that were typed."""
    found = (_line(data, line) for line in range(1, MOST_SAMPLES + 1))
    return [one for one in found if any(one.values())]


class ReceiveForm(forms.Form):
    """The condition of each sample as received."""

    def __init__(self, *args: Any, samples: Sequence[Sample], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in samples:
            label = _("Kondisi contoh %(lot)s, segel %(seal)s") % {"lot": one.lot, "seal": one.seal or "–"}
            self.fields[f"condition_{one.pk}"] = text(label, 250)


def conditions(data: Mapping[str, Any]) -> dict[int, str]:
    """Sample -> its condition as received."""
    return {int(name.split("_")[1]): str(text) for name, text in data.items() if name.startswith("condition_")}


# The worksheet ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """One parameter of one sample on the worksheet: its inputs, repetition by repetition."""

    parameter: Parameter
    repetitions: list[list[forms.BoundField]]
    external: forms.BoundField | None


class WorksheetForm(AskedForm):
    """The readings of all samples of a case. Texts: what was typed is kept as typed, and judged when it is handed in."""

    tested_from = day(gettext_lazy("Mulai diuji"))
    tested_to = day(gettext_lazy("Selesai diuji"))
    place = text(gettext_lazy("Tempat pengujian"), 200)
    temperature = text(gettext_lazy("Suhu ruang (°C)"), 60, help_text=gettext_lazy("Contoh: 25,0 ± 1,0"))
    humidity = text(gettext_lazy("Kelembapan relatif (%)"), 60)
    equipment = text(gettext_lazy("Peralatan"), 500, help_text=gettext_lazy("Nama dan kode setiap alat yang dipakai."))
    deviation = text(
        gettext_lazy("Penyimpangan dari metode"),
        500,
        required=False,
        help_text=gettext_lazy("Kosong berarti tidak ada."),
    )

    def __init__(
        self, *args: Any, samples: Sequence[Sample], sheet: Worksheet | None, held: Mapping[Key, Reading], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.samples, self.sheet, self.held = samples, sheet, held
        self.parameters = queries.parameters_of(samples[0].request.commodity) if samples else []
        for key, told in self._asked():
            self.fields[field_of(key)] = text(told, 100, required=False)
            if key in held:
                self.initial.setdefault(field_of(key), held[key].text)
        for one, parameter in self._external():
            label = _("Nomor laporan %(name)s") % {"name": parameter.subcontracted_to}
            self.fields[f"external_{one.pk}_{parameter.pk}"] = text(label, 150, required=False)
        self.asked = [name for name in self.fields if name.startswith(("r_", "external_"))]  # judged when handed in
        self._ask(True)
        if held:
            self.fields["correction_reason"] = text(
                _("Alasan mengubah bacaan"), 500, required=False, help_text=_("Bacaan lama tetap disimpan.")
            )
        if sheet is not None:
            self.initial = {name: getattr(sheet, name) for name in SHEET} | self.initial
            for row in queries.determinations_of(sheet):
                self.initial.setdefault(f"external_{row.sample_id}_{row.parameter_id}", row.external_report)

    def _asked(self) -> Iterator[tuple[Key, str]]:
        for one in self.samples:
            for parameter in self.parameters:
                repetitions = queries.repetitions_asked(parameter)
                for repetition in repetitions:
                    again = f", {_('ulangan')} {repetition}" if len(repetitions) > 1 else ""
                    for asked in queries.readings_asked(parameter):
                        unit = f" ({asked['unit']})" if asked.get("unit") else ""
                        yield (one.pk, parameter.pk, repetition, asked["name"]), f"{asked['label']}{unit}{again}"

    def _external(self) -> Iterator[tuple[Sample, Parameter]]:
        for one in self.samples:
            yield from ((one, parameter) for parameter in self.parameters if parameter.subcontracted_to)

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in SHEET]

    @property
    def reason(self) -> forms.BoundField | None:
        return self["correction_reason"] if "correction_reason" in self.fields else None

    @property
    def blocks(self) -> list[tuple[Sample, list[Block]]]:
        """Sample by sample, parameter by parameter."""
        return [(one, [self._block(one, parameter) for parameter in self.parameters]) for one in self.samples]

    def _block(self, one: Sample, parameter: Parameter) -> Block:
        asked = queries.readings_asked(parameter)
        rows = [
            [self[field_of((one.pk, parameter.pk, repetition, reading["name"]))] for reading in asked]
            for repetition in queries.repetitions_asked(parameter)
        ]
        name = f"external_{one.pk}_{parameter.pk}"
        return Block(parameter, rows, self[name] if name in self.fields else None)


def typed(data: Mapping[str, Any]) -> Typed:
    """A worksheet as it was typed, from the cleaned form."""
    readings: dict[Key, str] = {}
    external: dict[tuple[int, int], str] = {}
    for name, value in data.items():
        head, *rest = name.split("_", 4)
        if head == "r" and len(rest) == 4:
            readings[int(rest[0]), int(rest[1]), int(rest[2]), rest[3]] = str(value or "")
        elif head == "external" and len(rest) == 2:
            external[int(rest[0]), int(rest[1])] = str(value or "")
    return Typed({name: data.get(name) for name in SHEET}, readings, external, str(data.get("correction_reason") or ""))


# Papers and money ---------------------------------------------------------------------------------------------------------


class SignForm(AskedForm):
    """The passphrase passes through memory alone; ``shown`` is the hash of the bytes that were read."""

    asked = ("passphrase",)
    secret_fields = ("passphrase", "shown")  # never part of a draft
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class LevyForm(forms.Form):
    """What is owed (SKRD), and the receipt if it was paid."""

    number = text(gettext_lazy("Nomor SKRD"), 40)
    amount = rupiah(gettext_lazy("Jumlah retribusi (Rp)"))
    basis = text(
        gettext_lazy("Dasar hukum"), 250, help_text=gettext_lazy("Peraturan daerah yang menetapkan retribusi.")
    )


class PaidForm(forms.Form):
    """The receipt of a levy."""

    receipt = text(gettext_lazy("Nomor kuitansi"), 40, required=False)
    paid_at = forms.DateTimeField(label=gettext_lazy("Waktu pembayaran"), required=False)


class ReceiptForm(LevyForm, PaidForm):
    """Both in one step; the receipt may come later where the policy lets it."""

    field_order = ("number", "amount", "basis", "receipt", "paid_at")


class HandoverForm(PaidForm):
    """Who receives the papers; with the receipt, where the levy was not paid yet."""

    receiver = text(gettext_lazy("Nama penerima"), 150)
    field_order = ("receiver", "receipt", "paid_at")


# The register -------------------------------------------------------------------------------------------------------------


class ParameterForm(forms.ModelForm):
    """A parameter as its keeper writes it. Readings: one a line, ``name; label; unit``."""

    readings = forms.CharField(
        label=gettext_lazy("Bacaan setiap ulangan"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Satu baris satu bacaan: nama; label; satuan. Contoh: m0; Massa cawan; g"),
    )
    compared_with = forms.CharField(
        label=gettext_lazy("Dibandingkan dengan"),
        required=False,
        max_length=250,
        help_text=gettext_lazy("Salinan standar yang Anda pegang. Mengisinya menyatakan batas ini terverifikasi."),
    )

    class Meta:
        model = Parameter
        fields = (
            *("name", "kind", "unit", "method", "readings", "formula", "repetitions", "decimals", "lower", "upper"),
            *("expected", "reference", "expanded", "coverage", "subcontracted_to", "note", "place", "active"),
        )
        labels = {
            "name": gettext_lazy("Nama"), "kind": gettext_lazy("Jenis hasil"), "unit": gettext_lazy("Satuan"),
            "method": gettext_lazy("Metode"), "formula": gettext_lazy("Rumus"),
            "repetitions": gettext_lazy("Jumlah ulangan"), "decimals": gettext_lazy("Angka desimal hasil"),
            "lower": gettext_lazy("Batas bawah"), "upper": gettext_lazy("Batas atas"),
            "expected": gettext_lazy("Syarat pengamatan"), "reference": gettext_lazy("Acuan batas"),
            "expanded": gettext_lazy("Ketidakpastian U"), "coverage": gettext_lazy("Faktor cakupan k"),
            "subcontracted_to": gettext_lazy("Disubkontrakkan kepada"), "note": gettext_lazy("Catatan"),
            "place": gettext_lazy("Urutan"), "active": gettext_lazy("Dipakai"),
        }  # fmt: skip
        localized_fields = ("lower", "upper", "expanded", "coverage")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = self.instance.readings or []
        self.initial["readings"] = "\n".join(f"{one['name']}; {one['label']}; {one['unit']}" for one in told)
        self.initial["compared_with"] = ""
        for name in ("lower", "upper", "expanded", "coverage"):
            if (value := getattr(self.instance, name)) is not None:
                self.initial[name] = Decimal(f"{value.normalize():f}")
        self.fields["repetitions"].min_value = 1  # type: ignore[attr-defined]

    def clean_readings(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["readings"].splitlines():
            parts = [part.strip() for part in line.split(";")]
            if not any(parts):
                continue
            if len(parts) != 3 or not parts[0].isidentifier() or not parts[1] or len(parts[0]) > 40:
                raise forms.ValidationError(
                    _("Tulis “nama; label; satuan”, nama tanpa spasi: %(line)s") % {"line": line}
                )
            found.append(dict(zip(("name", "label", "unit"), parts, strict=True)))
        return found

    def clean_repetitions(self) -> int:
        value = int(self.cleaned_data["repetitions"])
        if not 1 <= value <= 10:
            raise forms.ValidationError(_("Isi 1 sampai 10."))
        return value

    def clean_decimals(self) -> int:
        value = int(self.cleaned_data["decimals"])
        if not 0 <= value <= 8:
            raise forms.ValidationError(_("Isi 0 sampai 8."))
        return value

    def _post_clean(self) -> None:
        """The operation writes the row; the form only reads what was typed."""


class CompetenceForm(forms.Form):
    person = forms.ModelChoiceField(label=gettext_lazy("Pegawai"), queryset=User.objects.none())
    first = day(gettext_lazy("Berlaku sejak"))
    last = day(gettext_lazy("Berlaku sampai"), required=False)
    evidence = text(gettext_lazy("Bukti kompetensi"), 250)

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(institution=institution, kind=User.Kind.STAFF, is_active=True).order_by("name")
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]


def of_company(company: Company | None) -> dict[str, str]:
    """What is known of a company, for the form of its request."""
    if company is None:
        return {}
    address = ", ".join(part for part in (" ".join(company.address.split()), company.city) if part)
    return {"applicant": company.name, "address": address[:300]}


def of_request(found: Request | None) -> dict[str, Any]:
    """What was recorded before, for the form."""
    if found is None:
        return {}
    names = [name for name in RequestForm.base_fields if name != "commodity"]
    return {name: getattr(found, name) for name in names} | {"commodity": found.commodity_id}
