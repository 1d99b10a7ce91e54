"""What must hold on every page: no violation of WCAG 2.2 A/AA, nothing wider than the telephone, nothing loaded from
elsewhere, no fault in the console, no word that only programmers know.

A page is looked at once in each of its states, in light and dark, at the desk and on the telephone.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = "axe.run({runOnly: %s, resultTypes: ['violations'], preload: false})"
COLOURS = AXE % "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}"
EVERYTHING = AXE % RULES
NO = (409, 422)  # answers that show the page again, with what is to be corrected
CHOOSER = "/akun/login/"  # names everybody, in a demo
WIDTHS = {"desk": 1300, "phone": 390}
CUT_OFF = """[...document.querySelectorAll('.scroll')]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth)
  .map((one) => one.textContent.trim().replace(/\\s+/g, ' ').slice(0, 80))"""
# The state of a page: its headings and what it tells, without numbers.
STATE = """[...document.querySelectorAll('main h1, main h2, main .note b, main .summary, main .note.bad')]
  .filter((one) => one.checkVisibility()).map((one) => one.className + one.textContent.trim()).join('|')"""
INNER_WORDS = re.compile(
    r"\b(None|True|False|null|undefined|NaN|\[object|traceback|orders|laboratory|case|task)\b|\{[{%]|&lt;|&amp;"
)
STAFF_WORDS = re.compile(r"\b(kasus|langkah ke|putaran|dialihkan|Fajar|Maya|Yusuf)\b", re.I)


def faults_at_phone(page: Page) -> list[tuple[object, ...]]:
    """What is wrong on a page that stands open at a telephone: how much wider it is than that, and what axe finds."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    faults: list[tuple[object, ...]] = [(page.url, wide)] if wide else []
    return faults + [(page.url, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]


class Inspection:
    """Collects what is wrong on the pages; ``faults`` says page, rule and node."""

    def __init__(self, site: str, pictures: str = os.environ.get("SOPAN_PICTURES", "")) -> None:
        self.host = urlsplit(site).netloc
        self.pictures = Path(pictures) if pictures else None
        self.seen: dict[str, str] = {}  # state of a page -> where it was met
        self.faults: list[str] = []

    def follow(self, page: Page) -> None:
        """Listen to what a page loads and complains of."""
        page.on("request", self._requested)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def look(self, page: Page, *, customer: bool) -> None:
        """Look at a page, unless it was seen in this state before."""
        where = re.sub(r"\d+|(?<=/v/)[\w-]+|(?<=/lacak/)[\w-]+", "#", urlsplit(page.url).path)
        state = f"{where} {customer} {re.sub(r'[0-9]+', '#', page.evaluate(STATE))}"
        if state in self.seen:
            return
        self.seen[state] = where
        self._read(page, where, customer=customer)
        page.evaluate(AXE_SCRIPT)
        for device, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.faults.append(f"{where} at {width} px: wider than the screen")
            for table in page.evaluate(CUT_OFF) if device == "desk" else []:
                self.faults.append(f"{where} at {width} px: a table is wider than its card: {table}")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                self._axe(page, f"{where} ({scheme}, {device})", EVERYTHING if scheme == "light" else COLOURS)
                self._picture(page, f"{len(self.seen):03}-{device}-{scheme}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})

    def _axe(self, page: Page, where: str, script: str) -> None:
        for violation in page.evaluate(script)["violations"]:
            for node in violation["nodes"]:
                self.faults.append(f"{where}: {violation['id']}: {node['target']}: {node['failureSummary']}")

    def _read(self, page: Page, where: str, *, customer: bool) -> None:
        inside = not customer or where == CHOOSER
        for words in (INNER_WORDS,) if inside else (INNER_WORDS, STAFF_WORDS):
            for word in words.finditer(page.locator("main").first.inner_text()):
                self.faults.append(f"{where}: says “{word[0]}”")

    def _picture(self, page: Page, name: str) -> None:
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.pictures / f"{name}.png", full_page=True)

    def _requested(self, request: Request) -> None:
        to = urlsplit(request.url)
        if to.scheme != "data" and to.netloc != self.host:
            self.faults.append(f"asks another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in NO:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        answered_no = message.text.startswith("Failed to load resource") and any(
            f"status of {no}" in message.text for no in NO
        )
        if message.type in ("error", "warning") and not answered_no:
            self.faults.append(f"{message.location.get('url', '')}: the console says: {message.text}")
