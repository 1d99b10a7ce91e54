"""A document from draft to release: exactly the previewed bytes, exactly one signature, and nothing kept of secrets."""

from __future__ import annotations

import io
import logging
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from pyhanko.pdf_utils.reader import PdfFileReader

from sopan.core.flow import Refusal
from sopan.documents import certificates, files, numbers, operations, pdf, queries, signing
from sopan.documents.models import IssuedDocument, NumberSeries, Signature, SigningKey
from sopan.people.events import worded
from sopan.people.models import PeopleEvent, User

from .conftest import NOW, race
from .test_pdf import letter

PASSPHRASE = "frasa-sandi-Arya-7731"


def give_key(person: User, *, passphrase: str = PASSPHRASE) -> SigningKey:
    content = certificates.make_demo_pkcs12(person.name, position="Kepala Balai", passphrase=passphrase, now=NOW)
    return operations.add_signing_key(person, content=content, passphrase=passphrase, now=NOW)


def prepared(body: SimpleNamespace, *, number: str = "E-LHU 0001/KAL/XII/2026", **fields: object) -> IssuedDocument:
    document = operations.draft(
        institution=body.institution,
        kind="calibration_report",
        number=number,
        title="Laporan hasil kalibrasi",
        facts={"Pemilik": "PT Sinar Timbang", "Alat": "Timbangan 220 g"},
        now=NOW,
        **fields,
    )
    assert operations.prepare(document, content=pdf.render("tests.letter", letter(number=number), at=NOW)) is None
    return document


def sign(document: IssuedDocument, person: User, **fields: object) -> Signature | Refusal:
    asked = {
        "title": "Plh. Kepala Balai",
        "letter": "SPT-12/2026",
        "passphrase": PASSPHRASE,
        "previewed_sha256": document.unsigned_sha256,
    }
    return operations.sign_document(document, person=person, now=NOW, **asked | fields)


def released(body: SimpleNamespace, **fields: object) -> IssuedDocument:
    if not SigningKey.objects.filter(person=body.head).exists():
        give_key(body.head)
    document = prepared(body, **fields)
    assert isinstance(sign(document, body.head), Signature)
    assert operations.release(document, now=NOW) is None
    return document


def test_a_signature_copies_name_position_letter_and_certificate(body: SimpleNamespace) -> None:
    key, document = give_key(body.head), prepared(body)
    sign(document, body.head)
    row = Signature.objects.get()
    assert (row.name, row.position, row.letter, row.meaning, row.method, row.at) == (
        "Arya Judistira",
        "Plh. Kepala Balai",
        "SPT-12/2026",
        "Pengesahan",
        "certificate",
        NOW,
    )
    assert (row.document_sha256, row.certificate_fingerprint) == (document.unsigned_sha256, key.fingerprint)
    assert (document.status, document.signed_at) == ("signed", NOW)
    content = queries.content_of(document)
    assert files.sha256(content) == document.signed_sha256
    assert signing.validate(content, trust_roots=certificates.trust_roots(), moment=NOW).valid


