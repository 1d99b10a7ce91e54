"""English over the Indonesian texts: nothing is missing in the catalogue, and English pages are English.

Sentences of documents and data of the body stay Indonesian; they stand in elements with ``lang="id"``.
"""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.template import Context, Template
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from sopan.core.model import Unit
from sopan.demo.loading import load_demo_body, load_demo_people
from sopan.demo.orders import PLOTS, play
from sopan.domains.orders.rules import parse_number
from sopan.domains.orders.views.public import _time_words
from sopan.engine.models import Case
from sopan.locale import messages
from sopan.people.models import User
from sopan.ui import fields, formats, source
from tests.standing import standing

NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)


# The catalogue --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept() -> Catalog:
    return messages.kept()


def named(message: Any) -> tuple[str | None, Any]:
    return message.context, message.id


def test_the_catalogue_holds_exactly_the_texts_of_the_code(kept: Catalog) -> None:
    found, held = {named(one) for one in messages.texts() if one.id}, {named(one) for one in kept if one.id}
    assert (found - held, held - found) == (set(), set()), "run: make messages"


def test_every_text_has_an_english_one(kept: Catalog) -> None:
    assert messages.missing(kept) == []


def test_the_compiled_catalogue_is_that_of_its_source(kept: Catalog) -> None:
    assert messages.MO.read_bytes() == messages.compiled(kept), "run: make messages"
    with messages.MO.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Tugas saya") == "My tasks"


def test_nothing_is_left_over_or_guessed() -> None:
    lines = messages.PO.read_text().splitlines()
    assert [line for line in lines if line.startswith("#~") or "fuzzy" in line] == []


PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|%s|%%|\n")


def test_placeholders_are_the_same_in_both_languages(kept: Catalog) -> None:
    def wrong() -> Iterator[tuple[Any, Any]]:
        for one in kept:
            ids, strings = (one.id, one.string) if isinstance(one.id, tuple) else ((one.id,), (one.string,))
            wanted = Counter(PLACES.findall(ids[0]))
            if one.id and any(Counter(PLACES.findall(text)) != wanted for text in strings):
                yield one.id, one.string

    assert list(wrong()) == []


def test_spaces_and_full_stops_at_the_ends_are_the_same(kept: Catalog) -> None:
    def ends(text: str) -> tuple[bool, ...]:
        return text[:1] == " ", text[-1:] == " ", text.endswith((".", "…", ".”")), text.endswith(":")

    sentences = [(one.id, one.string) for one in kept if one.id and isinstance(one.id, str) and len(one.id) > 25]
    assert [(a, b) for a, b in sentences if ends(a) != ends(b)] == []


def test_what_changed_in_the_code_changes_the_catalogue() -> None:
    """A text that is gone is dropped, a new one waits empty, and none is guessed."""
    code = Catalog()
    code.add("Tugas saya")
    code.add("Tugas saya semua")
    brought = messages.brought_up(messages.kept(), code)
    assert {one.id: one.string for one in brought if one.id} == {"Tugas saya": "My tasks", "Tugas saya semua": None}
    assert messages.missing(brought) == ["Tugas saya semua"]
    assert not brought.obsolete


def test_templates_are_read_as_django_reads_them(tmp_path: Path) -> None:
    template = """
      {% translate "Kirim" %} {% translate "Buka" context "pintu" %} {{ x|default:_("Tidak ada") }}
      {% blocktranslate count n=n with who=user %}{{ n }} surat {{ who }}{% plural %}{{ n }} surat {{ who }}{% endblocktranslate %}
        {% comment %}{% translate "Bukan ini" %}{% endcomment %}"""
    file = tmp_path / "one.html"
    file.write_text(template)
    with file.open("rb") as read:
        calls = list(messages.calls_in_template(read, messages.KEYWORDS, (), {}))
    assert [text for _line, _call, text, _comments in calls] == [
        "Kirim",
        ("pintu", "Buka"),
        "Tidak ada",
        ("%(n)s surat %(who)s", "%(n)s surat %(who)s", None),
    ]


# Formats --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "id",
            [
                "21 November 2026, 09.14 WIB",
                "Rp\u00a01.250.000",
                "1.250,5",
                "1 hari kerja",
                "3 jam",
                "1 jam dan 40 menit",
            ],
        ),
        (
            "en",
            [
                "21 November 2026, 09:14 WIB",
                "Rp\u00a01,250,000",
                "1,250.5",
                "1 working day",
                "3 hours",
                "1 hour and 40 minutes",
            ],
        ),
    ],
)
def test_dates_money_and_numbers(language: str, shown: list[str]) -> None:
    with translation.override(language), timezone.override("Asia/Jakarta"):
        assert [
            formats.long_datetime(NOW),
            formats.rupiah(1_250_000),
            formats.number("1250.5"),
            formats.working_days(1),
            formats.duration(timedelta(hours=3)),
            _time_words({Unit.HOUR: Decimal(1), Unit.MINUTE: Decimal(40)}),
        ] == shown


