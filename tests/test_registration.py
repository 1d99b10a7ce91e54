"""What registers itself does so when Sopan starts: the worker knows all jobs, handlers and prints, though it serves no page."""

from __future__ import annotations

import json
import subprocess
import sys

TELL = """
import gc, importlib, json, pkgutil
import django
django.setup()
from sopan.core.registry import Registry
from sopan.engine import effects

def known():
    lists = {one.what: sorted(map(str, one)) for one in gc.get_objects() if isinstance(one, Registry) and set(one)}
    return {**lists, "regular jobs": sorted(effects.jobs)}

started = known()
import sopan
for one in pkgutil.walk_packages(sopan.__path__, "sopan."):
    if not {"tests", "migrations", "__main__"} & set(one.name.split(".")):
        importlib.import_module(one.name)
print(json.dumps([started, known()]))
"""


def test_nothing_registers_itself_only_when_a_page_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True)
    started, everything = json.loads(done.stdout.splitlines()[-1])
    assert started == everything
    assert len(everything["regular jobs"]) > 5
