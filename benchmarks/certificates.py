"""How many certificates a core makes in a second: page, digital certificate, signature; beside the same page by others.

sopan bench certificates [--json] [--documents N]

ReportLab and WeasyPrint are measured where they are installed. They make the page alone: neither carries the digital
certificate here, and ReportLab's page is no PDF/A.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from django.conf import settings

from sopan.documents import certificates as keys
from sopan.documents import pdf, stamp
from sopan.documents.signing import Particulars, Pkcs12Provider
from sopan.domains.laboratory.certificates import page
from sopan.domains.laboratory.dcc import attachment
from sopan.domains.laboratory.dcc.writer import write
from sopan.domains.laboratory.tests.reported import of_method

AT = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)
PASSPHRASE = "frasa Rahasia 2026"
Timed = Callable[[], Any]


def run(count: int) -> dict[str, Any]:
    """Milliseconds of the processor a document for each part, the median of ``count``, on one core.

    The processor's time and not the clock's: what else the machine does must not count.
    """
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA_DIR = folder
        told = of_method("manometer", languages=["id", "en"])
        key = keys.make_demo_pkcs12("Bambang Contoh", position="Kepala", passphrase=PASSPHRASE, now=AT)
        unsigned = _page(told)
        parts: dict[str, Timed] = {
            "dcc": lambda: write(told),
            "page": lambda: _page(told),
            "signature": lambda: _signed(unsigned, key),
            "all": lambda: _signed(_page(told), key),
            "reportlab": _reportlab(page.content(told)),
            "weasyprint": _weasyprint(page.content(told)),
        }
        times = {name: _median(act, count) for name, act in parts.items() if act is not None}
    result: dict[str, Any] = {"documents": count, "points": 3, "ms": times, "per_second": round(1000 / times["all"], 1)}
    result["bytes"] = len(unsigned)
    result["not_installed"] = [name for name in ("reportlab", "weasyprint") if name not in times]
    return result


def _median(act: Timed, count: int) -> float:
    act()
    found = []
    for _at in range(count):
        begin = time.process_time()
        act()
        found.append((time.process_time() - begin) * 1000)
    return round(statistics.median(found), 1)


def _page(told: dict[str, Any]) -> bytes:
    made = pdf.render(page.TEMPLATE, page.content(told), at=AT, attachments=attachment.of(told))
    assert isinstance(made, bytes)
    return made


def _signed(content: bytes, key: bytes) -> bytes:
    block = stamp.render(
        url="https://sopan.example/v/abcdefghijklmnopqrstuvwx/", name="Bambang Contoh", position="Kepala Balai",
        signed_at="23 November 2026, 09.14 WIB", at=AT,
    )  # fmt: skip
    assert isinstance(block, bytes)
    said = Particulars(block, "Bambang Contoh", "Pengesahan", "Balai", "https://sopan.example", AT)
    made = Pkcs12Provider().sign(content, said, key=key, passphrase=PASSPHRASE)
    assert isinstance(made, bytes)
    return made


def _rows(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Labels and texts of the page, in its order."""
    rows = [*told["head"], *told["handled"], *told["supplied"]]
    for part in told["parts"]:
        rows += part["facts"]
    return rows


def _reportlab(told: dict[str, Any]) -> Any:
    """The same texts and tables by ReportLab; None where it is not installed."""
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.styles import getSampleStyleSheet
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Table
    except ImportError:
        return None
    style = getSampleStyleSheet()["BodyText"]
    grid = [("GRID", (0, 0), (-1, -1), 0.4, "#888888"), ("FONTSIZE", (0, 0), (-1, -1), 7)]

    def make() -> bytes:
        out = io.BytesIO()
        flow: list[Any] = [Paragraph(told["title"], style)]
        flow.append(Table([[Paragraph(escape(text), style) for text in row] for row in _rows(told)]))
        for part in told["parts"]:
            flow += [Table([table["heads"], *table["rows"]], style=grid) for table in part["tables"]]
            flow.append(Table(part["equipment"], style=grid))
        flow += [Paragraph(escape(text), style) for text in told["statements"]]
        SimpleDocTemplate(out, pagesize=A4).build(flow)
        return out.getvalue()

    return make


def _weasyprint(told: dict[str, Any]) -> Any:
    """The same by WeasyPrint, as PDF/A-3b; None where it is not installed."""
    try:
        import weasyprint
    except ImportError:
        return None

    def table(rows: list[list[str]]) -> str:
        lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"

    def make() -> bytes:
        body = [f"<h1>{escape(told['title'])}</h1>", table([list(row) for row in _rows(told)])]
        for part in told["parts"]:
            body += [table([one["heads"], *one["rows"]]) for one in part["tables"]]
            body.append(table(part["equipment"]))
        body += [f"<p>{escape(text)}</p>" for text in told["statements"]]
        whole = f"<html lang=id><title>x</title><style>td{{border:1px solid #888}}</style>{''.join(body)}</html>"
        return bytes(weasyprint.HTML(string=whole).write_pdf(pdf_variant="pdf/a-3b"))

    return make


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="sopan bench certificates")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--documents", type=int, default=50)
    result = run((options := parser.parse_args(arguments)).documents)
    if options.json:
        print(json.dumps(result))
        return
    for name, took in result["ms"].items():
        print(f"{name:10} {took:8.1f} ms")
    print(f"{result['per_second']} certificates a second with digital form and signature, on one core")
    for name in result["not_installed"]:
        print(f"{name} is not installed: not measured")
