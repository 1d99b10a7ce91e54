"""What people of the laboratory fill in. The fields of a form follow the instruments and work orders of its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.people.models import User

from . import competence, queries
from .models import Item, ReportChange, WorkOrder
from .operations.assignment import Assignment
from .queries import Choice

PHOTO = "image/jpeg,image/png"
EMPTY = [("", gettext_lazy("Pilih …"))]


class AskedForm(forms.Form):
    """A form with fields that are asked for, and shown so, but may be empty for some answers: the work says when."""

    use_required_attribute = False
    asked: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask(True)

    def full_clean(self) -> None:
        self._ask(False)
        super().full_clean()
        self._ask(True)

    def _ask(self, asked: bool) -> None:
        for name in self.asked:
            self.fields[name].required = asked


class ReceiveForm(AskedForm):
    """Which instruments are at the counter, how they look, and where each goes."""

    def __init__(self, *args: Any, items: Sequence[Item], choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.by_key = items, {choice.key: choice for choice in choices}
        options = [*EMPTY, *((choice.key, _told(choice)) for choice in choices)]
        for item in items:
            self._add(item, options, only=choices[0].key if len(choices) == 1 else "")
        self.asked = [name for name in self.fields if name.startswith(("condition_", "choice_"))]
        self._ask(True)

    def _add(self, item: Item, options: list[Any], *, only: str) -> None:
        key, where = item.pk, only
        if item.has_come:
            first = item.work_orders.first()
            where = f"{first.laboratory_id}:{first.supervisor_id}" if first else only
        else:
            self.fields[f"arrived_{key}"] = forms.BooleanField(
                label=_("Alat ini sudah datang"), required=False, initial=True
            )
            self.fields[f"condition_{key}"] = forms.CharField(
                label=_("Kondisi"), max_length=500, required=False, initial=_("Baik")
            )
            self.fields[f"accessories_{key}"] = forms.CharField(label=_("Kelengkapan"), max_length=500, required=False)
            self.fields[f"photo_{key}"] = forms.FileField(
                label=_("Foto"),
                required=False,
                allow_empty_file=True,  # refused with the words of every upload
                widget=forms.FileInput(attrs={"accept": PHOTO, "capture": "environment"}),
            )
        self.fields[f"choice_{key}"] = forms.ChoiceField(
            label=_("Laboratorium dan Penyelia"), choices=options, required=False, initial=where
        )

    def instruments(self) -> Iterator[dict[str, Any]]:
        """Each instrument with its fields, for the template."""
        for item in self.items:
            names = ("arrived", "condition", "accessories", "photo", "choice")
            yield {"item": item} | {n: self[f"{n}_{item.pk}"] for n in names if f"{n}_{item.pk}" in self.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for item in self.items:
            if item.has_come or not data.get(f"arrived_{item.pk}"):
                continue
            for name, text in (
                ("condition", _("Tuliskan kondisi alat.")),
                ("choice", _("Pilih laboratorium dan Penyelia.")),
            ):
                if f"{name}_{item.pk}" not in self.errors and not str(data.get(f"{name}_{item.pk}") or "").strip():
                    self.add_error(f"{name}_{item.pk}", text)
        return data


def _told(choice: Choice) -> str:
    text = _("%(laboratory)s – %(name)s (%(count)s berjalan)")
    return text % {"laboratory": choice.laboratory, "name": choice.supervisor.full_name, "count": choice.busy}


class AssignForm(forms.Form):
    """The Penyelia checks each instrument and chooses an analyst per parameter."""

    def __init__(self, *args: Any, works: Sequence[WorkOrder], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.works = works
        self.now = now
        self.unmanned: set[int] = set()  # work for which nobody is authorised
        self.people = {work.laboratory_id: queries.analysts(work.laboratory, now=now) for work in works}
        for item in {work.item_id: work.item for work in works}.values():
            mine = [work for work in works if work.item_id == item.pk]
            self._add(item, mine)

    def _add(self, item: Item, works: list[WorkOrder]) -> None:
        key = item.pk
        label = _("Alat %(number)s sudah saya periksa dan sesuai") % {"number": item.number}
        self.fields[f"checked_{key}"] = forms.BooleanField(
            label=label, error_messages={"required": _("Periksa alat ini dahulu, lalu beri tanda.")}
        )
        for work in works:
            options = self._options(work)
            self.fields[f"parameter_{work.pk}"] = forms.CharField(
                label=_("Parameter"), max_length=200, initial=work.parameter
            )
            fit = self._fit(work)
            if fit is not None and not fit:
                self.unmanned.add(work.pk)
            fitting = [key for key, _name in options[1:] if fit is None or key in fit]
            proposed = work.analyst_id or (fitting[0] if len(fitting) == 1 else "")
            self.fields[f"analyst_{work.pk}"] = forms.TypedChoiceField(
                label=_("Analis"), choices=options, coerce=int, initial=proposed
            )
        self.fields[f"more_parameter_{key}"] = forms.CharField(
            label=_("Parameter tambahan"), max_length=200, required=False
        )
        self.fields[f"more_analyst_{key}"] = forms.TypedChoiceField(
            label=_("Analis parameter tambahan"),
            choices=self._options(works[0]),
            coerce=int,
            required=False,
            empty_value=None,
        )

    def _options(self, work: WorkOrder) -> list[tuple[Any, Any]]:
        """The analysts of the laboratory, but not the Penyelia himself: he will judge the results."""
        people = [person for person in self.people[work.laboratory_id] if person.pk != work.supervisor_id]
        fit = self._fit(work)
        return [*EMPTY, *((person.pk, self._named(person, fit)) for person in people)]

    def _fit(self, work: WorkOrder) -> set[int] | None:
        """Who is authorised for a method that fits the instrument today; None: no method fits, so nobody need be."""
        versions, day = competence.wanted(work, now=self.now)
        people = [person for person in self.people[work.laboratory_id] if person.pk != work.supervisor_id]
        return competence.authorised(people, versions, day) if versions else None

    @staticmethod
    def _named(person: User, fit: set[int] | None) -> str:
        if fit is None or person.pk in fit:
            return person.full_name
        return _("%(name)s (belum berwenang)") % {"name": person.full_name}

    def instruments(self) -> Iterator[dict[str, Any]]:
        """Each instrument with its fields, for the template."""
        for item in {work.item_id: work.item for work in self.works}.values():
            mine = [work for work in self.works if work.item_id == item.pk]
            yield {
                "item": item,
                "checked": self[f"checked_{item.pk}"],
                "works": [(work, self[f"parameter_{work.pk}"], self[f"analyst_{work.pk}"]) for work in mine],
                "unmanned": any(work.pk in self.unmanned for work in mine),
                "more_parameter": self[f"more_parameter_{item.pk}"],
                "more_analyst": self[f"more_analyst_{item.pk}"],
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for item_id in {work.item_id for work in self.works}:
            names = f"more_parameter_{item_id}", f"more_analyst_{item_id}"
            parameter, analyst = (data.get(name) for name in names)
            if bool(parameter) != bool(analyst) and not any(name in self.errors for name in names):
                text = _("Pilih analisnya.") if parameter else _("Tuliskan parameternya.")
                self.add_error(names[1] if parameter else names[0], text)
        return data


def assignments(works: Sequence[WorkOrder], data: dict[str, Any]) -> list[Assignment]:
    """What a clean ``AssignForm`` says."""
    keys = {value for name, value in data.items() if name.startswith(("analyst_", "more_analyst_")) and value}
    people = User.objects.in_bulk(keys)
    chosen = [
        Assignment(work.item, work, data[f"parameter_{work.pk}"], people[data[f"analyst_{work.pk}"]])
        for work in works
        if f"analyst_{work.pk}" in data
    ]
    for item in {work.item_id: work.item for work in works}.values():
        if analyst := data.get(f"more_analyst_{item.pk}"):
            chosen.append(Assignment(item, None, data[f"more_parameter_{item.pk}"], people[analyst]))
    return chosen


class JudgeForm(forms.Form):
    """Which results go back, where not all of them are right."""

    def __init__(self, *args: Any, works: Sequence[WorkOrder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.works = works
        for work in works:
            label = _("Kembalikan %(work)s") % {"work": work}
            self.fields[f"return_{work.pk}"] = forms.BooleanField(label=label, required=False)

    def rows(self) -> Iterator[tuple[WorkOrder, Any]]:
        """Each work order with its field, for the template."""
        for work in self.works:
            yield work, self[f"return_{work.pk}"]


class SignForm(AskedForm):
    """The passphrase, and the hashes of what the person has been shown."""

    asked = ("passphrase",)
    secret_fields = ("passphrase", "shown")  # never part of a draft

    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase sertifikat elektronik Anda"),
        required=False,  # to send the reports back needs none
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-no-draft": ""}),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)


class ReleaseForm(forms.Form):
    """What CS checks on every signed report."""

    number = forms.BooleanField(label=gettext_lazy("Nomor setiap laporan benar"), required=False)
    customer = forms.BooleanField(label=gettext_lazy("Nama dan alamat pelanggan benar"), required=False)
    pages = forms.BooleanField(label=gettext_lazy("Jumlah halaman benar dan semua halaman terbaca"), required=False)


class LateForm(ReceiveForm):
    """One instrument that comes after the others."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(f"arrived_{item.pk}") for item in self.items):
            self.add_error(f"arrived_{self.items[0].pk}", _("Beri tanda bila alat sudah datang."))
        return data


