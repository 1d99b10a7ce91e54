"""Time stamps, revocation data and two signers: what lasts, what is refused, and what others say of the same file."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from asn1crypto import tsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from sopan.core.flow import Refusal
from sopan.documents import certificates, operations, pdf, queries, revocation, signing, stamp
from sopan.documents.models import IssuedDocument, Signature, SigningKey
from sopan.documents.signing import choosing, timestamps
from sopan.people.models import User

from .conftest import NOW
from .gateway import Gateway, Server
from .test_operations import PASSPHRASE, give_key, prepared, sign
from .test_pdf import letter
from .test_signing import URL, judged, pkcs12_file

SIGNER_PASSPHRASE = "frasa-Rahasia 2026 é"


def lists(revoked: dict[int, object] | None = None) -> None:
    path = revocation.folder() / "demo.crl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(certificates.demo_revocations(now=NOW, revoked=revoked))


def at_level(level: str, *, content: bytes | None = None, field: str = stamp.FIELD) -> bytes | Refusal:
    lists()
    provider = signing.Pkcs12Provider(level, timestamps.local(at=NOW), revocation.encoded())
    block = stamp.render(url=URL, name="Arya Judistira", position="Kepala", signed_at="x", at=NOW)
    said = signing.Particulars(block, "Arya Judistira", "Pengesahan", "Palembang", URL, NOW, field)
    content = content or pdf.render("tests.letter", letter(), at=NOW)
    return provider.sign(content, said, key=pkcs12_file(), passphrase=SIGNER_PASSPHRASE)


@pytest.mark.parametrize("level", choosing.LEVELS)
def test_a_file_is_judged_to_be_of_the_level_it_was_signed_at(level: str, tmp_path: Path) -> None:
    content = at_level(level)
    report = judged(content)
    one = report.signers[0]
    assert (report.valid, report.problems, one.level) == (True, (), level)
    stamped = (None, "") if level == "B-B" else (NOW, "Cap Waktu Demo Sopan")
    assert (one.stamped_at, one.stamped_by) == stamped
    marks = PdfReader(io.BytesIO(content)).xmp_metadata.stream.get_data().decode()
    assert 'pdfaid:part="3"' in marks
    if shutil.which("pdfsig"):
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout
        assert told.count("Signature is Valid.") == 1
        assert "Digest Mismatch" not in told


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_what_makes_a_signature_last_is_no_cover_for_a_change(level: str) -> None:
    writer = PdfWriter(io.BytesIO(at_level(level)), incremental=True)
    writer.add_metadata({"/Title": "Diubah"})
    out = io.BytesIO()
    writer.write(out)
    report = judged(out.getvalue())
    assert (report.valid, report.covers_whole_file) == (False, False)


def test_a_changed_byte_breaks_a_lasting_signature() -> None:
    content = at_level("B-LTA")
    at = content.index(b"/Title")
    report = judged(content[: at + 1] + b"X" + content[at + 2 :])
    assert (report.valid, report.intact) == (False, False)


def test_a_level_that_cannot_be_reached_is_refused_and_not_lowered() -> None:
    without_lists = signing.Pkcs12Provider("B-LT", timestamps.local(at=NOW), ())
    without_authority = signing.Pkcs12Provider("B-T", None, ())
    block = stamp.render(url=URL, name="A", position="K", signed_at="x", at=NOW)
    said, asked = (
        signing.Particulars(block, "Arya", "x", "x", URL, NOW),
        {"key": pkcs12_file(), "passphrase": SIGNER_PASSPHRASE},
    )
    content = pdf.render("tests.letter", letter(), at=NOW)
    assert without_lists.sign(content, said, **asked).code == "no-revocation-data"
    assert without_authority.sign(content, said, **asked).code == "no-timestamp"


def test_the_setting_of_the_institution_decides_and_the_signature_tells(
    body: SimpleNamespace, settings: object
) -> None:
    settings.TSA_URL = "demo"
    lists()
    body.institution.settings["signature_level"] = {"value": "B-LT"}
    body.institution.save()
    body.head.institution.refresh_from_db()
    give_key(body.head)
    document = prepared(body)
    row = sign(document, body.head)
    assert isinstance(row, Signature), row
    assert (row.level, row.timestamp_at, row.timestamp_by) == ("B-LT", NOW, "Cap Waktu Demo Sopan")
    settings.TSA_URL = ""
    other = prepared(body, number="E-LHU 2")
    assert sign(other, body.head).code == "no-timestamp"
    assert other.status == "awaiting_signature"


# The authority over HTTP


@pytest.fixture
def authority(data_folder: Path, settings: object) -> Iterator[Gateway]:
    play = Gateway(NOW)
    with Server(play, patience=1.0) as server:
        settings.TSA_URL, settings.TSA_USER, settings.TSA_PASSWORD = server.url + "/tsa", "", ""
        yield play


def stamped(body: SimpleNamespace) -> Signature | Refusal:
    body.institution.settings["signature_level"] = {"value": "B-T"}
    body.institution.save()
    body.head.institution.refresh_from_db()
    give_key(body.head)
    return sign(prepared(body), body.head)


def test_an_authority_is_asked_by_rfc_3161(body: SimpleNamespace, authority: Gateway) -> None:
    row = stamped(body)
    assert isinstance(row, Signature), row
    assert (row.level, row.timestamp_at) == ("B-T", NOW)
    assert set(authority.asked) == {"POST /tsa"}


@pytest.mark.parametrize("fault", ["html", "garbage", "silent", "busy", "rejects"])
def test_an_authority_that_gives_no_time_stamp_stops_the_signature(
    body: SimpleNamespace, authority: Gateway, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = timestamps.Line
    monkeypatch.setattr(timestamps, "Line", lambda *told, **more: line(*told, **{**more, "timeout": 0.4}))
    authority.faults.append(fault)
    assert stamped(body).code == "no-timestamp"
    assert IssuedDocument.objects.get().status == "awaiting_signature"


def test_a_request_carries_a_nonce(authority: Gateway, body: SimpleNamespace) -> None:
    stamped(body)
    assert all(tsp.TimeStampReq.load(asked)["nonce"].native for asked in authority.stamped)


# Revoked and expired


def test_a_revoked_certificate_is_refused_before_a_passphrase_is_asked(body: SimpleNamespace) -> None:
    key = give_key(body.head)
    assert choosing.standing(body.head, now=NOW) is None
    lists({int(key.serial, 16): NOW - timedelta(days=3)})
    refusal = choosing.standing(body.head, now=NOW)
    assert (refusal.code, "11 Desember 2026" in refusal.message) == ("certificate-revoked", True)
    assert sign(prepared(body), body.head, passphrase="salah").code == "certificate-revoked"
    assert choosing.standing(body.head, now=NOW - timedelta(days=4)) is None  # not yet


def test_a_list_that_the_issuer_did_not_sign_revokes_nobody(body: SimpleNamespace, tmp_path: Path) -> None:
    key = give_key(body.head)
    lists({int(key.serial, 16): NOW - timedelta(days=3)})
    assert choosing.standing(body.head, now=NOW).code == "certificate-revoked"
    (certificates.trust_folder() / "demo.pem").unlink()  # another authority of the same name
    (tmp_path / "demo-authority.key").unlink()
    certificates.demo_authority(now=NOW)
    SigningKey.objects.update(
        chain="".join(SigningKey.objects.get().chain.partition("-----END CERTIFICATE-----\n")[:2])
    )
    assert choosing.standing(body.head, now=NOW) is None


def test_a_broken_list_is_passed_over(body: SimpleNamespace) -> None:
    give_key(body.head)
    lists()
    (revocation.folder() / "torn.crl").write_bytes(b"not a list")
    assert choosing.standing(body.head, now=NOW) is None
    assert len(revocation.lists()) == 1


def test_an_expired_certificate_is_told_before_too(body: SimpleNamespace) -> None:
    give_key(body.head)
    assert choosing.standing(body.head, now=NOW + timedelta(days=4000)).code == "certificate-expired"


def test_lists_are_fetched_and_an_old_one_hides_no_new_one(
    body: SimpleNamespace, authority: Gateway, settings: object
) -> None:
    settings.CRL_URLS = [settings.TSA_URL.replace("/tsa", "/daftar.crl")]
    authority.files["daftar.crl"] = certificates.demo_revocations(now=NOW)
    assert (revocation.fetch(), revocation.fetch(), len(revocation.lists())) == (1, 0, 1)
    authority.files["daftar.crl"] = certificates.demo_revocations(now=NOW - timedelta(days=30))
    assert revocation.fetch() == 0
    authority.files["daftar.crl"] = b"<html>"
    assert revocation.fetch() == 0
    authority.files["daftar.crl"] = certificates.demo_revocations(now=NOW + timedelta(days=1), revoked={7: NOW})
    assert revocation.fetch() == 1
    assert [one.get_revoked_certificate_by_serial_number(7) is not None for one in revocation.lists()] == [True]


# Two signers


@pytest.fixture
def pair(body: SimpleNamespace) -> SimpleNamespace:
    """Siti authorises, Arya signs."""
    give_key(body.head)
    give_key(body.officer)
    body.document = prepared(body, authorisation=True)
    return body


def authorised(pair: SimpleNamespace, person: User | None = None, **fields: object) -> Signature | Refusal:
    return sign(pair.document, person or pair.officer, title="Manajer Teknis", role="authorises", **fields)


def test_one_authorises_and_another_signs_and_both_stay_valid(pair: SimpleNamespace, tmp_path: Path) -> None:
    document = pair.document
    printed = queries.content_of(document)
    assert sign(document, pair.head).code == "not-authorised"
    assert isinstance(authorised(pair), Signature)
    assert (document.status, document.awaits) == ("awaiting_signature", "signs")
    between = queries.content_of(document)
    assert isinstance(sign(document, pair.head), Signature)
    content = queries.content_of(document)
    assert content.startswith(between) and between.startswith(printed)
    report = judged(content)
    assert (report.valid, report.signatures, [one.name for one in report.signers]) == (
        True,
        2,
        ["Siti Rahma", "Arya Judistira"],
    )
    rows = queries.signatures_of(document)
    assert [(row.name, row.role, row.position) for row in rows] == [
        ("Siti Rahma", "authorises", "Manajer Teknis"),
        ("Arya Judistira", "signs", "Plh. Kepala Balai"),
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    if shutil.which("pdfsig"):
        told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout
        assert told.count("Signature is Valid.") == 2
    if shutil.which("qpdf"):
        assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True).returncode == 0
    assert 'pdfaid:part="3"' in PdfReader(path).xmp_metadata.stream.get_data().decode()
    assert len(PdfFileReader(io.BytesIO(content)).embedded_regular_signatures) == 2


def test_the_two_blocks_do_not_touch(pair: SimpleNamespace) -> None:
    authorised(pair)
    sign(pair.document, pair.head)
    boxes = [
        [float(value) for value in note.get_object()["/Rect"]]
        for note in PdfReader(io.BytesIO(queries.content_of(pair.document))).pages[-1]["/Annots"]
    ]
    assert boxes[0][2] < boxes[1][0]


@pytest.mark.parametrize("where", [b"/Title", b"TandaTangan2", b"TandaTangan1"])
def test_a_byte_changed_under_either_signature_is_seen(pair: SimpleNamespace, where: bytes) -> None:
    authorised(pair)
    sign(pair.document, pair.head)
    content = queries.content_of(pair.document)
    at = content.index(where) + 2
    assert not judged(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]).valid


def test_nobody_does_both(pair: SimpleNamespace) -> None:
    assert isinstance(authorised(pair, pair.head), Signature)
    assert sign(pair.document, pair.head).code == "same-person"
    assert authorised(pair, pair.officer).code == "already-authorised"


def test_what_was_read_before_the_authorisation_is_not_what_is_signed(pair: SimpleNamespace) -> None:
    seen = pair.document.unsigned_sha256
    authorised(pair)
    assert sign(pair.document, pair.head, previewed_sha256=seen).code == "changed"


def test_a_new_printing_has_to_be_authorised_again(pair: SimpleNamespace) -> None:
    authorised(pair)
    changed = pdf.render("tests.letter", letter(owner="Diganti"), at=NOW)
    assert operations.prepare(pair.document, content=changed) is None
    assert (pair.document.awaits, queries.signatures_of(pair.document)) == ("authorises", [])
    assert sign(pair.document, pair.head).code == "not-authorised"


def test_two_lasting_signatures_both_stay_lasting() -> None:
    first = at_level("B-LTA", field=stamp.AUTHORISING_FIELD)
    report = judged(at_level("B-LTA", content=first))
    assert (report.valid, [one.level for one in report.signers]) == (True, ["B-LTA", "B-LTA"])


def test_a_document_without_authorisation_takes_none(body: SimpleNamespace) -> None:
    give_key(body.head)
    body.document = prepared(body)
    assert authorised(body, body.head).code == "already-authorised"
    assert PASSPHRASE  # of the certificates that ``give_key`` makes
