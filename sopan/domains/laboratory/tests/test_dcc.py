"""The digital certificate: valid by schema, by the Schematron rules of PTB and by our own, and with the printed numbers.

The schema is looked for in the folder of ``SOPAN_DCC``, or in ``shared/domain/dcc`` beside the checkout. The Schematron
rules are compiled here from their source in the package ``dcclib``: what it ships compiled misses a rule.
"""

from __future__ import annotations

import copy
import functools
import os
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import saxonche
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from lxml import etree

from sopan.domains.laboratory.certificates import words
from sopan.domains.laboratory.certificates.snapshot import Snapshot
from sopan.domains.laboratory.dcc import checks, schema
from sopan.domains.laboratory.dcc.units import KNOWN, plain, siunitx
from sopan.domains.laboratory.dcc.writer import possible, write

from .reported import STANDARD, judged, part, point, stated, whole

SCHEMAS = Path(os.environ.get("SOPAN_DCC") or Path(settings.BASE_DIR).parent / "shared/domain/dcc")
AT_HAND = (SCHEMAS / "dcc.xsd").exists()
needs_schema = pytest.mark.skipif(
    not AT_HAND and "SOPAN_DCC" not in os.environ,
    reason=f"the XML schema of the DCC is not in {SCHEMAS}; set SOPAN_DCC",
)
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@functools.cache
def schematron() -> tuple[saxonche.PySaxonProcessor, Any]:
    """The rules of PTB as a compiled transformation, once a process."""
    folder = resources.files("dcclib") / "validation/schema"
    processor = saxonche.PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    to_svrl = compiler.compile_stylesheet(stylesheet_file=str(folder / "schxslt/compile-for-svrl.xsl"))
    text = to_svrl.transform_to_string(source_file=str(folder / "dcc.sch"))
    return processor, compiler.compile_stylesheet(stylesheet_text=text)


def broken_rules(content: bytes, role: str = "error") -> list[str]:
    """What the Schematron rules say with this role."""
    processor, rules = schematron()
    told = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=content.decode()))
    found = etree.fromstring(told.encode())
    said = [*found.iter(f"{SVRL}failed-assert"), *found.iter(f"{SVRL}successful-report")]
    return [" ".join("".join(one.itertext()).split()) for one in said if one.get("role") == role]


def faults(content: bytes) -> list[str]:
    """All that is wrong with a DCC, by all three; without the schema by the other two, and a skipped test says so."""
    by_schema = schema.faults(content, folder=str(SCHEMAS)) if AT_HAND else []
    return [*by_schema, *broken_rules(content), *checks.faults(etree.fromstring(content))]


@needs_schema
def test_the_schema_is_at_hand() -> None:
    """Skipped where it is not, so that nobody takes the tests below for more than they are."""
    assert schema.compiled(str(SCHEMAS))


LANGUAGES = [["id"], ["en"], ["id", "en"]]


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
@pytest.mark.parametrize("made", [whole, judged])
def test_a_certificate_is_valid_by_schema_and_rules(made: Any, languages: list[str]) -> None:
    assert faults(write(made(languages=languages))) == []


def test_an_amendment_names_what_it_replaces() -> None:
    amends = {"number": "0001/KAL/I/2026", "what": "Nomor seri", "why": "Salah ketik", "sha256": "cd" * 32}
    content = write(whole(amends=amends))
    assert faults(content) == []
    found = etree.fromstring(content)
    told = {one.tag.rpartition("}")[2]: one.text for one in found.iter() if one.text}
    assert (told["typeOfChange"], told["replacedUniqueIdentifier"]) == ("substituted", "0001/KAL/I/2026")


# Random certificates ----------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
DIGITS = st.integers(-99_990_000, 99_990_000).map(lambda number: f"{Decimal(number).scaleb(-4):f}")
EXPANDED = st.integers(1, 99).map(lambda number: f"0.{number:06d}")
K = st.integers(150, 350).map(lambda number: f"{Decimal(number).scaleb(-2):f}")