class ReturnForm(forms.Form):
    """Who fetches an instrument."""

    receiver = forms.CharField(label=gettext_lazy("Nama penerima"), max_length=200)


class ChangeForm(forms.Form):
    """What is asked of a released report: to be revoked, or to be amended in some of these texts."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Yang diminta"), choices=ReportChange.Kind.choices, widget=forms.RadioSelect, initial="amend"
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Dicetak pada pengganti, atau ditampilkan pada halaman pemeriksaan bila dicabut."),
    )
    what = forms.CharField(
        label=gettext_lazy("Apa yang berubah"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Untuk amandemen; dicetak pada pengganti."),
    )
    works = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Hasil yang dikoreksi"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Sesudah disetujui, versi baru hasil ini dibuka bagi analis, lalu diverifikasi dan divalidasi lagi; versi lama disimpan."
        ),
    )
    name = forms.CharField(label=gettext_lazy("Nama alat"), max_length=150, required=False)
    make = forms.CharField(label=gettext_lazy("Merek"), max_length=100, required=False)
    type = forms.CharField(label=gettext_lazy("Tipe"), max_length=100, required=False)
    serial = forms.CharField(label=gettext_lazy("Nomor seri"), max_length=100, required=False)
    range = forms.CharField(label=gettext_lazy("Rentang ukur"), max_length=120, required=False)
    condition = forms.CharField(label=gettext_lazy("Kondisi saat diterima"), max_length=500, required=False)
    customer_name = forms.CharField(label=gettext_lazy("Nama pelanggan"), max_length=200, required=False)
    customer_address = forms.CharField(label=gettext_lazy("Alamat pelanggan"), max_length=500, required=False)

    def __init__(self, *args: Any, works: Sequence[WorkOrder] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["works"].choices = [(work.pk, work.parameter) for work in works]


class CorrectionForm(forms.Form):
    """The judgement of corrected results."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan bila dikembalikan"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """The decision on such a request."""

    remark = forms.CharField(label=gettext_lazy("Alasan bila ditolak"), max_length=500, required=False)


DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class ResultForm(AskedForm):
    """The head of a results sheet. Nothing is required here: a draft may be half empty (see ``sheets``)."""

    asked = ("measured_from", "measured_to", "place", "temperature_text", "humidity_text", "method", "standards")

    measured_from = forms.DateField(label=gettext_lazy("Mulai kalibrasi"), required=False, input_formats=DATES)
    measured_to = forms.DateField(label=gettext_lazy("Selesai kalibrasi"), required=False, input_formats=DATES)
    place = forms.CharField(label=gettext_lazy("Tempat kalibrasi"), required=False, max_length=250)
    temperature_text = forms.CharField(label=gettext_lazy("Suhu ruang"), required=False, max_length=60)
    humidity_text = forms.CharField(label=gettext_lazy("Kelembapan relatif"), required=False, max_length=60)
    method = forms.CharField(label=gettext_lazy("Metode"), required=False, max_length=300)
    standards = forms.CharField(
        label=gettext_lazy("Standar yang digunakan"), required=False, max_length=4000, widget=forms.Textarea
    )
    notes = forms.CharField(
        label=gettext_lazy("Catatan, penyimpangan dari metode"), required=False, max_length=4000, widget=forms.Textarea
    )
