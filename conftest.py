"""For all tests: nothing is kept from the one before; with SOPAN_NO_SKIP a test that would be skipped fails, unless what
it lacks may lawfully be absent."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples every time, and no stopwatch: the machine that runs the tests may be busy. `make thorough` asks for more.
EXAMPLES = int(os.environ.get("SOPAN_EXAMPLES", "50"))
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

# What is not part of the project: the texts of the SOPs, and the schema of digital certificates.
MAY_BE_ABSENT = ("source documents", "XML schema of the DCC")


# Held by `make thorough`, so that `make test` ends within a quarter of an hour on two cores: the many cases of what is measured,
# signed and billed beyond the service that the first procedure needs, and long searches for what nobody thought of.
THOROUGH = (
    "sopan/documents/tests/test_levels.py",
    "sopan/documents/tests/test_reminders.py",
    "sopan/documents/tests/test_services.py",
    "sopan/domains/laboratory/tests/test_certificates.py",
    "sopan/domains/laboratory/tests/test_changes.py",
    "sopan/domains/laboratory/tests/test_corrections.py",
    "sopan/domains/laboratory/tests/test_dcc.py",
    "sopan/domains/laboratory/tests/test_guards.py",
    "sopan/domains/laboratory/tests/test_measuring.py",
    "sopan/domains/laboratory/tests/test_readings.py",
    "sopan/domains/laboratory/tests/test_registers.py",
    "sopan/domains/laboratory/tests/test_signing_",
    "sopan/domains/laboratory/tests/test_validity",
    "sopan/domains/laboratory/tests/test_wet_ink.py",
    "sopan/domains/orders/tests/test_complaints.py",
    "sopan/domains/orders/tests/test_customers.py",
    "sopan/domains/orders/tests/test_levy_lines.py",
    "sopan/domains/orders/tests/test_notices.py",
    "sopan/domains/orders/tests/test_performance.py",
    "sopan/domains/orders/tests/test_reconciling.py",
    "sopan/domains/orders/tests/test_skm",
    "sopan/domains/orders/tests/test_tariffs.py",
    "sopan/domains/testing/tests/test_browser.py",
    "sopan/exchange/bpmn/tests/test_diagram.py::test_random",
    "sopan/exchange/tests/test_any_text.py",
    "sopan/web/editor/tests/test_browser.py::test_a_case_is_played",
    "sopan/web/editor/tests/test_browser.py::test_a_row_put",
    "sopan/web/editor/tests/test_browser.py::test_rows_are_written",
    "sopan/web/editor/tests/test_browser.py::test_tables_from",
    "tests/bad_input/",
    "tests/test_bad_sheets.py",
    "tests/test_double_acts.py::test_double_acts_on_postgresql",
    "tests/test_double_starts.py::test_a_case_begins_once_on_postgresql",
    "tests/test_faults.py::test_two_hundred",
    "tests/test_payment_policies.py",
    "tests/test_six_kinds.py",
    "tests/test_starting_journey.py",
)


# Begun first, so that at the end no process waits for another one that has just begun a long one.
LONGEST = (
    "tests/test_journey.py",
    "tests/test_faults.py",
    "tests/test_catalogue_journey.py",
    "tests/test_double_",
    "tests/test_catalogue_runs.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        if item.nodeid.startswith(THOROUGH):
            item.add_marker("thorough")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what a process keeps of published versions and calendars: each test undoes its rows, and keys come again."""
    from sopan.catalogue import queries
    from sopan.engine import clock
    from sopan.people import calendars

    for kept in (queries, clock, calendars):
        kept.forget()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if (
        os.environ.get("SOPAN_NO_SKIP")
        and report.skipped
        and not any(one in str(report.longrepr) for one in MAY_BE_ABSENT)
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
