"""The words of a printed page, in one language or in both side by side.

Not the language of whoever prints rules here but that of the paper: numbers and days are written as its first language
writes them. A pair is a text in Indonesian and the same in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sopan.ui import formats

Pair = Sequence[str]


def told(pair: Pair, languages: Sequence[str], **values: object) -> str:
    """A pair in the languages of a document, side by side; once where they are written alike."""
    by_language: Mapping[str, str] = {"id": pair[0], "en": pair[1]}
    texts = [by_language[language] for language in languages]
    return " / ".join(dict.fromkeys(text.format(**values) if values else text for text in texts))


class Words:
    """What a page of these ``languages`` says; ``labels``: key -> pair."""

    def __init__(self, languages: Sequence[str], labels: Mapping[str, Pair]) -> None:
        self.languages = languages
        self.pairs = labels

    @property
    def language(self) -> str:
        """How templates ask for it: "id", "en" or "both"."""
        return "both" if len(self.languages) > 1 else self.languages[0]

    @property
    def labels(self) -> dict[str, str]:
        """All labels, for the template."""
        return {key: self.label(key) for key in self.pairs}

    def label(self, key: str) -> str:
        return self.say(self.pairs[key])

    def say(self, pair: Pair | None, **values: object) -> str:
        return told(pair, self.languages, **values) if pair else ""

    def number(self, text: str) -> str:
        """The digits of a number with a decimal point, as the ruling language reads them."""
        return text.replace("-", "−") if self.languages[0] == "en" else formats.written(text)

    def day(self, iso: str) -> str:
        """A day (ISO 8601) in words; "" stays "", which is a day that is not known."""
        return formats.long_dates(date.fromisoformat(iso), self.languages) if iso else ""

    def rows(self, *rows: tuple[str, str]) -> list[tuple[str, str]]:
        """Label and text of (key, text), without those that have nothing to say."""
        return [(self.label(key), text) for key, text in rows if text]
