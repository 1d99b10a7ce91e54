from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.check import Command as DjangoCheck

from sopan.core.check import check_text
from sopan.core.procedure_files import procedure_files
from sopan.engine.stepwork import decisions, step_works


class Command(DjangoCheck):
    help = "Checks the settings (as Django does) and every procedure file, with all their problems."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--strict", action="store_true", help="warnings of procedures fail too")

    def handle(self, *app_labels: str, **options: Any) -> None:
        super().handle(*app_labels, **options)
        problems, count = [], 0
        for path in procedure_files(settings.PROCEDURES_DIR):
            text = path.read_text()
            count += 1
            file = str(path.relative_to(settings.PROCEDURES_DIR.parent))
            problems += check_text(text, file=file, works=set(step_works), decisions=set(decisions))[1]
        for problem in problems:
            self.stderr.write(str(problem))
        if any(problem.error or options["strict"] for problem in problems):
            raise CommandError("Procedures have problems: see above.")
        self.stdout.write(f"{count} procedures are valid.")
