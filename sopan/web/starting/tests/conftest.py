from pathlib import Path
from typing import Any

import pytest

from sopan.web.tests.cast import Cast

from .cast import make_starting_cast


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_starting_cast()
