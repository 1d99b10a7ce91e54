"""What is asked when a case is started, and when a rule is added or changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sopan.catalogue.models import CatalogueEntry, ProcedureVersion, StartRule
from sopan.catalogue.queries import in_force, procedure
from sopan.engine.starts import Offer
from sopan.people.models import Company
from sopan.ui.fields import Select
from sopan.ui.source import numbered

WEEKDAYS = 7


class StartForm(forms.Form):
    """``at`` is asked only where there are several beginnings, the company only where the procedure has a customer."""

    at = forms.ChoiceField(label=_("Mulai dari"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Perihal"), max_length=250)
    company = forms.ModelChoiceField(
        Company.objects.none(), label=_("Untuk pelanggan"), required=False, empty_label=_("— tanpa akun pelanggan —")
    )

    def __init__(self, *args: Any, offers: list[Offer], companies: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = [(one.rule.at, numbered(f"{one.first.no}.", one.first.title)) for one in offers]
        self.fields["at"].initial = offers[0].rule.at
        if len(offers) == 1:
            del self.fields["at"]
        if companies:
            body = offers[0].entry.institution_id
            self.fields["company"].queryset = Company.objects.filter(institution_id=body).order_by("name", "pk")
        else:
            del self.fields["company"]


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Pesan"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))


class RuleForm(forms.Form):
    """A new rule. Which fields count depends on who begins; what does not belong to it is left out."""

    by = forms.ChoiceField(label=_("Siapa yang memulai"))
    at = forms.ChoiceField(label=_("Dari langkah"), required=False, widget=Select)
    every = forms.ChoiceField(label=_("Setiap"), required=False, choices=[("", "—"), *StartRule.Every.choices])
    day = forms.IntegerField(
        label=_("Hari ke-"),
        required=False,
        min_value=1,
        max_value=31,
        help_text=_("Tanggal dalam bulan, atau hari dalam minggu (Senin 1). Hari libur digeser ke hari kerja berikut."),
    )
    month = forms.IntegerField(
        label=_("Bulan ke-"), required=False, min_value=1, max_value=12, help_text=_("Hanya untuk setiap tahun.")
    )
    after = forms.ChoiceField(label=_("Setelah SOP ini selesai"), required=False, widget=Select)

    def __init__(self, *args: Any, entry: CatalogueEntry, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        versions = ProcedureVersion.objects.filter(in_force(now), institution_id=entry.institution_id).defer("content")
        own = versions.filter(slug=entry.slug).first()
        entries = procedure(own.pk).entries if own else {"": ""}
        by_id = procedure(own.pk).by_id if own else {}
        self.fields["by"].choices = [one for one in StartRule.By.choices if one[0] != StartRule.By.DOMAIN]
        self.fields["at"].choices = [
            (name, numbered(f"{by_id[step].no}.", by_id[step].title) if step in by_id else "–")
            for name, step in entries.items()
        ]
        others = versions.exclude(slug=entry.slug).order_by("name").values_list("slug", "number", "name")
        self.fields["after"].choices = [("", "—"), *((slug, numbered(number, name)) for slug, number, name in others)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        by = data.get("by")
        if by == StartRule.By.CALENDAR and not data.get("every") and "every" not in self.errors:
            self.add_error("every", _("Pilih seberapa sering."))
        if by == StartRule.By.PROCEDURE and not data.get("after") and "after" not in self.errors:
            self.add_error("after", _("Pilih SOP yang mendahuluinya."))
        if data.get("every") == StartRule.Every.WEEK and (data.get("day") or 1) > WEEKDAYS:
            self.add_error("day", _("Hari dalam minggu: 1 (Senin) sampai 7 (Minggu)."))
        return data

    @property
    def kept(self) -> dict[str, Any]:
        """The values that belong to this kind of rule."""
        data = self.cleaned_data
        given: dict[str, Any] = {"by": data["by"], "at": data["at"]}
        if data["by"] == StartRule.By.CALENDAR:
            yearly = data["every"] == StartRule.Every.YEAR
            daily = data["every"] == StartRule.Every.WORKING_DAY
            given |= {
                "every": data["every"],
                "day": None if daily else data["day"],
                "month": data["month"] if yearly else None,
            }
        elif data["by"] == StartRule.By.PROCEDURE:
            given["after"] = data["after"]
        return given


class DayForm(forms.Form):
    """When a rule of the calendar begins."""

    day = forms.IntegerField(label=_("Hari ke-"), required=False, min_value=1, max_value=31)
    month = forms.IntegerField(label=_("Bulan ke-"), required=False, min_value=1, max_value=12)

    def __init__(self, *args: Any, rule: StartRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rule.every == StartRule.Every.WEEK:  # a field of its own: the validators of a class are shared by its forms
            self.fields["day"] = forms.IntegerField(
                label=_("Hari ke-"), required=False, min_value=1, max_value=WEEKDAYS
            )
        if rule.every != StartRule.Every.YEAR:
            del self.fields["month"]
