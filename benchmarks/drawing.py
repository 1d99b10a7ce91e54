"""How long the drawing of a procedure takes, so that it can be drawn anew while somebody types.

sopan bench drawing [--json] [--procedures N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

from sopan.drawing.layout import layout
from sopan.drawing.matrix import matrix
from sopan.drawing.svg import draw
from sopan.drawing.tests.made_up import procedure


def run(count: int) -> dict[str, Any]:
    """Draws made-up procedures of 2 to 10 actors and 5 to 40 steps, each once, from the procedure to the SVG."""
    found, flows, crossings = [], 0, 0
    for seed in range(count):
        made = procedure(seed)
        begin = time.perf_counter()
        drawing = layout(matrix(made))
        draw(drawing)
        found.append((time.perf_counter() - begin) * 1000)
        flows += len(drawing.arrows)
        crossings += len(drawing.crossings)
    cuts = statistics.quantiles(found, n=100)
    times = {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "max_ms": round(max(found), 2)}
    return {"procedures": count, "flows": flows, "crossings": crossings, **times}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="sopan bench drawing")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--procedures", type=int, default=1000)
    result = run((options := parser.parse_args(arguments)).procedures)
    if options.json:
        print(json.dumps(result))
        return
    print(f"{result['procedures']} procedures, {result['flows']} flows, {result['crossings']} crossings")
    print(f"p50 {result['p50_ms']:.1f} ms   p95 {result['p95_ms']:.1f} ms   max {result['max_ms']:.1f} ms")
