"""The browser of the tests: beside the pages of one test, or beside a running Sopan."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .server import Server, running

if TYPE_CHECKING:
    from sopan.people.models import User

CHROME = os.environ.get("CHROME") or shutil.which("chromium") or ""
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROME).exists(), reason="no Chromium (set CHROME to its path)"),
]


class Opened(Protocol):
    """Opens a page as somebody, or as a visitor, at a telephone; without scripts, if wanted."""

    def __call__(self, person: User | None, path: str, *, scripts: bool = True) -> Page: ...


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium; while it runs, the test may go on reading and writing rows."""
    with pytest.MonkeyPatch.context() as here, sync_playwright() as playwright:
        here.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop runs in this thread
        browser = playwright.chromium.launch(
            executable_path=CHROME, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def clicking(temporary: pytest.TempPathFactory) -> Iterator[tuple[Server, Browser]]:
    """Sopan with the demo body in a data folder of its own, and a browser to visit it with."""
    root = temporary.getbasetemp()
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root  # by all processes of a run
    folder = temporary.mktemp("served")
    with running(folder, prepared=shared / "demo") as server, chromium() as browser:
        yield server, browser


@contextmanager
def opening(site: str) -> Iterator[Opened]:
    """``opened(person, path)`` on a site that serves the rows of the test."""
    with chromium() as browser:

        def opened(person: User | None, path: str, *, scripts: bool = True) -> Page:
            context = browser.new_context(
                viewport={"width": 390, "height": 800}, locale="id-ID", java_script_enabled=scripts
            )
            if person is not None:
                client = Client()
                client.force_login(person)
                let_in(context, client, site)
            page = context.new_page()
            page.goto(site + path)
            return page

        yield opened


def let_in(context: BrowserContext, client: Client, site: str) -> None:
    """Go on in a browser as who is logged in with a client of Django."""
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
