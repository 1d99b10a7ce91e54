"""Where a finished case goes on: the numbers of the SOPs whose rules wait for it."""

from __future__ import annotations

import pytest

from sopan.catalogue.handovers import handovers
from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import StartRule
from sopan.people.models import Institution

pytestmark = pytest.mark.django_db


def test_only_rules_that_are_switched_on_lead_on() -> None:
    body = Institution.objects.create(code="balai", name="Balai", short_name="Balai")
    after = [{"by": "procedure", "after": "surat"}]
    told = [
        {"procedure": "arsip", "number": "V.26.1", "name": "Arsip", "starts": after},
        {"procedure": "lapor", "number": "8", "name": "Lapor", "starts": after},
        {"procedure": "tebak", "number": "9", "name": "Tebak", "starts": [{**after[0], "inferred": True}]},
        {"procedure": "tanpa", "name": "Tanpa nomor", "starts": after},
    ]
    load_entries(body, {"entries": told})
    assert handovers(body.pk, "surat") == ("V.26.1", "SOP 8", "Tanpa nomor")
    StartRule.objects.filter(entry__slug="tebak").update(active=True)
    assert handovers(body.pk, "surat") == ("V.26.1", "SOP 8", "SOP 9", "Tanpa nomor")
    assert handovers(body.pk, "arsip") == ()
