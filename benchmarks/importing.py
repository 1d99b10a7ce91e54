"""Reading SOP documents: how much is understood, how fast, and with how much memory.

sopan bench importing [--json] [--wrong]        The source documents are looked for in SOPAN_SEEDS.

Understood is counted against truth made by hand for procedures of the source documents, and against invented documents in
the shapes that bodies use. Time and memory are those of a fresh process for each source document and each hostile file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.hostile import FILES
from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.score import Score, read_seed, score, truths
from sopan.exchange.tests.unseen.papers import CASES, PRINTED
from sopan.exchange.tests.unseen.write import browser
from tests import seeds


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


def invented() -> tuple[Score, list[str]]:
    """Counts over the invented documents; those that a browser must print are left out where there is none."""
    total, refused = Score(), []
    for case in [*CASES, *(PRINTED if browser() else [])]:
        found = read_file(case.make(), name=case.name)
        if isinstance(found, Unreadable):
            refused.append(case.id)
            continue
        total.counts["documents"] += 1
        for sop in case.sops:
            score(sop.truth() | {"file": case.id}, [as_data(draft) for draft in found], total)
    return total, refused


def hostile() -> dict[str, dict[str, Any]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "berkas")
        out = {}
        for name, make in FILES.items():
            path.write_bytes(make())
            out[name] = speed(path)
    return out


def speed(path: Path) -> dict[str, Any]:
    """Time and peak memory of a fresh process that reads one file; the growth is what reading it costs."""
    command = [sys.executable, "-m", "benchmarks.importing", "--measure", str(path)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return found


def measure(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    before = _peak()
    begin, used = time.perf_counter(), sum(os.times()[:4])
    found = read_file(data, name=path.name)
    seconds, cpu = time.perf_counter() - begin, sum(os.times()[:4]) - used
    peak = max(_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    told = found.reason if isinstance(found, Unreadable) else f"{len(found)} procedures"
    figures = {"seconds": round(seconds, 3), "cpu": round(cpu, 2), "peak_mb": round(peak, 1)}
    return {**figures, "growth_mb": round(peak - before, 1), "told": told}


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
    folder = seeds.folder()
    if folder is None:
        sys.exit("The source documents are not at hand: set SOPAN_SEEDS.")
    figures, wrong = understood(folder)
    made, refused = invented()
    figures["invented"] = {"counts": dict(made.counts), "refused": refused}
    figures["files"] = {path.name: speed(path) for path in sorted(folder.glob("*.txt"))}
    figures["hostile"] = hostile()
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    report(figures)
    if options.wrong:
        print("\n".join(wrong + made.wrong))


def report(figures: dict[str, Any]) -> None:
    counts = figures["counts"]
    print(f"{counts['procedures']} procedures, {counts['steps']} steps: {counts['steps found']} found, ", end="")
    print(f"{counts['steps invented']} invented; {counts.get('actors guessed', 0)} actors guessed")
    for what, share in figures["shares"].items():
        print(f"{what:32} {share:7.1%}")
    made = figures["invented"]["counts"]
    print(f"{made['documents']} invented documents, {made['steps']} steps: {made['steps found']} found, ", end="")
    print(f"{made['steps invented']} invented; {made.get('actors guessed', 0)} actors guessed; fields right ", end="")
    print(f"{made['fields right']} of {made['fields']}, actors {made['actors right']} of {made['actors told']}")
    for name, row in {**figures["files"], **figures["hostile"]}.items():
        print(
            f"{name:28} {row['seconds']:6.3f} s  {row['cpu']:5.2f} s CPU  peak {row['peak_mb']:6.1f} MB  {row['told'][:60]}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