@pytest.mark.parametrize(
    ("typed", "in_indonesian", "in_english"),
    [
        ("2.500", "2500", "2.500"),
        ("2,500", "2.500", "2500"),
        ("1.250,5", "1250.5", "1250.5"),
        ("1,250.5", "1250.5", "1250.5"),
        ("10,5", "10.5", "10.5"),
        ("10.5", "10.5", "10.5"),
        ("1,250,000", "1250000", "1250000"),
    ],
)
def test_numbers_are_read_both_ways_and_in_doubt_as_the_page_writes_them(
    typed: str, in_indonesian: str, in_english: str
) -> None:
    with translation.override("id"):
        assert parse_number(typed) == Decimal(in_indonesian)
    with translation.override("en"):
        assert parse_number(typed) == Decimal(in_english)
        assert parse_number(formats.number("1250.5")) == Decimal("1250.5")


def test_words_of_documents_are_marked_and_plain_words_translated() -> None:
    with translation.override("en"):
        assert (
            source.marked("Bendahara <b>menerima</b>") == '<span lang="id">Bendahara &lt;b&gt;menerima&lt;/b&gt;</span>'
        )
        assert source.marked("Kami sedang memeriksa pesanan Anda.") == "We are checking your order."
        assert (source.marked(""), source.marked(None)) == ("", "")
    with translation.override("id"):
        assert source.marked("Bendahara menerima") == "Bendahara menerima"


def test_where_no_element_fits_the_one_around_the_words_is_marked() -> None:
    """An option, or the title of a page, has the language of the body's words in it."""
    page = Template("<option{{ name|source_lang }}>{{ name|source_text }}</option>{{ said|own }}{{ plain|own }}")

    def shown(language: str) -> list[str]:
        with translation.override(language):
            select = fields.Select(choices=[("", "Semua"), ("7", source.numbered("7 ·", "Bendahara <menerima>"))])
            said = {"said": source.translated("Kasi"), "plain": "Kasi"}
            names = ("Bendahara menerima", "Kami sedang memeriksa pesanan Anda.")
            options = [page.render(Context({"name": name, **said})) for name in names]
            return [*options, *re.findall("<option.*", select.render("step", ""))]

    assert shown("en") == [
        '<option lang="id">Bendahara menerima</option><span lang="id">Kasi</span>Kasi',
        '<option>We are checking your order.</option><span lang="id">Kasi</span>Kasi',
        '<option value="" selected>Semua</option>',
        '<option value="7" lang="id">7 · Bendahara &lt;menerima&gt;</option>',
    ]
    assert [line for line in shown("id") if "lang" in line] == []


# The language of a page -----------------------------------------------------------------------------------------------


def language_of(answer: Any) -> str:
    found = re.search(r'<html lang="(\w+)"', answer.content.decode())
    return found[1] if found else ""


@pytest.fixture
def body(db: None) -> Any:
    return load_demo_body(now=timezone.now())


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("de,en;q=0.5", "en"),
        ("id,en;q=0.9", "id"),
        ("en-US,en;q=0.9,id;q=0.8", "id"),  # an Indonesian with a browser as it was delivered
        ("de", "id"),
        ("en;q=0", "id"),
        ("*", "id"),
        ("%%;;,;q=x", "id"),
        ("en," * 1000, "en"),
    ],
)
def test_a_visitor_gets_indonesian_unless_his_browser_knows_english_alone(
    body: Any, header: str, language: str
) -> None:
    answer = Client(headers={"Accept-Language": header}).get("/layanan/")
    assert (answer.status_code, language_of(answer)) == (200, language)
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_a_visitor_may_choose(body: Any) -> None:
    client = Client(headers={"Accept-Language": "en"})
    answer = client.post("/bahasa", {"language": "id", "next": "/layanan/"}, follow=True)
    assert language_of(answer) == "id"
    client.post("/bahasa", {"language": "xx"})
    assert language_of(client.get("/layanan/")) == "id"


def test_a_person_keeps_the_language_with_the_account(body: Any) -> None:
    person = next(one for one in load_demo_people(body, now=timezone.now()) if one.is_customer)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert language_of(client.get("/akun/")) == "id"
    client.post("/bahasa", {"language": "en"})
    assert language_of(client.get("/akun/")) == "en"
    assert User.objects.get(pk=person.pk).language == "en"
    elsewhere = Client(headers={"Accept-Language": "id"})
    elsewhere.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert language_of(elsewhere.get("/akun/")) == "en"


# What the pages say ---------------------------------------------------------------------------------------------------

INDONESIAN = re.compile(
    r"\b(yang|untuk|tidak|dengan|adalah|belum|sudah|atau|dan|dari|oleh|pada|kepada|sampai|akan|kami|anda|ini|itu|dapat"
    r"|berkas|nomor|tanggal|pilih|simpan|langkah|kasus|tugas|pesanan|pelanggan|laporan|baru|nama|jam|menit|selesai|biaya"
    r"|jumlah|petugas|periksa|kembali|catatan|lihat|cari|semua|sejak|wajib|isi|jenis|dokumen|surat|sekarang|perusahaan"
    r"|masuk|keluar|kirim|terima|ada|bulan|tahun|senin|selasa|rabu|kamis|jumat|sabtu|minggu|januari|desember)\b",
    re.IGNORECASE,
)
# Names: of the body and its laboratories and positions, of files, and Indonesian terms that an English text explains.
NAMES = re.compile(
    r"Balai Standardisasi dan Pelayanan Jasa Industri \w+|Dimensi dan Tekanan|Massa dan Suhu|bukti-bayar\.png"
    r"|\(Bukti Penerimaan Negara\)|“hari” \(day\)|IK-KAL-\d+, .*|Uploaded “.*” for .*"
)
EMPTY_TAGS = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "area", "base", "embed", "track"}


