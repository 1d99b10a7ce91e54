"""Sopan as its users start it: ``sopan run --demo`` in a data folder of its own, with real web and worker processes."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("SOPAN_", "DATABASE_URL", "SECRET_KEY", "EMAIL_URL", "ALLOWED_HOSTS", "DJANGO_")


@dataclass(frozen=True)
class Server:
    """A running Sopan: its address, its data folder and the environment that commands need to work on it."""

    url: str
    data: Path
    env: dict[str, str]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ``sopan`` on the data of this server."""
        return subprocess.run(
            [sys.executable, "-m", "sopan", *words], env=self.env, cwd=ROOT, capture_output=True, text=True
        )

    def mail(self, to: str, subject: str) -> str:
        """The text of the mail to an address whose subject begins so; waits until the worker has sent it.

        The worker looks for what has run out once a minute, so this may take a little longer than that.
        """
        return within(90, lambda: self._sent(to, subject), f"a mail to {to}: {subject}")

    def _sent(self, to: str, subject: str) -> str:
        for path in sorted((self.data / "mail").glob("*.log")):
            for text in path.read_text().split("-" * 79 + "\n"):
                mail = message_from_string(text)
                if mail["To"] == to and str(mail["Subject"]).startswith(subject):
                    return str(mail.get_payload())
        return ""


def within(seconds: float, ask: object, what: str) -> str:
    """Ask again until the answer is not empty."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():  # type: ignore[operator]
            return str(answer)
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


@contextmanager
def running(folder: Path, *, prepared: Path) -> Iterator[Server]:
    """Sopan in a data folder of its own below ``folder``, with the demo body and the second factor required.

    The demo is loaded once into ``prepared``, by who needs it first, and copied for everybody.
    """
    with prepared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prepared.exists():
            with _served(folder / "first"):
                pass  # "Sopan serves" is the sign that all is loaded
            (folder / "first").rename(prepared)
    shutil.copytree(prepared, folder / "data")
    with _served(folder / "data") as server:
        yield server


@contextmanager
def _served(data: Path) -> Iterator[Server]:
    """Start Sopan in a data folder, as its users do; stop it as Ctrl-C does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env |= {"PORT": str(port), "SOPAN_DATA": str(data), "SOPAN_SECOND_FACTOR": "signers", "SOPAN_DEMO": "1"}
    data.mkdir(exist_ok=True)
    log = data / "run.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "sopan", "run", "--demo"], env=env, cwd=ROOT, stdout=out, stderr=out
        )
        try:
            server = Server(f"http://127.0.0.1:{port}", data, env)
            within(400, lambda: process.poll() is not None or _answers(server.url), "the server answers")
            assert process.poll() is None, log.read_text()
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(40)
    said = log.read_text()
    assert "Sopan has stopped" in said
    assert "Traceback" not in said, said


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/sehat/") as answer:
            return answer.status == 200
    except (URLError, ConnectionError):
        return False
