"""The source documents: the texts of the SOPs, which are not part of the project.

``SOPAN_SEEDS`` tells their folder; unless told, they are looked for beside the checkout. Where they are not, tests that read
them are skipped and say so (``conftest.MAY_BE_ABSENT``); where the variable promises them, they fail.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "seeds"


def folder() -> Path | None:
    """Where the documents are, or None."""
    found = Path(os.environ.get("SOPAN_SEEDS") or BESIDE)
    return found if found.is_dir() else None


def needed() -> Path:
    """Where the documents are; without them the test that asks is over."""
    found = folder()
    if found is None:
        _absent("the source documents are not at hand (set SOPAN_SEEDS)")
    return found


def document(number: str) -> str:
    """The text of one document, by the number that its file begins with."""
    files = sorted(needed().glob(f"{number}_*.txt"))
    if not files:
        _absent(f"of the source documents, {number} is not at hand")
    return files[0].read_text(encoding="utf-8")


def _absent(told: str) -> NoReturn:
    if os.environ.get("SOPAN_SEEDS"):
        pytest.fail(told)
    pytest.skip(told)
