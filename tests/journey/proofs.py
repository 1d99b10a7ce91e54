"""What is proved of a signed report by programs that are not ours: pyHanko, poppler, and the squares of the QR code."""

from __future__ import annotations

import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import segno
from asn1crypto import pem, x509
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

MM = 72 / 25.4  # points
DOTS = 288  # an inch, of the picture in which the QR code is read


def judged_by_pyhanko(pdf: bytes, *, root: Path) -> tuple[bool, bool, bool]:
    """Whether the one signature is intact, valid, and leads to the certificate of the authority."""
    with ThreadPoolExecutor(1) as apart:  # the browser's loop runs in this thread
        return apart.submit(_judge, pdf, root).result()


def _judge(pdf: bytes, root: Path) -> tuple[bool, bool, bool]:
    _kind, _headers, der = pem.unarmor(root.read_bytes())
    context = ValidationContext(trust_roots=[x509.Certificate.load(der)], allow_fetching=False)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    status = validate_pdf_signature(signature, context)
    return status.intact, status.valid, status.trusted


def judged_by_poppler(path: Path) -> dict[str, str]:
    """What ``pdfsig`` says of the signature."""
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    told = dict(re.findall(r"^\s*- ([^:\n]+): (.+)$", said, re.M))
    return {**told, "whole": str("Total document signed" in said)}


def address_in(path: Path) -> str:
    """The address that the signature names for whoever wants to verify it."""
    (signature,) = PdfFileReader(io.BytesIO(path.read_bytes())).embedded_regular_signatures
    return str(signature.sig_object["/ContactInfo"])


def qr_says(path: Path, address: str, folder: Path) -> bool:
    """Whether the QR code beside the signature is the code of this address, square by square."""
    (field,) = PdfFileReader(io.BytesIO(path.read_bytes())).embedded_regular_signatures
    left, bottom, _right, top = (float(edge) for edge in field.sig_field["/Rect"])
    page = _last_page(path, folder)
    squares = [
        [bool(dark) for dark in row] for row in segno.make(address, error="m", micro=False).matrix_iter(border=2)
    ]
    side = (top - bottom - 3 * MM) * DOTS / 72
    x, y = (left + 1.5 * MM) * DOTS / 72, page.height - (top - 1.5 * MM) * DOTS / 72
    step = side / len(squares)
    return all(
        (page.getpixel((round(x + (column + 0.5) * step), round(y + (row + 0.5) * step))) < 128) == dark
        for row, line in enumerate(squares)
        for column, dark in enumerate(line)
    )


def _last_page(path: Path, folder: Path) -> Image.Image:
    pages = len(PdfFileReader(io.BytesIO(path.read_bytes())).root["/Pages"]["/Kids"])
    command = ["pdftoppm", "-gray", "-r", str(DOTS), "-f", str(pages), "-singlefile", str(path), str(folder / "page")]
    subprocess.run(command, check=True)
    with Image.open(folder / "page.pgm") as page:
        return page.convert("L")
