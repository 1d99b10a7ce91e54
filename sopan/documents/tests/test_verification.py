"""The public pages: four states, copies that are the same, altered, another or unknown; and who may download."""

from __future__ import annotations

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sopan.core.flow import Refusal
from sopan.documents import access, certificates, gates, operations, pdf, queries, verification
from sopan.documents.models import IssuedDocument, Signature
from sopan.documents.verification import Match, State
from sopan.engine.models import Case
from sopan.people.models import User

from .conftest import NOW, make_body
from .test_operations import give_key, prepared, released, sign
from .test_pdf import letter


@pytest.fixture
def document(body: SimpleNamespace) -> IssuedDocument:
    return released(body)


def page(client: Client, document: IssuedDocument) -> str:
    answer = client.get(f"/v/{document.token}/")
    assert answer.status_code == 200
    return answer.content.decode()


def upload(client: Client, address: str, content: bytes, name: str = "salinan.pdf") -> tuple[int, str]:
    answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
    return answer.status_code, answer.content.decode()


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_released_document_is_shown_with_everything_to_compare(client: Client, document: IssuedDocument) -> None:
    shown = page(client, document)
    expected = [
        "Dokumen ini asli dan berlaku",
        "E-LHU 0001/KAL/XII/2026",
        "Laporan hasil kalibrasi",
        "PT Sinar Timbang",
        "Timbangan 220 g",
        "14 Desember 2026",
        "09.14 WIB",
        "Arya Judistira",
        "Plh. Kepala Balai",
        " ".join(document.signed_sha256[at : at + 4] for at in range(0, 64, 4)),
    ]
    assert [text for text in expected if text not in shown] == []
    assert shown.index("Pemilik") < shown.index("Alat")
    assert "SPT-12/2026" not in shown  # the letter of appointment is the body's own business


@pytest.mark.parametrize("state", ["draft", "awaiting", "signed"])
def test_what_is_not_released_is_unknown(client: Client, body: SimpleNamespace, state: str) -> None:
    give_key(body.head)
    document = prepared(body)
    if state == "draft":
        IssuedDocument.objects.update(status="draft")
    if state == "signed":
        sign(document, body.head)
    answer, other = client.get(f"/v/{document.token}/"), client.get("/v/" + "x" * 24 + "/")
    assert (answer.status_code, other.status_code) == (404, 404)
    assert "Dokumen ini tidak dikenal" in answer.content.decode()
    assert document.number not in answer.content.decode()
    assert document.number not in client.get("/v/", {"nomor": document.number}).content.decode().split("hasil-nomor")[1]
    if state == "signed":
        assert verification.compare(queries.content_of(document)).match == Match.UNKNOWN


def test_a_replaced_document_leads_to_the_new_one(
    client: Client, body: SimpleNamespace, document: IssuedDocument
) -> None:
    new = released(body, number="E-LHU 0002/KAL/XII/2026", version=2)
    operations.replace(document, new=new, now=NOW)
    shown = page(client, document)
    assert "Dokumen ini sudah diganti" in shown
    assert f'href="/v/{new.token}/"' in shown
    assert "asli dan berlaku" in page(client, new)


def test_by_number_a_replaced_document_names_the_number_of_its_successor_alone(
    client: Client, body: SimpleNamespace, document: IssuedDocument
) -> None:
    new = released(body, number="E-LHU 0002/KAL/XII/2026", version=2)
    operations.replace(document, new=new, now=NOW)
    shown = client.get("/v/", {"nomor": document.number}).content.decode().split("hasil-nomor")[1]
    assert "Diganti dengan dokumen nomor E-LHU 0002/KAL/XII/2026." in shown
    assert (new.token in shown, document.token in shown) == (False, False)
    IssuedDocument.objects.filter(pk=new.pk).update(released_at=None, status="signed")
    shown = client.get("/v/", {"nomor": document.number}).content.decode().split("hasil-nomor")[1]
    assert ("sudah diganti" in shown, new.number in shown) == (True, False)


def test_the_english_page_speaks_of_one_document(client: Client, document: IssuedDocument) -> None:
    client.cookies["django_language"] = "en"
    assert "<dt>Documents</dt>" not in page(client, document)


def test_a_revoked_document_tells_since_when_and_why_but_not_by_whom(client: Client, document: IssuedDocument) -> None:
    operations.revoke(document, reason="Alat standar <b>keliru</b>", by="Siti Rahma", now=NOW)
    shown = page(client, document)
    assert "Dokumen ini dicabut" in shown
    assert "Alat standar &lt;b&gt;keliru&lt;/b&gt;" in shown
    assert "Siti Rahma" not in shown


def test_the_same_file_is_recognised_on_its_page_and_without_it(client: Client, document: IssuedDocument) -> None:
    content = queries.content_of(document)
    for address in (f"/v/{document.token}/", "/v/"):
        status, shown = upload(client, address, content)
        assert (status, "sama persis dengan yang terdaftar" in shown, document.number in shown) == (200, True, True)