class Page(HTMLParser):
    """``said``: what a page says outside of Indonesian elements, attributes that are read aloud included."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hidden = self.open[-1][1] if self.open else False
        if tag in ("script", "style") or given.get("lang", "en") == "id":
            hidden = True
        elif "lang" in given:
            hidden = False
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if not hidden:
            words = ("aria-label", "title", "placeholder", "alt", "content")
            self.said += [value for name, value in given.items() if name in words or name.startswith("data-")]
        if tag not in EMPTY_TAGS:
            self.open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag in {name for name, _hidden in self.open}:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.said.append(" ".join(data.split()))


def foreign(pages: dict[str, Any]) -> dict[str, list[str]]:
    """Address -> what a page says in Indonesian without saying that it is."""
    return {path: said for path, answer in pages.items() if (said := indonesian(Page(answer.content.decode())))}


def indonesian(page: Page) -> list[str]:
    return [text for text in page.said if INDONESIAN.search(NAMES.sub("", text)) and not text.startswith("/")]


def test_the_reader_of_pages_finds_indonesian() -> None:
    page = Page(
        '<html lang="en"><p title="Pilih baris">Yours</p><p lang="id">Bendahara <b>dan</b> <i lang="en">belum</i></p>dan'
    )
    assert indonesian(page) == ["Pilih baris", "belum", "dan"]


def kind_of(path: str) -> str:
    """The name of what answers at an address of ours; "" of another."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def walked(client: Client, start: Sequence[str], *, each: int) -> Iterator[tuple[str, Any]]:
    """Every HTML page that links lead to; of pages of one kind the first ``each``, of those that every step changes more."""
    waiting, seen, kinds = list(start), set[str](), Counter[str]()
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        kind = kind_of(path.partition("?")[0])
        if path in seen or not kind or kind == "account_logout" or kinds[kind] >= each * MORE.get(kind, 1):
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = client.get(path)
        if answer.status_code in (301, 302):
            waiting.append(answer["Location"])
        elif "html" in answer.get("Content-Type", ""):
            yield path, answer
            here = path.partition("?")[0]
            links = Page(answer.content.decode()).links
            waiting += [
                here + link if link.startswith("?") else link for link in links if not link.startswith("mailto:")
            ]


STATES = ("", "19", "16", "14", "11", "9", "7", "5")  # where the cases of the pages wait; "" has ended
MORE = {"task": 3, "case": 3}
ROLES = ("rina", "dewi", "hendra", "siti", "yusuf", "agus", "fajar", "bambang", "andi")


@pytest.fixture(scope="module")
def lively(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, User]]:
    """The demo body with cases in different states, its people reading English; undone at the end."""
    from django.test import override_settings

    media = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=media, DEMO=True, SECOND_FACTOR="off"), standing(django_db_blocker):
        now = timezone.now()
        home = load_demo_body(now=now)
        load_demo_people(home, now=now)
        customer = User.objects.get(email__startswith="rina.")
        for plot in PLOTS:
            if plot.stop in STATES:
                play(plot, home, customer, now=now)
        User.objects.update(language="en")
        yield {user.email.partition(".")[0]: user for user in User.objects.all()}


@pytest.mark.django_db
def test_pages_for_visitors_are_english(lively: dict[str, User]) -> None:
    tracking = [f"/lacak/{case.tracking}/" for case in Case.objects.all()]
    client = Client(headers={"Accept-Language": "en"})
    start = ["/layanan/", "/akun/login/", "/akun/password/reset/", "/v/", *tracking]
    pages = dict(walked(client, start, each=12))
    assert len(pages) > 10
    assert foreign(pages) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_pages_for_each_role_are_english(lively: dict[str, User], role: str) -> None:
    client = Client()
    client.force_login(lively[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    start = ["/", "/akun/"] + (["/pesanan/"] if lively[role].is_customer else ["/tugas/", "/kasus/"])
    pages = dict(walked(client, start, each=1))
    assert len(pages) > 5
    assert {language_of(answer) for answer in pages.values()} == {"en"}
    assert foreign(pages) == {}


@pytest.mark.django_db
def test_what_is_wrong_with_input_is_told_in_english(lively: dict[str, User]) -> None:
    answer = Client(headers={"Accept-Language": "en"}).post("/daftar/", {"npwp": "12", "email": "x"})
    assert "An NPWP consists of 15 or 16 digits." in answer.content.decode()
    assert indonesian(Page(answer.content.decode())) == []
