"""A local server that plays the BSrE Esign gateway, v1 and v2, with its errors: for tests and for trying it out.

It knows people by their NIK, signs with certificates of the demo authority, hands a file out once, refuses a wrong
passphrase with code 2031, and does on request what a gateway on a bad day does (``faults``: one is used up by each
request to sign).
"""

from __future__ import annotations

import asyncio
import base64
import email.message
import email.parser
import io
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import tsp
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle
from pypdf import PdfReader

from sopan.documents import certificates
from sopan.documents.signing import timestamps
from sopan.documents.signing.around import apart
from sopan.documents.signing.pkcs12 import WITHOUT_MARGINS, KeySigner, _SignerAt

USER, PASSWORD = "sopan", "kata-sandi-aplikasi"
FAULTS = (
    "lost",  # signed, and the line is cut after the headers
    "silent",  # signed, and nothing is ever said
    "html",  # a page of HTML with status 200
    "huge",  # an answer without end
    "redirect",
    "busy",  # 503
    "error",  # 500 with an error of its own
    "proxy",  # 504 of what stands before it
    "other",  # a signed file, but of something else
    "escape",  # an id that would be another address
)


@dataclass
class Person:
    """Somebody whom the gateway knows."""

    name: str
    passphrase: str
    status: str = "ISSUE"
    key: bytes = b""


