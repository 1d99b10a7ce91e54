"""Searching all SOPs of an institution: numbers, names, actors, activities, requirements, outputs, remarks.

The texts of a published version never change, so each process keeps them in small letters. A search over 500 SOPs is
then a walk through memory, the same on every database, and it can tell where each word was found.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .models import ProcedureVersion

KEPT = 3_000  # versions whose texts a process keeps
MOST_WORDS = 8
LONGEST = 100  # characters of a search


@dataclass(frozen=True, slots=True)
class Text:
    """A text of an SOP: ``where`` is number, name, actor, activity, requirement, output or remark; ``no`` of its row."""

    where: str
    no: str
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a search was found, cut into (text, found) pieces."""

    where: str
    no: str
    pieces: tuple[tuple[str, bool], ...]


_kept: OrderedDict[int, tuple[Text, ...]] = OrderedDict()


def words_of(asked: str) -> tuple[str, ...]:
    """The words of a search in small letters."""
    return tuple(dict.fromkeys(asked.replace("\x00", "")[:LONGEST].casefold().split()))[:MOST_WORDS]


def texts(version_ids: Iterable[int]) -> dict[int, tuple[Text, ...]]:
    """The texts of these versions; those that this process does not know yet are read in one query."""
    wanted = list(version_ids)
    missing = [pk for pk in wanted if pk not in _kept]
    for pk, content in ProcedureVersion.objects.filter(pk__in=missing).values_list("pk", "content"):
        _kept[pk] = tuple(_texts(json.loads(content)))
    found = {pk: _kept[pk] for pk in wanted if pk in _kept}
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return found


def forget() -> None:
    _kept.clear()


def _texts(content: Mapping[str, Any]) -> list[Text]:
    identity = content["identity"]
    told = [("number", "", identity.get("number", "")), ("name", "", identity.get("name", ""))]
    told += [("actor", "", actor["name"]) for actor in content["actors"]]
    for step in content["steps"]:
        no = step["no"]
        told.append(("activity", no, step["activity"]))
        told += [("requirement", no, one["text"]) for one in step.get("requirements", ())]
        told += [("output", no, output) for output in step.get("outputs", ())]
        told += [("remark", no, step.get("remarks", ""))]
    return [Text(where, no, text, text.casefold()) for where, no, text in told if text]


def found_in(known: Iterable[Text], words: tuple[str, ...], *, most: int = 3) -> list[Hit] | None:
    """Where the words stand, the places with most of them first; None unless each word stands somewhere."""
    ranked = []
    left = set(words)
    for place, one in enumerate(known):
        here = [word for word in words if word in one.folded]
        if here:
            left -= set(here)
            ranked.append((-len(here), place, one))
    if left:
        return None
    return [Hit(one.where, one.no, marked(one.text, words)) for _, _, one in sorted(ranked, key=lambda r: r[:2])[:most]]


def marked(text: str, words: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """The text cut where the words stand. Letters whose small form is longer leave the text whole."""
    folded = text.casefold()
    if len(folded) != len(text):
        return ((text, False),)
    inside = [False] * len(text)
    for word in words:
        at = folded.find(word)
        while at >= 0:
            inside[at : at + len(word)] = [True] * len(word)
            at = folded.find(word, at + 1)
    pieces: list[tuple[str, bool]] = []
    for letter, found in zip(text, inside, strict=True):
        if pieces and pieces[-1][1] == found:
            pieces[-1] = (pieces[-1][0] + letter, found)
        else:
            pieces.append((letter, found))
    return tuple(pieces)
