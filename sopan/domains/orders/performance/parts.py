"""Parts of the dashboard that other domains add: each a function of body and time to a template and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sopan.core.registry import Registry
from sopan.people.models import Institution

Part = Callable[[Institution, datetime], tuple[str, dict[str, Any]] | None]
dashboard_parts: Registry[Part] = Registry("part of the dashboard")


def shown(body: Institution, *, now: datetime) -> list[dict[str, Any]]:
    """The parts that have something to tell of this body, in the order in which they were added."""
    found = [part(body, now) for part in dashboard_parts.values()]
    return [{"template": one[0], "told": one[1]} for one in found if one is not None]
