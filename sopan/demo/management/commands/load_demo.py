from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from sopan.demo.certificate import play_certificate
from sopan.demo.loading import BODY, CERTIFIES, PASSPHRASE, load_demo_body, load_demo_people, load_other_bodies
from sopan.demo.orders import PLOTS, load_orders
from sopan.engine.models import Case
from sopan.people.loading import DEMO_PASSWORD
from sopan.people.models import Appointment, User


class Command(BaseCommand):
    help = (
        "Loads the bodies under procedures/ with invented people, and orders in different states; what is there stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        institution = load_demo_body(now=now)
        load_demo_people(institution, now=now)
        others = load_other_bodies(now=now)
        play_certificate(next(body for body in others if body.code == CERTIFIES), now=now)
        missing = len(PLOTS) - Case.objects.filter(start_key__startswith="demo-").count()
        if missing:
            self.stdout.write(f"Playing {missing} demo orders …")
            self.stdout.flush()
            load_orders(institution, now=now)
        self._print_accounts()

    def _print_accounts(self) -> None:
        self.stdout.write(f"\nDemo accounts (password of all: {DEMO_PASSWORD}):")
        held = Appointment.objects.filter(valid_to__isnull=True, position__institution__code=BODY)
        held = held.select_related("position", "person")
        for appointment in held.order_by("position_id", "pk"):
            self.stdout.write(f"  {appointment.person.email:45} {appointment.position.name}")
        for user in User.objects.filter(kind="customer", is_active=True, institution__code=BODY).select_related(
            "company"
        ):
            self.stdout.write(f"  {user.email:45} {user.company}")
        self.stdout.write(f"Passphrase of the demo certificate of Kepala Balai: {PASSPHRASE}")
        self.stdout.write("The people of the other bodies stand on the log-in page.")
        self.stdout.write(f"Log in at {settings.SITE_URL}/akun/login/\n")
