"""What a step of the 22-step procedure costs through the real door, beside the same rows written by hand.

    sopan bench engine [--json] [--cases N] [--rounds N] [--preload N] [--only sqlite|postgresql]

W: SOP 31/BSPJI-3 with its actors, times, separation rules and exits, without the forms of the domains; steps 7, 13 and
16 return once in 20 % of the cases. The cases are started before, and their steps taken in random order.
One step is one durable transaction through ``operations.complete``: access,
separation, obstacles, flow, due time, task rows, journal with its hash chain, outbox. The floor is a task update, a
case update, a task insert and a journal insert as four prepared statements of the bare driver in one transaction.

Engine and floor take turns, round by round, in the same run; only their ratio means something on a shared machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .postgresql import temporary_postgresql

WORKERS = 4


def worker(mode: str, url: str, number: int, cases: int, *, data: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.engine_worker", mode, str(number), str(cases)]
    env = {**os.environ, "DATABASE_URL": url, "SOPAN_DATA": data, "SECRET_KEY": "benchmark"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=env)


def ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("{"):
            return json.loads(line)
    raise RuntimeError(f"the worker ended with {process.wait()}")


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


Round = tuple[list[float], float, float]


def measured(mode: str, url: str, data: str, *, first: int, cases: int, workers: int) -> Round:
    """Times of all steps in ms, steps per second over all workers, which begin together, and their CPU ms a step."""
    running = [worker(mode, url, first + n * cases, cases, data=data) for n in range(workers)]
    for process in running:
        ready(process)
    for process in running:
        go(process)
    results = [ready(process) for process in running]
    for process in running:
        process.wait()
    times = [ms for result in results for ms in result["ms"]]
    seconds = max(r["end"] for r in results) - min(r["begin"] for r in results)
    return times, len(times) / seconds, sum(r["cpu"] for r in results) * 1000 / len(times)


def summary(rounds: list[Round]) -> dict[str, float]:
    """The median over rounds of each round's figures: a disturbed round does not count."""
    cuts = [statistics.quantiles(times, n=100) for times, _, _ in rounds]
    return {
        "p50_ms": round(statistics.median(c[49] for c in cuts), 3),
        "p99_ms": round(statistics.median(c[98] for c in cuts), 3),
        "cpu_ms": round(statistics.median(cpu for _, _, cpu in rounds), 3),
        "steps_s": round(statistics.median(rate for _, rate, _ in rounds)),
    }


def compare(url: str, data: str, *, cases: int, rounds: int, preload: int, workers: tuple[int, ...]) -> dict[str, Any]:
    setup = worker("setup", url, 0, preload, data=data)
    ready(setup)
    setup.wait()
    found: dict[str, list[Round]] = {}
    first = 10_000_000
    for _ in range(rounds):
        for count in workers:
            for mode in ("floor", "engine"):
                each = max(cases // count, 5)
                result = measured(mode, url, data, first=first, cases=each, workers=count)
                found.setdefault(mode + (f"_{count}" if count > 1 else ""), []).append(result)
                first += each * count
    return {name: summary(results) for name, results in found.items()}


def run(options: argparse.Namespace) -> dict[str, Any]:
    result: dict[str, Any] = {}
    plan = {"cases": options.cases, "rounds": options.rounds, "preload": options.preload}
    with tempfile.TemporaryDirectory(prefix="sopan-bench-") as data:
        if options.only in (None, "sqlite"):
            result["sqlite"] = compare(f"sqlite:///{Path(data) / 'bench.sqlite3'}", data, workers=(1,), **plan)
        if options.only in (None, "postgresql"):
            if options.url:
                result["postgresql"] = compare(options.url, data, workers=(1, WORKERS), **plan)
            else:
                with temporary_postgresql() as url:
                    result["postgresql"] = compare(url, data, workers=(1, WORKERS), **plan)
    return result


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="sopan bench engine", description=__doc__.split("\n\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cases", type=int, default=60, help="cases a round (23.6 steps each)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--preload", type=int, default=0, help="open cases that are there before")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument(
        "--url", default="", help="a PostgreSQL to use instead of a temporary one; its tables are dropped"
    )
    options = parser.parse_args(arguments)
    result = run(options)
    if options.json:
        print(json.dumps(result))
        return
    for database, figures in result.items():
        for name, row in figures.items():
            print(
                f"{database:11} {name:9} p50 {row['p50_ms']:7.3f} ms   p99 {row['p99_ms']:7.3f} ms   cpu {row['cpu_ms']:.3f} ms   {row['steps_s']:6.0f} steps/s"
            )
        print(
            f"{database:11} engine / floor at the median: {figures['engine']['p50_ms'] / figures['floor']['p50_ms']:.2f}"
        )
