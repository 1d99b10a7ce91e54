"""Signatures: valid for us and for others, still PDF/A-3b, broken by any changed byte."""

from __future__ import annotations

import asyncio
import io
import logging
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from sopan.core.flow import Refusal
from sopan.documents import certificates, pdf, signing, stamp

from .conftest import NOW
from .test_pdf import letter

PASSPHRASE = "frasa-Rahasia 2026 é"
URL = "https://sopan.example/v/abcdefghijklmnopqrstuvwx/"


def pkcs12_file(**fields: object) -> bytes:
    return certificates.make_demo_pkcs12(
        "Arya Judistira", position="Kepala Balai", passphrase=PASSPHRASE, now=NOW, **fields
    )


def signed(*, key: bytes | None = None, passphrase: str = PASSPHRASE, rows: int = 3) -> bytes | Refusal:
    content = pdf.render("tests.letter", letter(rows=rows), at=NOW)
    block = stamp.render(
        url=URL, name="Arya Judistira", position="Kepala Balai", signed_at="14 Desember 2026, 09.14 WIB", at=NOW
    )
    said = signing.Particulars(block, "Arya Judistira", "Pengesahan", "Palembang", URL, NOW)
    return signing.Pkcs12Provider().sign(content, said, key=key or pkcs12_file(), passphrase=passphrase)


def judged(content: bytes) -> signing.SignatureReport:
    return signing.validate(content, trust_roots=certificates.trust_roots(), moment=NOW)


def test_a_signature_is_valid_trusted_and_covers_the_whole_file() -> None:
    report = judged(signed())
    assert replace(report, signers=()) == signing.SignatureReport(
        valid=True, trusted=True, intact=True, covers_whole_file=True, signer="Arya Judistira", at=NOW, signatures=1
    )
    one = report.signers[0]
    assert (one.name, one.at, one.level, one.stamped_at) == ("Arya Judistira", NOW, "B-B", None)


def test_signing_and_judging_work_where_an_event_loop_runs_already() -> None:
    async def within_a_loop() -> bool:
        return judged(signed()).valid

    assert asyncio.run(within_a_loop())


def test_the_previewed_bytes_are_kept_and_the_block_stands_on_the_last_page() -> None:
    content = signed(rows=120)
    assert content.startswith(pdf.render("tests.letter", letter(rows=120), at=NOW))
    pages = PdfReader(io.BytesIO(content)).pages
    assert [len(page.get("/Annots", [])) for page in pages] == [0] * (len(pages) - 1) + [1]
    assert len(pages) > 1
    x1, y1, x2, y2 = pages[-1]["/Annots"][0].get_object()["/Rect"]
    assert (round((x2 - x1) / stamp.POINTS), round((y2 - y1) / stamp.POINTS)) == (88, 30)


