from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sopan.catalogue.queries import in_force
from sopan.core.flow import Refusal
from sopan.people.mails import set_password_url
from sopan.people.models import Institution
from sopan.people.operations import add_first_manager
from sopan.web.bodies import Unreadable, load_body


class Command(BaseCommand):
    help = (
        "Brings an institution, its tariffs and its procedures from its folder under procedures/ up to date; harmless to "
        "repeat. With --manager also makes the first account, which invites the others."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="name of the folder, as bspji-palembang")
        parser.add_argument("--manager", metavar="EMAIL", help="who manages the accounts; only while nobody does")
        parser.add_argument("--name", default="", help="full name of that person")
        parser.add_argument("--position", default="admin-satker", help="code of the position (default: %(default)s)")
        parser.add_argument("--letter", default="", help="number of the letter of appointment")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["manager"] and not options["name"].strip():
            raise CommandError("--manager needs --name, the full name of the person")
        now = timezone.now()
        try:
            institution = load_body(options["code"], now=now)
        except Unreadable as problem:
            raise CommandError(str(problem)) from None
        versions = institution.procedure_versions.filter(in_force(now)).count()
        self.stdout.write(f"{institution.name}: {versions} procedure(s) in force.")
        if options["manager"]:
            self._manager(institution, options)

    def _manager(self, institution: Institution, options: dict[str, Any]) -> None:
        person = add_first_manager(
            institution,
            email=options["manager"],
            name=options["name"],
            position=options["position"],
            letter=options["letter"],
            now=timezone.now(),
        )
        if isinstance(person, Refusal):
            raise CommandError(person.message)
        link = set_password_url(person)
        self.stdout.write(f"{person.full_name} sets a password here: {link}")
        if settings.SITE_URL.startswith("http://127.0.0.1"):
            self.stdout.write("(SOPAN_URL is not set: the address holds on this computer alone.)")
