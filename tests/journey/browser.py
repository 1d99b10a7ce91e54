"""A browser beside a running Sopan, for tests that click."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .server import Server, running

CHROME = os.environ.get("CHROME") or shutil.which("chromium") or ""
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROME).exists(), reason="no Chromium (set CHROME to its path)"),
]


@contextmanager
def clicking(temporary: pytest.TempPathFactory) -> Iterator[tuple[Server, Browser]]:
    """Sopan with the demo body in a data folder of its own, and a browser to visit it with."""
    from playwright.sync_api import sync_playwright

    root = temporary.getbasetemp()
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root  # by all processes of a run
    folder = temporary.mktemp("served")
    with running(folder, prepared=shared / "demo") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROME, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield server, browser
        browser.close()
