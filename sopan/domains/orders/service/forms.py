"""The form of a text of the body."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TextForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=250)
    text = forms.CharField(label=_("Teks"), max_length=8_000, required=False, widget=forms.Textarea(attrs={"rows": 8}))
    place = forms.IntegerField(label=_("Urutan"), min_value=0, max_value=999)
    source = forms.CharField(label=_("Dasar"), max_length=500)
    verified = forms.BooleanField(label=_("Sudah dipastikan"), required=False)
