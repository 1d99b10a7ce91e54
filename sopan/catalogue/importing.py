"""SOP documents that people upload: read once, shown with what was found, and made into revisions that they choose.

Reading touches nothing of the catalogue. A document is known by its bytes: the same one again gives what was found then.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sopan.catalogue import content as contents
from sopan.catalogue import reading_words
from sopan.catalogue.editing import ENDED, drafter, open_revision
from sopan.catalogue.models import CatalogueEntry, ProcedureVersion, Revision, SourceDocument
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Problem, Procedure
from sopan.core.write import to_file
from sopan.core.yamlfile import Node, parse, plain
from sopan.exchange.as_file import as_file
from sopan.exchange.bpmn.read import is_bpmn, read_bpmn
from sopan.exchange.document import Unreadable
from sopan.exchange.draft import DraftProcedure
from sopan.exchange.open_file import read_file
from sopan.people.models import Institution, User
from sopan.ui.uploads import safe_name

LARGEST = 20 * 1024 * 1024  # bytes of one document
MOST_FOUND = 200  # procedures of one document
# Words of addresses below /sop/: no procedure can be called so.
RESERVED = frozenset({"baru", "buku", "ekspor", "evaluasi", "impor", "konsep", "pertentangan", "usulan"})
_OWN = re.compile(rb"^\s*(?:#[^\n]*\n\s*)*(?:\{\s*\"format\"|format:\s*[\"']?1)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Read:
    """A document with what is found in it; ``before`` if it had been read already."""

    document: SourceDocument
    before: bool


def read_document(institution: Institution, *, actor: User, data: bytes, name: str, now: datetime) -> Read | Refusal:
    """Read a document and keep what is found. Refusals: not-drafter, too-large.

    What cannot be read is kept too, with the reason; it is tried again when it comes again.
    Side effects: a SourceDocument.
    """
    if drafter(actor, institution.pk, now=now) is None:
        return Refusal("not-drafter", _("Hanya penyusun SOP yang dapat membaca dokumen."))
    if len(data) > LARGEST:
        return Refusal("too-large", _("Berkas ini terlalu besar."))
    digest = hashlib.sha256(data).hexdigest()
    known = SourceDocument.objects.filter(institution=institution, sha256=digest).first()
    if known is not None and not known.refused:
        return Read(known, before=True)
    told = _found(data, safe_name(name) or "dokumen")
    values = {"name": safe_name(name)[:200], "size": len(data), "refused": told[1][:500], "found": told[0]}
    try:
        with transaction.atomic():
            document, made = SourceDocument.objects.update_or_create(
                institution=institution, sha256=digest, defaults={**values, "person": actor, "at": now}
            )
    except IntegrityError:  # somebody uploads it at the same moment
        return Read(SourceDocument.objects.get(institution=institution, sha256=digest), before=True)
    return Read(document, before=not made and not document.refused)


@transaction.atomic
def open_found(
    document: SourceDocument, place: int, *, actor: User, slug: str = "", now: datetime
) -> Revision | Refusal:
    """Make the procedure in ``place`` (from 0) of a document a revision: of the procedure ``slug``, or of a new one.

    Pressed twice, it gives the same revision. Refusals: not-found, empty (no table was read), and those of
    ``open_revision``.
    Side effects: those of ``open_revision``; the document remembers the revision.
    """
    document = SourceDocument.objects.select_for_update().get(pk=document.pk)
    institution = document.institution
    if not 0 <= place < len(document.found) or actor.institution_id != institution.pk:
        return Refusal("not-found", _("SOP ini tidak ada dalam dokumen."))
    found = document.found[place]
    if not found["content"]:
        return Refusal("empty", _("Tabel SOP ini tidak terbaca, sehingga tidak dapat disunting."))
    if already := Revision.objects.filter(pk=found["revision"]).exclude(state__in=ENDED).first():
        return already
    newest = ProcedureVersion.objects.filter(institution=institution, slug=slug).order_by("-version").first()
    listed = CatalogueEntry.objects.filter(institution=institution, slug=slug).exists() if slug else False
    name = slug if newest or listed else free_slug(institution, found["name"] or found["number"])
    opened = open_revision(
        institution, actor=actor, slug=name, based_on=newest, content=found["content"], source=document.name,
        what=_("Dibaca dari dokumen %(name)s") % {"name": document.name} if newest else "", now=now,
    )  # fmt: skip
    if isinstance(opened, Revision):
        found["revision"] = opened.pk
        document.save(update_fields=["found"])
    return opened


def slug_for(found: Mapping[str, Any], *, known: Iterable[tuple[str, str, str]]) -> str:
    """The procedure, of those ``known``, that a found one is: the same number or the same name; "" if none is."""
    number, name = _plain(found["number"]), _plain(found["name"])
    for slug, one, other in known:
        if (number and len(number) > 2 and one == number) or (name and other == name):
            return slug
    return ""


def known(institution: Institution) -> list[tuple[str, str, str]]:
    """Slug, number and name, as ``slug_for`` compares them, of all procedures of the catalogue."""
    rows = [
        row
        for model in (ProcedureVersion, CatalogueEntry)
        for row in model.objects.filter(institution=institution).values_list("slug", "number", "name")
    ]
    return [(slug, _plain(number), _plain(name)) for slug, number, name in rows]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())


def free_slug(institution: Institution, name: str) -> str:
    """A name in addresses for a new procedure, that no other procedure of the institution has."""
    words = slugify(name)[:60].strip("-") or "sop"
    taken = _taken(institution) | RESERVED
    slug, number = words, 2
    while slug in taken:
        slug, number = f"{words}-{number}", number + 1
    return slug


def _taken(institution: Institution) -> set[str]:
    models = (ProcedureVersion, CatalogueEntry, Revision)
    return {
        slug
        for model in models
        for slug in model.objects.filter(institution=institution).values_list("slug", flat=True)
    }


# Reading --------------------------------------------------------------------------------------------------------------


def _found(data: bytes, name: str) -> tuple[list[dict[str, Any]], str]:
    """(what is found, why nothing is)."""
    if is_bpmn(data):
        read = read_bpmn(data, name=name)
        return ([], read.reason) if isinstance(read, Unreadable) else _of_diagram(contents.read(to_file(read)))
    if _OWN.match(data[:2_000]):
        return _own_file(data, name)
    drafts = read_file(data, name=name)
    if isinstance(drafts, Unreadable):
        return [], drafts.reason
    return [_of_draft(draft, name) for draft in drafts[:MOST_FOUND]], ""


def _of_content(content: dict[str, Any] | Refusal) -> tuple[list[dict[str, Any]], str]:
    return ([], content.message) if isinstance(content, Refusal) else ([_told(content, [], "")], "")


def _of_diagram(content: dict[str, Any] | Refusal) -> tuple[list[dict[str, Any]], str]:
    """A diagram, with what its reader notes told as remarks, and in Indonesian in the revision."""
    if isinstance(content, Refusal):
        return [], content.message
    notes = content.get("notes", [])
    warnings = [["file", one] for one in notes if reading_words.note(one)]
    if notes:
        content["notes"] = [reading_words.note(one) or one for one in notes]
    return [_told(content, warnings, "")], ""


def _own_file(data: bytes, name: str) -> tuple[list[dict[str, Any]], str]:
    """A file in our own format; an incomplete one is taken as it is, to be completed in the editor."""
    text = data.decode("utf-8", errors="replace")
    root = parse(text, file=name)
    if not isinstance(root, Node):
        return [], str(root[0].what)
    procedure: Procedure | list[Problem] = load(text, file=name)
    return _of_content(contents.read(to_file(procedure) if isinstance(procedure, Procedure) else plain(root)))


def _of_draft(draft: DraftProcedure, source: str) -> dict[str, Any]:
    warnings = [[remark.where, remark.what] for remark in draft.warnings]
    if draft.refused or not draft.steps:
        named = {"number": draft.number.value if draft.number else "", "name": draft.name.value if draft.name else ""}
        return {**_told({"identity": named, "steps": []}, warnings, draft.refused), "content": None}
    root = parse(as_file(draft, source=source), file=source)
    content = contents.read(plain(root)) if isinstance(root, Node) else Refusal("shape")
    if isinstance(content, Refusal):
        return {**_told({"identity": {}, "steps": []}, warnings, content.message), "content": None}
    flow = _("Dibaca dari %(name)s; langkah dianggap berurutan, karena gambar alur dokumen tidak dibaca.")
    content["notes"] = [flow % {"name": source}, *(reading_words.remark(*one)[:500] for one in warnings)][:400]
    return _told(content, warnings, "")


def _told(content: Any, warnings: list[list[str]], refused: str) -> dict[str, Any]:
    steps, identity = content["steps"], content["identity"]
    return {
        "number": identity.get("number", ""),
        "name": identity.get("name", ""),
        "steps": len(steps),
        "with_actor": sum(bool(step.get("actor") or step.get("actors")) for step in steps),
        "inferred": sum(len(step.get("inferred", [])) for step in steps),
        "warnings": warnings[:300],
        "refused": refused,
        "content": content,
        "revision": None,
    }
