"""Forty bad values for the sheet of every method, for the certificate of a standard, and for the order form.

Each is told at its own cell, and stands there again as it was typed. Among them is what comes along when a block is pasted
from a spreadsheet: merged cells, formulas, errors, texts of several lines. That the pages bear them is shown by
``tests/bad_input`` and by the tests of each page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from sopan.domains.laboratory import readings
from sopan.domains.laboratory.models import Equipment, EquipmentCertificate, WorkOrder
from sopan.domains.laboratory.queries import current_result
from sopan.domains.laboratory.register_forms import VALUE_COLUMNS, CertificateForm, Values
from sopan.domains.laboratory.tests.cast import NOW, Cast, make_cast
from sopan.domains.laboratory.tests.measured_cast import begin, equip, measuring_play
from sopan.domains.orders.forms import ContactForm, ItemForm, WishesForm
from sopan.domains.orders.queries import Kind as OrderKind
from tests.six_kinds.kinds import KINDS, OTHER, Kind
from tests.standing import standing

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad_sheets")]  # one process builds the body

VOLUME = Kind("volume-gravimetri", OTHER, {"name": "Mikropipet 1000 µL"})
METHODS = {kind.code: kind for kind in (*KINDS, VOLUME)}

# No number, whatever is measured: letters, other scripts, marks, signs, formulas, floats of machines, what a block brings along.
NO_NUMBERS = (
    "1O0", "lima", "NaN", "nan", "inf", "-Infinity", "1e308", "1e-400", "-1e99", "1,2,3", "1.2.3,4", "12 34", "５０", "٥٠", "½", "10²",
    "50 g", "50±1", "≈50", ">50", "+", "-", ",", "--5", "5-", "=1+1", "=SUM(A1:A9)", "@A1", "#REF!", "#VALUE!", "#N/A", "TRUE",
    "50,0001\t50,0002", "50,0001\n50,0002", "\"50,0001\n\"", "0x1F", "1_000", "50\u202e1", "5\u200b\u200f0x", "😀", "👩‍🔬50", "<b>50</b>",
    "'50'", "{{ 7 }}", "50,00001234567", "123456789012345", "9" * 39, "∞", "null", "١٢٣",
)  # fmt: skip
BAD_DATES = (
    "2026-02-30",
    "31/02/2026",
    "2026-13-01",
    "kemarin",
    "2026",
    "=TODAY()",
    "23 Nov",
    "0000-01-01",
    "١٢/١١/٢٠٢٦",
    "😀",
)
BAD_CONDITIONS = ("hangat", "22 ± besar", "1e308", "=A1", "±", "22 °F", "😀", "NaN", "22..5")


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The body with its equipment, built once and undone at the end."""
    folder: Path = tmp_path_factory.mktemp("sheets")
    files = override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "files")
    with files, standing(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        made = make_cast()
        equip(made)
        yield made


# The sheets of all methods ----------------------------------------------------------------------------------------------


def comma(text: str) -> str:
    return text.replace(".", ",")


def sheet(kind: Kind) -> dict[str, list[str]]:
    """The sheet of a worked example as the browser sends it."""
    read, once, weather = kind.data("reading"), kind.data("sheet_reading"), kind.data("environment")
    head = {"measured_from": "2026-11-23", "measured_to": "2026-11-23", "place": "Laboratorium", "unit": kind.unit}
    head |= {f"{name}_text": comma(texts[0]) for name, texts in weather.items()}
    fields = {f"f_{name}": [comma(texts[0])] for name, texts in (kind.data("field") | kind.data("choice")).items()}
    columns = {f"r_{name}_{n}": [comma(text)] for name, texts in read.items() for n, text in enumerate(texts, 1)}
    whole = {f"s_{name}": [comma(text) for text in texts] for name, texts in once.items()}
    return (
        {name: [text] for name, text in head.items()} | fields | columns | whole | {"point": [kind.point], "note": [""]}
    )


def posted(data: Mapping[str, list[str]]) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, texts in data.items():
        made.setlist(name, texts)
    return made


def cases(kind: Kind) -> Iterator[tuple[str, str, str]]:
    """Field of the form, what is typed, id of the place."""
    column, number = (
        kind.method.readings[0],
        next(one for one in kind.method.fields if not one.options and not one.optional),
    )
    for value in NO_NUMBERS:
        yield f"r_{column.name}_1", value, f"r_{column.name}_1-1"
    for value in NO_NUMBERS[::5]:
        yield "point", value, "point-1"
        yield f"f_{number.name}", value, f"f_{number.name}"
    for one in kind.method.sheet_readings[:1]:
        for value in NO_NUMBERS[1::5]:
            yield f"s_{one.name}", value, f"r_{one.name}_1-0"
    for value in BAD_CONDITIONS:
        yield "temperature_text", value, "id_temperature_text"
    for value in BAD_DATES:
        yield "measured_from", value, "id_measured_from"


def places(typed: readings.Typed) -> dict[str, tuple[str, str]]:
    """What every place of the page shows: the text, and what is said there."""
    cells = [cell for block in typed.blocks for cell in (block.point, *block.flat, block.note)]
    found = {cell.id: (cell.value, cell.error) for cell in (*cells, *typed.whole_cells, *typed.fields)}
    for bound in typed.form:
        found[f"id_{bound.name}"] = (str(bound.value() or ""), " ".join(bound.errors))
    return found


def judged(kind: Kind, work: WorkOrder, data: Mapping[str, list[str]]) -> readings.Typed:
    result = current_result(work)
    assert result is not None and result.method_version is not None
    typed = readings.read(posted(data), work, result.method_version)
    return typed.judged(actor=work.analyst, now=NOW).with_faults()


@pytest.fixture
def of_method(cast: Cast) -> Callable[[Kind], WorkOrder]:
    """``of_method(kind)``: work that goes by the method of this kind."""

    def made(kind: Kind) -> WorkOrder:
        instrument = {
            "kind": kind.kind,
            "kind_name": kind.name,
            "name": kind.name,
            "range_unit": kind.unit,
            "points": kind.point,
        }
        work = measuring_play(cast, instrument).works[0]
        begin(work, cast, kind.code)
        return WorkOrder.objects.get(pk=work.pk)

    return made


@pytest.mark.parametrize("code", METHODS)
def test_every_bad_value_of_a_sheet_is_told_at_its_cell_and_stands_there(
    of_method: Callable[[Kind], WorkOrder], code: str
) -> None:
    kind = METHODS[code]
    work, good = of_method(kind), sheet(kind)
    tried = list(cases(kind))
    assert len(tried) >= 40
    fine = places(judged(kind, work, good))
    wrong = []
    for name, value, place in tried:
        shown = places(judged(kind, work, good | {name: [value, *good[name][1:]]}))
        text, told = shown[place]
        others = [key for key, (kept, _told) in shown.items() if key != place and kept != fine[key][0]]
        if told in ("", fine[place][1]) or clean(text) != clean(value) or others:
            wrong.append((name, value, shown[place], others))
    assert wrong == []


def clean(text: str) -> str:
    """Without what cannot be seen: spaces at the ends, breaks, marks of direction."""
    return re.sub(r"[\x00-\x20\u200b-\u200f\u202a-\u202e\u2066-\u2069]+", " ", text).strip()


@pytest.mark.parametrize("code", METHODS)
def test_a_sheet_full_of_bad_values_is_answered_with_all_of_them(
    of_method: Callable[[Kind], WorkOrder], code: str
) -> None:
    """Everything wrong at once: the page shows each value, and each is in the list at its top."""
    kind = METHODS[code]
    work, good = of_method(kind), sheet(kind)
    numbers = [name for name in good if name.startswith(("r_", "s_", "f_")) and name != "f_class"]
    bad = {name: [f"salah-{at}-{n}" for n in range(len(good[name]))] for at, name in enumerate(numbers)}
    browser = Client()
    browser.force_login(work.analyst)
    answer = browser.post(reverse("laboratory:sheet", args=[work.pk]), {**good, **bad, "action": "submit"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [text for texts in bad.values() for text in texts if f'value="{text}"' not in page] == []
    assert page.count('aria-invalid="true"') >= sum(len(texts) for texts in bad.values())


def test_a_block_with_merged_cells_leaves_gaps_that_are_told_one_by_one(of_method: Callable[[Kind], WorkOrder]) -> None:
    """A merged cell is pasted as its text and empty cells after it: none is filled in silently, and no reading moves."""
    kind = METHODS["termometer"]
    work, good = of_method(kind), sheet(kind)
    gaps = {"r_std_2": [""], "r_std_3": [""], "r_uut_4": [""]}
    shown = places(judged(kind, work, good | gaps))
    told = {place for place, (_text, error) in shown.items() if error and place.startswith("r_")}
    assert told == {"r_std_2-1", "r_std_3-1", "r_uut_4-1"}
    assert [shown[f"r_std_{n}-1"][0] for n in (1, 4)] == ["50,012", "50,014"]


# The certificate of a standard ------------------------------------------------------------------------------------------

CERTIFICATE = {
    "number": ["SERT-9"], "issuer": ["SNSU"], "traceability": ["SI"], "calibrated_on": ["2026-11-01"], "valid_to": ["2027-11-01"],
    "v_from": ["1", "2"], "v_to": ["", ""], "v_unit": ["g", "g"], "v_correction": ["0,00001", "0"], "v_U": ["0,00003", "0,00004"],
    "v_k": ["2", "2"], "v_drift": ["", ""],
}  # fmt: skip
OF_CERTIFICATE = [
    *(("v_U", value, "v_U-1") for value in (*NO_NUMBERS, "-1", "")),
    *((name, value, f"{name}-1") for name in ("v_from", "v_to", "v_correction", "v_k", "v_drift") for value in NO_NUMBERS[::6]),
    ("v_from", "", "v_from-1"), ("v_k", "0,5", "v_k-1"), ("v_k", "-2", "v_k-1"), ("v_drift", "-0,1", "v_drift-1"),
    ("v_to", "0,5", "v_to-1"), *(("v_unit", value, "v_unit-1") for value in ("", "gram?", "😀", "=A1", "g\u202e", "kelas E2", "x" * 90)),
    ("v_correction", "0" * 61, "v_correction-1"),
]  # fmt: skip
OF_HEAD = [
    *((name, value, name) for name in ("calibrated_on", "valid_to") for value in ("", *BAD_DATES)),
    ("valid_to", "2026-10-01", "valid_to"), *((name, "", name) for name in ("number", "issuer", "traceability")),
    ("number", "x" * 101, "number"), ("issuer", "x" * 201, "issuer"), ("traceability", "x" * 301, "traceability"),
]  # fmt: skip


def test_the_values_of_a_certificate_are_told_at_their_cells() -> None:
    assert Values(posted(CERTIFICATE)).errors == {}
    wrong = []
    for name, value, place in OF_CERTIFICATE:
        values = Values(posted(CERTIFICATE | {name: [value, CERTIFICATE[name][1]]}))
        cell = next(one for line in values.lines for one in line if one["id"] == place)
        kept = [row[key[2:]] for row in values.rows for key in (name,)][1]
        if not cell["error"] or clean(cell["value"]) != clean(value) or kept != CERTIFICATE[name][1]:
            wrong.append((name, value, cell))
    assert wrong == []
    assert len(OF_CERTIFICATE) + len(OF_HEAD) >= 40


def test_the_head_of_a_certificate_is_told_at_its_fields() -> None:
    assert CertificateForm(posted(CERTIFICATE)).errors == {}
    wrong = []
    for name, value, place in OF_HEAD:
        form = CertificateForm(posted(CERTIFICATE | {name: [value]}))
        if set(form.errors) != {place} or form[name].value() != value:
            wrong.append((name, value, form.errors.as_text()))
    assert wrong == []


def test_a_certificate_with_bad_values_is_shown_again_and_not_added(cast: Cast) -> None:
    equipment = Equipment.objects.get(code="STD-M-01")
    browser = Client()
    browser.force_login(cast.yusuf)
    typed = CERTIFICATE | {"v_U": ["=1+1", "<b>2</b>"], "v_unit": ["gram?", "g"], "valid_to": ["besok"]}
    answer = browser.post(reverse("laboratory:certificate-new", args=[equipment.pk]), typed)
    page = answer.content.decode()
    assert (answer.status_code, EquipmentCertificate.objects.filter(equipment=equipment).count()) == (422, 1)
    assert [
        one for one in ("=1+1", "<b>2</b>", "gram?", "besok", "SERT-9") if f'value="{escape(one)}"' not in page
    ] == []
    assert [place for place in ("v_U-1", "v_U-2", "v_unit-1", "id_valid_to") if f'href="#{place}"' not in page] == []


def test_more_values_than_a_certificate_holds_are_told() -> None:
    many = {name: [CERTIFICATE[name][0]] * 201 for name in CERTIFICATE if name.startswith("v_")}
    assert list(Values(posted(CERTIFICATE | many)).errors) == ["v_from-1"]


def test_the_columns_of_the_test_are_those_of_the_form() -> None:
    assert {f"v_{name}" for name in VALUE_COLUMNS} == {name for name in CERTIFICATE if name.startswith("v_")}


# The order form ---------------------------------------------------------------------------------------------------------

OVEN = OrderKind("oven", "Oven", "Volume ruang", "L")
ITEM = {
    "name": "Oven", "make": "Contoh", "type": "OV-1", "serial_number": "1", "size_text": "53", "size_unit": "L",
    "range_lower_text": "30", "range_upper_text": "250", "range_unit": "°C", "points": "", "remark": "",
}  # fmt: skip
# A number for the order form, which knows thousands and many digits, though none for a reading.
THOUSANDS = {"12 34", "123456789012345", "50,0001\t50,0002"}
OF_ITEM = [
    *(("size_text", value) for value in NO_NUMBERS if value.strip() not in THOUSANDS),
    *((name, value) for name in ("range_lower_text", "range_upper_text") for value in NO_NUMBERS[:9]),
    ("range_upper_text", "29"), ("range_unit", ""), ("size_unit", "kg"), ("size_unit", "😀"), ("size_text", ""),
    *((name, "") for name in ("name", "make", "type", "serial_number")), ("name", "x" * 151), ("make", "x" * 101),
    ("type", "x" * 101), ("serial_number", "x" * 101), ("points", "x" * 1001), ("remark", "x" * 251), ("size_unit", "x" * 21),
]  # fmt: skip
CONTACT = {"contact_name": "Rina", "contact_phone": "0812-0000-0011", "contact_email": "rina@contoh.example"}
OF_CONTACT = [
    ("contact_name", ""), ("contact_name", "x" * 151), ("contact_phone", ""), ("contact_phone", "nol delapan"), ("contact_phone", "0812😀0000"),
    ("contact_phone", "=0812000011"), ("contact_phone", "٠٨١٢٣٤٥٦٧"), ("contact_phone", "0812\u202e000011"), ("contact_phone", "1" * 40),
    ("contact_email", ""), ("contact_email", "rina"), ("contact_email", "rina@"), ("contact_email", "rina@contoh"),
    ("contact_email", "rina contoh@x.example"), ("contact_email", "a@" + "x" * 300 + ".example"),
]  # fmt: skip
WISHES = {"language": "id", "decision_rule": "fraction", "guard_fraction": "0,83", "rule_text": "", "note": ""}
OF_WISHES = [
    ("language", "xx"), ("language", ""), ("decision_rule", "suka-suka"), ("decision_rule", ""), ("note", "x" * 2001),
    *(("guard_fraction", value) for value in ("", "0", "-1", "2,01", "1e308", "NaN", "inf", "setengah", "0,833", "=1/2", "😀", "٠٫٥")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (lambda data: ItemForm(data, kind=OVEN), ITEM, OF_ITEM),
        (ContactForm, CONTACT, OF_CONTACT),
        (WishesForm, WISHES, OF_WISHES),
    ],
    ids=["instrument", "contact", "wishes"],
)
def test_every_bad_value_of_an_order_is_told_at_its_field(
    form: Any, good: dict[str, str], bad: list[tuple[str, str]]
) -> None:
    assert form(good).errors == {}
    wrong = []
    for name, value in bad:
        filled = form(good | {name: value})
        if name not in filled.errors or filled[name].value() != value:
            wrong.append((name, value, filled.errors.as_text()))
    assert wrong == []
    assert sum(map(len, (OF_ITEM, OF_CONTACT, OF_WISHES))) >= 40
