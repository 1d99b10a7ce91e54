"""The procedures that are shipped: every file is sound, and the texts are those of the document, letter by letter."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sopan.core.check import check_text
from sopan.core.dump import from_data, to_data
from sopan.core.durations import parse_duration
from sopan.core.model import ActorKind, Procedure, StepKind
from sopan.core.procedure_files import procedure_files
from sopan.core.yamlfile import read_data
from tests.seeds import document

ROOT = Path(__file__).parents[3]
PROCEDURES = ROOT / "procedures"
PALEMBANG = PROCEDURES / "bspji-palembang"
DIGEST = "a2d972ed21549ffd4d7840cbc98cf3f18060675bfb5b4cf1bd9ca3e2e2f05d9f"
FILES = list(procedure_files(PROCEDURES))


@cache
def load_file(path: Path) -> Procedure:
    procedure, problems = check_text(path.read_text(encoding="utf-8"), file=path.name)
    assert [str(problem) for problem in problems if problem.error] == []
    assert procedure is not None
    return procedure


def data(name: str) -> Any:
    return read_data((PALEMBANG / name).read_text(encoding="utf-8"), file=name)


def calibration() -> Procedure:
    return load_file(PALEMBANG / "sippt-kalibrasi.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_procedure_is_sound_and_can_be_stored(path: Path) -> None:
    procedure = load_file(path)
    assert from_data(to_data(procedure)) == procedure


def test_the_calibration_service_has_not_even_a_warning() -> None:
    path = PALEMBANG / "sippt-kalibrasi.yaml"
    assert check_text(path.read_text(encoding="utf-8"), file=path.name)[1] == []


def test_the_example_of_the_readme_is_sound() -> None:
    text = (PROCEDURES / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(format: 1\n.*?)```", text, re.DOTALL)
    assert example
    assert [str(problem) for problem in check_text(example[1], file="README.md")[1]] == []


# The document ---------------------------------------------------------------------------------------------------------


@cache
def seed_rows() -> dict[str, tuple[str, str, str, str]]:
    """Printed number -> activity, requirement, time, output as the cells of the document."""
    rows = (line.split("\t") for line in document("004").splitlines())
    return {cells[0]: (cells[1], *cells[-3:]) for cells in rows if cells[0].isdigit() and len(cells) > 5}  # type: ignore[misc]


def printed_rows() -> dict[str, tuple[str, str, str, str]]:
    return {
        step.no: (step.activity, one(step.requirements).text, step.time.printed, one(step.outputs))
        for step in calibration().steps
    }


def one(items: tuple[Any, ...]) -> Any:
    (item,) = items
    return item


def test_the_22_steps_are_the_cells_of_the_document() -> None:
    assert printed_rows() == seed_rows()


def test_the_22_steps_have_the_digest_of_the_cells_of_the_document() -> None:
    """Holds the texts fast on machines where the document itself is not."""
    cells = "\n".join("\t".join([no, *row]) for no, row in printed_rows().items())
    assert hashlib.sha256(cells.encode()).hexdigest() == DIGEST


def test_the_columns_are_in_the_order_of_the_document() -> None:
    assert [actor.name for actor in calibration().actors] == [
        "PELANGGAN",
        "ADMIN SATKER",
        "CS",
        "Ketua Tim PJI",
        "BENDAHARA",
        "PENYELIA",
        "MT",
        "ANALIS",
        "KEPALA BALAI",
    ]


def test_the_flow_of_the_calibration_service() -> None:
    ways = {
        step.id: {way.answer: way.to[0] if way.to else str(way.end) for way in step.exits}
        for step in calibration().steps
    }
    assert ways == {
        "1": {"": "2"},
        "2": {"": "3"},
        "3": {"aktif": "4", "tolak": "rejected"},
        "4": {"": "5"},
        "5": {"ya": "6", "tidak": "4", "tolak": "rejected"},
        "6": {"ya": "7", "tidak": "5"},
        "7": {"ya": "8", "tidak": "5"},
        "8": {"": "9"},
        "9": {"": "10"},
        "10": {"ya": "11", "tidak": "9", "kedaluwarsa": "8"},
        "11": {"": "12"},
        "12": {"": "13"},
        "13": {"ya": "14", "tidak": "12"},
        "14": {"": "15"},
        "15": {"ya": "16", "tidak": "14"},
        "16": {"ya": "17", "tidak": "14"},
        "17": {"": "18"},
        "18": {"ya": "19", "tidak": "17"},
        "19": {"ya": "20", "tidak": "18"},
        "20": {"ya": "21", "tidak": "18"},
        "21": {"": "22"},
        "22": {"": "finished"},
    }


def test_whoever_says_no_must_say_why() -> None:
    for step in calibration().steps:
        assert [way.reason for way in step.exits if way.answer in ("tidak", "tolak")] == [True] * sum(
            way.answer in ("tidak", "tolak") for way in step.exits
        )


def test_what_the_drawing_lost_is_marked_as_inferred() -> None:
    for step in calibration().steps:
        assert "actor" in step.inferred
        assert ("separation" in step.inferred) == bool(step.separation)
        if step.kind is StepKind.DECISION:
            assert "exits" in step.inferred


def test_separation_of_duty() -> None:
    told = {step.id: rule.steps for step in calibration().steps for rule in step.separation}
    assert told == {"6": ("5",), "15": ("14",), "16": ("14", "15")}


def test_customers_read_plain_words() -> None:
    internal = re.compile(r"validasi|verifikasi|penyelia|analis|bendahara|\bCS\b|\bMT\b|satker|approve|TTE|tarif", re.I)
    for step in calibration().steps:
        assert step.public, step.id
        assert not internal.search(step.public), step.public
        assert step.phase
        assert step.name


def test_nobodys_nip_is_in_any_file() -> None:
    for path in sorted(PROCEDURES.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<!\d)(19|20)\d{6} ?\d{6} ?\d ?\d{3}(?!\d)", text), path


def bound() -> Any:
    """Actor of the calibration service -> its positions."""
    entries = {entry.get("procedure"): entry for entry in data("catalogue.yaml")["entries"]}
    return entries["sippt-kalibrasi"]["bindings"]


# The institution ------------------------------------------------------------------------------------------------------


def test_every_actor_of_the_institution_is_bound_to_positions_that_exist() -> None:
    institution = data("institution.yaml")
    positions = {position["code"] for position in institution["positions"]}
    units = {unit["code"] for unit in institution["units"]}
    assert {position["unit"] for position in institution["positions"]} <= units
    assert list(bound()) == [actor.id for actor in calibration().actors if actor.kind is ActorKind.STAFF]
    assert {code for codes in bound().values() for code in codes} <= positions
    for laboratory in institution["laboratories"]:
        assert {laboratory["supervisors"], laboratory["analysts"]} <= positions
        assert laboratory["unit"] in units


def test_who_signs_in_the_procedure_signs_by_position() -> None:
    institution = data("institution.yaml")
    signing = {position["code"] for position in institution["positions"] if position.get("signs")}
    assert {code for actor in calibration().actors if actor.signs for code in bound()[actor.id]} == signing


def test_the_office_week_has_the_hours_of_the_rule() -> None:
    calendar = data("institution.yaml")["calendar"]
    assert week_minutes(calendar["week"]) == 2250, "37 h 30 min"
    assert week_minutes(calendar["ramadan"]["week"]) == 1950, "32 h 30 min"


def week_minutes(week: dict[str, list[str]]) -> int:
    return sum(clock(end) - clock(begin) for day in week.values() for begin, end in (span.split("-") for span in day))


def clock(text: str) -> int:
    hour, minute = text.split(".")
    return int(hour) * 60 + int(minute)


def test_every_setting_tells_its_source() -> None:
    for name, setting in data("institution.yaml")["settings"].items():
        assert setting["source"], name
        assert setting["verified"] in (True, False)
        assert setting["value"] in setting.get("choices", [setting["value"]])


# The demo -------------------------------------------------------------------------------------------------------------


def test_the_demo_has_somebody_for_every_position() -> None:
    institution, demo = data("institution.yaml"), data("demo.yaml")
    positions = {position["code"] for position in institution["positions"]}
    held = [one["position"] for person in demo["people"] for one in person["appointments"] if "kind" not in one]
    assert set(held) == positions
    analysts = bound()["analis"]
    assert sum(code in analysts for code in held) >= 2


def test_the_demo_is_invented() -> None:
    demo = data("demo.yaml")
    users = [user for company in demo["companies"] for user in company["users"]]
    addresses = [person["email"] for person in [*demo["people"], *users]]
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch(r"[a-z.]+@[a-z-]+\.example", address) for address in addresses)
    assert [len(company["users"]) for company in demo["companies"]] == [2, 2]
    assert calibration().identity.approved_by.name not in {person["name"] for person in demo["people"]}


# Tariffs --------------------------------------------------------------------------------------------------------------


def lines_for(kind: str, value: str) -> list[int]:
    return [
        line["amount"]
        for line in data("tariffs.yaml")["lines"]
        if line.get("kind") == kind and in_range(Decimal(value), line.get("range", {}))
    ]


def in_range(value: Decimal, told: dict[str, Any]) -> bool:
    return (
        ("from" not in told or value >= told["from"])
        and ("over" not in told or value > told["over"])
        and ("up_to" not in told or value <= told["up_to"])
        and ("below" not in told or value < told["below"])
    )


def test_a_value_has_the_tariff_of_its_range() -> None:
    assert lines_for("oven", "2500") == [500_000]
    assert lines_for("oven", "2501") == [950_000]
    assert lines_for("anak-timbangan-f", "200") == [120_000]
    assert lines_for("anak-timbangan-f", "2000.1") == [200_000]
    assert lines_for("labu-ukur", "1000") == [175_000]
    assert lines_for("labu-ukur", "999.9") == [150_000]


def test_the_gap_of_the_document_stays_a_gap() -> None:
    assert lines_for("timbangan-elektronik", "10") == [320_000]
    assert lines_for("timbangan-elektronik", "10.5") == []
    assert lines_for("timbangan-elektronik", "11") == [350_000]


def test_every_tariff_line_tells_where_it_comes_from() -> None:
    tariffs = data("tariffs.yaml")
    codes = [line["code"] for line in tariffs["lines"]]
    assert len(set(codes)) == len(codes)
    for line in tariffs["lines"]:
        assert line["legal_basis"] == tariffs["sources"][line["source"]]["legal_basis"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", line["valid_from"])
        assert "valid_from" in line["unverified"]
        assert line["amount"] > 0
        assert set(line.get("range", {})) <= {"measure", "unit", "from", "over", "up_to", "below"}


# Walks ----------------------------------------------------------------------------------------------------------------


def walk_acts() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for walk in data("sippt-kalibrasi.walks.yaml"):
        yield walk, walk["acts"]


def test_walks_name_only_steps_answers_and_actors_of_the_procedure() -> None:
    procedure = calibration()
    for walk, acts in walk_acts():
        assert walk["entry"] in procedure.entries
        for act in acts:
            step = procedure.by_id[str(act["step"])]
            assert set(act) <= {"step", "answer", "by", "at", "back", "opens", "due", "refused"}
            assert "refused" in act or act.get("answer", "") in {"", *(way.answer for way in step.exits)}
            assert ("opens" in act) != ("refused" in act), (walk["name"], act)
            assert act.get("by", "cs") in procedure.actor_by_id


def test_walks_go_through_all_steps_and_the_times_go_on() -> None:
    done = {str(act["step"]) for _, acts in walk_acts() for act in acts if "opens" in act}
    assert done == set(calibration().by_id)
    for walk, acts in walk_acts():
        times = [walk["now"], *(act["at"] for act in acts if "at" in act)]
        assert all(earlier < later for earlier, later in pairwise(times)), walk["name"]


def test_the_times_of_the_document_can_be_read() -> None:
    assert [str(parse_duration(step.time.printed).kind) for step in calibration().steps] == [
        "undetermined" if step.no == "9" else "exact" for step in calibration().steps
    ]
