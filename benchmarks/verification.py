"""The verification page under load: QR codes of many documents, asked for by many phones, through the whole web stack.

sopan bench verification [--json] [--documents N] [--seconds N] [--clients N]

The server is Sopan's own (gunicorn, threads), the database SQLite in a folder of its own. The clients are threads of one
other process on the same machine, each with a connection of its own, so what they cost is taken from the same cores.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

TOKEN = "bench{:019d}"
HEADERS = {"Host": "127.0.0.1", "Accept-Language": "id"}


def fill(documents: int) -> None:
    """An institution with so many released documents, each signed by one and authorised by another."""
    from datetime import UTC, datetime

    from sopan.documents.models import IssuedDocument, Signature
    from sopan.people.models import Institution, User

    now = datetime.now(UTC)
    body = Institution.objects.create(code="bench", name="Balai Contoh", short_name="Balai Contoh")
    person = User.objects.create(email="a@bench.example", name="Arya", kind="staff", institution=body, is_active=True)
    rows = [
        IssuedDocument(
            institution=body, kind="calibration_report", number=f"{no:06}/LHU/2026", title="E-LHU Timbangan",
            status="released", token=TOKEN.format(no), facts=[["Alat", "Timbangan"], ["Nomor seri", str(no)]],
            signed="documents/x.pdf", signed_sha256=f"{no:064x}", unsigned_sha256=f"{no:063x}u", created_at=now,
            signed_at=now, released_at=now,
        )
        for no in range(documents)
    ]  # fmt: skip
    signatures = []
    for document in IssuedDocument.objects.bulk_create(rows, batch_size=500):
        told = {"document": document, "person": person, "name": "Arya", "meaning": "x", "at": now}
        between = document.unsigned_sha256[:63] + "b"
        signatures += [
            Signature(**told, position="MT", role="authorises", method="certificate", level="B-LTA",
                      document_sha256=document.unsigned_sha256, result_sha256=between),
            Signature(**told, position="Kepala", role="signs", method="certificate", level="B-LTA",
                      document_sha256=between, result_sha256=document.signed_sha256),
        ]  # fmt: skip
    Signature.objects.bulk_create(signatures, batch_size=500)


class Client(threading.Thread):
    """One connection that asks one page after another until the time is over; ``tags``: it asks again with the tag."""

    def __init__(self, port: int, first: int, documents: int, until: float, *, tags: bool) -> None:
        super().__init__(daemon=True)
        self.port, self.at, self.documents, self.until, self.tags = port, first, documents, until, tags
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = dict(HEADERS)
        while time.perf_counter() < self.until:
            if not self.tags:
                self.at = (self.at + 7919) % self.documents
            begin = time.perf_counter()
            line.request("GET", f"/v/{TOKEN.format(self.at)}/", headers=headers)
            answer = line.getresponse()
            answer.read()
            self.times.append((time.perf_counter() - begin) * 1000)
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            if self.tags:
                headers["If-None-Match"] = answer.headers.get("ETag") or headers.get("If-None-Match", "")


def load(port: int, *, clients: int, seconds: float, documents: int, tags: bool) -> dict[str, Any]:
    begin = time.perf_counter()
    threads = [Client(port, no, documents, begin + seconds, tags=tags) for no in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(one for thread in threads for one in thread.times)
    if len(times) < 2:
        return {}
    cuts = statistics.quantiles(times, n=100)
    statuses: dict[int, int] = {}
    for thread in threads:
        for status, count in thread.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return {
        "requests_per_s": round(len(times) / (time.perf_counter() - begin), 1),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "statuses": statuses,
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sopan-verification-") as data, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {"SOPAN_DATA": data, "SECRET_KEY": "bench", "SOPAN_DEBUG": "0", "SOPAN_DEMO": "0"}
        env |= {"DJANGO_SETTINGS_MODULE": "sopan.settings", "PORT": str(port)}
        for command in (["migrate", "-v0"], ["createcachetable", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([sys.executable, "-m", "sopan", *command], env=env, check=True)
        subprocess.run([sys.executable, "-m", "benchmarks.verification", str(options.documents)], env=env, check=True)
        serve = [
            *(sys.executable, "-m", "gunicorn", "sopan.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2"),
            *("--threads", "4", "-k", "gthread", "--log-level", "error"),
        ]
        server = subprocess.Popen(serve, env=env)
        try:
            _wait(port)
            given = {"seconds": options.seconds, "documents": options.documents, "clients": options.clients}
            load(port, **{**given, "seconds": 5}, tags=False)  # the first pages fill what processes keep
            found = {"documents": options.documents, "clients": options.clients}
            for name, tags in (("different", False), ("again", True)):
                before = processor_time(server.pid)
                row = load(port, **given, tags=tags)
                used = processor_time(server.pid) - before
                found[name] = row | {"cpu_ms": round(used * 1000 / max(1, sum(row["statuses"].values())), 2)}
            return found
        finally:
            server.terminate()
            server.wait(timeout=20)


def processor_time(master: int) -> float:
    """Seconds of processor that the processes of the server have used: what a page costs, however busy the machine is."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == master:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait(port: int) -> None:
    """Until both processes have answered: what they load first is not what is measured."""
    for _ in range(60):
        try:
            for _again in range(8):
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
                line.request("GET", "/sehat/", headers=HEADERS)
                line.getresponse().read()
                line.close()
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the server did not start")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="sopan bench verification")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--clients", type=int, default=8)
    result = run(options := parser.parse_args(arguments))
    if options.json:
        print(json.dumps(result))
        return
    for name, what in (("different", "a page each time"), ("again", "the same page, with its tag")):
        row = result[name]
        print(
            f"{what:30} {row['requests_per_s']:7.1f}/s   p50 {row['p50_ms']:6.1f} ms   p95 {row['p95_ms']:6.1f} ms"
            f"   p99 {row['p99_ms']:6.1f} ms   processor {row['cpu_ms']:5.2f} ms   {row['statuses']}"
        )


if __name__ == "__main__":
    import django

    django.setup()
    fill(int(sys.argv[1]))