def test_the_qr_address_is_in_the_signed_file_and_not_before(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    address = queries.verify_url(document)
    assert address == f"https://sopan.example/v/{document.token}/"

    def contact() -> list[str]:
        signatures = PdfFileReader(io.BytesIO(queries.content_of(document))).embedded_regular_signatures
        return [str(one.sig_object["/ContactInfo"]) for one in signatures]

    assert contact() == []
    sign(document, body.head)
    assert contact() == [address]


def test_a_wrong_passphrase_changes_nothing_and_is_written_nowhere(
    body: SimpleNamespace, data_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    give_key(body.head)
    document = prepared(body)
    before = IssuedDocument.objects.values().get()
    refusal = sign(document, body.head, passphrase="salah-ketik-9914")
    assert (refusal.code, refusal.field) == ("wrong-passphrase", "passphrase")
    assert IssuedDocument.objects.values().get() == before
    assert Signature.objects.count() == 0
    assert isinstance(sign(document, body.head), Signature)
    for secret in ("salah-ketik-9914", PASSPHRASE):
        assert secret not in caplog.text
        assert not [path for path in data_folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
        assert secret not in everything_in_the_database()


def test_after_five_wrong_passphrases_the_person_waits_and_is_told_until_when(
    body: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sits at a signer's open session must not be able to try words for as long as he likes."""
    began = NOW.timestamp()
    monkeypatch.setattr(time, "time", lambda: began)
    give_key(body.head)
    document = prepared(body)
    for attempt in range(5):
        assert sign(document, body.head, passphrase=f"tebakan-{attempt}").code == "wrong-passphrase"
    refusal = sign(document, body.head)  # even the right one
    assert (refusal.code, refusal.field) == ("too-many-tries", "passphrase")
    assert "09.29 WIB" in refusal.message
    document.refresh_from_db()
    assert document.status == "awaiting_signature"
    assert sign(document, body.officer).code == "no-certificate"  # counted by person: others do not wait
    events = PeopleEvent.objects.filter(code="passphrase_failed")
    assert [(event.institution, event.data["user"], event.at) for event in events] == [
        (body.institution, body.head.pk, NOW)
    ] * 5
    assert worded(events[0]) == "Passphrase salah saat Arya Judistira menandatangani E-LHU 0001/KAL/XII/2026"
    assert "tebakan" not in everything_in_the_database()
    monkeypatch.setattr(time, "time", lambda: began + 901)
    assert isinstance(sign(document, body.head), Signature)


def test_right_passphrases_are_not_counted(body: SimpleNamespace) -> None:
    give_key(body.head)
    for no in range(7):
        assert isinstance(sign(prepared(body, number=f"E-LHU {no}"), body.head), Signature)


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)


def test_only_the_previewed_bytes_are_signed(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    seen = document.unsigned_sha256
    changed = pdf.render("tests.letter", letter(owner="Diganti"), at=NOW)
    assert operations.prepare(document, content=changed) is None  # rendered again after the head had read it
    assert sign(document, body.head, previewed_sha256=seen).code == "changed"
    assert sign(document, body.head, previewed_sha256="").code == "changed"
    assert isinstance(sign(document, body.head), Signature)


def test_a_file_changed_on_the_disk_is_not_signed(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    path = Path(default_storage.path(document.unsigned.name))
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(files.DamagedFile):
        sign(document, body.head)
    assert Signature.objects.count() == 0


def test_a_second_signature_is_told_who_and_when(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    sign(document, body.head)
    refusal = sign(document, body.head)
    assert refusal.code == "already-signed"
    assert "Arya Judistira, Plh. Kepala Balai" in refusal.message
    assert "14 Desember 2026" in refusal.message
    assert operations.prepare(document, content=pdf.render("tests.letter", letter(), at=NOW)).code == "already-signed"
    assert Signature.objects.count() == 1


def test_nobody_signs_with_the_certificate_of_another(body: SimpleNamespace) -> None:
    key, document = give_key(body.head), prepared(body)
    assert sign(document, body.officer).code == "no-certificate"
    theirs = files.read(key.file, sha256=key.file_sha256)
    stolen = operations.add_signing_key(body.officer, content=theirs, passphrase=PASSPHRASE, now=NOW)
    assert stolen.code == "other-person"
    User.objects.filter(pk=body.officer.pk).update(name=body.head.name)  # a namesake
    body.officer.refresh_from_db()
    assert operations.add_signing_key(body.officer, content=theirs, passphrase=PASSPHRASE, now=NOW).code == "key-taken"


def test_keys_are_private_files_and_open_with_their_passphrase_alone(body: SimpleNamespace) -> None:
    key = give_key(body.head)
    path = Path(default_storage.path(key.file.name))
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    content = path.read_bytes()
    assert operations.add_signing_key(body.head, content=content, passphrase="x", now=NOW).code == "wrong-passphrase"
    late = NOW + timedelta(days=4000)
    refusal = operations.add_signing_key(body.head, content=content, passphrase=PASSPHRASE, now=late)
    assert refusal.code == "certificate-expired"
    assert operations.add_signing_key(body.head, content=content, passphrase=PASSPHRASE, now=NOW) == key


def test_an_expired_certificate_does_not_sign(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    late = NOW + timedelta(days=4000)
    refusal = operations.sign_document(
        document,
        person=body.head,
        title="Kepala",
        passphrase=PASSPHRASE,
        previewed_sha256=document.unsigned_sha256,
        now=late,
    )
    assert (refusal.code, IssuedDocument.objects.get().status) == ("certificate-expired", "awaiting_signature")


def test_a_signature_that_nobody_would_trust_is_not_kept(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    (certificates.trust_folder() / "demo.pem").unlink()
    assert sign(document, body.head).code == "signature-not-valid"
    assert (IssuedDocument.objects.get().status, Signature.objects.count()) == ("awaiting_signature", 0)


@pytest.mark.parametrize("content", [b"", b"MZ", b"<html>", b"%PDF-1.7\nx"])
def test_only_a_pdf_is_laid_before_the_signer(body: SimpleNamespace, content: bytes) -> None:
    document = operations.draft(institution=body.institution, kind="x", number="1", title="x", now=NOW)
    assert operations.prepare(document, content=content).code == "not-a-pdf"
    assert sign(document, body.head).code == "not-ready"


def test_a_signed_pdf_is_not_laid_before_a_signer_again(body: SimpleNamespace) -> None:
    signed = queries.content_of(released(body))
    other = operations.draft(institution=body.institution, kind="x", number="2", title="x", now=NOW)
    assert operations.prepare(other, content=signed).code == "not-a-pdf"


def test_the_life_of_a_document_has_one_way(body: SimpleNamespace) -> None:
    give_key(body.head)
    document = prepared(body)
    assert operations.release(document, now=NOW).code == "not-ready"
    assert operations.revoke(document, reason="x", by="y", now=NOW).code == "not-ready"
    sign(document, body.head)
    assert operations.release(document, now=NOW) is None
    assert operations.release(document, now=NOW).code == "not-ready"
    assert operations.revoke(document, reason=" ", by="y", now=NOW).code == "reason-missing"
    new = released(body, version=2)
    assert operations.replace(document, new=document, now=NOW).code == "not-a-replacement"
    assert operations.replace(document, new=prepared(body, version=3), now=NOW).code == "not-a-replacement"
    assert operations.replace(document, new=new, now=NOW) is None
    assert (document.status, document.replaced_by) == ("replaced", new)
    assert operations.revoke(new, reason="Alat standar keliru", by="Siti Rahma", now=NOW) is None
    assert operations.revoke(new, reason="Lagi", by="Siti Rahma", now=NOW).code == "not-ready"


def test_the_same_content_is_stored_once_and_a_torn_file_is_not_taken_for_it(data_folder: Path) -> None:
    name = files.store(b"isi", folder="documents", suffix=".pdf")
    assert files.store(b"isi", folder="documents", suffix=".pdf") == name
    Path(default_storage.path(name)).write_bytes(b"i")
    assert files.store(b"isi", folder="documents", suffix=".pdf") != name


def test_a_number_a_document_and_a_signature_in_one_line(body: SimpleNamespace, transactional_db: None) -> None:
    """What a domain does, in order."""
    give_key(body.head)
    NumberSeries.objects.create(institution=body.institution, key="report", pattern="E-LHU {seq:4}/KAL/{yyyy}")
    with transaction.atomic():
        number = numbers.allocate("report", institution=body.institution, now=NOW, used_for="Pesanan 1", by="Ketua")
    document = prepared(body, number=number.text)
    assert isinstance(sign(document, body.head), Signature)
    assert document.number == "E-LHU 0001/KAL/2026"


@pytest.mark.django_db(transaction=True)
def test_of_six_windows_that_sign_at_once_exactly_one_signs(tmp_path: Path) -> None:
    results = race("signatures", tmp_path)
    assert sorted(results) == ["already-signed"] * 5 + ["signed"]
