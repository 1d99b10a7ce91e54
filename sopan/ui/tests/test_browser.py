"""What the scripts promise, in a real browser; and axe on the page of all parts. No server: every address is answered here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from django.utils import translation
from playwright.sync_api import Browser

from sopan.ui.tests.sample import kitchen, person
from tests.journey.browser import NEEDS_BROWSER, chromium
from tests.journey.inspection import RULES

pytestmark = NEEDS_BROWSER
SITE = "http://sopan.test"
JSON_ANSWERS = {"/draft": ("application/json", "{}"), "/sesi": ("application/json", '{"seconds": 43200}')}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class Site:
    """Answers of a pretended server. ``posted`` holds what was sent; ``down`` cuts the line."""

    def __init__(self, html: str) -> None:
        self.html, self.posted, self.down = html, [], False

    def __call__(self, route: object) -> None:
        address = urlsplit(route.request.url).path
        if self.down:
            route.abort()
        elif address.startswith("/static/"):
            route.fulfill(path=find(address.removeprefix("/static/")))
        elif route.request.method == "POST":
            self.posted.append((address, parse_qs(route.request.post_data or "", keep_blank_values=True)))
            kind, body = JSON_ANSWERS.get(address, ("text/html", "<h1>Sudah</h1>"))
            route.fulfill(status=200, content_type=kind, body=body)
        else:
            route.fulfill(
                content_type="text/html",
                body=self.html,
                headers={"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"},
            )


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., tuple]]:
    pages = []

    def open_page(html: str, *, width: int = 1300, height: int = 1400, scheme: str = "light") -> tuple:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="id-ID")
        page, site = context.new_page(), Site(html)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on(
            "console",
            lambda message: page.errors.append(message.text) if "Content Security Policy" in message.text else None,
        )
        page.route("**/*", site)
        page.goto(f"{SITE}/tugas/1")
        pages.append((context, page))
        return page, site

    yield open_page
    for context, page in pages:
        assert page.errors == []
        context.close()


def sheet(base: str = "ui/staff.html", kind: str = "staff", data: dict | None = None, **fields: object) -> str:
    with translation.override("id"):
        return kitchen(base=base, user=person(kind=kind, **fields), data=data).replace(
            'data-autosave="/x"', 'data-autosave="/draft"'
        )


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("base", "kind"), [("ui/staff.html", "staff"), ("ui/public.html", "customer")])
def test_no_violation_of_wcag_and_no_sideways_scrolling(visit, base, kind, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page, _site = visit(sheet(base, kind, data={"name": ""}), width=width, scheme=scheme)
    found = Axe().run(page, options={"runOnly": RULES})
    assert [(v["id"], v["nodes"][0]["target"]) for v in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_summary_of_errors_gets_the_focus(visit):
    page, _site = visit(sheet(data={"name": ""}))
    assert page.evaluate("document.activeElement.className") == "summary"


def test_letters_move_select_and_help(visit):
    page, _site = visit(sheet())
    page.keyboard.press("j")
    assert page.locator("tr.cur .ord").inner_text() == "ORD-2026-11-0412"
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("[data-count]").inner_text() == "2 terpilih"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("jjk?")
    assert page.input_value("#q") == "jjk?" and not page.locator("#keys").is_visible()
    page.locator("#q").blur()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_letters_do_nothing_when_switched_off(visit):
    page, _site = visit(sheet(keyboard=False))
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert page.locator("tr.cur .ord").inner_text() == "ORD-2026-11-0398" and not page.locator("#keys").is_visible()


def test_select_all_and_clear(visit):
    page, _site = visit(sheet())
    page.check("[data-select-all]")
    assert page.locator("[data-count]").inner_text() == "3 terpilih"
    page.click("[data-clear]")
    assert not page.locator(".bulk").is_visible()


def test_a_draft_is_saved_after_a_pause_without_keys_and_tokens(visit):
    page, site = visit(sheet())
    page.fill("#id_name", "Timbangan")
    page.get_by_text("Tersimpan sebagai konsep").wait_for(timeout=4000)
    address, sent = site.posted[0]
    assert address == "/draft" and sent["name"] == ["Timbangan"]
    assert not {"csrfmiddlewaretoken", "form_key", "file"} & sent.keys()
    assert page.locator(".saved").inner_text().endswith("WIB")


def test_a_newer_draft_waits_for_the_older_one_that_is_still_on_its_way(visit):
    page, site = visit(sheet())
    held = []
    page.route("**/draft", lambda route: held.append(route))
    page.fill("#id_name", "Timb")
    with page.expect_request("**/draft"):
        page.locator("#id_name").blur()
    page.fill("#id_name", "Timbangan")
    page.locator("#id_name").blur()
    assert [parse_qs(route.request.post_data)["name"] for route in held] == [["Timb"]]
    page.unroute("**/draft")
    with page.expect_request("**/draft") as following:
        held[0].fulfill(content_type="application/json", body="{}")
    assert parse_qs(following.value.post_data)["name"] == ["Timbangan"]


def test_a_draft_that_cannot_be_sent_is_kept_and_offered_again(visit):
    page, site = visit(sheet())
    site.down = True
    page.fill("#id_name", "Oven")
    page.locator("#id_name").blur()
    page.wait_for_selector(".saved.bad")
    site.down = False
    page.reload()
    assert page.input_value("#id_name") == ""
    page.get_by_role("button", name="Pulihkan").click()
    assert page.input_value("#id_name") == "Oven"
    page.get_by_text("Tersimpan sebagai konsep").wait_for()
    assert page.evaluate("localStorage.length") == 0


def test_a_second_press_sends_nothing(visit):
    page, site = visit(sheet())
    page.evaluate(
        "const form = document.querySelector('form[data-autosave]'); form.noValidate = true; form.action = '/finish'; for (const time of [1, 2, 3]) form.requestSubmit()"
    )
    page.get_by_text("Sudah").wait_for()
    assert [address for address, _data in site.posted] == ["/finish"]


def test_enter_goes_down_escape_restores_and_a_block_is_pasted(visit):
    page, _site = visit(sheet())
    page.click('[aria-label="50 g naik"]')
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == "100 g naik"
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    assert page.input_value('[aria-label="100 g naik"]') == ""
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text/plain', '1,1\\t1,2\\n2,1\\t2,2\\n3,1\\t3,2\\n');
        document.querySelector('[aria-label="50 g naik"]').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    assert page.eval_on_selector_all("[data-grid] input", "all => all.map((one) => one.value)") == [
        "1,1",
        "1,2",
        "2,1",
        "2,2",
    ]


def test_the_theme_is_kept_in_a_cookie(visit):
    page, _site = visit(sheet())
    page.click(".top > .menu:last-child > summary")
    page.click("text=Gelap")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")


def test_a_file_that_is_too_big_is_refused_before_it_is_sent(visit, tmp_path):
    page, _site = visit(sheet().replace('data-max="10485760"', 'data-max="10"'))
    big = tmp_path / "foto.png"
    big.write_bytes(b"x" * 11)
    page.set_input_files("#id_file", big)
    assert page.evaluate("document.querySelector('#id_file').validationMessage") == "Berkas terlalu besar."


def test_the_end_of_the_session_is_announced(visit):
    html = sheet().replace("<link rel=", '<meta name="session-seconds" content="121" data-keep="/sesi"><link rel=', 1)
    page, site = visit(html.replace('<meta name="session-seconds" content="43', '<meta name="x" content="43'))
    page.wait_for_selector("#session-end[open]", timeout=3000)
    page.click("[data-stay]")
    page.wait_for_timeout(100)
    assert site.posted[0][0] == "/sesi"


def test_the_page_works_on_paper(visit):
    page, _site = visit(sheet())
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible() and not page.locator(".bulk").is_visible()
    assert page.locator("h1").is_visible()


def test_a_takes_the_task_of_the_row_and_s_only_goes_to_the_button(visit):
    page, site = visit(sheet())
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.dataset.key") == "s" and site.posted == []
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.get_by_text("Sudah").wait_for()
    assert [address for address, _data in site.posted] == ["/take"]


def test_a_scanner_goes_to_the_next_box(visit):
    page, site = visit(sheet().replace('data-autosave="/draft"', "data-scan"))
    page.fill("#id_name", "S-26-1841")
    page.press("#id_name", "Enter")
    assert page.evaluate("document.activeElement.id") == "id_day" and site.posted == []


def _chosen(page: object, tmp_path: Path) -> None:
    page.evaluate("document.querySelector('form[data-upload]').noValidate = true")
    photo = tmp_path / "foto.png"
    photo.write_bytes(b"png")
    page.set_input_files("#id_file", photo)
    page.click("[data-upload] .btn.p")


def test_an_upload_shows_the_page_that_answers(visit, tmp_path):
    page, site = visit(
        sheet().replace('data-autosave="/draft"', 'action="/kirim" enctype="multipart/form-data" data-upload')
    )
    _chosen(page, tmp_path)
    page.get_by_text("Sudah").wait_for()
    assert [address for address, _data in site.posted] == ["/kirim"] and page.url == f"{SITE}/kirim"


def test_an_upload_that_fails_keeps_the_form_and_says_so(visit, tmp_path):
    page, site = visit(
        sheet().replace('data-autosave="/draft"', 'action="/kirim" enctype="multipart/form-data" data-upload')
    )
    page.fill("#id_name", "Oven")
    site.down = True
    _chosen(page, tmp_path)
    page.get_by_text("Unggahan gagal").wait_for()
    assert page.input_value("#id_name") == "Oven"
    site.down = False
    page.click("[data-upload] .btn.p")
    page.get_by_text("Sudah").wait_for()
