"""The form of a procedure as data for the template ``typst/sop.typ``: plain values and one picture a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sopan.core.model import Procedure

from .cells import ACTORS, STANDARD, TYPE, Paper, Table, cells, headings, in_words, strip_words, table
from .layout import Drawing, spans
from .matrix import RowKind
from .pages import Page
from .svg import draw, number

TEMPLATE = Path(__file__).parent / "typst" / "sop.typ"
BOOK = Path(__file__).parent / "typst" / "book.typ"
POINT = 0.75  # of a pixel
ABOVE, FOOT, SIGNATURE = 8.0, 7.0, 14.0  # millimetres: title over the matrix, foot, room to sign
TITLE = "Standar Operasional Prosedur Administrasi Pemerintahan"


def form(
    procedure: Procedure,
    *,
    paper: Paper,
    institution: str,
    parent: str,
    day: Callable[[date], str],
    handovers: Sequence[str] = (),
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Data and pictures for the template. ``day`` words a date; ``handovers`` are numbers of the SOPs that follow.

    The official block of identity has no place for a number of a person, and none is printed.
    """
    laid = table(procedure, paper=paper, above=ABOVE + FOOT, handovers=handovers)
    identity = procedure.identity
    data = {
        "paper": {**asdict(paper), "above": ABOVE, "foot": FOOT, "signature": SIGNATURE},
        "title": identity.name,
        "number": identity.number,
        "heading": TITLE,
        "foot": " · ".join(part for part in (identity.number, identity.name) if part),
        "institution": {"name": institution, "parent": parent},
        "identity": _identity(procedure, day),
        "blocks": _blocks(procedure),
        **_matrix(laid),
    }
    return data, {f"page{place}": _picture(page.drawing) for place, page in enumerate(laid.pages)}


def _identity(procedure: Procedure, day: Callable[[date], str]) -> list[tuple[str, Any, bool, bool]]:
    """Rows of the block: label, value, whether it is bold, whether it is the approval."""
    one = procedure.identity
    dates = [("Tanggal Pembuatan", one.made), ("Tanggal Revisi", one.revised), ("Tanggal Efektif", one.effective)]
    approval = {"position": one.approved_by.position, "name": one.approved_by.name}
    return [
        ("Nomor SOP", one.number, False, False),
        *((label, day(value) if value else "–", False, False) for label, value in dates),
        ("Disahkan oleh", approval, False, True),
        ("Nama SOP", one.name, True, False),
    ]


def _blocks(procedure: Procedure) -> list[tuple[str, Sequence[str]]]:
    one = procedure.identity
    return [
        ("Dasar Hukum", one.legal_bases),
        ("Kualifikasi Pelaksana", one.qualifications),
        ("Keterkaitan", one.related),
        ("Peralatan/Perlengkapan", one.equipment),
        ("Peringatan", one.warnings),
        ("Pencatatan dan Pendataan", one.records),
    ]


def _matrix(laid: Table) -> dict[str, Any]:
    factor = laid.scale * POINT
    return {
        "type": {"size": TYPE.size * factor, "heading": TYPE.heading * factor, "pad": TYPE.pad * factor * 0.9},
        "headings": {**headings(laid.procedure), "actors": ACTORS, "standard": STANDARD},
        "actors": [actor.name for actor in laid.procedure.actors],
        "columns": [width * factor for width in laid.columns.values()],
        "heads": [height * factor for height in laid.heading],
        "sheets": [_sheet(laid, place, page, factor) for place, page in enumerate(laid.pages)],
    }


def _sheet(laid: Table, place: int, page: Page, factor: float) -> dict[str, Any]:
    drawing = page.drawing
    rows = []
    for top, bottom, kind, step in spans(drawing):
        if kind is RowKind.STEP:
            words: Mapping[str, str] = cells(laid.procedure.steps[step])
        else:
            words = {"activity": strip_words(laid.procedure, page, place, before=kind is RowKind.FROM_BEFORE)}
        rows.append({"height": (bottom - top) * factor, "cells": [words.get(name, "") for name in laid.columns]})
    return {
        "actors": [(b - a) * factor for a, b in zip(drawing.lefts, drawing.lefts[1:], strict=False)],
        "rows": rows,
        "width": drawing.width * factor,
        "height": drawing.height * factor,
        "alt": _alt(laid.procedure, page),
    }


def _alt(procedure: Procedure, page: Page) -> str:
    """What the drawing shows, in words."""
    told = [f"{procedure.steps[place].no}. {in_words(procedure, procedure.steps[place])}" for place in page.places]
    return "Bagan alir. " + ". ".join(told) + "."


def _picture(drawing: Drawing) -> bytes:
    w, h = number(drawing.width), number(drawing.height)
    lines = [f"M{number(x)} 0V{h}" for x in drawing.lefts[1:-1]]
    lines += [f"M0 {number(span[1])}H{w}" for span in spans(drawing)[:-1]]
    rules = f'<path fill="none" stroke="#787878" stroke-width=".6" d="{"".join(lines)}"/>' if lines else ""
    inside = rules + draw(drawing, captions=False)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="Roboto">'
        f"{inside}</svg>"
    ).encode()
