import importlib
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Runs a benchmark of the folder benchmarks/: sopan bench engine [--json] …"
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """The arguments belong to the benchmark."""
        try:
            self.execute_benchmark(argv[2:])
        except CommandError as fault:
            sys.exit(str(fault))

    def execute_benchmark(self, arguments: list[str]) -> None:
        folder = settings.BASE_DIR / "benchmarks"
        known = sorted(path.stem for path in folder.glob("*.py") if "def main(arguments" in path.read_text())
        if not arguments or arguments[0] not in known:
            raise CommandError(f"Which benchmark? {', '.join(known)}")
        sys.path.insert(0, str(settings.BASE_DIR))
        importlib.import_module(f"benchmarks.{arguments[0]}").main(arguments[1:])

    def handle(self, *args: Any, **options: Any) -> None:
        self.execute_benchmark(list(args))
