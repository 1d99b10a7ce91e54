"""Texts of a body's own documents and data on a page in another language.

What a procedure says in plain words (names of steps, answers, phases, public words) may have a translation in the
catalogue, under the context ``CONTEXT``; what a document says letter by letter has none. Both are asked for here.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from sopan.ui.formats import in_english

CONTEXT = "SOP"


def translated(text: object) -> str:
    """The text in the language of the reader, where the catalogue has it; otherwise as it is."""
    words = "" if text is None else str(text)
    return pgettext(CONTEXT, words) if words and in_english() else words


def marked(text: object) -> str | SafeString:
    """The same for HTML: what stays Indonesian on an English page says so to screen readers (WCAG 3.1.2)."""
    words = "" if text is None else str(text)
    if not words or not in_english():
        return words
    shown = pgettext(CONTEXT, words)
    return format_html('<span lang="id">{}</span>', words) if shown == words else shown
