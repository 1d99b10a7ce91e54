"""Orders of the demo body in different states, played forward by the real operations at past moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sopan.core.worktime import add_minutes
from sopan.engine.models import Case
from sopan.people.calendars import calendar_of
from sopan.people.models import Institution, User

from .instruments import BALANCE, OVEN, PH_METER, Instrument
from .loading import PASSPHRASE
from .player import Player


class Calendar:
    """A clock that begins some days ago and moves on in working time with every act, but never past the present."""

    def __init__(self, institution: Institution, *, days_ago: float, now: datetime) -> None:
        self.working, self.end = calendar_of(institution), now - timedelta(minutes=2)
        self.at = add_minutes(self.working, now - timedelta(days=days_ago), 5)

    def __call__(self) -> datetime:
        return min(self.at, self.end)

    def move(self, minutes: int) -> None:
        self.at = add_minutes(self.working, self.at, minutes)


@dataclass(frozen=True)
class Plot:
    """How far an order comes: ``stop`` is the step that waits; "" plays to the end."""

    key: str
    company: int
    instruments: tuple[Instrument, ...]
    stop: str
    days_ago: float
    pace: int = 9  # working minutes between acts
    returns: tuple[str, ...] = ()  # steps that are answered "tidak" once


PLOTS = (
    Plot("demo-1", 0, (BALANCE, OVEN), "", 40, 25, returns=("7", "16")),
    Plot("demo-2", 0, (PH_METER,), "21", 20, 30),
    Plot("demo-3", 1, (BALANCE,), "19", 12, 20),
    Plot("demo-4", 0, (OVEN,), "18", 9, 15, returns=("13",)),
    Plot("demo-5", 1, (PH_METER, BALANCE), "16", 8, 20),
    Plot("demo-6", 0, (BALANCE, PH_METER), "14", 6, 15),
    Plot("demo-7", 1, (OVEN,), "12", 3, 15),
    Plot("demo-8", 0, (PH_METER,), "11", 2, 10),
    Plot("demo-9", 1, (BALANCE,), "9", 12, 15),  # its billing code has expired
    Plot("demo-10", 0, (OVEN, PH_METER), "7", 1, 10),
    Plot("demo-11", 1, (PH_METER,), "6", 0.6, 6),
    Plot("demo-12", 1, (BALANCE, OVEN), "5", 0.3, 4),
)


def load_orders(institution: Institution, *, now: datetime) -> int:
    """Play the plots that are not there yet; how many. Each can be interrupted: what is there stays whole."""
    owners = User.objects.filter(institution=institution, company_role="owner", is_active=True).order_by("company_id")
    customers = list(owners)[:2]
    played = 0
    for plot in PLOTS:
        if not Case.objects.filter(start_key=plot.key).exists():
            play(plot, institution, customers[plot.company], now=now)
            played += 1
    return played


def play(plot: Plot, institution: Institution, customer: User, *, now: datetime) -> None:
    clock = Calendar(institution, days_ago=plot.days_ago, now=now)
    player = Player(institution, clock, list(plot.instruments), PASSPHRASE)
    player.order(customer, key=plot.key)
    assert player.case is not None
    returns = list(plot.returns)
    for _ in range(60):
        player.case.refresh_from_db()
        if not player.case.is_open:
            return
        step = player.open_task().step
        if step == plot.stop:
            return
        clock.move(plot.pace)
        if step in returns:
            returns.remove(step)
            player.act("tidak", reason="Mohon diperiksa kembali, ada data yang belum sesuai.")
        else:
            player.act()
    raise RuntimeError(f"{plot.key} did not reach step {plot.stop}")
