"""HTTP to a service that the operator has named: one address, TLS, a deadline, a limit of size, no redirects, no proxies.

What matters to whoever signs is told by the fault: whether the request can have reached the service at all.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
CHUNK = 64 * 1024


class NotSent(Exception):
    """The service was not reached: nothing can have happened there. The text names the kind of fault alone."""


class AnswerLost(Exception):
    """The request went out and no whole answer came back. ``headers`` are those that did."""

    def __init__(self, why: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach a service. ``repr`` shows neither user nor password."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    authority: str = ""  # file of the root certificates (PEM) that its TLS is judged by; "" = those of the system
    timeout: float = 120.0  # seconds for the whole answer
    limit: int = 40 * 1024 * 1024  # bytes of an answer
    public: bool = False  # what is asked for is signed itself and no secret: plain http will do

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address of a service begins with https://")
        if parts.scheme == "http" and not self.public and parts.hostname not in LOOPBACK:
            raise ValueError("a signing service is reached by https alone")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


def ask(
    line: Line, method: str, path: str = "", *, body: bytes | None = None, kind: str = "", accept: str = "*/*"
) -> Answer:
    """Send one request and read the whole answer. Raises NotSent or AnswerLost; a redirect is an answer like any other.

    ``path`` is appended to the address of the line and must be safe already. ``kind`` is the media type of ``body``.
    """
    ends = time.monotonic() + line.timeout
    connection = _connected(line)
    timer = threading.Timer(line.timeout, _hang_up, [connection])  # a service that drips must not hold us for ever
    timer.daemon = True
    timer.start()
    headers: Mapping[str, str] = {}
    try:
        connection.request(
            method, urlsplit(line.url).path.rstrip("/") + path, body=body, headers=_headers(line, kind, accept)
        )
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, _read(answer, line.limit, ends))
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise AnswerLost(type(fault).__name__, headers) from None  # its text may quote what was sent
    finally:
        timer.cancel()
        connection.close()


def _connected(line: Line) -> http.client.HTTPConnection:
    parts = urlsplit(line.url)
    assert parts.hostname is not None
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=line.authority or None)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=line.timeout, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=line.timeout)
    try:
        connection.connect()
    except OSError as fault:  # refused, no such host, TLS that does not hold
        connection.close()
        raise NotSent(type(fault).__name__) from None
    return connection


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _headers(line: Line, kind: str, accept: str) -> dict[str, str]:
    headers = {"Accept": accept, "User-Agent": "Sopan", "Connection": "close"}
    if kind:
        headers["Content-Type"] = kind
    if line.user:
        told = base64.b64encode(f"{line.user}:{line.password}".encode()).decode()
        headers["Authorization"] = f"Basic {told}"
    return headers


def _read(answer: http.client.HTTPResponse, limit: int, ends: float) -> bytes:
    parts, size = [], 0
    while part := answer.read1(CHUNK):
        parts.append(part)
        size += len(part)
        if size > limit or time.monotonic() > ends:
            raise http.client.HTTPException("too long")
    told = answer.getheader("Content-Length")
    if told is not None and told.isdigit() and size < int(told):
        raise http.client.IncompleteRead(b"")
    return b"".join(parts)
