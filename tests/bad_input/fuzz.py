"""Requests as no browser sends them, each made from the seed and its number alone, so that one can be sent again."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from .crawl import ROLES, Form, Found
from .world import World

METHODS = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")
TYPES = (
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=b; charset=utf-7",
    "multipart/form-data; boundary=" + "x" * 300,
    "text/plain; charset=nonsense",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/octet-stream",
    "",
    "a/b/c;;;=",
)
HEADERS: tuple[dict[str, str], ...] = (
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "javascript:alert(1)", "HTTP_HX_TARGET": '"><script>'},
    {"HTTP_HX_REQUEST": "TRUE", "HTTP_HX_CURRENT_URL": "http://[", "HTTP_HX_TRIGGER_NAME_URI_AUTOENCODED": "true"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_TRIGGERING_EVENT": "{not json", "HTTP_HX_PROMPT": "%FF%FE"},
    {"HTTP_ACCEPT_LANGUAGE": "xx-" + "y" * 600 + ";q=nan"},
    {"HTTP_ACCEPT_LANGUAGE": ";;q=1e999,*,-,en;q=-1"},
    {"HTTP_REFERER": "http://jahat.example/\x7f"},
    {"HTTP_REFERER": "http://[::1"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "https://jahat.example"},
    {"HTTP_HOST": "testserver:99999"},
    {"HTTP_HOST": "jahat.example"},
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4, ${jndi:ldap://x}"},
    {"HTTP_X_FORWARDED_HOST": "jahat.example"},
    {"HTTP_X_SOPAN_TIMESTAMP": "1e999", "HTTP_X_SOPAN_SIGNATURE": "\xe9" * 64},
    {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 0000", "HTTP_IF_NONE_MATCH": '"'},
    {"HTTP_RANGE": "bytes=99999999999-1"},
    {"HTTP_AUTHORIZATION": "Basic =====", "HTTP_USER_AGENT": ""},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_TRANSFER_ENCODING": "chunked"},
)
COOKIES = (
    "sessionid=" + "a" * 5000,
    "sessionid=; csrftoken=\x01\x02",
    "sessionid=../../etc/passwd; django_language=xx",
    "messages=W10:fake:sig; theme=<script>",
    "theme=light; django_language=" + "z" * 2000,
    "=;=;;; a b c",
    "csrftoken=%00; messages=\xff\xfe",
)
NEXTS = (
    "//jahat.example/",
    "https://jahat.example",
    "\\\\jahat.example",
    "/\\jahat.example",
    "javascript:alert(1)",
    "http:jahat.example",
    "///jahat.example/%2e%2e",
    "/ok/\r\nSet-Cookie: a=b",
    "\x00//jahat.example",
    "https://testserver@jahat.example/",
    " //jahat.example",
    "//jahat%E3%80%82example",
)
VALUES = (
    "",
    " \t ",
    "0",
    "-1",
    "1e308",
    "NaN",
    "-Infinity",
    "1.250.000,5",
    "9" * 30,
    "9" * 5000,
    "9223372036854775807",
    "9223372036854775808",
    "30-02-2026",
    "2026-02-30",
    "0000-01-01",
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31",
    "9999-12-31T23:59",
    "2026-13-45T99:99",
    "a\x00b",
    "\x1b[2J\x07\x0b\x0c\x85\u2028",
    "\u202egpj.exe",
    "👩‍🔬🇮🇩" * 40,
    "Z̸̡̛a̷͓l̵̨g̶͍o̷͝" * 30,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% debug %}{% load x %}",
    "%(x)s %s {0} {x.__class__}",
    "' OR 1=1; DROP TABLE engine_case; --",
    '=HYPERLINK("http://jahat.example","x")',
    "../../../../etc/passwd",
    "batas=terlambat&after=x-1&dari=%00",
    "x-9223372036854775807",
    "99999999999999999-9",
    "ya",
    "on",
    "none",
    "\r\nX-Injected: 1",
    "\udcff\udc80",
    "baris\n" * 3000,
    "[" * 3000,
)
PATHS = (
    "%",
    "%ff",
    "%00",
    "%2e%2e/",
    "%F0%9F%92%A9",
    "%c0%af",
    "//",
    "%0d%0aX-Injected:%201",
    "%u0041",
    ";jsessionid=1",
)
BODIES = (
    b"",
    b"\x00\xff\xfe",
    b"a=%ff%fe&b=%&%=1&csrfmiddlewaretoken=%00",
    b"--b\r\nContent-Disposition: form-data; name=x; filename=..\r\n\r\n",
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: x\r\n\r\nMZ',
    b"--b\r\nContent-Disposition: form-data; name*=utf-8''%ff\r\nContent-Transfer-Encoding: base64\r\n\r\n!!\r\n--b--",
    b"--b--",
    json.dumps({"code": "\ud800", "amount": 1e308, "paid_at": "x"}).encode(),
    b"[" * 50_000,
    b'{"a":' + b"9" * 6000 + b"}",
    b"&".join(b"f%d=1" % i for i in range(6000)),
    b"x=" + b"A" * 3_000_000,
    b"TOTAL_FORMS=1000000000&form-TOTAL_FORMS=-1&form-INITIAL_FORMS=x",
)
PASSPHRASE = "frasa-yang-tak-boleh-tampak-7731"


@dataclass
class Request:
    """One request; its ``repr`` is all that is needed to send it again."""

    number: int
    role: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: dict[str, str] = field(default_factory=dict)
    checks_csrf: bool = False
    readable: bool = True  # the type fits the body, so that what is a password is known to be one

    def send(self, client: Client, session: str) -> HttpResponseBase:
        headers = dict(self.headers)
        cookie = headers.pop("HTTP_COOKIE", "")
        client.cookies.clear()
        client.handler.enforce_csrf_checks = self.checks_csrf
        headers["HTTP_COOKIE"] = "; ".join(filter(None, [f"sessionid={session}" if session else "", cookie]))
        address = self.path + (f"?{self.query}" if self.query else "")
        return client.generic(self.method, address, self.body, self.content_type, **headers)


@dataclass
class Maker:
    """Makes request ``n`` of a seed."""

    seed: int
    world: World
    found: Found

    def __post_init__(self) -> None:
        self.templates = list(_addresses(get_resolver()))
        self.ids = self.world.ids()
        self.tokens = [case.tracking for case in self.world.cases.values() if case.tracking] or ["x"]
        self.forms: dict[str, list[Form]] = {}
        for form in self.found.forms:
            self.forms.setdefault(form.name, []).append(form)
        self.names = sorted(self.forms)
        self.pages = [(role, page) for role in ROLES for page in self.found.pages[role]]

    def make(self, number: int) -> Request:
        chance = random.Random(f"{self.seed}:{number}")  # noqa: S311
        how = chance.random()
        if how < 0.38:
            request = self._form(number, chance)
        elif how < 0.48:
            role, page = chance.choice(self.pages)
            path, _mark, query = page.partition("?")
            request = Request(number, role, chance.choice(METHODS), path, query)
        else:
            request = self._address(number, chance)
        self._spoil(request, chance)
        return request

    def _form(self, number: int, chance: random.Random) -> Request:
        """A real form, some of whose fields are spoilt, missing, repeated or foreign."""
        form: Form = chance.choice(self.forms[chance.choice(self.names)])
        data = form.filled()
        for name in list(data):
            luck = chance.random()
            if luck < 0.4:
                data[name] = [chance.choice(VALUES)]
            elif luck < 0.5:
                del data[name]
            elif luck < 0.6:
                data[name] = [chance.choice(VALUES) for _ in range(3)]
        for one in form.fields:
            if one.kind == "password":
                data[one.name] = [PASSPHRASE]
        if chance.random() < 0.2:
            data[chance.choice(("next", "answer", "task", "dari", "to", "to_step", "form_key", "tab"))] = [
                chance.choice((*VALUES, *NEXTS))
            ]
        path, _mark, query = form.action.partition("?")
        role = form.role if chance.random() < 0.8 else chance.choice(ROLES)
        body = urlencode(data, doseq=True, errors="surrogateescape")
        if form.method == "get":
            return Request(number, role, "GET", path, body)
        request = Request(number, role, "POST", path, query, body.encode())
        if chance.random() < 0.3:
            request.content_type, request.body = _multipart(data, form, chance)
        return request

    def _address(self, number: int, chance: random.Random) -> Request:
        """Any address of the product, with ids of anybody or of nobody."""
        template = chance.choice(self.templates)
        path = "/"
        for part in template:
            path += part if isinstance(part, str) else self._part(part[0], part[1], chance)
        return Request(number, chance.choice(ROLES), chance.choice(METHODS), path, self._query(chance))

    def _part(self, name: str, kind: str, chance: random.Random) -> str:
        if name == "token":
            return chance.choice((*self.tokens, quote(chance.choice(VALUES)[:200], errors="ignore", safe="")))
        if kind == "int":
            known = self.ids.get(name, [1])
            return str(chance.choice((*known, *known, 0, 10**18, 2**63 - 1, 2**63, "9" * 400)))
        return chance.choice(
            ("auto_close_days", "2026-01-01", "9999-99-99", "survey_gate", "x" * 300, "1-1-AAA", "set")
        )

    def _query(self, chance: random.Random) -> str:
        if chance.random() < 0.5:
            return ""
        names = (
            "next",
            "q",
            "cari",
            "page",
            "after",
            "tahun",
            "jenis",
            "nomor",
            "tab",
            "dari",
            "status",
            "batas",
            "kind",
        )
        given = [(chance.choice(names), chance.choice((*VALUES, *NEXTS))) for _ in range(chance.randint(1, 4))]
        text = urlencode(given, errors="surrogateescape")
        return text if chance.random() < 0.9 else text + "&%&%zz=%f&=&;" + "a=1&" * 900

    def _spoil(self, request: Request, chance: random.Random) -> None:
        """What surrounds the data: type, headers, cookies, the address itself."""
        if request.method not in ("GET", "HEAD") and not request.body:
            request.content_type = chance.choice(TYPES)
            request.body = chance.choice(BODIES)
        elif chance.random() < 0.08:
            request.content_type, request.readable = chance.choice(TYPES), False
        if chance.random() < 0.25:
            request.headers.update(chance.choice(HEADERS))
        if chance.random() < 0.1:
            request.headers["HTTP_COOKIE"] = chance.choice(COOKIES)
        if chance.random() < 0.04:
            request.path += chance.choice(PATHS)
        if chance.random() < 0.03:
            request.query += "&x=" + "%FF" * 3000
        request.checks_csrf = chance.random() < 0.1


def _multipart(data: dict[str, list[str]], form: Form, chance: random.Random) -> tuple[str, bytes]:
    """The same as parts, with a file where the form has one."""
    parts = b""
    for name, values in data.items():
        for value in values:
            told = value.encode(errors="surrogateescape")
            parts += (
                b'--grenz\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + told + b"\r\n"
            )
    for one in form.fields:
        if one.kind == "file":
            content = chance.choice(
                (b"", b"MZ\x90\x00", b"%PDF-1.7\n<script>", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, b"PK\x03\x04zz")
            )
            file = chance.choice(("a.pdf", "../../a.png", "a\\b.jpg", "\u202efdp.exe", "n" * 900 + ".pdf", ".png", ""))
            head = f'--grenz\r\nContent-Disposition: form-data; name="{one.name}"; filename="{file}"\r\n'
            parts += head.encode() + b"Content-Type: image/png\r\n\r\n" + content + b"\r\n"
    end = b"" if chance.random() < 0.2 else b"--grenz--\r\n"
    return "multipart/form-data; boundary=grenz", parts + end


def _addresses(resolver: URLResolver, before: tuple[Any, ...] = ()) -> Any:
    """Every address as its parts: text, or (name, converter)."""
    for entry in resolver.url_patterns:
        parts = (*before, *_parts(entry))
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, parts)
        else:
            yield parts


def _parts(entry: URLPattern | URLResolver) -> Any:
    pattern = entry.pattern
    if not hasattr(pattern, "_route"):
        yield (
            "akun/confirm-email/x"
            if "confirm" in str(pattern)
            else str(pattern).strip("^$").replace("(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)", "1-set")
        )
        return
    rest = pattern._route
    while "<" in rest:
        text, _mark, rest = rest.partition("<")
        inside, _mark, rest = rest.partition(">")
        kind, _colon, name = inside.rpartition(":")
        yield text
        yield (name, kind or "str")
    yield rest


def session_of(client: Client) -> str:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""
