"""A procedure as the canonical data of ``core.dump``, for programs."""

from __future__ import annotations

import json

from sopan.core.dump import to_data
from sopan.core.model import Procedure


def write_json(procedure: Procedure) -> bytes:
    """UTF-8, keys sorted, indented: equal procedures give equal bytes, and a difference is a line."""
    return (json.dumps(to_data(procedure), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
