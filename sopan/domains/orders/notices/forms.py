"""Which channels a person wants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ChoiceForm(forms.Form):
    email = forms.BooleanField(label=_("Kirim kabar lewat surel"), required=False)
    whatsapp = forms.BooleanField(
        label=_("Kirim kabar lewat WhatsApp"), required=False, help_text=_("Ke nomor ponsel pada profil Anda.")
    )
    digest = forms.BooleanField(label=_("Kirim ringkasan tugas setiap pagi hari kerja"), required=False)

    def __init__(self, *args: Any, staff: bool, whatsapp: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not staff:
            del self.fields["digest"]
        if not whatsapp:
            del self.fields["whatsapp"]
