"""Who does nothing but test works by the code of the sample, without being told whose it is, also where it is taken."""

from __future__ import annotations

from functools import partial

from sopan.domains.laboratory.blind import measuring
from sopan.engine.blind import rules

rules.add("testing", partial(measuring, work="testing.worksheet", beside="testing.sample_and_report"))
