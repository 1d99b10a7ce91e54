"""What is typed about the validity of results. Numbers are texts here: the operations keep them as typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sopan.ui.fields import Select
from sopan.ui.source import of_body

from ..forms import DATES
from ..models import ControlChart, Equipment, Laboratory, RepeatCheck

TIMES = ["%H.%M", "%H:%M", "%H:%M:%S"]


def _text(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **more)


def _number(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        **more,
    )


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, input_formats=DATES)


def _long(label: Any, length: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 3}), **more)


class PlacedForm(forms.Form):
    """A form that asks for laboratory and method first."""

    laboratory = forms.TypedChoiceField(label=_("Laboratorium"), coerce=int, widget=Select)
    method = forms.ChoiceField(label=_("Metode"), widget=Select)

    def __init__(
        self, *args: Any, laboratories: Sequence[Laboratory], methods: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["laboratory"].choices = [(one.pk, of_body(str(one))) for one in laboratories]
        self.fields["method"].choices = [(code, of_body(name)) for code, name in methods]


class ChartForm(PlacedForm):
    """The head of a control chart."""

    name = _text(_("Nama bagan"), 200, help_text=_("Misalnya: Neraca analitik, anak timbangan cek 100 g."))
    check_standard = _text(_("Standar cek"), 200)
    instrument = _text(_("Diukur dengan"), 200)
    quantity = _text(_("Besaran"), 150)
    unit = _text(_("Satuan"), 20)
    rules = forms.ChoiceField(
        label=_("Aturan"),
        choices=ControlChart.Rules.choices,
        widget=forms.RadioSelect,
        initial=ControlChart.Rules.WESTGARD,
        help_text=_("Westgard: 1-2s memperingatkan; 1-3s, 2-2s, R-4s, 4-1s, 10x menolak. Nelson: delapan uji."),
    )
    note = _text(_("Catatan"), 500, required=False)


class PointForm(forms.Form):
    """One measurement of the check standard."""

    text = _number(_("Nilai terukur"))
    on = _date(_("Tanggal"))
    at = forms.TimeField(label=_("Jam"), input_formats=TIMES, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    equipment = forms.TypedChoiceField(label=_("Alat"), coerce=int, required=False, empty_value=None, widget=Select)
    note = _text(_("Catatan"), 300, required=False)

    def __init__(self, *args: Any, chart: ControlChart, equipment: Sequence[Equipment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipment"].choices = [
            ("", of_body(chart.instrument)),
            *((one.pk, of_body(str(one))) for one in equipment),
        ]
        self.fields["text"].label = of_body(f"{chart.quantity}, {chart.unit}")


class LimitsForm(forms.Form):
    """The reference period from which limits are computed."""

    first_day = _date(_("Masa acuan, dari"))
    last_day = _date(_("Masa acuan, sampai"))
    reason = _text(_("Alasan"), 500, help_text=_("Misalnya: masa acuan pertama; anak timbangan cek diganti."))


class WithdrawForm(forms.Form):
    """Why something no longer counts."""

    reason = _text(_("Alasan"), 500)


class AnswerForm(forms.Form):
    """Cause and action."""

    cause = _long(_("Penyebab"))
    action = _long(_("Tindakan"), help_text=_("Termasuk yang dilakukan atas hasil yang mungkin terpengaruh."))


class CloseForm(forms.Form):
    """The judgement of an answer."""

    remark = _long(_("Catatan penutup atau alasan pengembalian"), required=False)


class ProficiencyForm(PlacedForm):
    """A round of a proficiency test."""

    provider = _text(_("Penyelenggara"), 200)
    round = _text(_("Putaran atau skema"), 120)
    item = _text(_("Benda uji"), 200)
    quantity = _text(_("Besaran"), 150)
    unit = _text(_("Satuan"), 20)
    on = _date(_("Tanggal pengukuran kami"))
    assigned = _number(_("Nilai acuan"))
    assigned_u = _number(_("U nilai acuan"), required=False, help_text=_("Ketidakpastian bentangan. Untuk En dan ζ."))
    assigned_k = _number(_("k nilai acuan"), initial="2")
    sigma = _number(_("Simpangan baku uji profisiensi, σ"), required=False, help_text=_("Untuk z."))
    result = _number(_("Hasil kami"))
    expanded = _number(_("U hasil kami"), required=False, help_text=_("Ketidakpastian bentangan."))
    k = _number(_("k hasil kami"), initial="2")
    note = _text(_("Catatan"), 500, required=False)


class RepeatForm(PlacedForm):
    """The same measured twice."""

    kind = forms.ChoiceField(label=_("Cara"), choices=RepeatCheck.Kind.choices, widget=forms.RadioSelect)
    subject = _text(_("Contoh atau alat"), 200)
    quantity = _text(_("Besaran dan titik ukur"), 150)
    unit = _text(_("Satuan"), 20)
    on = _date(_("Tanggal pengukuran ulang"))
    first = _number(_("Hasil pertama"))
    second = _number(_("Hasil kedua"))
    basis = forms.ChoiceField(
        label=_("Yang diketahui"), choices=RepeatCheck.Basis.choices, widget=forms.RadioSelect, initial="limit"
    )
    limit = _number(_("Batas selisih, atau simpangan baku"))
    source = _text(_("Sumber batas"), 200)
    note = _text(_("Catatan"), 500, required=False)


__all__ = [
    "AnswerForm", "ChartForm", "CloseForm", "LimitsForm", "PointForm", "ProficiencyForm", "RepeatForm", "WithdrawForm",
]  # fmt: skip
