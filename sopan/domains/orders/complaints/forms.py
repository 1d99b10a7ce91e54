"""Forms of complaints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..forms import PHONE
from ..models import Complaint, Order
from .operations import MAX_TEXT


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 6}), **more)


class OwnForm(forms.Form):
    """Of a customer: about one of his orders, or the service as a whole."""

    order = forms.ModelChoiceField(label=_("Tentang pesanan"), queryset=Order.objects.none(), required=False)
    text = _text(_("Apa yang terjadi"))

    def __init__(self, *args: Any, company_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Order.objects.filter(company_id=company_id).order_by("-created_at")
        self.fields["order"].queryset = found  # type: ignore[attr-defined]
        self.fields["order"].empty_label = _t("Layanan secara umum")  # type: ignore[attr-defined]


class VisitorForm(forms.Form):
    name = forms.CharField(label=_("Nama"), max_length=150)
    email = forms.EmailField(label=_("Surel"), max_length=254, help_text=_("Untuk mengirim jawaban."))
    phone = forms.CharField(label=_("Nomor ponsel"), max_length=30, required=False, validators=[PHONE])
    text = _text(_("Apa yang terjadi"))


class StaffForm(VisitorForm):
    """Recorded for somebody who came, wrote or called."""

    channel = forms.ChoiceField(
        label=_("Disampaikan lewat"),
        choices=[choice for choice in Complaint.Channel.choices if choice[0] != Complaint.Channel.APP],
    )
    number = forms.CharField(label=_("Nomor pesanan"), max_length=160, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False


class AppealForm(forms.Form):
    text = _text(_("Alasan banding"))


class ActForm(forms.Form):
    """The next act; which fields it has depends on where the complaint stands."""

    outcome = forms.ChoiceField(label=_("Putusan"), choices=Complaint.Outcome.choices, widget=forms.RadioSelect)
    text = _text(_("Uraian"))

    def __init__(self, *args: Any, to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to != Complaint.Status.DECIDED:
            del self.fields["outcome"]
        if to == Complaint.Status.ACKNOWLEDGED:
            del self.fields["text"]
        elif to == Complaint.Status.ANSWERED:
            self.fields["text"].label = _t("Jawaban kepada pelapor")
        elif to == Complaint.Status.ASSESSED:
            self.fields["text"].label = _t("Hasil penilaian: fakta dan penyebab")
        else:
            self.fields["text"].label = _t("Pertimbangan putusan")
