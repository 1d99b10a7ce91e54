"""The rows of the screen together are the drawing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from sopan.drawing.layout import SCREEN, layout
from sopan.drawing.matrix import matrix
from sopan.drawing.rows import FAR, slices
from sopan.drawing.tests import examples, made_up

SVG = "{http://www.w3.org/2000/svg}"


def _svgs(seed: int) -> list[ElementTree.Element]:
    rows = slices(layout(matrix(made_up.procedure(seed)), style=SCREEN))
    return [ElementTree.fromstring(row.svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ')) for row in rows]


def test_every_step_has_one_row_in_its_order() -> None:
    rows = slices(layout(matrix(examples.CERTIFICATION), style=SCREEN))
    assert [row.step for row in rows] == list(range(17))


def test_every_arrow_has_one_head_and_every_answer_stands_once() -> None:
    for seed in range(20):
        drawing = layout(matrix(made_up.procedure(seed)), style=SCREEN)
        svg = "".join(row.svg for row in slices(drawing))
        heads = re.findall(r'<g class="heads".*?</g>', svg)
        assert sum(group.count("<path") for group in heads) == len(drawing.arrows)
        answers = re.findall(r'<g class="answers".*?</g>', svg)
        assert sum(group.count("<text") for group in answers) == sum(len(label.lines) for label in drawing.labels)


def test_what_leaves_a_row_enters_the_next_at_the_same_place() -> None:
    """Lines that go on below a row are those that come from above into the row below it."""
    for seed in range(20):
        svgs = _svgs(seed)
        for upper, lower in zip(svgs, svgs[1:], strict=False):
            height = float(upper.get("height", "0"))
            assert sorted(_beyond(upper, height + FAR)) == sorted(_beyond(lower, -FAR))


def _beyond(svg: ElementTree.Element, level: float) -> list[float]:
    """Where lines of flows pass a height far outside of the row."""
    found = []
    for group in svg.iter(f"{SVG}g"):
        if group.get("class") == "flows":
            for one in group.iter(f"{SVG}path"):
                points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", one.get("d", ""))
                found += [float(x) for x, y in points if abs(float(y) - level) < 0.11]
    return found


def test_symbols_carry_the_state_of_their_step_and_nothing_is_styled_in_place() -> None:
    rows = slices(
        layout(matrix(examples.INFORMATION), style=SCREEN),
        state=lambda key: {"2": "done", "3": "now"}.get(key, ""),
        marked=2,
    )
    assert 'class="diamond done"' in rows[1].svg
    assert 'class="box now"' in rows[2].svg
    assert all('class="mine"' in row.svg and 'aria-hidden="true"' in row.svg for row in rows)
    assert not re.search(r"style=|<style|<script| on\w+=", "".join(row.svg for row in rows))