@pytest.mark.parametrize("place", [30, -2000, -1])
def test_a_changed_byte_is_called_altered(client: Client, document: IssuedDocument, place: int) -> None:
    content = queries.content_of(document)
    changed = flipped(content, place % len(content))
    for address in (f"/v/{document.token}/", "/v/"):
        status, shown = upload(client, address, changed)
        assert (status, "<h1>Berkas ini telah berubah</h1>" in shown, "sama persis" in shown) == (200, True, False)
        assert "<h1>Dokumen ini asli dan berlaku</h1>" not in shown


def test_the_copy_of_a_revoked_document_is_the_same_and_still_revoked(client: Client, document: IssuedDocument) -> None:
    operations.revoke(document, reason="Keliru", by="x", now=NOW)
    shown = upload(client, "/v/", queries.content_of(document))[1]
    assert "sama persis" in shown
    assert "Dokumen ini dicabut" in shown


def test_another_document_and_an_unknown_file(client: Client, body: SimpleNamespace, document: IssuedDocument) -> None:
    other = released(body, number="E-LHU 0002/KAL/XII/2026")
    shown = upload(client, f"/v/{document.token}/", queries.content_of(other))[1]
    assert "dokumen lain yang terdaftar" in shown
    plain = pdf.render("tests.letter", letter(), at=NOW)
    assert "Berkas ini telah berubah" in upload(client, f"/v/{document.token}/", plain)[1]
    status, shown = upload(client, "/v/", plain)
    assert (status, "Berkas ini tidak dikenal" in shown) == (200, True)


def test_the_unsigned_print_of_a_document_is_not_the_document(document: IssuedDocument) -> None:
    unsigned = document.unsigned.open().read()
    assert verification.compare(unsigned).match == Match.UNKNOWN
    assert verification.compare(unsigned, document=document).match == Match.ALTERED


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"MZ\x90\x00", "bukan PDF"),
        (b"", "bukan PDF"),
        (b"<html><script>alert(1)</script>", "bukan PDF"),
        (b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024), "terlalu besar"),
    ],
)
def test_what_is_no_pdf_is_told_at_the_field(
    client: Client, document: IssuedDocument, content: bytes, told: str
) -> None:
    for address in (f"/v/{document.token}/", "/v/"):
        status, shown = upload(client, address, content, "a.pdf")
        assert (status, told in shown) == (422, True)


def test_without_a_file_the_field_says_so(client: Client, document: IssuedDocument) -> None:
    answer = client.post("/v/")
    assert (answer.status_code, "Pilih berkas PDF" in answer.content.decode()) == (422, True)


def test_nothing_of_an_upload_is_kept(client: Client, document: IssuedDocument, data_folder: object) -> None:
    before = sorted(os.walk(data_folder)), IssuedDocument.objects.count(), Signature.objects.count()
    upload(client, "/v/", b"%PDF-1.7\nrahasia orang")
    assert (sorted(os.walk(data_folder)), IssuedDocument.objects.count(), Signature.objects.count()) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=400))
def test_any_junk_gets_an_answer(client: Client, db: None, junk: bytes) -> None:
    cache.clear()
    assert upload(client, "/v/", b"%PDF-1.7\n" + junk)[0] == 200
    assert client.get("/v/", {"nomor": junk.decode("latin-1")}).status_code == 200


