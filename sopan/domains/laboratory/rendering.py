"""The worker prints reports from their snapshots: outside of any transaction, repeatable with the same bytes."""

from __future__ import annotations

import io

from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import operations as documents
from sopan.documents import pdf
from sopan.engine import effects
from sopan.engine.models import Effect
from sopan.engine.stepwork import handles

from .certificates import page
from .dcc import attachment
from .models import Report
from .operations.reports import RENDER, keep_authorisation

R = Report.State


@handles(RENDER)
def print_reports(effect: Effect) -> None:
    """Print every report of an order that waits for it, or the amendment that is named. Side effects: files, documents,
    reports.

    The moment printed is the one at which it was asked for, so that a second run makes the same bytes. An amendment lies
    before its signer as soon as it is printed: both offices have agreed on it.
    """
    waiting = Report.objects.select_related("document", "order__institution").filter(
        order=effect.data["order"], state=R.RENDERING
    )
    named = effect.data.get("amendment")
    waiting = waiting.filter(pk=named) if named else waiting.filter(amends=None)
    outcome: dict[int, int | Refusal] = {report.pk: _print(report, effect) for report in waiting}
    with effects.finishing(effect):
        for key, found in outcome.items():
            printed = Report.objects.filter(pk=key, state=R.RENDERING)
            if isinstance(found, Refusal):
                printed.update(state=R.NUMBERED, fault=found.message[:500])
            else:
                printed.update(state=R.REQUESTED if named else R.RENDERED, pages=found, fault="")
                if named:
                    keep_authorisation(Report.objects.select_related("document", "item").get(pk=key))


def _print(report: Report, effect: Effect) -> int | Refusal:
    """Print one report and lay it before its signer; the number of its pages."""
    made = pdf.render(
        page.TEMPLATE,
        page.content(report.snapshot),
        at=effect.created_at,
        attachments=attachment.of(report.snapshot),
    )
    if isinstance(made, Refusal):
        return made
    assert report.document is not None  # planned with its draft
    refusal = documents.prepare(report.document, content=made)
    return len(PdfReader(io.BytesIO(made)).pages) if refusal is None else refusal
