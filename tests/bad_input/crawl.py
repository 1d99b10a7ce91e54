"""Finds every form of the product by following links as each kind of person does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from .world import World

ROLES = ("", "rina", "andi", "dewi", "hendra", "siti", "yusuf", "agus", "fajar", "bambang")
SKIPPED = {"account_logout", "inbox_export", "attachment", "document-download", "document-read"}
MOST_OF_A_PAGE, MOST_OF_ALL = 2, 9  # visits of pages that look the same, by one person and by all
EVERY = {"task", "orders:order"}  # each of these is different


@dataclass
class Field:
    name: str
    kind: str  # the type of the input, or "textarea", "select", "button"
    values: list[str] = field(default_factory=list)

    @property
    def typed(self) -> bool:
        """Whether a person types text into it and expects to see that text again."""
        return self.kind in {"text", "textarea", "email", "tel", "search", "number", "date", "datetime-local", "url"}


@dataclass
class Form:
    role: str
    page: str
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def name(self) -> str:
        return resolve(urlsplit(self.action).path).view_name

    @property
    def signature(self) -> tuple[str, ...]:
        """What it asks, whatever the ids in the names of its fields are."""
        names = {"".join(c for c in one.name if not c.isdigit()) for one in self.fields}
        return (self.name, self.method, *sorted(names))

    def filled(self) -> dict[str, list[str]]:
        """As a browser would send it untouched; the first button is pressed."""
        data: dict[str, list[str]] = {}
        pressed = False
        for one in self.fields:
            if one.name == "csrfmiddlewaretoken" or one.kind == "file":
                continue
            if one.kind == "button":
                if pressed:
                    continue
                pressed = True
            data.setdefault(one.name, []).extend(one.values[:1])
        return data


class _Forms(HTMLParser):
    def __init__(self, role: str, page: str) -> None:
        super().__init__()
        self.role, self.page = role, page
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.open: Form | None = None
        self.area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        elif tag == "form":
            action = urljoin(self.page, told.get("action") or self.page)
            self.open = Form(self.role, self.page, action, told.get("method", "get").lower())
            if self.open.method != "dialog":
                self.forms.append(self.open)
        elif self.open is not None:
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self.open is not None
        name = told.get("name", "")
        if tag == "option" and self.area is not None and self.area.kind == "select":
            if "selected" in told:
                self.area.values.insert(0, told.get("value", ""))
            else:
                self.area.values.append(told.get("value", ""))
        if not name:
            return
        if tag == "input" and told.get("type") in ("checkbox", "radio"):
            self._choice(name, told)
        elif tag == "input":
            self.open.fields.append(Field(name, told.get("type", "text"), [told.get("value", "")]))
        elif tag in ("textarea", "select", "button"):
            self.area = Field(name, tag, [told.get("value", "")] if tag == "button" else [])
            self.open.fields.append(self.area)

    def _choice(self, name: str, told: dict[str, str]) -> None:
        assert self.open is not None
        known = next((one for one in self.open.fields if one.name == name), None)
        if known is None:
            known = Field(name, told["type"])
            self.open.fields.append(known)
        known.values.insert(0 if "checked" in told else len(known.values), told.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.area.kind == "textarea":
            self.area.values.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select", "button"):
            self.area = None
        elif tag == "form":
            self.open = None


def forms_of(html: str, *, role: str, page: str) -> list[Form]:
    return _parsed(html, role=role, page=page).forms


def _parsed(html: str, *, role: str, page: str) -> _Forms:
    parser = _Forms(role, page)
    parser.feed(html)
    return parser


@dataclass
class Found:
    forms: list[Form]
    pages: dict[str, list[str]]  # role -> addresses that he can open


def crawl(world: World) -> Found:
    """Every form, once by what it asks; the pages that each role came to."""
    kinds: dict[tuple[str, ...], Form] = {}
    pages: dict[str, list[str]] = {}
    visits: Counter[str] = Counter()
    for role in ROLES:
        pages[role] = _walk(world.client(role), role, kinds, visits)
    return Found(list(kinds.values()), pages)


def _walk(client: Client, role: str, kinds: dict[tuple[str, ...], Form], of_all: Counter[str]) -> list[str]:
    waiting, seen, visits, opened = ["/", "/akun/masuk/", "/lacak/", "/v/"], set(), Counter[str](), []
    while waiting:
        page = waiting.pop(0)
        address = urlsplit(page)
        if page in seen or address.netloc or not address.path.startswith("/"):
            continue
        seen.add(page)
        try:
            name = resolve(address.path).view_name
        except Resolver404:
            continue
        visits[name] += 1
        of_all[name] += 1
        seen_enough = visits[name] > MOST_OF_A_PAGE or (of_all[name] > MOST_OF_ALL and name != "inbox")
        if name in SKIPPED or (seen_enough and name not in EVERY):
            continue
        answer = client.get(page, follow=True)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        at = answer.request["PATH_INFO"] + (
            f"?{answer.request['QUERY_STRING']}" if answer.request["QUERY_STRING"] else ""
        )
        opened.append(at)
        parsed = _parsed(answer.content.decode(), role=role, page=at)
        waiting += [urljoin(at, link).partition("#")[0] for link in parsed.links]
        for form in parsed.forms:
            kinds.setdefault(form.signature, form)
    return opened
