"""The printed page of a snapshot: every text that the template sets, worded in the languages of the report.

Numbers are written as the language reads them, comma or point; their digits are those of the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sopan.documents import templates
from sopan.ui.formats import written

from . import words
from .paper import Paper, Told

TEMPLATE = "laboratory.report"
templates.register(TEMPLATE, Path(__file__).parent.parent / "typst" / "report.typ")


def content(snapshot: Told) -> dict[str, Any]:
    """What the template prints of a snapshot."""
    return _Page(snapshot, words.LABELS).content()


def unit_of(unit: str) -> str:
    """A unit as a head says it: that of a plain number is not said."""
    return "" if unit == "1" else unit


class _Page(Paper):
    def content(self) -> dict[str, Any]:
        told = self.told
        return {
            **self.frame(),
            "replaces": self.replaces(),
            "head": self.head(),
            "supplied": self.supplied(),
            "handled": self.handled(),
            "parts": [self.part(part) for part in told["parts"]],
            "statements": self.statements(),
            "annex": [self.budget(*one) for one in self.budgets()] if told["annex"] else [],
        }

    def head(self) -> list[tuple[str, str]]:
        told, customer = self.told, self.told["customer"]
        return self.rows(
            ("number", told["number"]),
            ("order", told["order"]),
            ("customer", customer["name"]),
            ("address", customer["address"]),
            ("contact", customer["contact"]),
            ("issued", self.say(told["statements"].get("issued"))),
        )

    def replaces(self) -> list[tuple[str, str]]:
        amends = self.told["amends"]
        if amends is None:
            return []
        return self.rows(("amends", amends["number"]), ("changed", amends["what"]), ("reason", amends["why"]))

    def supplied(self) -> list[tuple[str, str]]:
        told = self.told["item"]["supplied"]
        return self.rows(*((key, told.get(key, "")) for key in ("name", "make", "type", "serial", "range")))

    def handled(self) -> list[tuple[str, str]]:
        item = self.told["item"]
        return self.rows(
            ("sample", item["number"]), ("received", self.day(item["received"])), ("condition", item["condition"])
        )

    def statements(self) -> list[str]:
        keys = ("only", "as_received", "customer_data", "uncertainty", "traceability", "simplified", "copy")
        found = [self.say(self.told["statements"].get(key)) for key in keys]
        decision = self.told["decision"]
        if decision is not None and any(point.get("conformity") for point in self.points()):
            norms = dict.fromkeys(point["conformity"]["norm"] for point in self.points() if point.get("conformity"))
            found.insert(
                3, f"{self.label('rule')}: {self.rule(decision)}. {self.label('specification')}: {'; '.join(norms)}"
            )
            if decision.get("risk"):
                share = decision["share"]
                pair = words.RISKS[decision["risk"]]
                found.insert(4, self.say([text.format(share=self.shared(share, at)) for at, text in enumerate(pair)]))
        if self.told["interval"] is not None:
            text = self.told["interval"]["text"]
            found.append(f"{self.label('interval')}: {text if isinstance(text, str) else self.say(text)}")
        return [text for text in found if text]

    @staticmethod
    def shared(share: str, language: int) -> str:
        """A share in per cent as that language writes it."""
        return share if language else written(share)

    def points(self) -> Iterable[Told]:
        return (point for part in self.told["parts"] for table in part["tables"] for point in table["points"])

    def rule(self, decision: Told) -> str:
        return self.say(words.RULES[decision["rule"]], r=self.number(decision["fraction"]), text=decision["text"])

    # A parameter ---------------------------------------------------------------------------------------------------------

    def part(self, part: Told) -> dict[str, Any]:
        tables = [self.table(part, table) for table in part["tables"] if table["points"]]
        return {
            "facts": self.facts(part),
            "tables": tables,
            "formula": "" if part["method"]["code"] else self.label("formula"),
            "equipment": [self.standard(one) for one in part["equipment"] if "text" not in one],
            "lines": [one["text"] for one in part["equipment"] if "text" in one],
            "summary": [
                (self.say(one["label"]), f"{self.number(one['value'])} {one['unit']}".strip())
                for one in part["summary"]
            ],
            "deviation": part["deviation"],
            "notes": part["notes"],
        }

    def facts(self, part: Told) -> list[tuple[str, str]]:
        dates = dict.fromkeys((self.day(part["begin"]), self.day(part["end"])))
        place = part["place"]
        method = self.say(part["method"]["name"])
        if part["method"]["version"]:
            method += f" (v{part['method']['version']})"
        return self.rows(
            ("parameter", part["parameter"]),
            ("laboratory", part["laboratory"]),
            ("dates", " – ".join(day for day in dates if day)),
            ("place", place),
            ("environment", "; ".join(f"{self.label(one['name'])} {one['text']}" for one in part["environment"])),
            ("instruments", "; ".join(self.instrument(one) for one in part.get("instruments", ()))),
            ("method", method),
            ("norms", "; ".join(part["method"]["norms"])),
            ("external", part["external"]),
        )

    def instrument(self, one: Told) -> str:
        named = ", ".join(filter(None, (one["name"], one["serial"])))
        return f"{named} ({one['certificate']})"

    def standard(self, one: Told) -> list[str]:
        named = ", ".join(filter(None, (one["name"], one["make"], one["type"], one["serial"])))
        certificate = ", ".join(filter(None, (one["certificate"], one["issuer"])))
        return [named, f"{certificate}\n{self.day(one['calibrated'])}", one["traceability"]]

    def table(self, part: Told, table: Told) -> dict[str, Any]:
        simple, points = not part["method"]["code"], table["points"]
        judged = any(point.get("conformity") for point in points)
        noted = any(point["note"] for point in points)
        outside = any(point.get("accredited") is False for point in points)
        heads = self.heads(part, table, simple=simple, judged=judged)
        return {
            "stage": "" if table["stage"] == "as_is" else self.label(table["stage"]),
            "heads": [*heads, *([(self.label("note"), "")] if noted else [])],
            "text": [len(heads)] if noted else [],  # the column of words, set to the left
            "rows": [self.row(point, table, simple=simple, judged=judged, noted=noted) for point in points],
            "remark": f"* {self.label('outside')}" if outside else "",
        }

    def heads(self, part: Told, table: Told, *, simple: bool, judged: bool) -> list[tuple[str, str]]:
        """The head of each column with its unit (ISO/IEC 17025:2017, 7.8.2.1 m); free tables have a column of units."""
        unit = "" if simple else unit_of(table["unit"])
        heads = [(self.label("point"), unit)] + ([(self.label("unit"), "")] if simple else [])
        heads += [(self.say(part["labels"][name]), unit) for name in ("reference", "indication", "error")]
        heads += [] if simple else [("U", unit), ("k", "")]
        heads += [(self.say(one["label"]), unit_of(one["unit"] or table["unit"])) for one in table["columns"]]
        return heads + ([(self.label("limit"), unit), (self.label("conformity"), "")] if judged else [])

    def row(self, point: Told, table: Told, *, simple: bool, judged: bool, noted: bool) -> list[str]:
        if simple:  # as it was typed
            cells = [point[name] for name in ("point", "unit", "reference", "indication", "error")]
        else:
            cells = [point["point"] + (" *" if point.get("accredited") is False else "")]
            cells += [self.number(point[name]) for name in ("reference", "indication", "error", "U", "k")]
        cells += [self.number(point["shown"][one["name"]]) for one in table["columns"]]
        if judged:
            told = point.get("conformity") or {}
            outcome = words.OUTCOMES.get(told.get("outcome", ""), ("–", "–"))
            said = [self.say(outcome), *self.risks(told)]
            cells += [f"±{self.number(told['limit'])}" if told else "–", "\n".join(said)]
        return [*cells, *([point["note"]] if noted else [])]

    def risks(self, stated: Told) -> list[str]:
        """The risk of a statement, and that of such instruments, where the order asks for them."""
        asked = (self.told["decision"] or {}).get("risk", "")
        found = [f"{self.label('risk')} {self.number(stated['risk'])} %"] if asked and "risk" in stated else []
        if asked == "global" and "global" in stated:
            pair = " / ".join(self.number(stated["global"][name]) for name in ("false_accept", "false_reject"))
            found.append(f"{self.label('global')} {pair} %")
        return found

    # The annex -----------------------------------------------------------------------------------------------------------

    def budgets(self) -> Iterable[tuple[Told, Told]]:
        for part in self.told["parts"]:
            for table in part["tables"]:
                for point in table["points"]:
                    if point.get("budget"):
                        yield part, point

    def budget(self, part: Told, point: Told) -> dict[str, Any]:
        lines = [
            [line["label"], line["kind"], self.number(line["u"]), self.number(line["c"]),
             self.number(line["contribution"]), self.number(line["dof"]) or "∞"]
            for line in point["budget"]
        ]  # fmt: skip
        told = f"U = {self.number(point['U'])} {point['unit']}; k = {self.number(point['k'])}"
        return {"title": f"{part['parameter']}, {point['point']} {point['unit']}", "lines": lines, "result": told}