@st.composite
def points(draw: Any, unit: str, judged: bool) -> list[dict[str, Any]]:
    found = []
    for _at in range(draw(st.integers(1, 5))):
        numbers = {name: draw(DIGITS) for name in ("reference", "indication", "error")}
        numbers |= {"U": draw(EXPANDED), "k": draw(K), "shown": {"spread": draw(DIGITS)}}
        told = stated(draw(st.sampled_from(list(words.OUTCOMES))), norm=draw(TEXT)) if judged else {}
        found.append(point(draw(DIGITS).replace(".", ","), unit=unit, has_limit=judged, conformity=told, **numbers))
    return found


@st.composite
def parts(draw: Any, judged: bool) -> dict[str, Any]:
    unit = draw(st.sampled_from(sorted(KNOWN)))
    columns = [
        {"name": "spread", "label": [draw(TEXT), draw(TEXT)], "unit": draw(st.sampled_from(["", "µL/mg", "°C"]))}
    ]
    stages = draw(st.sampled_from([["as_is"], ["as_found", "as_left"]]))
    tables = [
        {"stage": stage, "unit": unit, "columns": columns, "points": draw(points(unit, judged))} for stage in stages
    ]
    days = sorted(draw(st.tuples(st.dates(), st.dates())))
    equipment = [{**STANDARD, "name": draw(TEXT), "serial": draw(st.sampled_from(["", "AT-07"])), "sha256": sha}
                 for sha in draw(st.lists(st.sampled_from(["", "ab" * 32]), min_size=1, max_size=3))]  # fmt: skip
    return part(
        tables=tables, begin=days[0].isoformat(), end=days[1].isoformat(), equipment=equipment, deviation=draw(TEXT | st.just("")),
        performed_at=draw(st.sampled_from(["laboratory", "customer", "other"])), parameter=draw(TEXT),
    )  # fmt: skip


@st.composite
def certificates(draw: Any) -> Snapshot:
    judged = draw(st.booleans())
    told = whole(languages=draw(st.sampled_from(LANGUAGES)))
    told["number"], told["order"], told["customer"]["name"] = draw(TEXT), draw(TEXT), draw(TEXT)
    told["item"]["supplied"] = {name: draw(TEXT | st.just("")) for name in ("name", "make", "type", "serial", "range")}
    told["decision"] = {"rule": "guard", "fraction": "", "text": draw(TEXT)} if judged else None
    told["parts"] = draw(st.lists(parts(judged), min_size=1, max_size=2))
    return told


@bounds(max_examples=500, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(certificates())
def test_no_order_makes_an_invalid_certificate(told: Snapshot) -> None:
    assert faults(write(told)) == []


# What each of the three is there for -------------------------------------------------------------------------------------


def changed(content: bytes, old: str, new: str) -> bytes:
    assert old.encode() in content
    return content.replace(old.encode(), new.encode(), 1)


@needs_schema
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("50.00003 100.00002", "50,00003 100.00002"),
        ("<dcc:performanceLocation>laboratory", "<dcc:performanceLocation>lab"),
        ("2.01 2.01 2.00", "0.5 2.01 2.00"),
        ("<dcc:endPerformanceDate>2026-11-24</dcc:endPerformanceDate>", ""),
    ],
)
def test_the_schema_sees_what_is_broken(old: str, new: str) -> None:
    assert schema.faults(changed(write(whole()), old, new), folder=str(SCHEMAS))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("50.00003 100.00002", "50.00003  100.00002"),
        ("<dcc:endPerformanceDate>2026-11-24", "<dcc:endPerformanceDate>2025-11-24"),
        ("<dcc:release>v", "<dcc:release>"),
        ('<dcc:content lang="en">Calibration of balances</dcc:content>', ""),
    ],
)
def test_the_rules_of_ptb_see_what_the_schema_does_not(old: str, new: str) -> None:
    assert broken_rules(changed(write(whole(languages=["id", "en"])), old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.00030 0.00037 0.00057", "0.00030 0.00037", "valueExpandedMUXMLList has 2 entries for 3 values"),
        ("2.01 2.01 2.00", "2.01 2.00", "coverageFactorXMLList has 2 entries for 3 values"),
        ("50.00003 100.00002 200.00007", "50.00003 100.00002", "lists of one table have [2, 3] entries"),
        ("50.00003 100.00002", "NaN 100.00002", "'NaN' is no number"),
    ],
)
def test_our_own_checks_see_what_neither_does(old: str, new: str, said: str) -> None:
    content = changed(write(whole()), old, new)
    assert broken_rules(content) == []
    assert said in list(checks.faults(etree.fromstring(content)))


