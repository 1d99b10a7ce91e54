"""The official form of an SOP as PDF: the same for the page, the book and the command line."""

from __future__ import annotations

from datetime import datetime

from sopan.core.flow import Refusal
from sopan.core.model import Procedure
from sopan.documents import pdf, templates
from sopan.drawing.cells import Paper
from sopan.drawing.form import TEMPLATE, form
from sopan.ui import formats

KEY = "web.sop"
templates.register(KEY, TEMPLATE)


def form_pdf(
    procedure: Procedure,
    *,
    paper: Paper,
    institution: str,
    parent: str,
    now: datetime,
    onward: tuple[str, ...] = (),
) -> bytes | Refusal:
    """The form on ``paper``, in landscape; ``onward`` are the numbers of the SOPs that follow.

    Refusal "glyph" for letters that no font has; see ``pdf.render``.
    """
    words = {"institution": institution, "parent": parent}
    data, images = form(procedure, paper=paper, day=formats.long_date, handovers=onward, **words)
    return pdf.render(KEY, data, at=now, images=images)
