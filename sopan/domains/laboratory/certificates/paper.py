"""What the printed pages of all snapshots share, whatever was measured or tested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sopan.documents.bilingual import Pair, Words

Told = Mapping[str, Any]


class Paper(Words):
    """One snapshot in its languages."""

    def __init__(self, snapshot: Told, labels: Mapping[str, Pair]) -> None:
        super().__init__(snapshot["languages"], labels)
        self.told = snapshot

    def frame(self) -> dict[str, Any]:
        """What every template sets around the results."""
        return {
            "language": self.language,
            "labels": self.labels,
            "institution": self.told["laboratory"],
            "title": self.say(self.told["title"]),
            "number": self.told["number"],
            "authorised": self.authorised(),
            "end": self.say(self.told["statements"].get("end")),
        }

    def authorised(self) -> list[str]:
        """Who authorised; nothing where he does it by a signature of his own on the page."""
        found = self.told["authorised_by"]
        if not found or self.told["authorisation"] == "signature":
            return []
        return [self.label("authorised"), found["position"], found["name"], self.day(found["on"])]
