"""A report judged by its file alone: what ``sopan verify-report`` says of whole, changed, unsigned and foreign ones."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from sopan.documents import pdf, stamp
from sopan.documents.certificates import make_demo_pkcs12, trust_folder, trust_roots
from sopan.documents.signing import Particulars, Pkcs12Provider
from sopan.domains.laboratory.certificates import page
from sopan.domains.laboratory.dcc import attachment
from sopan.domains.laboratory.examining import Verdict, examine

from .reported import of_method, whole
from .test_printing import printed

AT = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)
PASSPHRASE = "frasa Rahasia 2026"


def signed(content: bytes, *, name: str = "Bambang Contoh", field: str = stamp.FIELD) -> bytes:
    key = make_demo_pkcs12(name, position="Kepala Balai", passphrase=PASSPHRASE, now=AT)
    block = stamp.render(url="https://sopan.example/v/x/", name=name, position="Kepala", signed_at="kini", at=AT)
    assert isinstance(block, bytes)
    said = Particulars(block, name, "Pengesahan", "Balai", "x", AT, field)
    made = Pkcs12Provider().sign(content, said, key=key, passphrase=PASSPHRASE)
    assert isinstance(made, bytes), made
    return made


@pytest.fixture
def certificate() -> bytes:
    return signed(printed(whole()))


def test_a_whole_certificate_is_valid(certificate: bytes) -> None:
    found = examine(certificate, trust_roots=trust_roots())
    assert (found.verdict, found.pdf_a, found.dcc, found.problems) == (Verdict.VALID, "3B", True, ())
    assert [(one.name, one.at, one.level) for one in found.signatures.signers] == [("Bambang Contoh", AT, "B-B")]


def test_two_signatures_are_both_told() -> None:
    content = signed(signed(printed(whole()), name="Agus Contoh", field=stamp.AUTHORISING_FIELD))
    found = examine(content, trust_roots=trust_roots())
    assert found.verdict == Verdict.VALID
    assert [one.name for one in found.signatures.signers] == ["Agus Contoh", "Bambang Contoh"]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_changed_byte_is_altered(certificate: bytes, place: float) -> None:
    at = int(len(printed(whole())) * place)
    changed = certificate[:at] + bytes([certificate[at] ^ 1]) + certificate[at + 1 :]
    assert examine(changed, trust_roots=trust_roots()).verdict in (Verdict.ALTERED, Verdict.UNREADABLE)


def test_bytes_behind_the_end_are_altered(certificate: bytes) -> None:
    assert examine(certificate + b"\n% added\n", trust_roots=trust_roots()).verdict == Verdict.ALTERED


def test_what_is_added_later_is_altered(certificate: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(certificate)) as document:
        document.attachments["extra.txt"] = b"x"
        document.save(out)
    assert examine(out.getvalue(), trust_roots=trust_roots()).verdict == Verdict.ALTERED


def test_without_its_root_it_is_not_trusted(certificate: bytes) -> None:
    assert examine(certificate, trust_roots=[]).verdict == Verdict.UNTRUSTED


def test_a_draft_is_not_signed() -> None:
    assert examine(printed(whole()), trust_roots=[]).verdict == Verdict.UNSIGNED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"hello", b"\x00" * 5000])
def test_what_is_no_pdf_is_unreadable(content: bytes) -> None:
    assert examine(content, trust_roots=[]).verdict == Verdict.UNREADABLE


def other_form(**point: str) -> bytes:
    told = whole()
    told["parts"][0]["tables"][0]["points"][1].update(point)
    made = pdf.render(page.TEMPLATE, page.content(whole()), at=AT, attachments=attachment.of(told))
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize("change", [{"error": "0.00019"}, {"U": "0.00036"}, {"k": "2.00"}, {"indication": "100.0002"}])
def test_a_digital_form_that_says_something_else_is_inconsistent(change: dict[str, str]) -> None:
    found = examine(signed(other_form(**change)), trust_roots=trust_roots())
    assert found.verdict == Verdict.INCONSISTENT
    assert "is not printed" in found.problems[0]


@pytest.mark.parametrize("code", ["manometer", "volume-gravimetri", "anak-timbangan"])
@pytest.mark.parametrize("languages", [["id"], ["en"], ["id", "en"]], ids="-".join)
def test_print_and_digital_form_agree_for_every_layout(code: str, languages: list[str]) -> None:
    assert examine(printed(of_method(code, languages=languages)), trust_roots=[]).problems == (
        "Berkas ini tidak memuat tanda tangan elektronik.",
    )


def run(capsys: Any, *arguments: str) -> tuple[int, str]:
    try:
        call_command("verify-report", *arguments)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().out


def test_the_command_needs_no_database_and_tells_by_its_exit_code(
    certificate: bytes, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(certificate)
    code, said = run(capsys, str(path))
    assert (code, said.splitlines()[0]) == (0, "valid: signed, unchanged, and its digital form says what is printed")
    code, said = run(capsys, str(path), "--trust", str(tmp_path))
    assert code == 3
    path.write_bytes(certificate.replace(b"/Title", b"/Titel", 1))
    assert run(capsys, str(path), "--json", "--trust", str(trust_folder()))[0] in (1, 2)
    path.write_bytes(printed(whole()))
    code, said = run(capsys, str(path), "--json")
    assert (code, json.loads(said)["verdict"]) == (4, "unsigned")
    with pytest.raises(CommandError):
        call_command("verify-report", str(tmp_path / "nothing.pdf"))
