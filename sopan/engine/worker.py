"""The worker: runs effects as they come and regular jobs as their time comes, until it is told to stop.

It may be killed at any moment: leases run out and effects are claimed again. It outlives a restart of the database.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone

from . import effects

log = logging.getLogger("sopan.worker")

JOBS_EVERY = timedelta(seconds=15)


class Worker:
    """One worker process. ``interval``: seconds between looks into an empty outbox."""

    def __init__(self, *, interval: float = 0.25) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:80]
        self.interval = interval
        self.stopping = threading.Event()
        self._jobs_at: datetime | None = None

    def stop(self, *_: object) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Work until told to stop; the effect in hand is finished first."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self.stop)
        log.info("worker %s works", self.name)
        self._release_dead()
        while not self.stopping.is_set():
            if not self._round():
                self.stopping.wait(self.interval)
        log.info("worker %s stops", self.name)

    def _release_dead(self) -> None:
        """Take back at once what workers of this machine held when they died; others' leases run out by themselves."""
        host = self.name.split(":")[0]
        try:
            effects.release(lambda holder: holder.startswith(f"{host}:") and not _alive(int(holder.split(":")[1])))
        except DatabaseError as fault:
            log.warning("the database is not there yet (%s)", type(fault).__name__)
            connection.close()

    def _round(self) -> bool:
        """One look into the outbox. True if there was something to do."""
        try:
            self._jobs()
            effect = effects.claim(worker=self.name, now=timezone.now())
            if effect is None:
                close_old_connections()
                return False
            effects.run(effect)
            return True
        except DatabaseError as fault:
            log.warning("the database is not there (%s); trying again", type(fault).__name__)
            connection.close()
            self.stopping.wait(1)
            return False

    def _jobs(self) -> None:
        now = timezone.now()
        if self._jobs_at is None or now - self._jobs_at >= JOBS_EVERY:
            self._jobs_at = now
            effects.run_jobs(now=now)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's process
    return pid != os.getpid()  # the number of a dead worker may be given to this one
