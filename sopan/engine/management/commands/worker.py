from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sopan.engine.worker import Worker


class Command(BaseCommand):
    help = "Runs effects (mails, PDFs) and regular jobs until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=0.25, help="seconds between looks into an empty outbox")

    def handle(self, *args: Any, **options: Any) -> None:
        Worker(interval=options["interval"]).run()
