"""Reading SOP documents: how much is understood, against truth made by hand, how fast, and with how much memory.

sopan bench importing [--json] [--wrong]        The source documents are looked for in SOPAN_SEEDS.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sopan.exchange.open_file import read_file
from sopan.exchange.tests.score import Score, read_seed, score, seeds, truths


def understood(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Counts and shares over all truth files, and what is wrong in words."""
    total, read = Score(), {path.name: read_seed(path) for path in sorted(folder.glob("*.txt"))}
    for truth in truths():
        score(truth, read[truth["source"]], total)
    shares = {
        "steps found": total.share("steps found", "steps"),
        "fields right": total.share("fields right", "fields"),
        "actors right of those told": total.share("actors right", "actors told"),
        "decisions right of those told": total.share("decision right", "decision"),
        "returns right of those told": total.share("returns_to right", "returns_to"),
    }
    return {"counts": dict(total.counts), "shares": shares}, total.wrong


def speed(path: Path) -> dict[str, float]:
    """Time and peak memory of a fresh process that reads one file; the growth is what reading it costs."""
    command = [sys.executable, "-m", "benchmarks.importing", "--measure", str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return found


def measure(path: Path) -> dict[str, float]:
    data = path.read_bytes()
    before = _peak()
    begin = time.perf_counter()
    read_file(data, name=path.name)
    seconds = time.perf_counter() - begin
    peak = _peak()
    return {"seconds": round(seconds, 3), "peak_mb": round(peak, 1), "growth_mb": round(peak - before, 1)}


def _peak() -> float:
    """Peak memory of this process in MB. (getrusage would count that of the process that started it.)"""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="sopan bench importing")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    folder = seeds()
    if folder is None:
        sys.exit("The source documents are not at hand: set SOPAN_SEEDS.")
    figures, wrong = understood(folder)
    figures["files"] = {path.name: speed(path) for path in sorted(folder.glob("*.txt"))}
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    report(figures)
    if options.wrong:
        print("\n".join(wrong))


def report(figures: dict[str, Any]) -> None:
    counts = figures["counts"]
    print(f"{counts['procedures']} procedures, {counts['steps']} steps: {counts['steps found']} found, ", end="")
    print(f"{counts['steps invented']} invented; {counts.get('actors guessed', 0)} actors guessed")
    for what, share in figures["shares"].items():
        print(f"{what:32} {share:7.1%}")
    for name, row in figures["files"].items():
        print(f"{name:32} {row['seconds']:6.3f} s   peak {row['peak_mb']:6.1f} MB (+{row['growth_mb']})")


if __name__ == "__main__":
    main(sys.argv[1:])
