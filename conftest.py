"""For all tests: nothing is kept from the one before; with SOPAN_NO_SKIP a test that would be skipped fails, unless what
it lacks may lawfully be absent."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples every time, and no stopwatch: the machine that runs the tests may be busy.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# What is not part of the project: the texts of the SOPs, and the schema of digital certificates.
MAY_BE_ABSENT = ("source documents", "XML schema of the DCC")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what a process keeps of published versions and calendars: each test undoes its rows, and keys come again."""
    from sopan.catalogue import queries
    from sopan.engine import clock

    queries.forget()
    clock.forget()


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
