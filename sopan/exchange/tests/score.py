"""Counts how much of what documents say was understood, against truth that was made by hand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file

TRUTH = Path(__file__).parent / "truth"
FIELDS = ("no", "activity", "requirements", "time_text", "time_minutes", "time_kind", "output")


def truths() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) | {"file": path.stem} for path in sorted(TRUTH.glob("*.json"))]


@dataclass
class Score:
    """Counts over procedures; ``wrong`` says in words what was missed."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 1.0

    def miss(self, where: str, what: str, told: Any, true: Any) -> None:
        self.wrong.append(f"{where}: {what} is {told!r}, the document says {true!r}")


def read_seed(path: Path) -> list[dict[str, Any]]:
    found = read_file(path.read_bytes(), name=path.name)
    return [] if isinstance(found, Unreadable) else [as_data(draft) for draft in found]


def score(truth: dict[str, Any], found: list[dict[str, Any]], total: Score) -> None:
    """Add to ``total`` what is right and wrong of one procedure."""
    draft = _same_procedure(truth, found)
    total.counts["steps"] += len(truth["steps"])
    total.counts["procedures"] += 1
    if draft is None:
        total.wrong.append(f"{truth['file']}: not found")
        return
    for key in ("number", "name", "actors"):
        total.counts["heads"] += 1
        total.counts["heads right"] += draft[key] == truth[key]
        if draft[key] != truth[key]:
            total.miss(truth["file"], key, draft[key], truth[key])
    pairs = _pairs(truth["steps"], draft["steps"])
    total.counts["steps found"] += len(pairs)
    total.counts["steps invented"] += len(draft["steps"]) - len(pairs)
    for true, told in pairs:
        _score_step(f"{truth['file']} {true['no']}", true, told, total)


def _same_procedure(truth: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, Any] | None:
    words = " ".join(step["activity"] for step in truth["steps"])
    near = [
        (
            SequenceMatcher(None, words, " ".join(step["activity"] for step in draft["steps"]), autojunk=False).ratio(),
            at,
        )
        for at, draft in enumerate(found)
        if draft["steps"] and (truth["number"] is None or draft["number"] == truth["number"])
    ]
    return found[max(near)[1]] if near else None


def _pairs(true: list[Any], told: list[Any]) -> list[tuple[Any, Any]]:
    """Steps of both in order, by their words."""
    matcher = SequenceMatcher(
        None, [step["activity"] for step in true], [step["activity"] for step in told], autojunk=False
    )
    pairs = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind in ("equal", "replace"):
            pairs += list(zip(true[a:b], told[c:d], strict=False))
    return pairs


def _score_step(where: str, true: dict[str, Any], told: dict[str, Any], total: Score) -> None:
    for key in FIELDS:
        total.counts["fields"] += 1
        total.counts["fields right"] += told[key] == true[key]
        if told[key] != true[key]:
            total.miss(where, key, told[key], true[key])
    if true["actor"] is not None:
        total.counts["actors told"] += 1
        total.counts["actors right"] += told["actor"] == true["actor"]
    if told["actor"] is not None and told["actor"] != true["actor"]:
        total.counts["actors guessed"] += 1
    if told["actor"] != true["actor"]:
        total.miss(where, "actor", told["actor"], true["actor"])
    for key in ("decision", "returns_to"):
        total.counts[key] += true[key] is not None
        total.counts[f"{key} right"] += true[key] is not None and told[key] == true[key]
        total.counts[f"{key} guessed"] += told[key] is not None and told[key] != true[key]
        if told[key] != true[key]:
            total.miss(where, key, told[key], true[key])
