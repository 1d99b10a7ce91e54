from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import body_of, procedure_files
from sopan.core.yamlfile import parse
from sopan.drawing.cells import PAPERS, Paper
from sopan.drawing.document import document
from sopan.drawing.sheet import sheets
from sopan.web.catalogue.printing import form_pdf


class Command(BaseCommand):
    help = (
        "Draws a procedure as the matrix of PermenPAN-RB 35/2012: pages for paper (svg, one file a page), the official "
        "form with its identity block (pdf), or a table for the screen (html)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="a file, or its name under procedures/: sippt-kalibrasi")
        parser.add_argument("--to", choices=["svg", "pdf", "html"], default="svg")
        parser.add_argument("--paper", choices=list(PAPERS), default="a4", help="in landscape (default: %(default)s)")
        parser.add_argument("--out", type=Path, default=Path(), help="folder to write to (default: here)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = find(options["id"])
        procedure = load(path.read_text(), file=path.name)
        if not isinstance(procedure, Procedure):
            raise CommandError("\n".join(str(problem) for problem in procedure))
        options["out"].mkdir(parents=True, exist_ok=True)
        made = drawn(procedure, path, options["to"], PAPERS[options["paper"]], now=timezone.now())
        for name, content in made.items():
            (options["out"] / name).write_bytes(content)
            self.stdout.write(str(options["out"] / name))


def find(name: str) -> Path:
    """The file of a procedure. Raises CommandError if there is none, or more than one of that name."""
    if Path(name).is_file():
        return Path(name)
    found = [path for path in procedure_files(settings.PROCEDURES_DIR) if path.stem == Path(name).name]
    if len(found) == 1:
        return found[0]
    known = ", ".join(str(path) for path in found) or "no file of that name under procedures/"
    raise CommandError(f"{name}: {known}")


def drawn(procedure: Procedure, path: Path, to: str, paper: Paper, *, now: datetime) -> dict[str, bytes]:
    """Names of files and their content. Raises CommandError for letters that no font can print."""
    slug, (name, parent) = procedure.slug, body(path)
    if to == "html":
        return {f"{slug}.html": document(procedure).encode()}
    if to == "svg":
        pages = sheets(procedure, paper=paper, foot=name)
        return {f"{slug}-{place}.svg": page.encode() for place, page in enumerate(pages, 1)}
    made = form_pdf(procedure, paper=paper, institution=name, parent=parent, now=now)
    if isinstance(made, Refusal):
        raise CommandError(made.message)
    return {f"{slug}.pdf": made}


def body(file: Path) -> tuple[str, str]:
    """Name of the institution of a file and of the body above it; empty where nothing tells."""
    try:
        path = body_of(file.resolve()) / "institution.yaml"
    except LookupError:
        return "", ""
    root = parse(path.read_text(), file=path.name)
    if isinstance(root, list):
        raise CommandError("\n".join(str(problem) for problem in root))
    told = {key: node.value for key, node in root.value.items() if isinstance(node.value, str)}
    return told.get("name", ""), told.get("parent_name", "")
