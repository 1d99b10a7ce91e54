"""The worker prints papers from their snapshots: outside of any transaction, repeatable with the same bytes."""

from __future__ import annotations

import io

from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import operations as documents
from sopan.documents import pdf
from sopan.documents import queries as issued
from sopan.engine import effects
from sopan.engine.models import Effect
from sopan.engine.stepwork import handles

from . import queries
from .certificates import page
from .models import Report
from .operations.papers import PRINT

S = Report.State


@handles(PRINT)
def print_paper(effect: Effect) -> None:
    """Print one paper and lay it before its signer. Side effects: file, document, paper."""
    paper = Report.objects.select_related("document", "case").get(pk=effect.data["paper"])
    found = _print(paper, effect) if paper.state == S.PRINTING else 0
    with effects.finishing(effect):
        waiting = Report.objects.filter(pk=paper.pk, state=S.PRINTING)
        if isinstance(found, Refusal):
            waiting.update(state=S.STALE, fault=found.message[:500])
        else:
            waiting.update(state=S.PRINTED, pages=found, fault="")


def _print(paper: Report, effect: Effect) -> int | Refusal:
    """Print it; the number of its pages."""
    made = pdf.render(page.TEMPLATE, page.content(paper.snapshot), at=effect.created_at, attachments=_attached(paper))
    if isinstance(made, Refusal):
        return made
    assert paper.document is not None  # planned with its draft
    refusal = documents.prepare(paper.document, content=made)
    return len(PdfReader(io.BytesIO(made)).pages) if refusal is None else refusal


def _attached(paper: Report) -> list[pdf.Attached]:
    """A certificate carries the signed Test Result that it rests on."""
    result = queries.paper_of(paper.case_id, Report.Kind.TEST_RESULT) if paper.kind == Report.Kind.CERTIFICATE else None
    if result is None or result.document is None:
        return []
    content = issued.content_of(result.document)
    return [pdf.Attached("test-result.pdf", content, "application/pdf", f"Test Result {result.number}", "supplement")]
