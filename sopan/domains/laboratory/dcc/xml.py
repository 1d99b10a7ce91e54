"""Building blocks of the XML: elements in order, texts in the languages of the certificate."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

DCC, SI = "https://ptb.de/dcc", "https://ptb.de/si"
VERSION = "3.3.0"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = etree._Element


def clean(text: str) -> str:
    """What XML can hold, in one line without double spaces; "–" where nothing is left, because empty is not allowed."""
    return " ".join(_UNFIT.sub("", text).split()) or "–"


class Build:
    """Appends elements to a parent; knows the languages."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = languages

    def add(self, parent: Element, name: str, text: str | None = None, *, ref_type: str = "") -> Element:
        """An element of the DCC; its text is cleaned. ``ref_type``: words of the good practice."""
        made = etree.SubElement(parent, f"{{{DCC}}}{name}")
        if text is not None:
            made.text = clean(text)
        if ref_type:
            made.set("refType", ref_type)
        return made

    def si(self, parent: Element, name: str, text: str | None = None) -> Element:
        """An element of D-SI; its text is written as it is."""
        made = etree.SubElement(parent, f"{{{SI}}}{name}")
        if text is not None:
            made.text = text
        return made

    def say(self, parent: Element, name: str, text: str | Sequence[str], *, ref_type: str = "") -> Element:
        """A text: a pair (Indonesian, English) in every language of the certificate, a plain one as it was typed."""
        made = self.add(parent, name, ref_type=ref_type)
        if isinstance(text, str):
            self.add(made, "content", text)
            return made
        told = dict(zip(("id", "en"), text, strict=True))
        for language in self.languages:
            self.add(made, "content", told[language]).set("lang", language)
        return made
