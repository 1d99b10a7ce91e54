"""Collect the texts of the code into the English catalogue, and compile it: ``make messages``.

For development alone: needs Babel. What runs needs only the compiled file, which is kept beside its source.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import procedure_files
from sopan.core.yamlfile import read_data
from sopan.ui.source import CONTEXT

SOURCES = Path(__file__).resolve().parent.parent
PROCEDURES = SOURCES.parent / "procedures"
PO = SOURCES / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
QUESTIONS = SOURCES / "catalogue/appraisal.yaml"

METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**/typst/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "sopan.locale.messages:calls_in_template"),
    ("**/templates/**.txt", "sopan.locale.messages:calls_in_template"),
]
_ONE, _MANY = (1,), (1, 2)
KEYWORDS: Mapping[str, Any] = {
    **dict.fromkeys(("_", "_t", "tell", "gettext", "gettext_lazy", "gettext_noop"), _ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _MANY),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def calls_in_template(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: dict[str, Any]
) -> Iterator[Any]:
    """The texts of a Django template, as Babel wants them: Django writes the tags as calls, Python's reader finds them.

    In brackets, so that neither indentation nor line ends mean anything to Python.
    """
    calls = templatize(file.read().decode(), origin=getattr(file, "name", None))
    calls = re.sub(r"\bu(?=['\"])", "", calls)
    return extract_python(io.BytesIO(f"({calls}\n)".encode()), keywords, comment_tags, options)


def words_of(procedure: Procedure) -> Iterator[str]:
    """What a procedure says in plain words of its own; the words of the document itself are not translated."""
    for step in procedure.steps:
        yield from (step.name, step.phase, step.public)
        yield from (way.label for way in step.exits)
        yield from (rule.why for rule in step.separation)
        for field in step.fields:
            yield from (field.label, *field.choices)


def procedures() -> Iterator[tuple[str, Procedure]]:
    """The procedures that customers see, each with its file as it is named in the catalogue.

    Those that stay inside of an office are read in its language.
    """
    for file in procedure_files(PROCEDURES):
        found = load(file.read_text(), file=file.name)
        if isinstance(found, Procedure) and any(step.public for step in found.steps):
            yield f"procedures/{file.relative_to(PROCEDURES)}", found


def questions() -> Iterator[str]:
    """Our questions on procedures, and what they say of themselves. A body's own stay in its language."""
    told: Any = read_data(QUESTIONS.read_text(), file=QUESTIONS.name)
    yield told["source"]
    yield from (one["text"] for kind in ("monitoring", "evaluation") for one in told[kind])


def texts() -> Catalog:
    """Every text that the code marks, our questions, every plain word of the procedures, with the files they stand in."""
    if not settings.configured:  # Django reads templates by its settings
        settings.configure()
        django.setup()
    catalog = Catalog(charset="utf-8")
    for file, _line, text, _comments, context in extract_from_dir(
        SOURCES, METHODS, options_map={"**": {"encoding": "utf-8"}}, keywords=KEYWORDS
    ):
        catalog.add(text, locations=[(f"sopan/{file}", None)], context=context)
    for text in questions():
        catalog.add(text, locations=[(f"sopan/{QUESTIONS.relative_to(SOURCES)}", None)], context=CONTEXT)
    for file, procedure in procedures():
        for text in words_of(procedure):
            if text:
                catalog.add(text, locations=[(file, None)], context=CONTEXT)
    return catalog


class English(Catalog):
    """Without dates and addresses at its head, so that the file changes only when a text does."""

    mime_headers = [
        ("Language", "en"),
        ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


def kept() -> Catalog:
    """The catalogue as it is in the tree."""
    catalog = English(
        "en", header_comment="# The English of Sopan. `make messages` keeps it up with the code.", fuzzy=False
    )
    with PO.open("rb") as file:
        for message in read_po(file, locale="en"):
            if message.id:
                catalog[message.id] = message
    return catalog


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def brought_up(catalog: Catalog, code: Catalog) -> Catalog:
    """The catalogue with the texts of the code. Those it no longer has are dropped; nothing is guessed from similar ones."""
    catalog.update(code, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """The texts without an English one, or with one that was made for another form of the text ("fuzzy")."""

    def whole(message: Message) -> bool:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        return bool(strings) and all(strings) and not message.fuzzy

    return [
        message.id[0] if message.pluralizable else message.id
        for message in catalog
        if message.id and not whole(message)
    ]


def write(catalog: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)


def collect() -> list[str]:
    """Bring the catalogue up to the code, write and compile it; answers the texts that have no translation yet."""
    catalog = brought_up(kept(), texts())
    write(catalog, PO)
    MO.write_bytes(compiled(catalog))
    return missing(catalog)


if __name__ == "__main__":
    left = collect()
    sys.stdout.writelines(f"no English yet: {text}\n" for text in left)
    sys.exit(bool(left))
