"""The rules of a list of SOPs: what is wrong with them is told with the line."""

from __future__ import annotations

import pytest

from sopan.core.catalogue_file import check_starts

LIST = """format: 1
entries:
  - procedure: surat
    name: Surat
    starts:
      - {by: person}
      - RULE
  - procedure: arsip
    name: Arsip
    starts: [{by: procedure, after: surat}]
  - name: Baru terdaftar
"""


def told(rule: str) -> list[tuple[int, str]]:
    return [(one.line, one.what) for one in check_starts(LIST.replace("RULE", rule), file="catalogue.yaml")]


@pytest.mark.parametrize(
    "rule",
    [
        "{by: customer, entry: order}",
        "{by: domain, entry: order}",
        "{by: calendar, every: working_day}",
        "{by: calendar, every: week, day: 7}",
        "{by: calendar, every: month, day: 31, inferred: true}",
        "{by: calendar, every: semester, day: 1}",
        "{by: calendar, every: year, month: 12, day: 31}",
        "{by: procedure, after: surat-lain}".replace("surat-lain", "arsip-lama")
        + "\n  - {procedure: arsip-lama, name: Lama}",
    ],
)
def test_a_rule_that_can_be_followed_is_taken(rule: str) -> None:
    assert told(rule) == []


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("{by: orang}", "`by: orang` is no way to begin."),
        ("{}", "`by: ` is no way to begin."),
        ("person", "A rule of `starts` is no mapping."),
        ("{by: calendar}", "`every: ` is no period."),
        ("{by: calendar, every: fortnight}", "`every: fortnight` is no period."),
        ("{by: calendar, every: year, month: 13}", "`month: 13` does not fit `every: year`."),
        ("{by: calendar, every: year, month: 0}", "`month: 0` does not fit `every: year`."),
        ("{by: calendar, every: month, month: 3}", "`month: 3` does not fit `every: month`."),
        ("{by: calendar, every: month, day: 32}", "`day: 32` does not fit `every: month`."),
        ("{by: calendar, every: week, day: 8}", "`day: 8` does not fit `every: week`."),
        ("{by: calendar, every: working_day, day: 1}", "`day: 1` does not fit `every: working_day`."),
        ("{by: calendar, every: month, day: akhir}", "`day: akhir` is no number."),
        ("{by: calendar, every: month, day: -1}", "`day: -1` is no number."),
        ("{by: procedure}", "`after: ` is no procedure of this list."),
        ("{by: procedure, after: entah}", "`after: entah` is no procedure of this list."),
        ("{by: person, every: month}", "`every` does not belong to a rule `by: person`."),
    ],
)
def test_a_rule_that_cannot_be_followed_is_told_with_its_line(rule: str, what: str) -> None:
    assert told(rule) == [(7, what)]


def test_procedures_that_would_start_each_other_are_told_with_the_rule_that_closes_the_circle() -> None:
    (problem,) = check_starts(LIST.replace("RULE", "{by: procedure, after: arsip}"), file="catalogue.yaml")
    assert (problem.line, problem.rule) == (10, "circle")
    assert str(problem).startswith("catalogue.yaml:10: error: arsip begins after surat, which comes of arsip itself")


def test_a_procedure_does_not_follow_itself() -> None:
    assert told("{by: procedure, after: surat}")[0][0] == 7


def test_a_longer_circle_is_found_and_a_fork_is_none() -> None:
    more = "  - {procedure: c, name: C, starts: [{by: procedure, after: arsip}]}\n"
    assert check_starts(LIST.replace("RULE", "{by: customer}") + more, file="x") == []
    assert [one.rule for one in check_starts(LIST.replace("RULE", "{by: procedure, after: c}") + more, file="x")] == [
        "circle"
    ]
