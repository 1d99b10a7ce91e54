from pathlib import Path
from typing import Any

import pytest

from sopan.web.tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    """Ana and Budi work by the procedure "surat", Vera drafts, Adi reviews, Citra (its head) approves."""
    settings.MEDIA_ROOT = tmp_path
    made = make_cast()
    for code, right in (("archive", "drafts"), ("admin", "reviews"), ("head", "approves")):
        made.body.positions.filter(code=code).update(**{f"{right}_procedures": True})
    made.with_second_factor("adi")
    return made
