"""The printed page of a snapshot: every text that the template sets, in the languages of the paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sopan.documents import templates
from sopan.domains.laboratory.certificates.paper import Paper, Told
from sopan.domains.laboratory.certificates.words import OUTCOMES, RULES
from sopan.ui import formats

from . import words

TEMPLATE = "testing.paper"
templates.register(TEMPLATE, Path(__file__).parent.parent / "typst" / "paper.typ")


def content(snapshot: Told) -> dict[str, Any]:
    """What the template prints of a snapshot."""
    return _Page(snapshot, words.LABELS).content()


class _Page(Paper):
    def content(self) -> dict[str, Any]:
        told = self.told
        return {
            **self.frame(),
            "warning": self.label("invented") if told["invented"] else "",
            "head": self.head(),
            "supplied": self.supplied(),
            "sampling": self.sampling(),
            "samples": {
                "heads": self.heads("code", self.lot(), "quantity", "seal", "condition"),
                "rows": self.samples(),
            },
            "facts": self.facts(),
            "results": [self.results(code) for code in dict.fromkeys(part["sample"] for part in told["parts"])],
            "answer": self.answer(),
            "statements": self.statements(),
        }

    def heads(self, *keys: str) -> list[str]:
        return [self.label(key) for key in keys]

    # Parts --------------------------------------------------------------------------------------------------------------

    def head(self) -> list[tuple[str, str]]:
        told, basis = self.told, self.told["basis"]
        return self.rows(
            ("number", told["number"]),
            ("customer", told["customer"]["name"]),
            ("address", told["customer"]["address"]),
            ("issued", self.say(told["statements"]["issued"])),
            ("basis", f"{basis['number']}, {self.day(basis['on'])}" if basis else ""),
        )

    def supplied(self) -> list[tuple[str, str]]:
        given = self.told["item"]["supplied"]
        number, _comma, day = given["letter"].rpartition(", ")
        keys = ("lot", "quantity", "warehouse", "destination")
        return self.rows(
            ("commodity", given["name"]),
            *((key, given[key]) for key in keys),
            ("letter", f"{number}, {self.day(day)}"),
        )

    def sampling(self) -> list[tuple[str, str]]:
        found = self.told["sampling"]
        if found is None or self.brought:
            return []
        begun, ended = datetime.fromisoformat(found["begun"]), datetime.fromisoformat(found["ended"])
        span = f"{formats.long_dates(begun.date(), self.languages)}, {begun:%H.%M}–{ended:%H.%M}"
        if begun.date() != ended.date():
            span = f"{span.rpartition('–')[0]} – {formats.long_dates(ended.date(), self.languages)}, {ended:%H.%M}"
        return self.rows(
            ("assignment", found["assignment"]), ("report", found["report"]), ("sampled_at", span),
            ("warehouse", found["place"]), ("sampled_by", found["officer"]), ("sampling_method", found["plan"]),
            ("lot_size", found["lot_size"]), ("increments", found["increments"]), ("conditions", found["conditions"]),
            ("sampling_deviation", found["deviation"] or self.label("none")),
        )  # fmt: skip

    @property
    def brought(self) -> bool:
        return bool(self.told["item"]["sampled_by"] == "customer")

    def lot(self) -> str:
        """The lot of a sample that was brought is the word of the company."""
        return "lot_told" if self.brought else "lot"

    def samples(self) -> list[list[str]]:
        return [[one[key] for key in ("code", "lot", "quantity", "seal", "condition")] for one in self.told["samples"]]

    def facts(self) -> list[tuple[str, str]]:
        part = self.told["parts"][0]
        dates = dict.fromkeys((self.day(part["begin"]), self.day(part["end"])))
        environment = "; ".join(f"{self.label(one['name'])} {one['text']}" for one in part["environment"])
        return self.rows(
            ("received", self.day(self.told["item"]["received"])),
            ("tested", " – ".join(dates)),
            ("place", part["place"]),
            ("environment", environment),
            ("equipment", self.told["equipment"]),
            ("deviation", part["deviation"] or self.label("none")),
        )

    def results(self, code: str) -> dict[str, Any]:
        parts = [part for part in self.told["parts"] if part["sample"] == code]
        points = [part["tables"][0]["points"][0] for part in parts]
        judged, certain = any(one["conformity"] for one in points), any(one["U"] for one in points)
        limited = any(one["limit"] for one in points)
        heads = self.heads("parameter", "method", "unit", "result")
        heads += (["U (k)"] if certain else []) + (self.heads("limit") if limited else [])
        return {
            "code": code,
            "heads": heads + (self.heads("conformity") if judged else []),
            "rows": [self.row(part, certain=certain, limited=limited, judged=judged) for part in parts],
        }

    def row(self, part: Told, *, certain: bool, limited: bool, judged: bool) -> list[str]:
        point = part["tables"][0]["points"][0]
        method = part["method"]["name"]
        if part["external"]:
            method += f" ({self.label('external').lower()}: {part['external']})"
        write = str if point.get("observed") else self.number  # what was seen is no number: as the analyst wrote it
        cells = [part["parameter"], method, point["unit"], write(point["indication"])]
        if certain:
            cells.append(f"{self.number(point['U'])} ({self.number(point['k'])})" if point["U"] else "–")
        if limited:
            cells.append(write(point["limit"]) or "–")
        if judged:
            cells.append(self.say(OUTCOMES[point["conformity"]["outcome"]]) if point["conformity"] else "–")
        return cells

    def answer(self) -> list[str]:
        """The statement on the whole, with the rule that it was made by."""
        told = self.told
        if not told["answer"]:
            return []
        decision = told["decision"]
        rule = self.say(RULES[decision["rule"]], r=self.number(decision["fraction"]), text="")
        stated_of = words.STATED_AS_RECEIVED if self.brought else words.STATED
        stated = self.say(stated_of[told["answer"]], standard=told["standard"])
        return [stated, f"{self.label('rule')}: {rule}."]

    def statements(self) -> list[str]:
        keys = ("only", "as_received", "customer_data", "uncertainty", "without", "copy")
        return [text for key in keys if (text := self.say(self.told["statements"].get(key)))]
