"""The forms of the public verification pages, and of a signer's certificate."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class CopyForm(forms.Form):
    """A copy to be compared with the register."""

    file = forms.FileField(
        label=_("Berkas PDF"),
        allow_empty_file=True,
        max_length=2_000,  # the name is made short and safe
        error_messages={"required": _("Pilih berkas PDF yang akan diperiksa.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class NumberForm(forms.Form):
    """A number as it is printed on the document."""

    nomor = forms.CharField(
        label=_("Nomor dokumen"), max_length=160, error_messages={"required": _("Ketik nomor dokumen.")}
    )


DER_SEQUENCE = b"\x30"  # with which every PKCS#12 file begins


class KeyForm(forms.Form):
    """The certificate file of a signer."""

    MAX_BYTES = 100_000

    file = forms.FileField(
        label=_("Berkas sertifikat"),
        error_messages={"required": _("Pilih berkas sertifikat Anda."), "empty": _("Berkas ini kosong.")},
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=200,
        strip=False,
        error_messages={"required": _("Ketik passphrase sertifikat Anda.")},
        widget=forms.PasswordInput(),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > self.MAX_BYTES:
            raise forms.ValidationError(
                _("Berkas ini terlalu besar untuk sebuah sertifikat. Pilih berkas .p12 atau .pfx.")
            )
        begins = file.read(1)
        file.seek(0)
        if begins != DER_SEQUENCE:
            raise forms.ValidationError(
                _("Ini bukan berkas .p12 atau .pfx. Pilih berkas dari penyelenggara sertifikat.")
            )
        return file
