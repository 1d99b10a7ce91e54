import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sopan.engine.audit import audit


class Command(BaseCommand):
    help = "Recomputes all chains and seals, replays each case, and names the first entry of each that is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit()
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "ok": found.ok,
                        "cases": found.cases,
                        "entries": found.entries,
                        "seals": found.seals,
                        "effects": {
                            "done": found.effects_done,
                            "waiting": found.effects_waiting,
                            "failed": found.effects_failed,
                        },
                        "faults": [str(fault) for fault in found.faults],
                    }
                )
            )
        else:
            for fault in found.faults:
                self.stdout.write(str(fault))
            self.stdout.write(
                f"{found.cases} cases, {found.entries} entries, {found.seals} seals: "
                + ("all whole" if found.ok else f"{len(found.faults)} wrong")
            )
            self.stdout.write(
                f"effects: {found.effects_done} done, {found.effects_waiting} waiting, {found.effects_failed} failed"
            )
        if not found.ok:
            raise SystemExit(1)
