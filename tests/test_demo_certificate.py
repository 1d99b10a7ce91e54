"""The order of the demo: there from the first start, whatever the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sopan.demo import certificate
from sopan.domains.testing.models import Worksheet
from sopan.domains.testing.tests import cast as stage
from sopan.engine.models import Case, Task


@pytest.mark.parametrize("day", [datetime(2026, 11, 23, 2, 14, tzinfo=UTC), datetime(2026, 11, 22, 20, 0, tzinfo=UTC)])
def test_the_demo_shows_a_certificate_on_its_way(db: None, monkeypatch: pytest.MonkeyPatch, day: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: day)
    monkeypatch.setattr(stage, "NOW", day - timedelta(days=30))
    cast = stage.make_cast()
    certificate.play_certificate(cast.body, now=day)
    certificate.play_certificate(cast.body, now=day)  # again is harmless
    case: Any = Case.objects.get()
    assert Task.objects.get(case=case, status="open").step == certificate.STOP
    assert Worksheet.objects.get().state == "submitted"
    assert case.company.name == "PT Contoh Kopi Lampung"
