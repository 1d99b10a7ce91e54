"""Certificates of standards read from DCCs of others, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from sopan.core.flow import Refusal
from sopan.documents.models import IssuedDocument
from sopan.domains.laboratory.dcc.reader import ReadCertificate, read
from sopan.domains.laboratory.dcc.writer import write
from sopan.domains.laboratory.methods.standards import known_at
from sopan.domains.laboratory.models import Equipment, Report

from .cast import NOW, SCALE, Cast, make_order
from .measured_cast import equip
from .reported import judged, of_method, part, whole
from .test_examining import signed
from .test_printing import printed

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si" schemaVersion="2.3.0">
<dcc:administrativeData><dcc:coreData><dcc:uniqueIdentifier>K-77/2025</dcc:uniqueIdentifier>
<dcc:endPerformanceDate>2025-05-06</dcc:endPerformanceDate></dcc:coreData>
<dcc:items><dcc:item><dcc:name><dcc:content>Weights</dcc:content></dcc:name><dcc:identifications><dcc:identification>
<dcc:issuer>manufacturer</dcc:issuer><dcc:value>AT-07</dcc:value></dcc:identification></dcc:identifications></dcc:item></dcc:items>
<dcc:calibrationLaboratory><dcc:contact><dcc:name><dcc:content>Contoh Metrology</dcc:content></dcc:name></dcc:contact>
</dcc:calibrationLaboratory></dcc:administrativeData>
<dcc:measurementResults><dcc:measurementResult><dcc:results><dcc:result><dcc:data><dcc:list>
<dcc:quantity refType="basic_nominalValue"><si:realListXMLList><si:valueXMLList>50 100</si:valueXMLList>
<si:unitXMLList>\\gram</si:unitXMLList></si:realListXMLList></dcc:quantity>
<dcc:quantity refType="basic_measuredValue"><si:realListXMLList><si:valueXMLList>50.00003 99.99998</si:valueXMLList>
<si:unitXMLList>\\gram</si:unitXMLList><si:expandedUncXMLList><si:uncertaintyXMLList>0.00003</si:uncertaintyXMLList>
<si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList>
</si:expandedUncXMLList></si:realListXMLList></dcc:quantity></dcc:list></dcc:data></dcc:result></dcc:results>
</dcc:measurementResult></dcc:measurementResults></dcc:digitalCalibrationCertificate>"""


def good(content: bytes) -> ReadCertificate:
    found = read(content)
    assert isinstance(found, ReadCertificate), found
    return found


def code(content: bytes) -> str:
    found = read(content)
    assert isinstance(found, Refusal), found
    return found.code


def test_our_own_certificate_is_read_back() -> None:
    found = good(write(whole()))
    assert (found.number, found.issuer, found.calibrated_on) == ("0007/KAL/XI/2026", "Balai Contoh", date(2026, 11, 24))
    assert found.serials == ("S-26-0001", "SN-1")
    assert [one["from"] for one in found.values] == ["50.00010", "100.00020", "200.00030"]
    assert found.values[0] == {
        "from": "50.00010", "to": "50.00010", "unit": "g", "correction": "-0.00007", "U": "0.00030", "k": "2.01",
    }  # fmt: skip


def test_it_is_read_from_the_pdf_that_carries_it() -> None:
    assert good(printed(whole())).values == good(write(whole())).values


@pytest.mark.parametrize("method", ["termometer", "manometer", "anak-timbangan", "ph-meter"])
def test_what_is_read_can_be_measured_with(method: str) -> None:
    value = good(write(of_method(method, languages=["id", "en"]))).values[0]
    known = known_at([value], float(value["from"]), unit=value["unit"])
    assert known is not None
    assert (known.correction, known.expanded) == (float(value["correction"]), float(value["U"]))


def test_an_older_certificate_with_the_former_words_is_read() -> None:
    found = good(OLD.encode())
    assert (found.number, found.issuer, found.serials) == ("K-77/2025", "Contoh Metrology", ("AT-07",))
    assert [(one["from"], one["correction"], one["U"], one["k"], one["unit"]) for one in found.values] == [
        ("50", "0.00003", "0.00003", "2", "g"),
        ("100", "-0.00002", "0.00003", "2", "g"),
    ]


def test_of_an_adjusted_standard_only_the_results_afterwards_count() -> None:
    assert len(good(write(judged())).values) == 1


BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not-xml"),
        (b"hello", "not-xml"),
        (OLD.encode()[:-20], "not-xml"),
        (b"%PDF-1.7 broken", "no-dcc"),
        (b"<a/>", "not-a-dcc"),
        (BOMB.encode(), "document-type"),
        (OUTSIDE.encode(), "document-type"),
        (BOMB.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), "document-type"),
        (b"<" + b"a" * 10_000_001, "too-large"),
        (b"<a>" * 5000 + b"</a>" * 5000, "not-xml"),
    ],
    ids=range(10),
)
def test_what_is_no_certificate_is_refused(content: bytes, said: str) -> None:
    assert code(content) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('schemaVersion="2.3.0"', 'schemaVersion="9.0"', "version"),
        ('schemaVersion="2.3.0"', "", "version"),
        ("K-77/2025", "", "no-head"),
        ("2025-05-06", "6 Mei 2025", "no-head"),
        ("Contoh Metrology", " ", "no-head"),
        ("50.00003 99.99998", "50,00003 99,99998", "values"),
        ("50.00003 99.99998", "NaN 99.99998", "values"),
        ("50.00003 99.99998", "1e400 99.99998", "values"),
        ("50.00003 99.99998", "50.00003", "values"),
        ("<si:uncertaintyXMLList>0.00003", "<si:uncertaintyXMLList>0.1 0.2 0.3", "values"),
        ("<si:uncertaintyXMLList>0.00003", "<si:uncertaintyXMLList>-1", "values"),
        ("<si:coverageFactorXMLList>2", "<si:coverageFactorXMLList>0.5", "values"),
        ("<si:uncertaintyXMLList>0.00003", "<si:uncertaintyXMLList>", "no-values"),
        ("\\gram", "\\foot", "values"),
        ("basic_measuredValue", "vendor_thing", "no-values"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_kind(old: str, new: str, said: str) -> None:
    assert old in OLD
    assert code(OLD.replace(old, new).encode()) == said


@bounds(max_examples=150, deadline=None, database=None, derandomize=True)
@given(st.data())
def test_any_damage_is_answered(data: Any) -> None:
    content = bytearray(OLD.encode())
    for _at in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read(bytes(content)), ReadCertificate | Refusal)


def test_a_keeper_uploads_a_digital_certificate(cast: Cast, as_: Any) -> None:
    equip(cast)
    standard = Equipment.objects.get(code="STD-M-01")
    address = reverse("laboratory:certificate-digital", args=[standard.pk])

    def post(content: bytes, **typed: str) -> Any:
        file = SimpleUploadedFile("dcc.xml", content)
        fields = {"file": file, "traceability": "SNSU-BSN", "valid_to": "2028-01-01", **typed}
        return as_(cast.yusuf).post(address, fields)

    other = post(OLD.encode())
    assert (other.status_code, "Sertifikat ini untuk nomor seri AT-07" in other.content.decode()) == (422, True)
    assert "DOCTYPE" in post(BOMB.encode()).content.decode()
    assert post(OLD.encode(), other_serial="on", valid_to="2024-01-01").status_code == 422
    assert post(OLD.encode(), other_serial="on").status_code == 302
    made = standard.certificates.first()
    assert (made.number, made.version, made.file_name, made.values[0]["correction"]) == (
        "K-77/2025",
        2,
        "dcc.xml",
        "0.00003",
    )
    assert made.file.open().read() == OLD.encode()
    assert as_(cast.fajar).get(address).status_code == 404
    page = as_(cast.yusuf).get(reverse("laboratory:certificate-file", args=[made.pk]))
    assert page.headers["Content-Type"] == "application/xml"


def test_a_signed_pdf_that_was_changed_is_no_certificate_of_a_standard(
    cast: Cast, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))  # after the measurement that it tells of
    equip(cast)
    standard = Equipment.objects.get(code="STD-M-01")
    address = reverse("laboratory:certificate-digital", args=[standard.pk])

    def post(content: bytes) -> Any:
        fields = {"file": SimpleUploadedFile("dcc.pdf", content), "traceability": "SNSU-BSN", "valid_to": "2028-01-01"}
        return as_(cast.yusuf).post(address, {**fields, "other_serial": "on"})

    good = signed(printed(whole()))
    refused = post(good[:11] + bytes([good[11] ^ 1]) + good[12:])  # in the comment of its second line
    assert (refused.status_code, "berubah sesudah ditandatangani" in refused.content.decode()) == (422, True)
    assert standard.certificates.count() == 1
    assert post(good).status_code == 302


def test_a_certificate_that_we_revoked_or_replaced_is_none_of_a_standard(cast: Cast, as_: Any) -> None:
    equip(cast)
    make_order(cast, SCALE).to("sign_report")
    made = Report.objects.get()
    issuer = made.snapshot["laboratory"]
    standard = Equipment.objects.get(code="STD-M-01")
    address = reverse("laboratory:certificate-digital", args=[standard.pk])
    days = {"begin": "2026-11-20", "end": "2026-11-20"}

    def post(**told: Any) -> str:
        content = write(whole(**{"number": made.number, "laboratory": issuer, "parts": [part(**days)], **told}))
        fields = {"file": SimpleUploadedFile("dcc.xml", content), "traceability": "SNSU-BSN", "valid_to": "2028-01-01"}
        answer = as_(cast.yusuf).post(address, {**fields, "other_serial": "on"})
        assert answer.status_code in (302, 422)
        return "" if answer.status_code == 302 else answer.content.decode()

    gone = IssuedDocument.objects.filter(pk=made.document_id)
    gone.update(status="revoked", revoked_at=NOW, revoked_reason="Standar di luar toleransi")
    refused = post()
    assert f"Sertifikat {made.number} sudah dicabut" in refused
    assert "Alasan: Standar di luar toleransi" in refused
    gone.update(status="replaced", revoked_at=None, revoked_reason="", replaced_at=NOW, replaced_by=made.document_id)
    assert "sudah diganti dengan nomor" in post()
    assert standard.certificates.count() == 1
    assert (
        post(laboratory=issuer | {"name": "Laboratorium Lain"}) == ""
    )  # the same number elsewhere is another certificate
