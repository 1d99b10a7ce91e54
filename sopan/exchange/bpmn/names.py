"""Names in BPMN files: namespaces, ids, and the words of what is drawn."""

from __future__ import annotations

import re

from sopan.core.model import Outcome

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SOPAN = "urn:sopan:procedure:1"
TARGET = "urn:sopan:procedures"
PREFIXES = {None: BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI, "sopan": SOPAN}

START = "Mulai"
ENDS = {Outcome.FINISHED: "Selesai", Outcome.REJECTED: "Ditolak", Outcome.WITHDRAWN: "Ditarik"}


def bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def sopan(tag: str) -> str:
    return f"{{{SOPAN}}}{tag}"


class Ids:
    """Ids of one file: what XML and the expressions of engines take as a name, none given twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, *parts: str) -> str:
        """``("step", "4.1")`` -> "step_4_1", or "step_4_1_2" where that is taken."""
        name = "_".join(re.sub(r"[^A-Za-z0-9]+", "_", part).strip("_") or "x" for part in parts if part)
        found, number = name, 2
        while found in self._taken:
            found, number = f"{name}_{number}", number + 1
        self._taken.add(found)
        return found
