"""People at their browsers. They know pages by what is written on them: labels, buttons and links."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

from playwright.sync_api import Browser, Download, Locator, Page, expect

from .inspection import Inspection
from .server import Server, within

DEMO_PASSWORD = "sopan-demo-2026"
OPTIONAL = r"(\s*\((boleh kosong)\))?"


class Person:
    """Somebody with a browser of his own. Every page that opens before him is looked at."""

    def __init__(self, browser: Browser, server: Server, inspection: Inspection, *, email: str, staff: bool) -> None:
        self.server, self.inspection, self.email, self.staff = server, inspection, email, staff
        self.context = browser.new_context(
            base_url=server.url,
            viewport={"width": 1300, "height": 900},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.secret, self.last_code = "", ""
        inspection.follow(self.page)

    # Going about ------------------------------------------------------------------------------------------------------

    def visit(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def look(self) -> None:
        self.inspection.look(self.page, customer=not self.staff)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button and wait for the page that answers."""
        self._leave((within or self.page).get_by_role("button", name=name, exact=True))

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow a link and wait for its page."""
        exact = isinstance(name, str)
        self._leave((within or self.page.locator("main")).get_by_role("link", name=name, exact=exact).first)

    def _leave(self, way: Locator) -> None:
        self.page.locator("html").evaluate("html => { html.dataset.before = '' }")
        way.click()
        self.page.locator("html:not([data-before])").wait_for(state="attached")
        self.page.wait_for_load_state()
        self.look()

    def download(self, name: re.Pattern[str]) -> list[Download]:
        """Download all that links of this name lead to."""
        found = []
        for link in self.page.get_by_role("link", name=name).all():
            with self.page.expect_download() as started:
                link.click()
            found.append(started.value)
        return found

    # Reading and typing -----------------------------------------------------------------------------------------------

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main").get_by_text(text).filter(visible=True).first).to_be_visible()

    def does_not_see(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main").get_by_text(text).filter(visible=True)).to_have_count(0)

    def field(self, label: str, *, within: Locator | None = None) -> Locator:
        named = re.compile(rf"^\s*{re.escape(label)}{OPTIONAL}\s*$")
        return (within or self.page).get_by_label(named).filter(visible=True)

    def fill(self, fields: dict[str, str], *, within: Locator | None = None) -> None:
        for label, text in fields.items():
            self.field(label, within=within).fill(text)

    # Coming in --------------------------------------------------------------------------------------------------------

    def log_in(self, password: str = DEMO_PASSWORD) -> None:
        """With the password; and with a code, where a second factor is set up."""
        self.visit("/akun/login/")
        self.fill({"Alamat surel": self.email, "Kata sandi": password})
        self.press("Masuk", within=self.page.locator("main"))
        if self.secret:
            self.sees("Kode verifikasi")
            self.fill({"Kode": self.code()})
            self.press("Masuk", within=self.page.locator("main"))

    def log_out(self) -> None:
        self.page.locator("header details.menu > summary[aria-label^='Akun']").click()
        self.press("Keluar")

    def set_up_second_factor(self) -> None:
        """Prove who he is, scan the code that the page shows, and type the first code that the telephone makes of it."""
        self.sees("Jabatan Anda mewajibkan verifikasi dua langkah.", "Pastikan ini Anda")
        self.fill({"Kata sandi": DEMO_PASSWORD})
        self.press("Lanjutkan")
        self.secret = re.sub(r"\s", "", self.page.locator(".mono.b").inner_text())
        self.fill({"Kode enam angka": self.code()})
        self.press("Aktifkan")

    def code(self) -> str:
        """The code of this half minute; a code that was used before is not accepted again."""
        self.last_code = within(40, lambda: (now := totp(self.secret)) != self.last_code and now, "the next code")
        return self.last_code

    # The steps of the staff -------------------------------------------------------------------------------------------

    def take_up(self, text: str, step: str) -> None:
        """Open a task from the list of tasks, by the customer or the number in its row."""
        self.visit("/tugas/")
        row = self.page.locator("tr.r", has_text=text).filter(has=self.page.locator("input[name=task]"))
        self._leave(row.locator("a.ord"))
        self.sees(f"Langkah {step} · ")

    @property
    def task(self) -> Locator:
        """The form of the step."""
        return self.page.locator("form.task-form")

    def finish(self, button: str, *, reason: str = "") -> None:
        if reason:
            self.fill({"Alasan": reason}, within=self.task)
        self.press(button, within=self.task)


def totp(secret: str, *, at: float | None = None) -> str:
    """The six digits of RFC 6238 for a key in base 32, as an authenticator makes them."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
