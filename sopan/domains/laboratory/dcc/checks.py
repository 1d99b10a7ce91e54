"""What neither the XSD nor the Schematron rules see: how long the lists of a quantity are, and that numbers are finite.

Lists of one table have the same length; a list beside it (units, uncertainties, factors, statements) has that length or one
entry for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from .xml import DCC, SI, Element

VALUES = f"{{{SI}}}valueXMLList"
BESIDE = [
    f".//{{{SI}}}{name}"
    for name in (
        "unitXMLList", "valueExpandedMUXMLList", "coverageFactorXMLList", "coverageProbabilityXMLList",
        "valueStandardMUXMLList", "intervalMinXMLList", "intervalMaxXMLList", "uncertaintyXMLList",
    )
]  # fmt: skip
WORDS = {f"{{{SI}}}unitXMLList"}


def faults(root: Element) -> Iterator[str]:
    """What is wrong with the lists of a DCC, in English: for the log and for tests."""
    for table in root.iter(f"{{{DCC}}}list"):
        lengths = {
            len((values.text or "").split())
            for quantity in table.findall(f"{{{DCC}}}quantity")
            for values in quantity.findall(f"{{{SI}}}realListXMLList/{VALUES}")
        }
        if len(lengths - {1}) > 1:
            yield f"lists of one table have {sorted(lengths)} entries"
    for quantity in root.iter(f"{{{DCC}}}quantity"):
        yield from _of_quantity(quantity)


def _of_quantity(quantity: Element) -> Iterator[str]:
    for listed in quantity.findall(f"{{{SI}}}realListXMLList"):
        values = (listed.findtext(VALUES) or "").split()
        yield from _not_finite(values)
        for path in BESIDE:
            for one in listed.findall(path):
                found = (one.text or "").split()
                if len(found) not in (1, len(values)):
                    yield f"{_local(one)} has {len(found)} entries for {len(values)} values"
                if one.tag not in WORDS:
                    yield from _not_finite(found)
        stated = quantity.findall(f"{{{DCC}}}measurementMetaData/{{{DCC}}}metaData/{{{DCC}}}conformityXMLList")
        for one in stated:
            if len((one.text or "").split()) != len(values):
                yield f"conformityXMLList does not have {len(values)} entries"


def _not_finite(texts: list[str]) -> Iterator[str]:
    for text in texts:
        try:
            finite = Decimal(text).is_finite()
        except InvalidOperation:
            finite = False
        if not finite:
            yield f"{text!r} is no number"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