@dataclass
class Gateway:
    """What the server knows and was asked. ``asked`` holds paths, ``signed`` the number of signatures made."""

    at: datetime
    people: dict[str, Person] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fields: list[Mapping[str, Any]] = field(default_factory=list)
    signed: int = 0
    stamped: list[bytes] = field(default_factory=list)  # requests for a time stamp

    def know(self, nik: str, name: str, *, passphrase: str, status: str = "ISSUE") -> None:
        """Let a person be known, with a certificate of the demo authority."""
        key = certificates.make_demo_pkcs12(name, position="Pejabat", passphrase="inside", now=self.at)
        self.people[nik] = Person(name, passphrase, status, key)

    def sign(self, content: bytes, person: Person, picture: bytes, box: tuple[int, int, int, int], page: int) -> bytes:
        """Append a signature with a visible picture, as the gateway does."""
        credentials = certificates.open_pkcs12(person.key, passphrase="inside")
        assert isinstance(credentials, certificates.Credentials)
        self.signed += 1
        count = len(PdfReader(io.BytesIO(content)).get_fields() or {})
        name = f"BSrE{count + 1}"
        described = signers.PdfSignatureMetadata(
            field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=person.name
        )
        style = StaticStampStyle(
            background=PdfImage(Image.open(io.BytesIO(picture)).convert("RGB")),
            background_opacity=1.0,  # less would be transparent, and the file no PDF/A
            border_width=0,
            background_layout=WITHOUT_MARGINS,
        )
        signer = _SignerAt(
            described,
            KeySigner(credentials),
            stamp_style=style,
            new_field_spec=SigFieldSpec(name, on_page=page - 1, box=box),
        )
        signer.at = self.at
        return apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content))).getvalue())


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *told: object) -> None:
        return

    @property
    def gateway(self) -> Gateway:
        return self.server.gateway

    def do_GET(self) -> None:
        self.gateway.asked.append(f"GET {self.path}")
        if self.path.endswith(".crl"):
            self._send(200, self.gateway.files[self.path[1:]], "application/pkix-crl")
            return
        if not self._known():
            return
        if self.path.startswith("/api/user/status/"):
            self._status_v1(self.path.rsplit("/", 1)[1])
        elif self.path.startswith("/api/sign/download/"):
            content = self.gateway.files.pop(self.path.rsplit("/", 1)[1], None)
            if content is None:
                self._json(404, {"error": "Dokumen tidak ditemukan", "status_code": 404})
            else:
                self._send(200, content, "application/pdf")
        else:
            self._json(404, {"error": "Not Found"})

    def do_POST(self) -> None:
        self.gateway.asked.append(f"POST {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/tsa":
            self._stamp(body)
            return
        if not self._known():
            return
        if self.path == "/api/sign/pdf":
            self._sign_v1(body)
        elif self.path == "/api/v2/sign/pdf":
            self._sign_v2(json.loads(body))
        elif self.path == "/api/v2/user/check/status":
            person = self.gateway.people.get(json.loads(body).get("nik", ""))
            self._json(200, {"status": person.status if person else "NOT_REGISTERED"})
        else:
            self._json(404, {"error": "Not Found"})

    def _stamp(self, body: bytes) -> None:
        """A time stamp authority (RFC 3161) of the same house."""
        self.gateway.stamped.append(body)
        fault = self.gateway.faults.pop(0) if self.gateway.faults else ""
        kind = "application/timestamp-reply"
        if fault == "silent":
            time.sleep(self.server.patience)
        elif fault == "garbage":
            self._send(200, b"\x30\x82garbage", kind)
        elif fault == "rejects":
            self._send(200, tsp.TimeStampResp({"status": {"status": "rejection"}}).dump(), kind)
        elif fault:
            self._misbehave(fault)
        else:
            stamper = timestamps.local(at=self.gateway.at)
            told = apart(lambda: asyncio.run(stamper.async_request_tsa_response(tsp.TimeStampReq.load(body))))
            self._send(200, told.dump(), kind)

    def _known(self) -> bool:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {wanted}":
            return True
        self._json(401, {"error": "Unauthorized"})
        return False

    def _status_v1(self, nik: str) -> None:
        person = self.gateway.people.get(nik)
        if person is None:
            self._json(200, {"status_code": 1110, "message": "NOT_REGISTERED", "status": "NOT_REGISTERED"})
        else:
            self._json(200, {"status_code": 1111, "message": f"User dengan status {person.status}"})

    def _sign_v1(self, body: bytes) -> None:
        given = _form(self.headers["Content-Type"], body)
        told = {name: value.decode() for name, value in given.items() if name not in ("file", "imageTTD")}
        self.gateway.fields.append({name: value for name, value in told.items() if name != "passphrase"})
        x, y, width, height = (int(told[name]) for name in ("xAxis", "yAxis", "width", "height"))
        person = self._person(told["nik"], told["passphrase"])
        if person is None:
            return
        box = (x, y, x + width, y + height)
        self._answer(given["file"], person, given["imageTTD"], box, int(told["page"]), v2=False)

    def _sign_v2(self, body: Mapping[str, Any]) -> None:
        shown = body["signatureProperties"][0]
        self.gateway.fields.append(
            {"nik": body["nik"], **{name: value for name, value in shown.items() if name != "imageBase64"}}
        )
        person = self._person(body["nik"], body["passphrase"])
        if person is None:
            return
        content = base64.b64decode(body["file"][0])
        top = round(float(PdfReader(io.BytesIO(content)).pages[-1].mediabox.top))
        x, y, width, height = (shown[name] for name in ("originX", "originY", "width", "height"))
        box = (x, top - y - height, x + width, top - y)
        self._answer(content, person, base64.b64decode(shown["imageBase64"]), box, shown["page"], v2=True)

    def _person(self, nik: str, passphrase: str) -> Person | None:
        person = self.gateway.people.get(nik)
        if person is None:
            self._json(400, {"error": "User belum terdaftar", "status_code": 2011})
        elif person.passphrase != passphrase:
            self._json(400, {"error": f"Passphrase anda salah: {passphrase}", "status_code": 2031})
            return None
        return person

    def _answer(
        self, content: bytes, person: Person, picture: bytes, box: tuple[int, int, int, int], page: int, *, v2: bool
    ) -> None:
        fault = self.gateway.faults.pop(0) if self.gateway.faults else ""
        if fault in ("html", "huge", "redirect", "busy", "error", "proxy"):
            self._misbehave(fault)
            return
        if fault == "other":
            content = content.replace(b"/Title", b"/Titel")
        signed = self.gateway.sign(content, person, picture, box, page)
        name = secrets.token_hex(16)
        self.gateway.files[name] = signed
        if fault == "silent":
            time.sleep(self.server.patience)
            return
        if fault == "escape":
            name = "../../user/status/0000"
        told = {} if v2 else {"id_dokumen": name}
        answer = json.dumps({"file": [base64.b64encode(signed).decode()]}).encode() if v2 else signed
        if fault in ("lost", "escape"):
            self._begin(200, len(answer), "application/pdf", told)
            self.wfile.write(answer[:100])
            self.close_connection = True
            return
        self._send(200, answer, "application/json" if v2 else "application/pdf", told)

    def _misbehave(self, fault: str) -> None:
        if fault == "html":
            self._send(200, b"<html><script>alert(1)</script>", "text/html")
        elif fault == "redirect":
            self._send(302, b"", "text/html", {"Location": "http://127.0.0.1:9/elsewhere"})
        elif fault == "busy":
            self._send(503, b"busy", "text/plain")
        elif fault == "error":
            self._json(500, {"error": "Koordinat di luar halaman", "status_code": 2005})
        elif fault == "proxy":
            self._send(504, b"<html>Gateway Time-out</html>", "text/html")
        else:
            self._begin(200, None, "application/pdf", {})
            try:
                for _ in range(2000):
                    self.wfile.write(b"%PDF-" + b"x" * 65_000)
            except OSError:
                self.close_connection = True

    def _json(self, status: int, body: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self._begin(status, len(body), kind, headers or {})
        self.wfile.write(body)

    def _begin(self, status: int, length: int | None, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is None:
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, gateway: Gateway, *, patience: float = 3.0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.gateway, self.patience = gateway, patience

    def handle_error(self, request: object, client_address: object) -> None:
        return  # a client that hung up is part of the play

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Server:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.shutdown()
        self.server_close()


def _form(kind: str, body: bytes) -> dict[str, bytes]:
    """The parts of a multipart body, read by the standard library and not by what wrote it."""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    whole = email.parser.BytesParser(_class=email.message.Message).parsebytes(head + body)
    parts = whole.get_payload()
    assert isinstance(parts, list)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True) or b""
        for part in parts
        if isinstance(part, email.message.Message)
    }
