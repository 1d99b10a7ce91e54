"""Where flows cross."""

from __future__ import annotations

from collections.abc import Sequence

from .shapes import XY


def crossings(arrows: Sequence[tuple[Sequence[XY], int]]) -> list[tuple[XY, int, int]]:
    """The points where a level piece crosses an upright one of another net: (point, arrow across, arrow down).

    Flows of one net that run together over the crossing count once.
    """
    level: dict[tuple[float, float, float, int], int] = {}
    upright: dict[tuple[float, float, float, int], int] = {}
    for number, (points, net) in enumerate(arrows):
        for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
            if y1 == y2:
                level.setdefault((y1, min(x1, x2), max(x1, x2), net), number)
            else:
                upright.setdefault((x1, min(y1, y2), max(y1, y2), net), number)
    downs = sorted(upright.items())
    found: dict[tuple[float, float, int, int], tuple[XY, int, int]] = {}
    for (y, left, right, net), across in level.items():
        for (x, top, bottom, other), down in downs:
            if net != other and left < x < right and top < y < bottom:
                found.setdefault((x, y, net, other), ((x, y), across, down))
    return list(found.values())
