"""The worker prints reports: outside of any transaction, repeatable with the same bytes."""

from __future__ import annotations

import io

from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import operations as documents
from sopan.documents import pdf
from sopan.domains.orders.models import Order
from sopan.engine import effects
from sopan.engine.models import Effect
from sopan.engine.stepwork import handles

from .models import Report
from .operations.reports import RENDER
from .queries import reports
from .report import TEMPLATE, content

R = Report.State


@handles(RENDER)
def print_reports(effect: Effect) -> None:
    """Print every report of an order that waits for it. Side effects: files, documents, reports.

    The moment printed is the one at which it was asked for, so that a second run makes the same bytes.
    """
    order = Order.objects.select_related("company", "institution", "case").get(pk=effect.data["order"])
    outcome: dict[int, int | Refusal] = {}
    for report in reports(order).filter(state=R.RENDERING):
        outcome[report.pk] = _print(report, effect)
    with effects.finishing(effect):
        for key, found in outcome.items():
            waiting = Report.objects.filter(pk=key, state=R.RENDERING)
            if isinstance(found, Refusal):
                waiting.update(state=R.NUMBERED, fault=found.message[:500])
            else:
                waiting.update(state=R.RENDERED, pages=found, fault="")


def _print(report: Report, effect: Effect) -> int | Refusal:
    """Print one report and lay it before its signer; the number of its pages."""
    made = pdf.render(TEMPLATE, content(report), at=effect.created_at)
    if isinstance(made, Refusal):
        return made
    assert report.document is not None  # planned with its draft
    refusal = documents.prepare(report.document, content=made)
    return len(PdfReader(io.BytesIO(made)).pages) if refusal is None else refusal
