import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Plays one order through all 22 steps in a fresh temporary data folder, and validates what came out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        # Settings hold the data folder from the start of a process: the play gets a process with its own.
        env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "SECRET_KEY")}
        env["SOPAN_DATA"] = tempfile.mkdtemp(prefix="sopan-demo-")
        command = [sys.executable, "-m", "sopan", "play_demo", *(["--json"] if options["json"] else [])]
        sys.exit(subprocess.run(command, env=env).returncode)
