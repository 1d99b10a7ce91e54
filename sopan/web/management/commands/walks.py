from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import WALKS
from sopan.core.walks import as_file, never_taken, propose

MORNING = "2026-11-12T08:00+07:00"  # a Thursday without a holiday near it


class Command(BaseCommand):
    help = (
        "Proposes walk-throughs of a procedure that together take every way out and reach every end. Read them: they tell "
        "what the file says, not what is right."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--write", action="store_true", help="write them beside the file, unless walks are there")
        parser.add_argument("--now", default=MORNING, help="when each begins (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            procedure = load(path.read_text(), file=path.name)
            if not isinstance(procedure, Procedure):
                raise CommandError("\n".join(str(problem) for problem in procedure))
            text = as_file(procedure, propose(procedure), now=options["now"])
            for step, answer in sorted(never_taken(procedure)):
                self.stderr.write(f"{path.name}: nothing leads to step {step}{answer and f', answer {answer}'}")
            if options["write"]:
                self.write(path.with_name(path.stem + WALKS), text)
            else:
                self.stdout.write(text)

    def write(self, path: Path, text: str) -> None:
        try:
            with path.open("x") as file:
                file.write(text)
        except FileExistsError:
            raise CommandError(f"{path} is there already; it is left as it is.") from None
        self.stdout.write(str(path))
