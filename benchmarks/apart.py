"""A measurement in a process of its own: with its own database and data folder, and nothing of the process that asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def measured_apart(module: str, *words: object, url: str = "", **variables: str) -> dict[str, Any]:
    """What ``python -m benchmarks.MODULE WORDS`` prints as the JSON of its last line.

    On SQLite in a temporary folder, unless ``url`` names another database. A run that fails raises what it complained of.
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
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, words)]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])
