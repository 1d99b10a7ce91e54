"""Forms of the customer's instruments and wishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..queries import OTHER_KIND, Kind


class AssetForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis alat"))
    name = forms.CharField(label=_("Nama alat"), max_length=150)
    make = forms.CharField(label=_("Merek"), max_length=100)
    type = forms.CharField(label=_("Tipe atau model"), max_length=100, required=False)
    serial_number = forms.CharField(
        label=_("Nomor seri"), max_length=100, help_text=_("Tulis tanda strip (-) bila alat tidak bernomor seri.")
    )
    place = forms.CharField(label=_("Letak"), max_length=150, required=False)
    due_on = forms.DateField(
        label=_("Jatuh tempo menurut Anda"),
        required=False,
        help_text=_("Anda sendiri yang menentukan; kami tidak menyarankan selang kalibrasi."),
    )
    remind = forms.BooleanField(label=_("Ingatkan kami lewat pemberitahuan 30 dan 7 hari sebelumnya"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {kind.key: kind.name for kind in kinds} | {OTHER_KIND: _t("Jenis lain")}
        self.fields["kind"].choices = list(self.names.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("remind") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _t("Isi tanggalnya agar kami dapat mengingatkan."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "kind_name": self.names[self.cleaned_data["kind"]]}


def _long(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))


class AmendmentForm(forms.Form):
    wrong = _long(_("Apa yang keliru pada laporan"))
    right = _long(_("Apa yang seharusnya tertulis"))


class AnswerForm(forms.Form):
    answer = _long(_("Jawaban untuk pelanggan"))
