import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError

from sopan.documents.certificates import trust_roots
from sopan.domains.laboratory.examining import Examined, Verdict, examine

LARGEST = 50_000_000  # bytes
CODES = {
    Verdict.VALID: 0, Verdict.ALTERED: 1, Verdict.INCONSISTENT: 1, Verdict.UNREADABLE: 2, Verdict.UNTRUSTED: 3,
    Verdict.UNSIGNED: 4,
}  # fmt: skip
SAID = {
    Verdict.VALID: "valid: signed, unchanged, and its digital form says what is printed",
    Verdict.ALTERED: "ALTERED after it was signed",
    Verdict.INCONSISTENT: "INCONSISTENT: the digital form does not say what is printed",
    Verdict.UNREADABLE: "this is no PDF that can be read",
    Verdict.UNTRUSTED: "unchanged, but signed with certificates that no trusted root has issued",
    Verdict.UNSIGNED: "not signed",
}


class Command(BaseCommand):
    help = "Judges the PDF of a report by itself: signatures, time stamps, PDF/A, and the digital certificate inside of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument(
            "--trust", type=Path, help="folder of root certificates (*.pem); without it that of the data folder"
        )
        parser.add_argument("--json", action="store_true", help="print what was found as JSON")

    def handle(self, *, file: Path, **options: Any) -> None:
        found = examine(_read(file), trust_roots=_roots(options["trust"]))
        if options["json"]:
            self.stdout.write(
                json.dumps(found.as_data(), ensure_ascii=False, indent=2, default=lambda at: at.isoformat())
            )
        else:
            self.stdout.write("\n".join(_lines(found)))
        if code := CODES[found.verdict]:
            sys.exit(code)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(f"{file} is larger than {LARGEST // 1_000_000} MB.", returncode=2)
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(f"{file}: {fault.strerror}.", returncode=2) from None


def _roots(folder: Path | None) -> list[x509.Certificate]:
    if folder is None:
        return trust_roots()
    try:
        return [x509.load_pem_x509_certificate(path.read_bytes()) for path in sorted(folder.glob("*.pem"))]
    except (OSError, ValueError) as fault:
        raise CommandError(f"{folder}: {fault}", returncode=2) from None


def _lines(found: Examined) -> Iterator[str]:
    yield SAID[found.verdict]
    yield f"SHA-256      {found.sha256}"
    yield f"PDF/A        {f'claims PDF/A-{found.pdf_a}' if found.pdf_a else 'not claimed'}"
    yield f"signatures   {len(found.signatures.signers)}"
    for one in found.signatures.signers:
        stamped = f", stamped {one.stamped_at:%Y-%m-%d %H:%M:%S %Z} by {one.stamped_by}" if one.stamped_at else ""
        at = f"{one.at:%Y-%m-%d %H:%M:%S %Z}" if one.at else "no time"
        yield f"  {one.name}, {at}, {one.level}{stamped}"
        yield f"    {one.subject}; serial {one.serial}"
    yield f"chain        {'trusted' if found.signatures.trusted else 'not trusted here'}"
    yield f"DCC          {f'embedded, SHA-256 {found.dcc_sha256}' if found.dcc else 'none'}"
    yield from (f"problem      {problem}" for problem in found.problems)
