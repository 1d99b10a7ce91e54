"""Signing at a service: its good days, its bad days, and that no signature is ever asked for twice by itself."""

from __future__ import annotations

import contextlib
import io
import ipaddress
import logging
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import certificates, pdf, queries, sealed, signing, stamp
from sopan.documents.models import IssuedDocument, Signature, SignerProfile, SigningAttempt
from sopan.documents.signing import choosing
from sopan.documents.transport import Line
from sopan.people.models import User

from .conftest import NOW
from .gateway import PASSWORD, USER, Gateway, Server
from .test_operations import everything_in_the_database, prepared, sign
from .test_pdf import letter

NIK, PASSPHRASE = "1671000000000001", "frasa-BSrE-8812"
METHODS = ("bsre_v1", "bsre_v2")


@pytest.fixture
def gateway(data_folder: Path, settings: object) -> Iterator[Gateway]:
    play = Gateway(NOW)
    play.know(NIK, "ARYA JUDISTIRA", passphrase=PASSPHRASE)
    with Server(play, patience=1.5) as server:
        settings.ESIGN_URL, settings.ESIGN_USER, settings.ESIGN_PASSWORD = server.url, USER, PASSWORD
        yield play


@pytest.fixture(params=METHODS)
def head(request: pytest.FixtureRequest, body: SimpleNamespace, gateway: Gateway) -> User:
    return at_service(body.head, request.param)


def at_service(person: User, method: str, nik: str = NIK) -> User:
    SignerProfile.objects.create(person=person, method=method, nik_sealed=sealed.seal(nik), changed_at=NOW)
    return person


