from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sopan.core.flow import Refusal
from sopan.drawing.cells import PAPERS
from sopan.people.models import Institution, Unit
from sopan.web.book.making import contents, make


class Command(BaseCommand):
    help = (
        "Prints the SOPs in force of an institution as one book (PDF/A): cover, table of contents by unit with page "
        "numbers, and the official form of each; those that are only listed stand in the table of contents."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("institution", help="code of the institution, as disperindag-lampung")
        parser.add_argument("--to", choices=["pdf"], default="pdf")
        parser.add_argument("--unit", default="", help="code of a unit: its SOPs alone")
        parser.add_argument("--paper", choices=list(PAPERS), default="a4", help="in landscape (default: %(default)s)")
        parser.add_argument("--out", type=Path, default=Path(), help="folder to write to (default: here)")

    def handle(self, *args: Any, **options: Any) -> None:
        institution = Institution.objects.filter(code=options["institution"]).first()
        if institution is None:
            raise CommandError(f"{options['institution']}: no such institution; sopan load brings one in")
        unit = Unit.objects.filter(institution=institution, code=options["unit"]).first()
        if options["unit"] and unit is None:
            raise CommandError(f"{options['unit']}: {institution.code} has no such unit")
        now, began = timezone.now(), time.perf_counter()
        lines = contents(institution, unit=unit, now=now)
        made = make(institution, lines, unit=unit, paper=options["paper"], now=now, tell=self._tell)
        if isinstance(made, Refusal):
            raise CommandError(made.message)
        options["out"].mkdir(parents=True, exist_ok=True)
        path = options["out"] / f"{institution.code}{'-' + unit.code if unit else ''}.pdf"
        path.write_bytes(made)
        self.stdout.write(f"{path} ({time.perf_counter() - began:.1f} s)")

    def _tell(self, done: int) -> None:
        if done % 10 == 0:
            self.stderr.write(f"{done} SOPs laid out")
