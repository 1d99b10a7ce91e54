"""Loads the demo institution and its invented people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from sopan.documents.certificates import make_demo_pkcs12
from sopan.documents.operations import add_signing_key
from sopan.domains.laboratory.loading import load_equipment
from sopan.domains.laboratory.validity.loading import load_validity
from sopan.domains.testing.loading import load_competences, load_register
from sopan.people.loading import load_people
from sopan.people.models import Institution, Position, User
from sopan.people.queries import holders_of
from sopan.web.bodies import load_body, read

BODY = "bspji-palembang"  # the one whose orders are played
CERTIFIES = "disperindag-lampung"  # the one that plays an order for a quality certificate
OTHERS = ("bblm", "bpsmb-kaltim", CERTIFIES)
PASSPHRASE = "passphrase-demo"  # noqa: S105 - of the demo certificate, printed with the demo accounts


def load_demo_body(*, now: datetime) -> Institution:
    """The institution that the demo plays."""
    return load_body(BODY, now=now)


def load_other_bodies(*, now: datetime) -> list[Institution]:
    """The other institutions under ``procedures/`` with their invented people, so that their SOPs can be tried too."""
    before = now - timedelta(days=30)  # their SOPs have been in force for a while, so that an order can be on its way
    bodies = [load_body(code, now=before) for code in OTHERS]
    for body in bodies:
        load_demo_people(body, now=now)
    return bodies


def load_demo_people(institution: Institution, *, now: datetime) -> list[User]:
    """Invented people for every position, two companies, equipment with methods and control charts, and a demo certificate for who signs."""
    told = read(settings.PROCEDURES_DIR / institution.code, "demo.yaml")
    people = load_people(told, now=now)
    if told.get("testing"):
        load_register(institution, told["testing"])
        load_competences(institution, told["testing"]["competences"], now=now)
    for position in Position.objects.filter(institution=institution, signs=True):
        for person in holders_of(position, now):
            give_demo_certificate(person, position=position.name, now=now)
    folder = settings.PROCEDURES_DIR / institution.code
    if (folder / "laboratory.yaml").is_file():
        laboratory = read(folder, "laboratory.yaml")
        load_equipment(institution, laboratory, now=now)
        load_validity(institution, laboratory, now=now)
    return people


def give_demo_certificate(person: User, *, position: str, now: datetime) -> None:
    """A certificate of the local demo authority, unless the person has one already."""
    if person.signing_keys.exists():
        return
    content = make_demo_pkcs12(person.full_name, position=position, passphrase=PASSPHRASE, now=now)
    added = add_signing_key(person, content=content, passphrase=PASSPHRASE, now=now)
    if not added:
        raise RuntimeError(added.message)
