import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from sopan.demo.instruments import BALANCE
from sopan.demo.loading import PASSPHRASE, load_demo_body, load_demo_people
from sopan.demo.player import Played, Player
from sopan.documents.models import IssuedDocument
from sopan.documents.signing import validate_file
from sopan.engine.audit import Audit, audit, seal_all

RETURNS = {"7": "Tarif neraca belum sesuai.", "13": "Pilih analis lain.", "16": "Ukur ulang titik terakhir."}


class Command(BaseCommand):
    help = "Plays one order in the present data folder (use “sopan demo”, which makes a fresh one)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self.json = options["json"]
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)  # the play opens a page, which names its files
        player = self._player()
        self._play(player)
        seal_all(timezone.now())
        document = IssuedDocument.objects.get(case=player.case)
        path = Path(document.signed.path)
        signature = validate_file(path)
        self._tell(player, path, document.signed_sha256, signature.valid, audit())

    def _player(self) -> Player:
        now = timezone.now()
        institution = load_demo_body(now=now)
        load_demo_people(institution, now=now)
        return Player(institution, timezone.now, [BALANCE], PASSPHRASE)

    def _play(self, player: Player) -> None:
        company = {
            "name": "PT Contoh Baru",
            "npwp": "0000000000000033",
            "address": "Jalan Contoh 33",
            "city": "Palembang",
        }
        person = {"name": "Wati Susilo", "email": "wati.susilo@contoh-baru.example", "phone": "0812-0000-0033"}
        player.register(company | {"phone": ""}, person, password="sandi-contoh-2026")  # noqa: S106 - of the play alone
        for played in player.played:
            self._line(played)
        returns = dict(RETURNS)
        assert player.case is not None
        while player.case.is_open:
            step = player.open_task().step
            reason = returns.pop(step, "")
            self._line(player.act("tidak" if reason else "", reason=reason))
            player.case.refresh_from_db()

    def _line(self, played: Played) -> None:
        if not self.json:
            self.stdout.write(f"{played.no:>3}  {played.actor:28} {played.act:66} {played.ms:8.1f} ms")
            self.stdout.flush()

    def _tell(self, player: Player, path: Path, sha256: str, valid: bool, found: Audit) -> None:
        if self.json:
            steps = [{"no": p.no, "actor": p.actor, "act": p.act, "ms": round(p.ms, 1)} for p in player.played]
            report = {"path": str(path), "sha256": sha256, "signature": "valid" if valid else "invalid"}
            self.stdout.write(
                json.dumps({"steps": steps, "report": report, "journal": {"entries": found.entries, "ok": found.ok}})
            )
        else:
            self.stdout.write(
                f"\nSigned report: {path}\nSHA-256: {sha256}\nSignature: {'valid' if valid else 'NOT VALID'}"
            )
            for fault in found.faults:
                self.stdout.write(str(fault))
            self.stdout.write(f"Journal: {found.entries} entries, {'all whole' if found.ok else 'BROKEN'}")
        if not valid or not found.ok:
            sys.exit(1)
