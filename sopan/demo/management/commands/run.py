import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Prepares the data folder and serves: web and worker together, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo body if the data folder is empty")
        parser.add_argument("--threads", type=int, default=8)
        parser.add_argument("--workers", type=int, default=1, help="web processes; more than one only with PostgreSQL")

    def handle(self, *args: Any, **options: Any) -> None:
        self._check_port()
        if options["demo"]:
            os.environ["SOPAN_DEMO"] = "1"
            settings.DEMO = True
        self._prepare(demo=options["demo"])
        Supervisor(self._commands(options), stdout=self.stdout).run()

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", settings.PORT))
            except OSError:
                raise CommandError(
                    f"Port {settings.PORT} is in use: another Sopan or another program. Stop it, or set PORT."
                ) from None

    def _prepare(self, *, demo: bool) -> None:
        self.stdout.write(f"Data folder: {settings.DATA_DIR}")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            # Loading compiles PDFs, which must not happen in a process that forks later: an own process does it.
            subprocess.run([sys.executable, "-m", "sopan", "load_demo"], check=True)

    def _commands(self, options: dict[str, Any]) -> list[list[str]]:
        python = [sys.executable, "-m"]
        address = os.environ.get("SOPAN_BIND", f"127.0.0.1:{settings.PORT}")
        web = [*python, "gunicorn", "sopan.wsgi", "--bind", address, "--worker-class", "gthread"]
        web += ["--workers", str(options["workers"]), "--threads", str(options["threads"]), "--timeout", "60"]
        web += ["--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"]
        return [web, [*python, "sopan", "worker"]]


class Supervisor:
    """Keeps its processes running: one that dies is started again; on Ctrl-C or SIGTERM all end."""

    def __init__(self, commands: list[list[str]], *, stdout: Any) -> None:
        self.commands, self.stdout = commands, stdout
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> None:
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._stop)
        for place in range(len(self.commands)):
            self._start(place)
        self.stdout.write(f"Sopan serves at {settings.SITE_URL} (Ctrl-C ends it)")
        self.stdout.flush()
        while not self.stopping:
            time.sleep(0.3)
            for place, process in list(self.running.items()):
                if process.poll() is not None and not self.stopping:
                    self.stdout.write(f"{self.commands[place][2]} ended ({process.returncode}); starting it again")
                    time.sleep(1)
                    self._start(place)
        self._end_all()

    def _start(self, place: int) -> None:
        # An own session: Ctrl-C in the terminal reaches the supervisor alone, which ends the others in order.
        self.running[place] = subprocess.Popen(self.commands[place], start_new_session=True)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + 15
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        self.stdout.write("Sopan has stopped. Your data is kept.")
