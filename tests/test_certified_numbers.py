"""Every shipped method from readings to certificate: what page and DCC say is what the formulas of its spreadsheet compute.

The readings go through the page of the analyst. Six of the kinds are typed in a browser by ``test_six_kinds``; here all seven,
the volumetric one among them, are handed in as the browser sends them, checked, numbered and printed by the worker.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from sopan.documents import queries as documents
from sopan.domains.laboratory.methods.load import shipped
from sopan.domains.laboratory.models import EquipmentCertificate, Report
from sopan.domains.laboratory.tests.cast import NOW, Cast, Play, make_cast, make_order
from sopan.domains.laboratory.tests.measured_cast import begin
from sopan.domains.laboratory.tests.measured_cast import equip as equip_body
from tests.six_kinds.kinds import KINDS, VOLUME, Kind
from tests.six_kinds.order import equip
from tests.six_kinds.said import comma, row_of_dcc, row_of_page
from tests.standing import standing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("certified"),  # one process plays the order
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext (install poppler-utils)"),
]
ALL = {kind.code: kind for kind in (*KINDS, VOLUME)}


def typed(kind: Kind) -> dict[str, Any]:
    """The sheet of a worked example as the browser sends it, with the commas of this country."""
    read, once, weather = kind.data("reading"), kind.data("sheet_reading"), kind.data("environment")
    head = {"measured_from": "2026-11-23", "measured_to": "2026-11-23", "place": "Laboratorium", "unit": kind.unit}
    head |= {f"{name}_text": comma(texts[0]) for name, texts in weather.items()}
    fields = {f"f_{name}": comma(texts[0]) for name, texts in (kind.data("field") | kind.data("choice")).items()}
    columns = {f"r_{name}_{n}": comma(text) for name, texts in read.items() for n, text in enumerate(texts, 1)}
    whole = {f"s_{name}": [comma(text) for text in texts] for name, texts in once.items()}
    standards = {f"std_{slot.name}": str(_certificate(kind, slot.name)) for slot in kind.method.standards}
    point = {"point": comma(kind.point), "note": ""}
    return {**head, **fields, **columns, **whole, **standards, **point, "action": "submit"}


def _certificate(kind: Kind, slot: str) -> int:
    return EquipmentCertificate.objects.get(equipment__code=kind.standard(slot)).pk


def measured(play: Play, cast: Cast) -> None:
    """The analyst hands in the sheet of each instrument on its page."""
    browser = Client()
    browser.force_login(cast.fajar)
    for work, kind in zip(play.works, ALL.values(), strict=True):
        begin(work, cast, kind.code)
        answer = browser.post(reverse("laboratory:sheet", args=[work.pk]), typed(kind))
        assert answer.status_code == 302, (kind.code, answer.content.decode())


@pytest.fixture(scope="module")
def files(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Path]]:
    """Method -> the certificate that was printed of it."""
    folder = tmp_path_factory.mktemp("certified")
    changed = override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "files")
    with changed, standing(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        cast = make_cast()
        equip_body(cast)
        for kind in ALL.values():
            equip(cast.body, kind)
        asked = [{"kind": k.kind, "kind_name": k.name, **k.typed, "range_unit": k.unit} for k in ALL.values()]
        play = make_order(cast, *asked).to("enter_results")
        measured(play, cast)
        play.to("sign_report")
        found = {}
        for report in Report.objects.select_related("document", "item__order_item"):
            code = next(k.code for k in ALL.values() if k.name == report.item.order_item.name)
            found[code] = folder / f"{code}.pdf"
            found[code].write_bytes(documents.content_of(report.document))
        yield found


def test_the_methods_are_all_that_are_shipped() -> None:
    assert set(ALL) == set(shipped())


@pytest.mark.parametrize("code", ALL)
def test_page_and_dcc_say_what_the_spreadsheet_computes(files: dict[str, Path], code: str) -> None:
    kind = ALL[code]
    assert (row_of_page(files[code], kind), row_of_dcc(files[code])) == (kind.certified(), kind.certified())