def test_the_format_is_pades_and_the_file_is_still_pdf_a() -> None:
    content = signed()
    reader = PdfReader(io.BytesIO(content))
    signature = reader.get_fields()[signing.FIELD]["/V"]
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    marks = reader.xmp_metadata.stream.get_data().decode()
    assert 'pdfaid:part="3"' in marks
    assert 'pdfaid:conformance="B"' in marks
    appearance = reader.pages[-1]["/Annots"][0].get_object()["/AP"]["/N"].get_object()
    inner = next(iter(appearance["/Resources"]["/XObject"].values())).get_object()
    fonts = [font.get_object()["/DescendantFonts"][0].get_object() for font in inner["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] or "/FontFile3" in font["/FontDescriptor"] for font in fonts)


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_poppler_says_valid_and_says_so_no_longer_when_a_byte_differs(tmp_path: Path) -> None:
    def poppler(content: bytes) -> str:
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        return subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout

    content = signed()
    assert "Signature is Valid." in poppler(content)
    assert "Total document signed" in poppler(content)
    at = content.index(b"/Title")
    assert "Digest Mismatch" in poppler(content[: at + 1] + b"X" + content[at + 2 :])


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong_after_signing(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(signed())
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_strangers_certificate_is_not_trusted(tmp_path: Path) -> None:
    content = signed()
    report = signing.validate(content, trust_roots=[], moment=NOW)
    assert (report.intact, report.trusted, report.valid) == (True, False, False)


def test_something_appended_after_signing_is_seen() -> None:
    content = signed()
    writer = PdfWriter(io.BytesIO(content), incremental=True)
    writer.add_metadata({"/Title": "Diubah"})
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(content)
    report = judged(out.getvalue())
    assert (report.covers_whole_file, report.valid) == (False, False)


def test_an_unsigned_file_and_no_file_at_all_are_not_valid() -> None:
    plain = pdf.render("tests.letter", letter(), at=NOW)
    assert [judged(content).valid for content in (plain, b"", b"%PDF-1.7\n", b"MZ" * 99)] == [False] * 4


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_the_signed_part_breaks_it(data: st.DataObject) -> None:
    content = CONTENT.setdefault("signed", signed())
    roots = CONTENT.setdefault("roots", certificates.trust_roots())
    hexes = content.index(b"/Contents <") + 11
    place = data.draw(
        st.one_of(st.integers(0, hexes - 12), st.integers(content.index(b">", hexes) + 1, len(content) - 1))
    )
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert not signing.validate(bytes(changed), trust_roots=roots, moment=NOW).valid


CONTENT: dict[str, object] = {}


@pytest.mark.parametrize("typed", ["", "salah", PASSPHRASE + " ", PASSPHRASE.upper(), "é" * 5000, "\x00"])
def test_a_wrong_passphrase_is_told_plainly_and_written_nowhere(typed: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refusal = signed(passphrase=typed)
    assert (refusal.code, refusal.field) == ("wrong-passphrase", "passphrase")
    assert [record for record in caplog.records if typed.strip("\0") and typed in record.getMessage()] == []


def test_the_right_passphrase_is_written_nowhere_either(caplog: pytest.LogCaptureFixture, data_folder: Path) -> None:
    caplog.set_level(logging.DEBUG)
    content = signed()
    assert PASSPHRASE not in caplog.text
    assert PASSPHRASE.encode() not in content
    assert [
        path for path in data_folder.rglob("*") if path.is_file() and PASSPHRASE.encode() in path.read_bytes()
    ] == []


@pytest.mark.parametrize(
    ("days", "code"), [((-700, -1), "certificate-expired"), ((1, 700), "certificate-not-yet-valid"), ((-1, 1), None)]
)
def test_a_certificate_signs_only_between_its_dates(days: tuple[int, int], code: str | None) -> None:
    key = pkcs12_file(begin=NOW + timedelta(days=days[0]), end=NOW + timedelta(days=days[1]))
    done = signed(key=key)
    assert (done.code if isinstance(done, Refusal) else None) == code


def test_a_file_that_is_no_pkcs12_is_refused() -> None:
    assert signed(key=b"not a key").code == "wrong-passphrase"


def test_rsa_keys_sign_too() -> None:
    credentials = certificates.open_pkcs12(pkcs12_file(), passphrase=PASSPHRASE)
    authority, root = certificates.demo_authority(now=NOW)
    key = rsa.generate_private_key(65537, 2048)
    builder = certificates._builder(
        credentials.certificate.subject,
        root.subject,
        key.public_key(),
        begin=NOW - timedelta(days=1),
        end=NOW + timedelta(days=1),
        authority=False,
    )
    certificate = builder.sign(authority, hashes.SHA256())
    protection = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    file = pkcs12.serialize_key_and_certificates(b"rsa", key, certificate, [root], protection)
    assert judged(signed(key=file)).valid


def test_keys_of_the_demo_authority_are_readable_by_the_owner_alone(data_folder: Path) -> None:
    certificates.demo_authority(now=NOW)
    assert oct((data_folder / "demo-authority.key").stat().st_mode & 0o777) == "0o600"
    assert certificates.demo_authority(now=NOW)[1] == certificates.demo_authority(now=NOW)[1]


def test_opened_credentials_do_not_print_their_key() -> None:
    credentials = certificates.open_pkcs12(pkcs12_file(), passphrase=PASSPHRASE)
    assert repr(credentials).startswith("<Credentials of ")
    assert credentials.common_name == "Arya Judistira"


def test_a_long_name_and_position_still_fit_the_block() -> None:
    block = stamp.render(
        url=URL,
        name="Prof. Dr. Ir. " + "Nama " * 20,
        position="Plh. Kepala " + "Balai Besar " * 16,
        signed_at="x",
        at=NOW,
    )
    pages = PdfReader(io.BytesIO(block)).pages
    assert (len(pages), pages[0].extract_text().count("Nama"), pages[0].extract_text().count("Balai")) == (1, 20, 16)
