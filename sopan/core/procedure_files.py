"""Which files under ``procedures/`` are procedures, and which are data of the institution beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DATA = frozenset(
    {
        "institution.yaml",
        "catalogue.yaml",
        "tariffs.yaml",
        "demo.yaml",
        "appraisal.yaml",
        "laboratory.yaml",
        "testing.yaml",
    }
)
WALKS = ".walks.yaml"


def procedure_files(folder: Path) -> Iterator[Path]:
    """The procedure files in ``folder`` and below it, in the order of their paths."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.name not in DATA and not path.name.endswith(WALKS):
            yield path


def body_of(path: Path) -> Path:
    """The folder of the institution that a file belongs to: the nearest one that holds ``institution.yaml``.

    Raises LookupError where there is none.
    """
    for folder in path.parents:
        if (folder / "institution.yaml").is_file():
            return folder
    raise LookupError(f"no institution.yaml above {path}")