def test_the_rules_were_compiled_by_us_because_theirs_miss_a_language() -> None:
    content = changed(
        write(whole(languages=["id", "en"])), '<dcc:content lang="en">Calibration of balances</dcc:content>', ""
    )
    processor, _ours = schematron()
    shipped = resources.files("dcclib") / "validation/schema/dcc.svrl"
    rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=shipped.read_text())
    told = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=content.decode()))
    assert "Add missing languages" not in told
    assert any("Add missing languages" in one for one in broken_rules(content))


# Details ------------------------------------------------------------------------------------------------------------------


def texts(content: bytes, name: str) -> list[str]:
    return [str(one.text) for one in etree.fromstring(content).iter() if one.tag.rpartition("}")[2] == name]


def test_numbers_have_the_digits_of_the_snapshot() -> None:
    told = texts(write(whole()), "valueXMLList")
    assert told == [
        "50 100 200",
        "50.00003 100.00002 200.00007",
        "50.00010 100.00020 200.00030",
        "0.00007 0.00018 -0.00023",
    ]


def test_advice_on_recalibration_is_told_only_where_it_was_agreed() -> None:
    assert b"basic_recalibration" not in write(whole())
    assert b"basic_recalibration" in write(whole(interval={"text": "12 bulan", "agreed": "ORD-1"}))


def test_as_found_and_as_left_are_two_results_with_their_state() -> None:
    assert sorted(set(texts(write(judged()), "status"))) == ["afterAdjustment", "beforeAdjustment"]


def units() -> Iterator[Any]:
    yield from [
        ("g", r"\gram"),
        ("mg", r"\milli\gram"),
        ("°C", r"\degreecelsius"),
        ("bar", r"\bar"),
        ("kPa", r"\kilo\pascal"),
    ]
    yield from [
        ("µL", r"\micro\litre"),
        ("μL", r"\micro\litre"),
        ("µL/mg", r"\micro\litre\per\milli\gram"),
        ("", r"\one"),
    ]
    yield from [("bogus", None), ("g/g/g", None), ("km/h", r"\kilo\metre\per\hour")]


@pytest.mark.parametrize(("unit", "name"), list(units()))
def test_units_are_written_as_d_si_wants_them(unit: str, name: str | None) -> None:
    assert siunitx(unit) == name


def test_every_unit_is_read_back() -> None:
    back = {unit: plain(name) for unit, name in KNOWN.items()}
    assert {unit for unit, found in back.items() if found != unit} == {"pH"}  # told as \\one


@pytest.mark.parametrize("change", [{"kind": "calibration_report"}, {"parts": [part(tables=[
    {"stage": "as_is", "unit": "jengkal", "columns": [], "points": [point("1", unit="jengkal")]}])]}])  # fmt: skip
def test_a_report_without_uncertainty_or_with_an_unknown_unit_has_no_digital_form(change: dict[str, Any]) -> None:
    told = copy.deepcopy(whole()) | change
    assert not possible(told)
    with pytest.raises(ValueError, match="cannot be told"):
        write(told)
