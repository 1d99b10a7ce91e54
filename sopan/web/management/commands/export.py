from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sopan.catalogue import queries
from sopan.catalogue.models import ProcedureVersion
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import procedure_files
from sopan.exchange.bpmn.limits import process
from sopan.exchange.writers import WRITERS
from sopan.people.models import Institution

REFUSED = 3


class Command(BaseCommand):
    help = (
        "Writes a procedure for other tools: BPMN 2.0 (bpmn), the table in Excel (xlsx) or Word (docx), or data (json). "
        "`sopan import` reads the first three back."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, **kwargs, conflict_handler="resolve")  # --version is ours

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="a file; its name under procedures/: audit-internal, or bblm/audit-internal")
        parser.add_argument("--to", choices=list(WRITERS), required=True)
        parser.add_argument(
            "-o", "--out", type=Path, metavar="FILE", help="file or folder (default: here, by its name)"
        )
        parser.add_argument("--institution", metavar="CODE", help="take what this institution has published instead")
        parser.add_argument("--version", type=int, metavar="N", help="of it this version, not the one in force")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["version"] and not options["institution"]:
            raise CommandError("--version needs --institution: files have no versions.")
        if options["institution"]:
            procedure = published(options["id"], options["institution"], options["version"])
        else:
            procedure = from_file(options["id"])
        to: str = options["to"]
        try:
            data = WRITERS[to](procedure)
        except ValueError as fault:
            raise CommandError(f"{procedure.slug} cannot be written as {to}: {fault}.", returncode=REFUSED) from None
        self.stdout.write(str(save(data, options["out"], f"{procedure.slug}.{to}")))
        for limit in process(procedure)[1] if to == "bpmn" else ():
            self.stderr.write(f"note: {limit}")


def from_file(name: str) -> Procedure:
    """The procedure of a file. Raises CommandError if there is none, several of that name, or it cannot be read."""
    path = find(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"{path} cannot be read: {fault}") from None
    found = load(text, file=path.name)
    if not isinstance(found, Procedure):
        raise CommandError("\n".join(str(problem) for problem in found))
    return found


def find(name: str) -> Path:
    """The file that ``name`` means: itself, or the one under procedures/ by slug, or by body and slug."""
    if Path(name).is_file():
        return Path(name)
    body, _, slug = name.rpartition("/")
    found = [
        path for path in procedure_files(settings.PROCEDURES_DIR) if path.stem == slug and body in ("", _body(path))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{_body(path)}/{slug}" for path in found)
        raise CommandError(f"{name} is the name of several procedures; say which: {names}.")
    raise CommandError(f"{name} is no file, and no procedure of that name is under procedures/.")


def _body(path: Path) -> str:
    return path.relative_to(settings.PROCEDURES_DIR).parts[0]


def published(slug: str, code: str, number: int | None) -> Procedure:
    """A published version, the one in force unless ``number`` is told. Raises CommandError."""
    institution = Institution.objects.filter(code=code).first()
    if institution is None:
        raise CommandError(f"No institution has the code {code}.")
    try:
        if number is None:
            version = queries.version_in_force(slug, institution=institution, now=timezone.now())
        else:
            version = institution.procedure_versions.get(slug=slug, version=number)
    except ProcedureVersion.DoesNotExist:
        what = "no version in force" if number is None else f"no version {number}"
        raise CommandError(f"{institution.name} has {what} of {slug}.") from None
    return queries.procedure(version.pk)


def save(data: bytes, out: Path | None, name: str) -> Path:
    """Writes the file, into a folder under its own name. Raises CommandError where that is not possible."""
    path = out / name if out and out.is_dir() else out or Path(name)
    try:
        path.write_bytes(data)
    except OSError as fault:
        raise CommandError(f"{path} cannot be written: {fault.strerror}.") from None
    return path