def test_uploads_are_limited(client: Client, document: IssuedDocument) -> None:
    cache.clear()
    statuses = [client.post("/v/").status_code for _ in range(25)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_number_tells_the_state_and_nothing_of_the_owner(client: Client, document: IssuedDocument) -> None:
    shown = client.get("/v/", {"nomor": "e-lhu 0001/kal/xii/2026 "}).content.decode()
    assert "Nomor ini terdaftar dan berlaku" in shown
    assert [secret for secret in ("PT Sinar", "Timbangan", "Arya", document.token) if secret in shown] == []
    assert "Tidak ada dokumen terbit" in client.get("/v/", {"nomor": "9"}).content.decode()
    assert "Ketik nomor dokumen." in client.get("/v/", {"nomor": " "}).content.decode()


def test_state_of_every_status_is_settled(document: IssuedDocument) -> None:
    states = {}
    for status in IssuedDocument.Status:
        document.status = status
        states[status.value] = verification.state_of(document)
    known = {"released": State.VALID, "replaced": State.REPLACED, "revoked": State.REVOKED}
    assert states == dict.fromkeys(("draft", "awaiting_signature", "signed"), State.UNKNOWN) | known
    assert verification.state_of(None) == State.UNKNOWN


def test_both_signers_are_shown_with_level_and_time_stamp(client: Client, body: SimpleNamespace) -> None:
    give_key(body.head)
    give_key(body.officer)
    document = prepared(body, authorisation=True)
    assert isinstance(sign(document, body.officer, title="Manajer Teknis", role="authorises"), Signature)
    assert isinstance(sign(document, body.head), Signature)
    Signature.objects.filter(role="signs").update(level="B-LTA", timestamp_at=NOW, timestamp_by="Otoritas Waktu")
    operations.release(document, now=NOW)
    shown = page(client, document)
    order = [
        "Hasil disahkan oleh", "Siti Rahma", "Manajer Teknis", "PAdES B-B", "Ditandatangani oleh", "Arya Judistira",
        "PAdES B-LTA", "Cap waktu 14 Desember 2026, 09.14 WIB oleh Otoritas Waktu",
    ]  # fmt: skip
    places = [shown.index(text) for text in order]
    assert places == sorted(places)
    changed = flipped(queries.content_of(document), 30)
    assert "Berkas ini telah berubah" in upload(client, "/v/", changed)[1]


def test_a_page_that_did_not_change_is_answered_by_its_tag(
    client: Client, document: IssuedDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    first = client.get(f"/v/{document.token}/")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(f"/v/{document.token}/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)

    def answered(**headers: str) -> int:
        return client.get(f"/v/{document.token}/", headers={"If-None-Match": tag, **headers}).status_code

    assert answered(**{"Accept-Language": "en"}) == 200
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
    assert answered() == 200  # the page tells when it was checked
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert answered() == 304
    operations.revoke(document, reason="Keliru", by="x", now=NOW)
    assert answered() == 200
    assert "dicabut" in client.get(f"/v/{document.token}/", headers={"If-None-Match": tag}).content.decode()


def test_whoever_tries_addresses_is_slowed_down_and_a_real_one_is_not(client: Client, document: IssuedDocument) -> None:
    statuses = [client.get(f"/v/{'x' * 23}{no % 10}/").status_code for no in range(62)]
    assert (statuses[:60], statuses[-1]) == ([404] * 60, 429)
    assert [client.get(f"/v/{document.token}/").status_code for _ in range(5)] == [200] * 5


# Downloads


def status_of(person: User | None, address: str) -> int:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.get(address).status_code


def test_who_may_download(body: SimpleNamespace, case: Case) -> None:
    give_key(body.head)
    document = prepared(body, case=case)
    foreign = make_body("lain", name="BSPJI Lain")
    people = {
        "anonymous": None,
        "officer": body.officer,
        "colleague without a part in the procedure": body.head,
        "customer": body.customer,
        "other customer": body.stranger,
        "other body": foreign.head,
        "customer of the other body": foreign.customer,
    }
    address = f"/dokumen/{document.pk}/"

    def table() -> dict[str, tuple[int, int]]:
        return {who: (status_of(one, address), status_of(one, address + "baca/")) for who, one in people.items()}

    nobody = {"anonymous": (302, 302)} | dict.fromkeys(people.keys() - {"anonymous"}, (404, 404))
    assert table() == nobody | {"officer": (404, 200)}
    sign(document, body.head)
    assert table() == nobody | {"officer": (200, 200)}
    operations.release(document, now=NOW)
    assert table() == nobody | {"officer": (200, 200), "customer": (200, 200)}
    operations.revoke(document, reason="x", by="y", now=NOW)
    assert table() == nobody | {"officer": (200, 200)}
    body.officer.appointments.update(valid_to=timezone.now() - timedelta(days=1))
    assert table() == nobody


def test_a_document_without_a_case_is_nobodys_but_the_bodys(body: SimpleNamespace, document: IssuedDocument) -> None:
    assert access.document_for(body.customer, document.pk, now=NOW) is None
    assert access.document_for(body.officer, document.pk, now=NOW) == document
    assert access.document_for(body.head, document.pk, now=NOW) is None  # an account without a position
    User.objects.filter(pk=body.officer.pk).update(is_active=False)
    assert access.document_for(User.objects.get(pk=body.officer.pk), document.pk, now=NOW) is None


def test_a_download_is_the_signed_file_with_careful_headers(body: SimpleNamespace, document: IssuedDocument) -> None:
    client = Client()
    client.force_login(body.officer)
    answer = client.get(f"/dokumen/{document.pk}/")
    assert answer.content == queries.content_of(document)
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'attachment; filename="E-LHU_0001-KAL-XII-2026.pdf"',
    }


def test_a_gate_keeps_the_customer_waiting_and_the_staff_not(
    body: SimpleNamespace, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "_gates", type(gates._gates)("download gate"))
    document = released(body, case=case)

    @gates.register
    def survey(document: IssuedDocument, user: User) -> Refusal | None:
        return Refusal("survey", "Isi survei kepuasan terlebih dahulu.")

    client = Client()
    client.force_login(body.customer)
    answer = client.get(f"/dokumen/{document.pk}/")
    assert (answer.status_code, "Isi survei kepuasan" in answer.content.decode()) == (409, True)
    assert status_of(body.officer, f"/dokumen/{document.pk}/") == 200
    with pytest.raises(ValueError):
        gates.register(survey)


def test_verification_needs_no_gate_and_no_login(client: Client, document: IssuedDocument) -> None:
    assert client.get(f"/v/{document.token}/").status_code == 200
    assert certificates.trust_roots() != []
