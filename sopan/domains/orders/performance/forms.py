"""The form of a rule of compensation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sopan.ui.fields import Select
from sopan.ui.source import translated

from ..models import CompensationRule


class RuleForm(forms.Form):
    service = forms.ChoiceField(label=_("Layanan"), widget=Select)
    more_than = forms.IntegerField(label=_("Terlambat lebih dari"), min_value=0, max_value=100_000)
    up_to = forms.IntegerField(label=_("Sampai dengan"), min_value=1, max_value=100_000, required=False)
    unit = forms.ChoiceField(label=_("Satuan"), choices=CompensationRule.Unit.choices)
    form = forms.CharField(
        label=_("Bentuk kompensasi"),
        max_length=250,
        help_text=_("Bukan potongan tarif: tarif ditetapkan dengan peraturan."),
    )
    needs_handover = forms.BooleanField(label=_("Harus diserahkan kepada seseorang"), required=False)
    source = forms.CharField(label=_("Dasar"), max_length=500)
    verified = forms.BooleanField(label=_("Sudah dipastikan"), required=False)
    active = forms.BooleanField(label=_("Berlaku"), required=False, initial=True)

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [(slug, translated(name)) for slug, name in services]  # type: ignore[attr-defined]
