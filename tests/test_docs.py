"""The documents tell the truth: their links, commands, variables, packages, words and examples are those of the code."""

from __future__ import annotations

import ast
import importlib
import re
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from sopan.core import flow
from sopan.core.check import check
from sopan.core.flow import Refusal, State
from sopan.core.holidays_id import office_calendar
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.yamlfile import read_data
from sopan.demo.loading import PASSPHRASE
from sopan.people.loading import DEMO_PASSWORD

from .test_walks import ids, play_act

ROOT = Path(settings.BASE_DIR)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("procedures/**/*.md")])
DECISIONS = ROOT / "docs/decisions"
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def code_of(text: str) -> str:
    """What stands in fences and between backticks."""
    fences = re.findall(r"```.*?\n(.*?)```", text, re.DOTALL)
    return "\n".join([*fences, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@cache
def sources() -> str:
    files = [*ROOT.glob("sopan/**/*.py"), *ROOT.glob("procedures/**/*.yaml")]
    return "\n".join(path.read_text() for path in files if "/tests/" not in str(path))


@EACH_PAGE
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" not in link:
            path, _, anchor = link.partition("#")
            target = (page.parent / path) if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@EACH_PAGE
def test_every_command_exists(page: Path) -> None:
    code = code_of(page.read_text())
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code)) <= targets
    assert set(re.findall(r"(?<!import )\bsopan ([a-z_]+)", code)) <= set(get_commands())
    for benchmark in re.findall(r"sopan bench ([a-z]+)", code):
        assert (ROOT / f"benchmarks/{benchmark}.py").exists()
    for tried in re.findall(r"pytest (\S+\.py)", code):
        assert (ROOT / tried).exists()


def test_every_variable_is_read_and_every_variable_that_is_read_is_told() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/howto/operate.md").read_text(), re.MULTILINE))
    read = set(re.findall(r"\benv\.[a-z_]+\(\s*\"([A-Z_]+)\"", (ROOT / "sopan/settings.py").read_text()))
    read |= set(re.findall(r"environ\.get\(\s*\"([A-Z_]+)\"", sources()))
    assert told == read


def test_every_requirement_has_its_reason_and_every_reason_its_requirement() -> None:
    lines = [line for path in ROOT.glob("requirements*.in") for line in path.read_text().splitlines()]
    wanted = {re.split(r"[\[~=<>! ]", line)[0] for line in lines if line and line[0] not in "#-"}
    assert (
        set(re.findall(r"^\| `([^`]+)` \| \S", (DECISIONS / "0002-dependencies.md").read_text(), re.MULTILINE))
        == wanted
    )


def test_the_words_of_the_glossary_are_words_of_the_code() -> None:
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    words = {word for row in rows for word in re.findall(r"`([^`]+)`", row)}
    assert {word for word in words if not re.search(rf"\b{re.escape(word)}\b", sources())} == set()
    assert len(words) > 80


def test_files_that_are_named_exist() -> None:
    for page in PAGES:
        for named in re.findall(r"`((?:sopan|tests|benchmarks|docs|procedures)/[\w./-]+\.\w+)`", page.read_text()):
            assert (ROOT / named).exists() or "/loans/" in named or "pinjam-alat" in named, (page.name, named)


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted(DECISIONS.glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_accounts_of_the_readme_are_those_of_the_demo() -> None:
    demo = (ROOT / "procedures/bspji-palembang/demo.yaml").read_text()
    accounts = re.findall(r"^\| (\S+@\S+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert accounts and [one for one in accounts if f"email: {one}" not in demo] == []
    readme = (ROOT / "README.md").read_text()
    assert f"`{DEMO_PASSWORD}`" in readme and f"`{PASSPHRASE}`" in readme


@EACH_PAGE
def test_python_in_the_pages_imports_what_exists(page: Path) -> None:
    for block in blocks(page, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("sopan"):
                module = importlib.import_module(node.module or "")
                for name in node.names:
                    if not hasattr(module, name.name):
                        importlib.import_module(f"{node.module}.{name.name}")


def test_the_example_of_a_procedure_is_sound_walks_as_told_and_is_bound_to_positions_that_exist() -> None:
    file, walks, bindings = blocks(ROOT / "docs/howto/add-a-procedure.md", "yaml")
    procedure = load(file, file="pinjam-alat.yaml")
    assert isinstance(procedure, Procedure), procedure
    assert check(procedure) == []
    calendar = office_calendar("Asia/Jakarta", years=(2026,))
    for walk in read_data(walks, file="walks"):
        state, now = State(), datetime.fromisoformat(walk["now"])
        events = flow.decide(procedure, state, flow.Start(""))
        assert not isinstance(events, Refusal)
        state = flow.play(state, events)
        assert ids(state.open) == ids(walk["opens"])
        for act in walk["acts"]:
            now = datetime.fromisoformat(act["at"]) if "at" in act else now
            state = play_act(procedure, state, act, now=now, calendar=calendar)
        assert str(state.outcome) == walk["end"]
    body = read_data((ROOT / "procedures/bspji-palembang/institution.yaml").read_text(), file="institution.yaml")
    (entry,) = read_data(bindings, file="catalogue.yaml")
    assert entry["procedure"] == "pinjam-alat"
    assert entry["unit"] in {one["code"] for one in body["units"]}
    bound = entry["bindings"]
    assert set(bound) == set(procedure.actor_by_id)
    assert {code for codes in bound.values() for code in codes} <= {one["code"] for one in body["positions"]}
