"""Brings the folder of an institution under ``procedures/`` into the database: its file tells what every domain needs."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.operations import bind, publish
from sopan.core.catalogue_file import check_starts
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import procedure_files
from sopan.core.yamlfile import read_data
from sopan.documents.models import NumberSeries
from sopan.domains.laboratory.loading import load_laboratories
from sopan.domains.orders.loading import load_tariffs
from sopan.domains.testing.loading import load_register
from sopan.people.loading import load_institution
from sopan.people.models import Institution


class Unreadable(ValueError):
    """A file of the folder is missing or wrong; the message names the file, the line and what to do."""


def read(folder: Path, name: str) -> Any:
    """The content of a YAML file of an institution. Raises ``Unreadable``."""
    found = read_data(_text(folder / name), file=name)
    if isinstance(found, list) and found and not isinstance(found[0], dict):
        raise Unreadable("\n".join(map(str, found)))
    return found


def _text(file: Path) -> str:
    if not file.is_file():
        raise Unreadable(f"{file} is missing: procedures/README.md tells what the folder of an institution holds")
    return file.read_text()


@transaction.atomic
def load_body(code: str, *, now: datetime) -> Institution:
    """Create or update an institution with its positions, number series, tariffs, laboratories, commodities and procedures.

    Loading again brings texts up to date and publishes the procedures that changed; settings and calendar stay as the
    institution keeps them. Raises ``Unreadable``, and then nothing has changed.
    """
    folder = settings.PROCEDURES_DIR / code
    told = read(folder, "institution.yaml")
    institution = load_institution(told, now=now)
    for series in told["number_series"]:
        fields = {"pattern": series["pattern"], "scope": series["scope"]}
        NumberSeries.objects.update_or_create(institution=institution, key=series["key"], defaults=fields)
    if (folder / "tariffs.yaml").is_file():
        load_tariffs(institution, read(folder, "tariffs.yaml"))
    if told.get("laboratories"):
        load_laboratories(institution, told)
    if (folder / "testing.yaml").is_file():
        load_register(institution, read(folder, "testing.yaml"))
    _load_catalogue(institution, folder, now=now)
    return institution


def _load_catalogue(institution: Institution, folder: Path, *, now: datetime) -> None:
    listed = read(folder, "catalogue.yaml")
    if problems := check_starts(_text(folder / "catalogue.yaml"), file="catalogue.yaml"):
        raise Unreadable("\n".join(map(str, problems)))
    try:
        load_entries(institution, listed)
        files = {path.stem: path for path in procedure_files(folder)}
        for entry in listed["entries"]:
            if slug := entry.get("procedure"):
                _publish(institution, files.get(slug, folder / f"{slug}.yaml"), now=now)
                bind(slug, entry.get("bindings") or {}, institution=institution, keep=True)
    except Unreadable:
        raise
    except (LookupError, ValueError) as problem:
        raise Unreadable(f"{folder.name}: {problem}") from problem


def _publish(institution: Institution, file: Path, *, now: datetime) -> None:
    """A procedure that the institution has changed or withdrawn is its own: the file no longer puts itself in its place."""
    procedure = load(_text(file), file=file.name)
    if not isinstance(procedure, Procedure):
        raise Unreadable("\n".join(map(str, procedure)))
    versions = ProcedureVersion.objects.filter(institution=institution, slug=procedure.slug)
    if not versions.filter(~Q(withdrawn_by="") | Q(revision__isnull=False)).exists():
        printed = procedure.identity.effective
        since = datetime.combine(printed, time.min, ZoneInfo(institution.zone)) if printed else None
        by = procedure.identity.approved_by.position
        publish(procedure, institution=institution, by=by, now=now, effective_from=since)
