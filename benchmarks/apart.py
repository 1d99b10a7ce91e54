"""A measurement in a process of its own: with its own database and data folder, and nothing of the process that asks.

And the commands of such measurements: what can be said when they are called, and how they tell what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from .postgresql import temporary_postgresql

ROOT = Path(__file__).resolve().parent.parent


def on_both(
    name: str,
    arguments: list[str],
    *,
    sizes: Mapping[str, int],
    measure: Callable[..., dict[str, Any]],
    tell: Callable[[str, dict[str, Any]], None],
) -> None:
    """``sopan bench NAME [--json] [--SIZE N …] [--only sqlite|postgresql]``.

    ``measure`` gets the sizes in their order, and the ``url`` of a PostgreSQL, or "" for SQLite; ``tell`` prints what it found.
    """
    parser = _parser(name, sizes)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args(arguments)
    numbers = [getattr(options, size) for size in sizes]
    result = _on_each(lambda url: measure(*numbers, url=url), only=options.only)
    if options.json:
        print(json.dumps(result))
        return
    for database, found in result.items():
        tell(database, found)


def on_one(
    name: str, arguments: list[str], *, sizes: Mapping[str, int], measure: Callable[..., dict[str, Any]]
) -> None:
    """``sopan bench NAME [--json] [--SIZE N …] [--url URL]``: on SQLite, or on the database of the URL; a line a figure."""
    parser = _parser(name, sizes)
    parser.add_argument("--url", default="")
    options = parser.parse_args(arguments)
    result = measure(*(getattr(options, size) for size in sizes), url=options.url)
    print(json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


def _parser(name: str, sizes: Mapping[str, int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"sopan bench {name}")
    parser.add_argument("--json", action="store_true")
    for size, number in sizes.items():
        parser.add_argument(f"--{size}", type=int, default=number)
    return parser


def _on_each(measure: Callable[[str], dict[str, Any]], *, only: str | None) -> dict[str, Any]:
    """What is measured on SQLite, for which ``measure`` gets no URL, and on a PostgreSQL of one's own, or only on one."""
    result = {}
    if only != "postgresql":
        result["sqlite"] = measure("")
    if only != "sqlite":
        with temporary_postgresql() as url:
            result["postgresql"] = measure(url)
    return result


def measured_apart(
    module: str, *words: object, url: str = "", before: Iterable[str] = (), **variables: str
) -> dict[str, Any]:
    """What ``python -m benchmarks.MODULE WORDS`` prints as the JSON of its last line.

    On SQLite in a temporary folder, unless ``url`` names another database. Each command of ``sopan`` in ``before`` is run
    first, as ``"collectstatic --no-input"``. A run that fails raises what it complained of.
    """
    with tempfile.TemporaryDirectory(prefix="sopan-bench-") as data:
        env = {
            **os.environ,
            "DATABASE_URL": url or f"sqlite:///{Path(data) / 'bench.sqlite3'}",
            "SOPAN_DATA": data,
            "SECRET_KEY": "benchmark",
            "DJANGO_SETTINGS_MODULE": "sopan.settings",
            **variables,
        }
        for command in before:
            _run(["sopan", *command.split()], env)
        told = _run([f"benchmarks.{module}", *map(str, words)], env)
    return json.loads(told.splitlines()[-1])


def _run(words: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return done.stdout
