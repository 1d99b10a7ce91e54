"""Equipment, methods, competence and scope: who may do what, and what stays of it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfWriter

from sopan.core.flow import Refusal
from sopan.domains.laboratory import jobs
from sopan.domains.laboratory import register_queries as queries
from sopan.domains.laboratory.methods.load import shipped
from sopan.domains.laboratory.models import (
    CompetenceGrant,
    Equipment,
    EquipmentCertificate,
    EquipmentCheck,
    EquipmentEvent,
    MethodVersion,
    ResultVersion,
    ScopeLine,
)
from sopan.domains.laboratory.operations import equipment as registers
from sopan.domains.laboratory.operations import measuring as operations
from sopan.engine import operations as engine
from sopan.people.models import User

from .cast import NOW, Cast
from .measured_cast import DAY, balance_sheet, begin, certificate, equip, measuring_play, version

As = Callable[[User], Client]


@pytest.fixture
def cast(cast: Cast) -> Cast:
    equip(cast)
    return cast


def url(name: str, *args: Any) -> str:
    return reverse(f"laboratory:{name}", args=args)


def weights() -> Equipment:
    return Equipment.objects.get(code="STD-M-01")


NEW = {"code": "STD-X-9", "name": "Barometer", "kind": "barometer", "role": "auxiliary", "laboratory": ""}
HEAD = {
    "number": "SERT-9", "issuer": "SNSU", "traceability": "SI", "calibrated_on": "2026-11-01", "valid_to": "2027-11-01",
    "v_from": ["1", ""], "v_to": ["", ""], "v_unit": ["g", ""], "v_correction": ["0,00001", ""], "v_U": ["0,00003", ""],
    "v_k": ["2", ""], "v_drift": ["", ""],
}  # fmt: skip
GRANT = {"method": "ph-meter", "valid_from": "2026-11-23", "evidence": "Uji banding"}
SCOPE = {
    "method": "ph-meter", "measurand": "pH meter", "unit": "pH", "lower": "2", "upper": "12", "cmc": "0,02",
    "accreditation": "LK-000-IDN", "valid_from": "2026-11-23",
}  # fmt: skip

# Act: its address, what is posted, who may (of those who work in a laboratory; everybody else never may).
KEEPERS, MANAGER = {"yusuf", "agus"}, {"agus"}
ACTS: dict[str, tuple[Callable[[Cast], tuple[str, dict[str, Any]]], set[str]]] = {
    "register equipment": (lambda cast: (url("equipment-new"), NEW | {"laboratory": weights().laboratory_id}), KEEPERS),
    "change equipment": (
        lambda cast: (url("equipment-change", weights().pk), {"name": "Lain", "kind": "anak-timbangan", "role": "working"}), KEEPERS,
    ),
    "take out of service": (
        lambda cast: (url("equipment-status", weights().pk), {"status": "out_of_service", "since": "2026-11-23", "reason": "Jatuh"}), KEEPERS,
    ),
    "record a check": (
        lambda cast: (url("equipment-check", weights().pk), {"on": "2026-11-23", "outcome": "passed", "found": "100,0001 g"}), KEEPERS,
    ),
    "add a certificate": (lambda cast: (url("certificate-new", weights().pk), HEAD), KEEPERS),
    "withdraw a certificate": (lambda cast: (url("certificate-withdraw", certificate(cast).pk), {"reason": "Rusak"}), KEEPERS),
    "publish a method": (
        lambda cast: (url("method-publish"), {"text": shipped()["ph-meter"] + "\n# v2\n", "valid_from": "2026-12-01", "note": "Baru"}), MANAGER,
    ),
    "end a method": (lambda cast: (url("method-end", version(cast).pk), {"last_day": "2026-12-31"}), MANAGER),
    "grant a method": (lambda cast: (url("competence"), GRANT | {"person": cast.maya.pk}), MANAGER),
    "revoke a grant": (
        lambda cast: (url("competence-revoke", CompetenceGrant.objects.earliest("pk").pk), {"on": "2026-11-23", "reason": "Pindah"}), MANAGER,
    ),
    "add to the scope": (lambda cast: (url("scope"), SCOPE), MANAGER),
    "end a line of the scope": (lambda cast: (url("scope-end", ScopeLine.objects.earliest("pk").pk), {"last_day": "2026-12-31"}), MANAGER),
}  # fmt: skip
EVERYBODY = ("lestari", "dewi", "hendra", "siti", "yusuf", "ratna", "agus", "fajar", "maya", "rizki", "rina", "tono")


def counts() -> list[Any]:
    models = (
        Equipment,
        EquipmentCertificate,
        EquipmentCheck,
        EquipmentEvent,
        MethodVersion,
        CompetenceGrant,
        ScopeLine,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("act", ACTS)
def test_who_may_keep_the_registers(cast: Cast, as_: As, act: str) -> None:
    """A row of the role matrix: everybody tries, and who may not is told that there is nothing."""
    made, may = ACTS[act]
    for name in sorted(EVERYBODY, key=lambda one: one in may):
        before = counts()
        address, typed = made(cast)
        answer = as_(getattr(cast, name)).post(address, typed)
        if name in may:
            assert answer.status_code == 302, (name, answer.content.decode()[:3000])
            assert counts() != before
            break
        other = act == "register equipment" and name == "ratna"  # she keeps that of another laboratory
        assert (answer.status_code, counts() == before) == (422 if other else 404, True), name


READ = {"equipment-list", "methods", "competence", "scope"}


@pytest.mark.parametrize("page", sorted(READ))
def test_who_works_in_a_laboratory_reads_its_registers(cast: Cast, as_: As, page: str) -> None:
    readers = {name for name in EVERYBODY if as_(getattr(cast, name)).get(url(page)).status_code == 200}
    assert readers == {"yusuf", "ratna", "agus", "fajar", "maya", "rizki"}


def test_every_page_of_a_register_opens(cast: Cast, as_: As) -> None:
    agus = as_(cast.agus)
    pages = [url("equipment", weights().pk), url("method", version(cast).pk), url("equipment-impact", weights().pk)]
    pages += [made(cast)[0] for made, _may in ACTS.values()] + [url("method-publish") + "?kode=manometer"]
    assert {page: agus.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_nobody_grants_himself_a_method(cast: Cast, as_: As) -> None:
    from .cast import appoint

    appoint(cast.agus, "analis-massa-suhu")
    answer = as_(cast.agus).post(url("competence"), GRANT | {"person": cast.agus.pk})
    assert answer.status_code == 422
    assert not CompetenceGrant.objects.filter(person=cast.agus).exists()


# Certificates ----------------------------------------------------------------------------------------------------------


def pdf() -> bytes:
    book, out = PdfWriter(), io.BytesIO()
    book.add_blank_page(200, 200)
    book.write(out)
    return out.getvalue()


def test_a_certificate_keeps_its_file_under_its_hash(cast: Cast, as_: As) -> None:
    content = pdf()
    file = SimpleUploadedFile("sertifikat.pdf", content, "application/pdf")
    assert as_(cast.yusuf).post(url("certificate-new", weights().pk), HEAD | {"file": file}).status_code == 302
    made = certificate(cast)
    assert (made.version, made.number, made.sha256, made.file_name) == (
        2,
        "SERT-9",
        hashlib.sha256(content).hexdigest(),
        "sertifikat.pdf",
    )
    assert made.values == [{"unit": "g", "from": "1", "to": "1", "correction": "0.00001", "U": "0.00003", "k": "2"}]
    answer = as_(cast.fajar).get(url("certificate-file", made.pk))
    assert b"".join(answer.streaming_content) == content
    for name in ("dewi", "rina", "siti"):
        assert as_(getattr(cast, name)).get(url("certificate-file", made.pk)).status_code == 404


def test_an_older_certificate_stays_as_it_was(cast: Cast, as_: As) -> None:
    before = EquipmentCertificate.objects.filter(equipment=weights()).values().get()
    as_(cast.yusuf).post(url("certificate-new", weights().pk), HEAD)
    assert EquipmentCertificate.objects.filter(equipment=weights(), version=1).values().get() == before


BAD_VALUES = [
    ("v_from", "satu", "v_from-1"), ("v_from", "", "v_from-1"), ("v_U", "", "v_U-1"), ("v_U", "-1", "v_U-1"), ("v_U", "0", "v_U-1"), ("v_U", "1e308", "v_U-1"),
    ("v_k", "0,5", "v_k-1"), ("v_k", "NaN", "v_k-1"), ("v_unit", "", "v_unit-1"), ("v_to", "0,5", "v_to-1"), ("v_correction", "=1+1", "v_correction-1"),
    ("v_drift", "-0,1", "v_drift-1"), ("valid_to", "2026-10-01", "id_valid_to"), ("valid_to", "besok", "id_valid_to"), ("number", "", "id_number"),
    ("calibrated_on", "31/02/2026", "id_calibrated_on"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "place"), BAD_VALUES)
def test_a_bad_value_of_a_certificate_is_told_at_its_cell(
    cast: Cast, as_: As, name: str, value: str, place: str
) -> None:
    typed = HEAD | {name: [value, ""] if name.startswith("v_") else value}
    page = as_(cast.yusuf).post(url("certificate-new", weights().pk), typed)
    assert (page.status_code, EquipmentCertificate.objects.filter(equipment=weights()).count()) == (422, 1)
    assert f'href="#{place}"' in page.content.decode()


def test_a_certificate_of_a_day_to_come_is_refused(cast: Cast) -> None:
    tomorrow = DAY + timedelta(days=1)
    told = registers.Certificate("BARU-1", "Laboratorium acuan", "SI", tomorrow, tomorrow, [])
    refused = registers.add_certificate(weights(), told, actor=None, by="Yusuf", now=NOW)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("future", "calibrated_on")


# A standard that was wrong ----------------------------------------------------------------------------------------------


def test_a_standard_that_was_wrong_leads_to_every_result(cast: Cast, as_: As) -> None:
    """Also to versions that were returned, and to no result of another standard."""
    first, second = measuring_play(cast), measuring_play(cast)
    for play in (first, second):
        work = play.works[0]
        begin(work, cast)
        assert isinstance(operations.submit(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW), ResultVersion)
    registers.add_check(weights(), on=DAY, outcome="failed", found="+1 mg", actor=cast.yusuf, by="Yusuf", now=NOW)
    assert (weights().status, weights().status_since) == ("out_of_service", DAY)
    page = as_(cast.yusuf).get(url("equipment-impact", weights().pk)).content.decode()
    for play in (first, second):
        assert play.order.reference in page
    assert queries.concerned(Equipment.objects.get(code="STD-T-01")) == []
    since = queries.last_good_day(weights())
    assert since == certificate(cast).calibrated_on
    assert queries.concerned(weights(), since=DAY + timedelta(days=1)) == []


def test_the_list_goes_to_a_spreadsheet(cast: Cast, as_: As) -> None:
    play = measuring_play(cast)
    begin(play.works[0], cast)
    operations.submit(play.works[0].pk, balance_sheet(cast), actor=cast.fajar, now=NOW)
    answer = as_(cast.agus).get(url("equipment-impact-export", weights().pk))
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]
    assert rows[-1][:5] == [
        play.order.reference,
        "–",  # he judges it without knowing whose it is, unless he has himself told
        play.items[0].number,
        "Neraca analitik",
        play.works[0].parameter,
    ]
    engine.unblind(play.case.pk, actor=cast.agus, reason="Standarnya keliru; pelanggan diberi tahu", now=NOW)
    page = url("equipment-impact", weights().pk)
    assert "PT Contoh Pangan Musi" in as_(cast.agus).get(page).content.decode()
    assert "PT Contoh Pangan Musi" not in as_(cast.yusuf).get(page).content.decode()
    assert as_(cast.fajar).get(url("equipment-impact", weights().pk)).status_code == 404  # he works blind


def test_what_is_concerned_begins_at_the_last_day_that_was_surely_good(cast: Cast) -> None:
    one, first = weights(), weights().certificates.get()
    assert queries.last_good_day(one) == first.calibrated_on
    for day, outcome in ((-90, "passed"), (-30, "failed"), (-30, "passed")):
        on = DAY + timedelta(days=day)
        registers.add_check(one, on=on, outcome=outcome, found="x", actor=None, by="Yusuf", now=NOW)
    assert queries.last_good_day(one) == DAY - timedelta(days=90)  # not the check after the repair


def test_what_is_concerned_by_a_withdrawal_begins_with_the_certificate(cast: Cast) -> None:
    one, first = weights(), weights().certificates.get()
    new = registers.Certificate("BARU-1", "Laboratorium acuan", "SI", DAY, DAY + timedelta(days=365), first.values)
    assert registers.add_certificate(one, new, actor=None, by="Yusuf", now=NOW).version == 2
    assert queries.last_good_day(one) == DAY
    registers.withdraw_certificate(first, reason="Dibatalkan penerbit", by="Yusuf", now=NOW)
    assert queries.last_good_day(one) == first.calibrated_on


def test_after_a_failed_check_it_is_used_again_only_after_a_good_one(cast: Cast) -> None:
    one = weights()
    registers.add_check(one, on=DAY, outcome="failed", found="+1 mg", actor=None, by="Yusuf", now=NOW)
    again = registers.set_status(one, "in_use", since=DAY, reason="Sudah dicek", by="Yusuf", now=NOW)
    assert again.code == "failed-check"
    registers.add_check(one, on=DAY, outcome="passed", found="0", actor=None, by="Yusuf", now=NOW)
    assert registers.set_status(one, "in_use", since=DAY, reason="Sudah dicek", by="Yusuf", now=NOW).status == "in_use"


def test_a_status_does_not_begin_on_a_day_that_has_not_come(cast: Cast, as_: As) -> None:
    page, address = as_(cast.yusuf), url("equipment-status", weights().pk)
    typed = {"status": "out_of_service", "reason": "Jatuh"}
    refused = page.post(address, typed | {"since": f"{DAY + timedelta(days=800)}"})
    assert (refused.status_code, "Tanggal ini belum tiba." in refused.content.decode()) == (422, True)
    assert weights().status == "in_use"
    assert page.post(address, typed | {"since": f"{DAY}"}).status_code == 302
    assert weights().status == "out_of_service"


def test_what_is_disposed_of_does_not_come_back(cast: Cast) -> None:
    registers.set_status(weights(), "disposed", since=DAY, reason="Hilang", by="Yusuf", now=NOW)
    assert registers.set_status(weights(), "in_use", since=DAY, reason="x", by="Yusuf", now=NOW).code == "disposed"


def test_what_is_due_comes_first(cast: Cast) -> None:
    found = queries.due_list(Equipment.objects.filter(institution=cast.body), today=DAY)
    assert [(one.equipment.code, one.left, one.tone) for one in found][:2] == [
        ("BNT-01", -15, "bad"),
        ("STD-T-02", 25, "warn"),
    ]
    assert [one.left for one in found] == sorted(one.left for one in found)


def test_who_keeps_equipment_is_told_what_is_due(cast: Cast) -> None:
    jobs.tell_what_is_due(NOW)
    assert {(one.to[0].split(".")[0], "BNT-01" in one.body) for one in mail.outbox} == {("yusuf", True), ("agus", True)}


# Methods ----------------------------------------------------------------------------------------------------------------


def test_a_new_version_ends_the_one_before_and_results_keep_theirs(cast: Cast, as_: As) -> None:
    play = measuring_play(cast)
    begin(play.works[0], cast)
    result = operations.submit(play.works[0].pk, balance_sheet(cast), actor=cast.fajar, now=NOW)
    text = shipped()["neraca-elektronik"].replace("repeats: 6", "repeats: 10")
    as_(cast.agus).post(url("method-publish"), {"text": text, "valid_from": "2026-12-01", "note": "Sepuluh pembacaan"})
    old, new = MethodVersion.objects.filter(code="neraca-elektronik").order_by("version")
    assert (str(old.valid_to), new.version, new.approved_name) == ("2026-11-30", 2, cast.agus.full_name)
    assert new.sha256 == hashlib.sha256(new.text.encode()).hexdigest()
    result.refresh_from_db()
    assert result.method_version == old


def test_the_same_text_is_no_new_version(cast: Cast, as_: As) -> None:
    typed = {"text": version(cast).text, "valid_from": "2026-12-01", "note": "-"}
    assert as_(cast.agus).post(url("method-publish"), typed).status_code == 422


def test_a_text_that_is_no_method_is_told_line_by_line(cast: Cast, as_: As) -> None:
    text = shipped()["ph-meter"].replace("half_width: buffer_drift", "half_width: buffer_drif")
    page = as_(cast.agus).post(url("method-publish"), {"text": text, "valid_from": "2026-12-01", "note": "-"})
    assert page.status_code == 422
    assert "buffer_drif" in page.content.decode()
    assert MethodVersion.objects.filter(code="ph-meter").count() == 1


@pytest.mark.parametrize("cmc", ["0", "-1", "x - 5", "nol", "1/(x-2)", "", "1e400", "0,1*y"])
def test_a_cmc_that_has_no_value_is_refused(cast: Cast, as_: As, cmc: str) -> None:
    before = ScopeLine.objects.count()
    assert as_(cast.agus).post(url("scope"), SCOPE | {"cmc": cmc}).status_code == 422
    assert ScopeLine.objects.count() == before
