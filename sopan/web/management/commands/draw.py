from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sopan.catalogue.handovers import handovers
from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import in_force
from sopan.catalogue.queries import procedure as parsed
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import body_of, procedure_files
from sopan.core.yamlfile import parse
from sopan.drawing.cells import PAPERS, Paper
from sopan.drawing.document import document
from sopan.drawing.sheet import sheets
from sopan.people.models import Institution
from sopan.web.catalogue.printing import form_pdf


class Command(BaseCommand):
    help = (
        "Draws a procedure as the matrix of PermenPAN-RB 35/2012: pages for paper (svg, one file a page), the official "
        "form with its identity block (pdf), or a table for the screen (html)."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """``--version`` is the version of an SOP here, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="a file, or its name under procedures/: sippt-kalibrasi")
        parser.add_argument("--institution", default="", help="draw what this institution (code) has published")
        parser.add_argument("--version", dest="of", type=int, help="of the published ones (default: the one in force)")
        parser.add_argument("--to", choices=["svg", "pdf", "html"], default="svg")
        parser.add_argument("--paper", choices=list(PAPERS), default="a4", help="in landscape (default: %(default)s)")
        parser.add_argument("--out", type=Path, default=Path(), help="folder to write to (default: here)")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["of"] is not None and not options["institution"]:
            raise CommandError("--version needs --institution, which has published it")
        if options["institution"]:
            procedure, names, onward = published(options["id"], options["institution"], options["of"], now=now)
        else:
            path = find(options["id"])
            procedure, names, onward = read(path), body(path), ()
        options["out"].mkdir(parents=True, exist_ok=True)
        made = drawn(procedure, names, options["to"], PAPERS[options["paper"]], onward=onward, now=now)
        for name, content in made.items():
            (options["out"] / name).write_bytes(content)
            self.stdout.write(str(options["out"] / name))


def read(path: Path) -> Procedure:
    procedure = load(path.read_text(), file=path.name)
    if not isinstance(procedure, Procedure):
        raise CommandError("\n".join(str(problem) for problem in procedure))
    return procedure


def published(
    slug: str, code: str, number: int | None, *, now: datetime
) -> tuple[Procedure, tuple[str, str], tuple[str, ...]]:
    """A published version, the names of its institution and of the body above it, and the SOPs that follow it.

    Raises CommandError.
    """
    institution = Institution.objects.filter(code=code).first()
    if institution is None:
        raise CommandError(f"{code}: no such institution; sopan load brings one in")
    versions = ProcedureVersion.objects.filter(institution=institution, slug=slug)
    wanted = versions.filter(in_force(now)) if number is None else versions.filter(version=number)
    version = wanted.first()
    if version is None:
        known = ", ".join(str(one) for one in versions.order_by("version").values_list("version", flat=True))
        raise CommandError(f"{slug}: {code} has no such version (known: {known or 'none'})")
    return parsed(version.pk), (institution.name, institution.parent_name), handovers(institution.pk, slug)


def find(name: str) -> Path:
    """The file of a procedure. Raises CommandError if there is none, or more than one of that name."""
    if Path(name).is_file():
        return Path(name)
    found = [path for path in procedure_files(settings.PROCEDURES_DIR) if path.stem == Path(name).name]
    if len(found) == 1:
        return found[0]
    known = ", ".join(str(path) for path in found) or "no file of that name under procedures/"
    raise CommandError(f"{name}: {known}")


def drawn(
    procedure: Procedure,
    names: tuple[str, str],
    to: str,
    paper: Paper,
    *,
    onward: tuple[str, ...] = (),
    now: datetime,
) -> dict[str, bytes]:
    """Names of files and their content. Raises CommandError for letters that no font can print."""
    slug, (name, parent) = procedure.slug, names
    if to == "html":
        return {f"{slug}.html": document(procedure).encode()}
    if to == "svg":
        pages = sheets(procedure, paper=paper, foot=name, handovers=onward)
        return {f"{slug}-{place}.svg": page.encode() for place, page in enumerate(pages, 1)}
    made = form_pdf(procedure, paper=paper, institution=name, parent=parent, now=now, onward=onward)
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
