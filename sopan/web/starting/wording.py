"""How a case begins, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.catalogue.models import CatalogueEntry, StartRule

WEEKDAYS = (
    gettext_lazy("Senin"), gettext_lazy("Selasa"), gettext_lazy("Rabu"), gettext_lazy("Kamis"), gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"), gettext_lazy("Minggu"),
)  # fmt: skip
MONTHS = (
    gettext_lazy("Januari"), gettext_lazy("Februari"), gettext_lazy("Maret"), gettext_lazy("April"),
    gettext_lazy("Mei"), gettext_lazy("Juni"), gettext_lazy("Juli"), gettext_lazy("Agustus"),
    gettext_lazy("September"), gettext_lazy("Oktober"), gettext_lazy("November"), gettext_lazy("Desember"),
)  # fmt: skip


def rule_words(rule: StartRule) -> str:
    """ "Kalender: setiap bulan, tanggal 5"."""
    kind = str(rule.get_by_display())
    if rule.by == StartRule.By.CALENDAR:
        return f"{kind}: {_when(rule)}"
    if rule.by == StartRule.By.PROCEDURE:
        return _("Setelah %(procedure)s selesai") % {"procedure": named(rule)}
    return kind


def _when(rule: StartRule) -> str:
    every = str(rule.get_every_display()).lower()
    day = rule.day or 1
    if rule.every == StartRule.Every.WEEK:
        return f"{every}, {WEEKDAYS[min(day, 7) - 1]}"
    if rule.every == StartRule.Every.YEAR:
        return f"{every}, {day} {MONTHS[min(rule.month or 1, 12) - 1]}"
    if rule.every == StartRule.Every.WORKING_DAY:
        return every
    return _("%(every)s, tanggal %(day)s") % {"every": every, "day": day}


def named(rule: StartRule) -> str:
    """The procedure that a rule waits for, as the list names it."""
    entries = CatalogueEntry.objects.filter(institution_id=rule.entry.institution_id, slug=rule.after)
    return entries.values_list("name", flat=True).first() or rule.after