@pytest.fixture(autouse=True)
def impatient(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that waits half a second for a gateway that will say nothing, where it would wait two minutes."""

    def line(*told: object, **more: object) -> Line:
        patience = 0.6 if "silent" in gateway.faults else 60
        return Line(*told, **(more | {"timeout": patience, "limit": 2_000_000}))

    monkeypatch.setattr(choosing, "Line", line)


def at_v1(body: SimpleNamespace) -> User:
    return at_service(body.head, "bsre_v1")


def asked_to_sign(gateway: Gateway) -> int:
    return len([path for path in gateway.asked if path.endswith("sign/pdf")])


def attempts() -> list[tuple[str, str]]:
    return list(SigningAttempt.objects.order_by("pk").values_list("outcome", "code"))


def signed_by(document: IssuedDocument, person: User, **fields: object) -> Signature | Refusal:
    return sign(document, person, passphrase=PASSPHRASE, **fields)


def test_the_service_signs_what_was_read(body: SimpleNamespace, head: User, gateway: Gateway) -> None:
    document = prepared(body)
    before = queries.content_of(document)
    row = signed_by(document, head)
    assert isinstance(row, Signature), row
    assert (row.method, row.level, row.document_sha256) == ("gateway", "B-B", document.unsigned_sha256)
    content = queries.content_of(document)
    assert content.startswith(before)
    assert signing.validate(content, trust_roots=certificates.trust_roots(), moment=NOW).valid
    assert (document.status, attempts(), gateway.signed) == ("signed", [("signed", "")], 1)


def test_the_block_stands_where_one_s_own_certificate_puts_it(
    body: SimpleNamespace, head: User, gateway: Gateway
) -> None:
    document = prepared(body)
    expected = stamp.box(queries.content_of(document))
    signed_by(document, head)
    note = PdfReader(io.BytesIO(queries.content_of(document))).pages[-1]["/Annots"][0].get_object()
    assert tuple(round(float(value)) for value in note["/Rect"]) == expected


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_poppler_agrees_and_the_file_says_pdf_a(body: SimpleNamespace, head: User, tmp_path: Path) -> None:
    document = prepared(body)
    signed_by(document, head)
    path = tmp_path / "a.pdf"
    path.write_bytes(queries.content_of(document))
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout
    assert ("Signature is Valid." in told, "Total document signed" in told) == (True, True)
    assert 'pdfaid:part="3"' in PdfReader(path).xmp_metadata.stream.get_data().decode()


def test_what_is_asked_holds_what_the_calls_ask_for(body: SimpleNamespace, gateway: Gateway) -> None:
    document = prepared(body)
    pages = len(PdfReader(io.BytesIO(queries.content_of(document))).pages)
    signed_by(document, at_v1(body))
    told = gateway.fields[0]
    assert {name: told[name] for name in ("nik", "tampilan", "image", "page", "reason", "location")} == {
        "nik": NIK, "tampilan": "visible", "image": "true", "page": str(pages),
        "reason": "Pengesahan", "location": "BSPJI Palembang",
    }  # fmt: skip


def test_a_wrong_passphrase_is_asked_once_counted_and_written_nowhere(
    body: SimpleNamespace, head: User, gateway: Gateway, data_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    document = prepared(body)
    for no in range(5):
        refusal = sign(document, head, passphrase=f"tebakan-{no}")
        assert (refusal.code, refusal.field) == ("wrong-passphrase", "passphrase")
    assert sign(document, head, passphrase=PASSPHRASE).code == "too-many-tries"
    assert asked_to_sign(gateway) == 5
    assert (gateway.signed, attempts()) == (0, [("refused", "wrong-passphrase")] * 5)
    for secret in ("tebakan", PASSWORD):
        assert secret not in caplog.text
        assert secret not in everything_in_the_database()
        assert not [path for path in data_folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    cache.clear()


def test_the_passphrase_and_the_number_are_in_no_log_and_no_row(
    body: SimpleNamespace, head: User, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.faults += ["lost", "html", "error"]
    for _ in range(4):
        signed_by(prepared(body, number=f"E-LHU {_}"), head)
    kept = everything_in_the_database() + caplog.text
    assert [secret for secret in (PASSPHRASE, NIK, PASSWORD) if secret in kept] == []


def test_an_answer_that_was_lost_is_fetched_and_not_asked_for_again(body: SimpleNamespace, gateway: Gateway) -> None:
    gateway.faults.append("lost")
    document = prepared(body)
    assert isinstance(signed_by(document, at_v1(body)), Signature)
    assert (gateway.signed, attempts(), document.status) == (1, [("signed", "")], "signed")
    assert [path.split("/")[-2] for path in gateway.asked] == ["status", "sign", "download"]


@pytest.mark.parametrize("fault", ["silent", "html", "proxy", "huge", "redirect"])
def test_after_an_answer_that_says_nothing_the_person_decides(
    body: SimpleNamespace, head: User, gateway: Gateway, fault: str
) -> None:
    gateway.faults.append(fault)
    document = prepared(body)
    assert signed_by(document, head).code == "unclear"
    made = gateway.signed
    assert signed_by(document, head).code == "unclear"  # pressed again: the service is not asked to sign
    assert (gateway.signed, asked_to_sign(gateway)) == (made, 1)
    document.refresh_from_db()
    assert (document.status, attempts()) == ("awaiting_signature", [("unclear", "")])
    assert isinstance(signed_by(document, head, anew=True), Signature)
    assert attempts() == [("given_up", ""), ("signed", "")]


def test_a_lost_file_that_the_service_finds_later_is_taken_even_if_anew_was_asked(
    body: SimpleNamespace, gateway: Gateway
) -> None:
    person, document = at_v1(body), prepared(body)
    gateway.faults.append("lost")
    waiting = signing.esign_v1.EsignV1.fetch
    try:
        signing.esign_v1.EsignV1.fetch = lambda self, name: signing.Unclear(name)  # the line is still down
        assert signed_by(document, person).code == "unclear"
    finally:
        signing.esign_v1.EsignV1.fetch = waiting
    assert isinstance(signed_by(document, person, anew=True), Signature)
    assert (gateway.signed, attempts()) == (1, [("signed", "")])


def test_an_id_that_would_lead_elsewhere_is_no_id(body: SimpleNamespace, gateway: Gateway) -> None:
    gateway.faults.append("escape")
    assert signed_by(prepared(body), at_v1(body)).code == "unclear"
    assert [path for path in gateway.asked if "0000" in path.replace(NIK, "") or "download" in path] == []


@pytest.mark.parametrize(("fault", "code"), [("busy", "service-busy"), ("error", "service-refused")])
def test_a_service_that_says_no_has_signed_nothing(
    body: SimpleNamespace, head: User, gateway: Gateway, fault: str, code: str
) -> None:
    gateway.faults.append(fault)
    document = prepared(body)
    refusal = signed_by(document, head)
    assert (refusal.code, attempts(), gateway.signed) == (code, [("refused", code)], 0)
    assert "Koordinat" not in refusal.message  # its words may quote anything
    assert isinstance(signed_by(document, head), Signature)


def test_a_service_that_is_not_there_has_signed_nothing(body: SimpleNamespace, head: User, settings: object) -> None:
    settings.ESIGN_URL = "http://127.0.0.1:9"
    assert signed_by(prepared(body), head).code == "service-unreachable"
    assert attempts() == []
    cache.set(f"signing-standing-{head.pk}-{choosing.method_of(head)}", True)  # it went away a moment ago
    assert signed_by(prepared(body, number="E-LHU 2"), head).code == "service-unreachable"
    assert attempts() == [("refused", "service-unreachable")]


def test_another_file_than_the_one_that_was_read_is_not_kept(
    body: SimpleNamespace, head: User, gateway: Gateway
) -> None:
    gateway.faults.append("other")
    document = prepared(body)
    assert signed_by(document, head).code == "other-content"
    assert (document.status, Signature.objects.count()) == ("awaiting_signature", 0)


def test_the_number_of_somebody_else_signs_nothing(body: SimpleNamespace, gateway: Gateway) -> None:
    gateway.know("1671000000000009", "SITI RAHMA", passphrase=PASSPHRASE)
    person = at_service(body.head, "bsre_v2", nik="1671000000000009")
    assert signed_by(prepared(body), person).code == "other-person"
    assert Signature.objects.count() == 0


def test_wrong_account_of_the_application(body: SimpleNamespace, head: User, settings: object) -> None:
    settings.ESIGN_PASSWORD = "salah"
    assert signed_by(prepared(body), head).code == "service-login"


def test_two_windows_at_once_ask_the_service_once(body: SimpleNamespace, head: User, gateway: Gateway) -> None:
    document = prepared(body)
    SigningAttempt.objects.create(
        document=document,
        person=head,
        method="bsre_v1",
        document_sha256=document.unsigned_sha256,
        started_at=NOW,
    )
    assert signed_by(document, head, anew=True).code == "being-signed"
    assert asked_to_sign(gateway) == 0


def test_what_became_unclear_for_one_does_not_stop_who_stands_in_for_him(
    body: SimpleNamespace, gateway: Gateway
) -> None:
    gateway.know("1671000000000009", "SITI RAHMA", passphrase=PASSPHRASE)
    gateway.faults.append("html")
    document = prepared(body)
    assert signed_by(document, at_v1(body)).code == "unclear"
    plh = at_service(body.officer, "bsre_v1", nik="1671000000000009")
    assert signed_by(document, plh).code == "unclear"
    assert isinstance(signed_by(document, plh, anew=True), Signature)
    assert attempts() == [("given_up", ""), ("signed", "")]


def test_somebody_without_standing_does_not_even_send_his_passphrase(
    body: SimpleNamespace, head: User, gateway: Gateway
) -> None:
    gateway.people[NIK].status = "SUSPEND"
    assert signed_by(prepared(body), head).code == "no-standing"
    assert (asked_to_sign(gateway), attempts()) == (0, [])


def test_one_s_standing_is_told_before_a_passphrase_is_asked(
    body: SimpleNamespace, head: User, gateway: Gateway
) -> None:
    words = {
        "EXPIRED": "kedaluwarsa", "RENEW": "diperbarui", "SUSPEND": "ditangguhkan", "REVOKE": "dicabut",
        "NO_CERTIFICATE": "belum mempunyai",
    }  # fmt: skip
    for status, word in words.items():
        gateway.people[NIK].status = status
        refusal = choosing.standing(head, now=NOW)
        assert (refusal.code, word in refusal.message) == ("no-standing", True)
    gateway.people[NIK].status = "ISSUE"
    assert choosing.standing(head, now=NOW) is None
    asked = len(gateway.asked)
    assert (choosing.standing(head, now=NOW), len(gateway.asked)) == (None, asked)  # believed for some minutes
    cache.clear()
    gateway.people.clear()
    assert "belum terdaftar" in choosing.standing(head, now=NOW).message


def test_without_a_service_or_a_number_the_reason_is_told(body: SimpleNamespace, settings: object) -> None:
    settings.ESIGN_URL = ""
    SignerProfile.objects.create(person=body.head, method="bsre_v1", changed_at=NOW)
    assert choosing.standing(body.head, now=NOW).code == "service-missing"
    settings.ESIGN_URL = "https://esign.example"
    assert choosing.standing(body.head, now=NOW).code == "no-nik"


def test_the_institution_chooses_and_a_person_may_differ(body: SimpleNamespace) -> None:
    assert choosing.method_of(body.head) == "pkcs12"
    body.institution.settings["signing_provider"] = {"value": "bsre_v2"}
    body.institution.save()
    body.head.institution.refresh_from_db()
    assert choosing.method_of(body.head) == "bsre_v2"
    SignerProfile.objects.create(person=body.head, method="pkcs12", changed_at=NOW)
    assert choosing.method_of(body.head) == "pkcs12"


class Raw(threading.Thread):
    """A server that answers every connection with the same bytes, whatever they are."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.answer, self.socket = b"", socket.create_server(("127.0.0.1", 0))

    def run(self) -> None:
        while True:
            try:
                line, _from = self.socket.accept()
            except OSError:
                return
            with line:
                line.settimeout(0.05)
                with contextlib.suppress(OSError):
                    while line.recv(65_536):
                        pass
                with contextlib.suppress(OSError):
                    line.sendall(self.answer)


@pytest.fixture(scope="module")
def raw() -> Iterator[Raw]:
    server = Raw()
    server.start()
    yield server
    server.socket.close()


HEADS = [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 500 E\r\n", b"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n", b""]


@given(head=st.sampled_from(HEADS), name=st.text(max_size=30), body=st.binary(max_size=300) | st.text().map(str.encode))
@hypothesis_settings(max_examples=40, deadline=None)
def test_no_answer_at_all_is_a_signature_or_a_fault(raw: Raw, head: bytes, name: str, body: bytes) -> None:
    """Whatever bytes come back: no exception, no signed file, and nothing of it in what the person is told."""
    raw.answer = head + b"id_dokumen: " + name.encode() + b"\r\n\r\n" + body
    line = Line(f"http://127.0.0.1:{raw.socket.getsockname()[1]}", timeout=0.5, limit=1000)
    content = CONTENT.setdefault("content", pdf.render("tests.letter", letter(), at=NOW))
    said = signing.Particulars(b"png", "A", "x", "x", "x", NOW)
    for client in (signing.EsignV1(line), signing.EsignV2(line)):
        made = client.sign(content, said, key=NIK.encode(), passphrase=PASSPHRASE)
        assert isinstance(made, Refusal | signing.Unclear)
        if isinstance(made, signing.Unclear):
            assert "/" not in made.service_id and "." not in made.service_id
        assert client.standing(NIK.encode()) is not None


CONTENT: dict[str, bytes] = {}


def test_a_service_whose_certificate_nobody_vouches_for_is_not_spoken_to(
    body: SimpleNamespace, gateway: Gateway, settings: object, tmp_path: Path
) -> None:
    """TLS is judged before anything is said: the passphrase does not leave."""
    key, certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    head = at_v1(body)
    with Server(gateway) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        settings.ESIGN_URL = server.url.replace("http:", "https:")
        assert signed_by(prepared(body), head).code == "service-unreachable"
        assert gateway.asked == []
        settings.ESIGN_CA = str(certificate)
        assert isinstance(signed_by(prepared(body, number="E-LHU 2"), head), Signature)


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.key").write_bytes(key.private_bytes(*plain))
    (folder / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "tls.key", folder / "tls.pem"


@pytest.mark.parametrize("url", ["http://esign.example", "ftp://127.0.0.1", "file:///etc/passwd", "esign.example"])
def test_a_service_is_reached_by_https_alone(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Line(url)


def test_a_line_does_not_print_its_password() -> None:
    assert "rahasia" not in repr(Line("https://esign.example", "u", "rahasia"))
