import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sopan.core.load import load
from sopan.exchange.as_file import as_file, slug_of
from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.draft import DraftProcedure
from sopan.exchange.open_file import read_file

REFUSED = 3


def called(draft: DraftProcedure) -> str:
    """Number and name, for people."""
    number, name = (told.value if told else "?" for told in (draft.number, draft.name))
    return f"{number}  {name}"


class Command(BaseCommand):
    help = "Reads SOP documents (text, Word, Excel, web page, PDF with text) into drafts of procedures, and BPMN."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print everything that was understood, as JSON")
        parser.add_argument(
            "--write", type=Path, metavar="DIR", help="write a procedure file for each into this folder"
        )

    def handle(self, *, files: list[Path], **options: Any) -> None:
        drafts: list[DraftProcedure] = []
        refused, partly, folder, written = 0, 0, options["write"], set[str]()
        for path in files:
            found = self.read(path)
            if isinstance(found, Unreadable):
                refused += 1
                self.stderr.write(f"{path}: not read. {found.reason}")
            else:
                drafts += found
                left_out = [draft for draft in found if draft.refused]
                partly += bool(left_out)
                for draft in left_out:
                    self.stderr.write(f"{path}: {called(draft)}: not read. {draft.refused}")
                for draft in found if folder else ():
                    if draft.steps:
                        written.add(self.write(draft, folder, source=path.name, taken=written))
        if options["json"]:
            self.stdout.write(json.dumps([as_data(draft) for draft in drafts], ensure_ascii=False, indent=2))
        else:
            self.summarise(drafts)
        if refused or partly:
            words = [f"{refused} of {len(files)} files could not be read"] if refused else []
            words += [f"{partly} could be read only in part"] if partly else []
            raise CommandError(", ".join(words) + ".", returncode=REFUSED)

    def read(self, path: Path) -> list[DraftProcedure] | Unreadable:
        try:
            data = path.read_bytes()
        except OSError as fault:
            return Unreadable(str(path), f"{fault.strerror}.")
        return read_file(data, name=path.name)

    def write(self, draft: DraftProcedure, folder: Path, *, source: str, taken: set[str]) -> str:
        """Write one procedure file; a file that is there is left alone. Tells what must still be filled in."""
        folder.mkdir(parents=True, exist_ok=True)
        slug = slug_of(draft, taken | {path.stem for path in folder.glob("*.yaml")})
        text = as_file(draft, source=source)
        (folder / f"{slug}.yaml").write_text(text)
        problems = load(text, file=f"{slug}.yaml")
        for problem in problems if isinstance(problems, list) else ():
            self.stderr.write(str(problem))
        return slug

    def summarise(self, drafts: list[DraftProcedure]) -> None:
        for draft in drafts:
            told = sum(step.actor is not None for step in draft.steps)
            what = f"{len(draft.steps)} steps, {told} with their actor"
            if not draft.steps:
                what = "not read" if draft.refused else "only named, no table of activities"
            self.stdout.write(f"{called(draft)}: {what}")
            for remark in draft.warnings:
                self.stdout.write(f"    {remark.where}: {remark.what}")
        self.stdout.write(f"{len(drafts)} procedures")
