"""What a certificate says in print and in the digital certificate inside of it, read by poppler and not by the product."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

from .kinds import Kind

DCC, SI = "{https://ptb.de/dcc}", "{https://ptb.de/si}"


def comma(number: str) -> str:
    return number.replace(".", ",")


def text_of(file: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def row_of_page(file: Path, kind: Kind) -> dict[str, str]:
    """The row of the table of results: the point as it was typed, and the numbers after it, with decimal points."""
    words = next(line.split() for line in text_of(file).splitlines() if line.split()[:1] == [comma(kind.point)])
    numbers = [word.replace(",", ".").replace("−", "-") for word in words[1:6]]
    return dict(zip(("reference", "indication", "error", "U", "k"), numbers, strict=True))


def row_of_dcc(file: Path) -> dict[str, str]:
    """The same of the embedded digital certificate."""
    xml = file.with_suffix(".xml")
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(xml), str(file)], check=True)
    several = ElementTree.parse(xml).getroot().find(f".//{DCC}list[@refType='basic_measurementResults']")
    assert several is not None
    names = {"reference": "referenceValue", "indication": "measuredValue", "error": "measurementError"}
    found = {
        name: several.findtext(f"{DCC}quantity[@refType='basic_{word}']//{SI}valueXMLList") or ""
        for name, word in names.items()
    }
    told = {"U": "valueExpandedMUXMLList", "k": "coverageFactorXMLList"}
    return found | {name: several.findtext(f".//{SI}{word}") or "" for name, word in told.items()}
