"""The forms of the public verification pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CopyForm(forms.Form):
    """A copy to be compared with the register."""

    file = forms.FileField(
        label=_("Berkas PDF"),
        allow_empty_file=True,
        error_messages={"required": _("Pilih berkas PDF yang akan diperiksa.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class NumberForm(forms.Form):
    """A number as it is printed on the document."""

    nomor = forms.CharField(
        label=_("Nomor dokumen"), max_length=160, error_messages={"required": _("Ketik nomor dokumen.")}
    )
