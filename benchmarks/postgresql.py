"""A PostgreSQL server of one's own, in a temporary folder, from the system's binaries; gone afterwards.

    python -m benchmarks.postgresql COMMAND …      runs the command with DATABASE_URL set to it

Durability is that of the default settings unless ``fsync=False`` (tests). The server does not run as root: as root it
is started as the user "postgres".
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL's server is missing (initdb not found): install it, on Debian: apt-get install postgresql"


def binaries() -> Path | None:
    """The folder of the newest server that is installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_server(command: list[str]) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    result = subprocess.run(command, user=user, capture_output=True, text=True, cwd="/")
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)}: {result.stderr or result.stdout}")


@contextmanager
def temporary_postgresql(*, fsync: bool = True) -> Iterator[str]:
    """Start a server; gives its URL. Raises RuntimeError(MISSING) if there are no binaries."""
    folder = binaries()
    if folder is None:
        raise RuntimeError(MISSING)
    home = Path(tempfile.mkdtemp(prefix="sopan-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    data = home / "data"
    _as_server(
        [
            str(folder / "initdb"),
            "-D",
            str(data),
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-U",
            "sopan",
            "--no-sync",
        ]
    )
    options = (
        f"-c listen_addresses='' -c unix_socket_directories='{home}' -c max_connections=100 -c shared_buffers=256MB"
    )
    if not fsync:
        options += " -c fsync=off -c full_page_writes=off"
    control = [str(folder / "pg_ctl"), "-D", str(data), "-w"]
    _as_server([*control, "-l", str(home / "log"), "-o", options, "start"])
    try:
        yield f"postgres://sopan@/postgres?host={home}"
    finally:
        _as_server([*control, "-m", "immediate", "stop"])
        shutil.rmtree(home, ignore_errors=True)


def restart(url: str) -> None:
    """Restart a server of ``temporary_postgresql``, ending the connections that are open."""
    home, folder = Path(url.split("host=")[1]), binaries()
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off"
    command = [
        f"{folder}/pg_ctl",
        "-D",
        f"{home}/data",
        "-w",
        "-m",
        "fast",
        "-l",
        f"{home}/log",
        "-o",
        options,
        "restart",
    ]
    _as_server(command)


def main() -> None:
    try:
        with temporary_postgresql(fsync=False) as url:
            sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode)
    except RuntimeError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
