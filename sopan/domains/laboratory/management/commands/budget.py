import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sopan.measurement.formula import FormulaError
from sopan.measurement.inputs import InputError
from sopan.measurement.report import budget_of

LARGEST = 10_000_000  # bytes


class Command(BaseCommand):
    help = "Evaluates the uncertainty budget of a measurement (JCGM 100) and checks it by Monte Carlo (JCGM 101)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="model and inputs as JSON; - reads them from standard input")
        parser.add_argument("--json", action="store_true", help="print the budget as JSON")

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            found = budget_of(json.loads(self.read(file)))
        except json.JSONDecodeError as fault:
            raise CommandError(f"{file}, line {fault.lineno}: this is no JSON: {fault.msg}.") from None
        except (InputError, FormulaError, RecursionError) as fault:
            raise CommandError(f"{file}: {fault}") from None
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if options["json"] else as_table(found))

    def read(self, file: str) -> str:
        try:
            data = sys.stdin.buffer.read(LARGEST + 1) if file == "-" else Path(file).read_bytes()
            if len(data) > LARGEST:
                raise CommandError(f"{file} is larger than {LARGEST // 1_000_000} MB.")
            return data.decode()
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file} is no text in UTF-8.") from None


def as_table(found: dict[str, Any]) -> str:
    """The budget as people read it."""
    rows = [("input", "u", "c", "|c|·u", "dof")]
    for line in found["budget"]:
        dof = "∞" if line["dof"] is None else f"{line['dof']:g}"
        rows.append((line["name"], f"{line['u']:.4g}", f"{line['c']:.4g}", f"{line['contribution']:.4g}", dof))
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    dof = "∞" if found["dof"] is None else f"{found['dof']:.1f}"
    low, high = found["monte_carlo"]["interval"]
    return "\n".join(
        [
            *lines,
            "",
            f"result       {found['value']:.10g}",
            f"u, dof       {found['u']:.4g}, {dof}",
            f"U = k u      {found['U']:.4g}, k = {found['k']:.3f}",
            f"Monte Carlo  {low:.8g} to {high:.8g}, u = {found['monte_carlo']['u']:.4g}",
            *(f"warning: {warning}" for warning in found["warnings"]),
        ]
    )
