"""What a row of the table says, and the roles by which it says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .world import ROLES, World

Typed = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


def roles(text: str) -> frozenset[str]:
    found = frozenset(text.split())
    assert found <= set(ROLES), found - set(ROLES)
    return found


NOBODY: frozenset[str] = frozenset()
ALL = frozenset(ROLES)
OUT = roles("visitor newcomer departed")
IN = ALL - OUT
MINE = roles("owner colleague")
CUSTOMERS = MINE | roles("rival abroad_customer")
STAFF = IN - CUSTOMERS
BOUND = roles(
    "admin cs pji treasurer supervisor other_supervisor analyst other_analyst far_analyst mt head"
)  # who takes part in the procedure
ADMIN, CS, PJI, TREASURER, MT, HEAD = (roles(role) for role in ("admin", "cs", "pji", "treasurer", "mt", "head"))
SUPERVISOR, ANALYST = roles("supervisor"), roles("analyst")
SUPERVISORS, ANALYSTS = SUPERVISOR | roles("other_supervisor"), ANALYST | roles("other_analyst far_analyst")
MASS = SUPERVISOR | ANALYST | roles("other_analyst") | MT  # who works in the laboratory of the demo's chart
LABORATORY, KEEPERS = SUPERVISORS | ANALYSTS | MT, SUPERVISORS | MT
ADMINS = ADMIN | roles("abroad_admin")
HEADS = roles("head")
WITH_FACTOR = ADMINS | HEADS
DRAFTER = roles("unbound")  # her position drafts SOPs
JUDGES = SUPERVISOR | MT  # who answers for the laboratory that has these objects


@dataclass(frozen=True)
class Row:
    get: frozenset[str] = NOBODY
    post: frozenset[str] = NOBODY
    at: str = ""
    typed: Typed = field(default_factory=dict)
    idle: frozenset[str] = NOBODY
    answers: tuple[int, ...] = ()  # answers of its own, beside the ordinary ones
    query: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)  # what else the address asks for

    def given(self, world: World) -> Mapping[str, Any]:
        return self.typed(world) if callable(self.typed) else self.typed
