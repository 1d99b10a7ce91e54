"""Forms of the catalogue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sopan.catalogue import life, requests
from sopan.core.model import Procedure
from sopan.ui.fields import Select
from sopan.ui.source import numbered


def _long(label: object, *, required: bool = True, most: int = life.LONGEST) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": 3}))


class DescribeForm(forms.Form):
    """What changes, why, and from when."""

    what = _long(_("Apa yang berubah"), required=False)
    why = _long(_("Alasan perubahan"), required=False)
    effective_from = forms.DateField(
        label=_("Mulai berlaku"), required=False, help_text=_("Kosong berarti segera setelah disahkan.")
    )


class RequestForm(forms.Form):
    """A request for a change of a procedure."""

    what = _long(_("Apa yang perlu diubah"), most=requests.LONGEST)
    why = _long(_("Mengapa"), most=requests.LONGEST)
    step = forms.ChoiceField(label=_("Langkah"), required=False, widget=Select)

    def __init__(self, *args: object, procedure: Procedure | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        steps = procedure.steps if procedure else ()
        named = [(step.id, numbered(f"{step.no} ·", step.title)) for step in steps]
        self.fields["step"].choices = [("", _("Seluruh SOP")), *named]


class NewForm(forms.Form):
    """An SOP that is not in the list yet."""

    name = forms.CharField(label=_("Nama SOP"), max_length=250)
    number = forms.CharField(label=_("Nomor SOP"), max_length=120, required=False)
    why = _long(_("Mengapa SOP ini disusun"), required=False)
