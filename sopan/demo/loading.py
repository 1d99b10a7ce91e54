"""Loads an institution from its folder of procedures, and the demo people and orders on top of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.yamlfile import read_data
from sopan.documents.certificates import make_demo_pkcs12
from sopan.documents.models import NumberSeries
from sopan.documents.operations import add_signing_key
from sopan.domains.laboratory.loading import load_laboratories
from sopan.domains.orders.loading import load_tariffs
from sopan.people.loading import load_institution, load_people
from sopan.people.models import Institution, Position, User
from sopan.people.queries import holders_of

BODY = "bspji-palembang"
PASSPHRASE = "passphrase-demo"  # noqa: S105 - of the demo certificate, printed with the demo accounts


def data(folder: Path, name: str) -> Any:
    """The content of a YAML file of an institution. Raises ValueError with its problems."""
    found = read_data((folder / name).read_text(), file=name)
    if isinstance(found, list) and found and not isinstance(found[0], dict):
        raise ValueError("\n".join(map(str, found)))
    return found


@transaction.atomic
def load_body(*, now: datetime, code: str = BODY) -> Institution:
    """Create or update an institution with its positions, series, tariffs, laboratories and published procedures."""
    folder = settings.PROCEDURES_DIR / code
    told = data(folder, "institution.yaml")
    institution = load_institution(told, now=now)
    for series in told["number_series"]:
        fields = {"pattern": series["pattern"], "scope": series["scope"]}
        NumberSeries.objects.update_or_create(institution=institution, key=series["key"], defaults=fields)
    load_tariffs(institution, data(folder, "tariffs.yaml"))
    load_laboratories(institution, told)
    for slug, bindings in told["bindings"].items():
        file = folder / f"{slug}.yaml"
        procedure = load(file.read_text(), file=file.name)
        if not isinstance(procedure, Procedure):
            raise ValueError("\n".join(map(str, procedure)))
        publish(procedure, institution=institution, by=procedure.identity.approved_by.position, now=now)
        bind(slug, bindings, institution=institution)
    return institution


def load_demo_people(institution: Institution, *, now: datetime) -> list[User]:
    """Invented people for every position, two companies, and a demo certificate for who signs."""
    people = load_people(data(settings.PROCEDURES_DIR / institution.code, "demo.yaml"), now=now)
    for position in Position.objects.filter(institution=institution, signs=True):
        for person in holders_of(position, now):
            give_demo_certificate(person, position=position.name, now=now)
    return people


def give_demo_certificate(person: User, *, position: str, now: datetime) -> None:
    """A certificate of the local demo authority, unless the person has one already."""
    if person.signing_keys.exists():
        return
    content = make_demo_pkcs12(person.full_name, position=position, passphrase=PASSPHRASE, now=now)
    added = add_signing_key(person, content=content, passphrase=PASSPHRASE, now=now)
    if not added:
        raise RuntimeError(added.message)
