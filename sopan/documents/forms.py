"""The forms of the public verification pages, of a signer's certificate, and of signing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sopan.people.models import User

from . import queries
from .desks import Paper
from .models import SignerProfile
from .operations.batch import MOST, Chosen


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


class ProfileForm(forms.Form):
    """How a person signs."""

    method = forms.ChoiceField(
        label=_("Cara tanda tangan"),
        required=False,
        choices=[("", _("Seperti lembaga")), *SignerProfile.Method.choices],
        error_messages={"invalid_choice": _("Pilih cara tanda tangan.")},
    )
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        max_length=25,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-no-draft": ""}),
    )

    def clean_nik(self) -> str:
        """Typed as on the card, with or without spaces."""
        return "".join(str(self.cleaned_data["nik"]).split())


class ScanForm(forms.Form):
    """The scan of a print that was signed by hand, and the day that is written on it."""

    file = forms.FileField(
        label=_("Pindaian (PDF)"),
        allow_empty_file=True,
        max_length=2_000,
        error_messages={"required": _("Pilih berkas pindaian.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    signed_on = forms.DateField(
        label=_("Tanggal tanda tangan pada kertas"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        error_messages={"required": _("Isi tanggal tanda tangan."), "invalid": _("Tulis tanggal seperti 21-11-2026.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RejectForm(forms.Form):
    """Why a scan is not what the signer signed."""

    reason = forms.CharField(label=_("Alasan penolakan"), required=False, max_length=500, widget=forms.Textarea)


class BatchForm(forms.Form):
    """Which of the papers to sign, with the hash of what was shown of each, and the passphrase.

    A tick is ``<document>:<hash>``; ticks of what does not wait for this person are as if they had not been sent.
    """

    passphrase = forms.CharField(
        label=_("Passphrase sertifikat elektronik Anda"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Tuliskan passphrase sertifikat elektronik Anda.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-no-draft": ""}),
    )

    def __init__(
        self, data: Any = None, *, papers: Sequence[Paper], ticked: bool = False, person: User | None = None
    ) -> None:
        super().__init__(data)
        self.papers, self.ticked, self.person = papers, ticked, person

    def boxes(self) -> Iterator[dict[str, Any]]:
        """Value and state of the tick of each paper."""
        sent = self.data.getlist("paper") if self.is_bound else []
        for paper in self.papers:
            value = f"{paper.document.pk}:{paper.document.unsigned_sha256}"
            yield {"value": value, "checked": value in sent or (self.ticked and not self.is_bound)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        by_key = {paper.document.pk: paper for paper in self.papers}
        ticks = dict(tick.split(":", 1) for tick in self.data.getlist("paper")[: MOST + 1] if tick.count(":") == 1)
        anew = set(self.data.getlist("anew"))
        ticks = {key: shown for key, shown in ticks.items() if key.isascii() and key.isdecimal() and len(key) < 19}
        chosen = [
            Chosen(by_key[int(key)], shown[:64], key in anew) for key, shown in ticks.items() if int(key) in by_key
        ]
        if not chosen:
            raise forms.ValidationError(self._nothing([int(key) for key in ticks]))
        if len(chosen) > MOST:
            raise forms.ValidationError(_now("Paling banyak %(most)s dokumen sekaligus.") % {"most": MOST})
        key = self.data.get("form_key", "")
        if not (0 < len(key) <= 40 and key.isascii()):
            raise forms.ValidationError(_now("Formulir ini tidak lengkap. Muat ulang halaman ini."))
        return {**data, "chosen": chosen, "form_key": key}

    def _nothing(self, keys: Sequence[int]) -> str:
        """Why nothing is left to sign: nothing ticked, or the person has signed it since the page was shown."""
        signed = queries.signed_by(self.person, keys) if self.person is not None else []
        if not signed:
            return _now("Pilih dahulu dokumen yang akan ditandatangani.")
        text = _now("Dokumen yang Anda pilih sudah Anda tandatangani: %(numbers)s. Tidak ada yang perlu diulang.")
        return text % {"numbers": ", ".join(signed[:5]) + (", …" if len(signed) > 5 else "")}
