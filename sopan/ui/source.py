"""Texts of a body's own documents and data on a page in another language.

What a procedure says in plain words (names of steps, answers, phases, public words) may have a translation in the
catalogue, under the context ``CONTEXT``; what a document says letter by letter has none. Both are asked for here.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from sopan.ui.formats import in_english

CONTEXT = "SOP"


class Own(str):
    """Words that stay Indonesian on a page in another language, on their way to where an element can say so."""

    __slots__ = ()
    lang = "id"


def translated(text: object) -> str:
    """The text in the language of the reader, where the catalogue has it; otherwise as it is, as ``Own`` words."""
    words = "" if text is None else str(text)
    if not words or not in_english():
        return words
    shown = pgettext(CONTEXT, words)
    return Own(words) if shown == words else shown


def of_body(text: str) -> str:
    """Words that the body wrote in the place of ours; they are in no catalogue."""
    return Own(text) if text and in_english() else text


def numbered(number: object, text: object) -> str:
    """The same after a number, for an option: "7 Terima jawaban". It has one language, that of its words."""
    shown = translated(text)
    whole = f"{number} {shown}".strip()
    return Own(whole) if isinstance(shown, Own) else whole


def language(text: object) -> SafeString:
    """`` lang="id"`` for the element that shows a text by ``translated``, if it stays Indonesian; else nothing.

    For elements that can hold no other: options, and titles of pages, which have the language of the name in them.
    """
    return attribute(translated(text))


def attribute(text: object) -> SafeString:
    """`` lang="id"`` for ``Own`` words, else nothing."""
    return SafeString(' lang="id"' if isinstance(text, Own) else "")


def own(text: object) -> object:
    """``Own`` words in an element that says so; everything else as it is."""
    return format_html('<span lang="id">{}</span>', text) if isinstance(text, Own) else text


def sentence(words: object, values: Mapping[str, object] | None = None, **own_words: object) -> SafeString:
    """A sentence of ours as HTML, with values and words of the body at its ``%(name)s``; these say that they are Indonesian."""
    parts = {**(values or {}), **{name: marked(text) for name, text in own_words.items()}}
    return mark_safe(escape(words) % {name: conditional_escape(part) for name, part in parts.items()})


def marked(text: object) -> str | SafeString:
    """The same for HTML: what stays Indonesian on an English page says so to screen readers (WCAG 3.1.2)."""
    shown = translated(text)
    return format_html('<span lang="id">{}</span>', shown) if isinstance(shown, Own) else shown
