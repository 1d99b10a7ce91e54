"""Kills web and worker processes at random moments of a running load, and looks whether anything was lost or doubled.

    sopan bench faults [--json] [--kills N] [--seed N] [--url postgres://…]

One child plays orders forward by the real operations, as the web does; another is the worker. Each kill is a SIGKILL of
one of them at a random moment; it is started again at once. Afterwards the load is played to its end and ``verify`` and
the counts of what every order must have left are looked at.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from typing import Any

from .apart import measured_apart, on_one
from .tables import create_tables

ORDERS_AT_ONCE = 6


def play(kills: int, seed: int) -> dict[str, Any]:
    """Runs in its own process on an empty database that DATABASE_URL names. It never compiles a PDF itself: children
    forked after that would hang."""

    create_tables()
    in_child(load)
    chance, killed, started = random.Random(seed), Counter(), time.monotonic()
    children = {"web": fork(web), "worker": fork(worker)}
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.35))
            victim = chance.choice(("web", "worker"))
            kill(children.pop(victim), victim)
            killed[victim] += 1
            children[victim] = fork({"web": web, "worker": worker}[victim])
        kill(children.pop("web"), "web")  # from here on nobody else plays, so no refusal is expected any more
        in_child(finish)
    finally:
        for victim, pid in children.items():
            kill(pid, victim)
    return {"kills": dict(killed), "seconds": round(time.monotonic() - started, 1), **looked_at()}


def kill(pid: int, name: str) -> None:
    """End a child at once. One that had ended by itself had a fault, which must not pass for a kill."""
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status):
        raise RuntimeError(f"the {name} had ended by itself, with {os.WEXITSTATUS(status)}")


def fork(act: Any) -> int:
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            act()
            os._exit(0)
        except BaseException as fault:  # the child must never return into the parent's code
            print(f"{act.__name__}: {type(fault).__name__}: {fault}", file=sys.stderr, flush=True)
            os._exit(1)
    return pid


def in_child(act: Any) -> None:
    _, status = os.waitpid(fork(act), 0)
    if status:
        raise RuntimeError(f"{act.__name__} failed")


# Children -------------------------------------------------------------------------------------------------------------


def load() -> None:
    from django.utils import timezone

    from sopan.demo.loading import load_demo_body, load_demo_people

    institution = load_demo_body(now=timezone.now())
    load_demo_people(institution, now=timezone.now())


def worker() -> None:
    from sopan.engine.worker import Worker

    Worker(interval=0.02).run()


def web() -> None:
    """Play orders for ever: whatever is open is brought one step further."""
    while True:
        forward()


def finish() -> None:
    """Play what was begun to its end, without beginning more."""
    from sopan.engine.models import Case

    deadline = time.monotonic() + 240
    while Case.objects.filter(status="open").exists():
        forward(more=False)
        if time.monotonic() > deadline:
            raise TimeoutError("some cases do not come to their end")
    from sopan.engine.models import Effect

    while Effect.objects.filter(status="waiting").exists() and time.monotonic() < deadline:
        time.sleep(0.1)


def forward(*, more: bool = True) -> None:
    from sopan.engine.models import Case
    from sopan.people.models import User

    customer = User.objects.filter(company_role="owner", is_active=True).order_by("pk")[0]
    cases = list(Case.objects.filter(status="open").order_by("pk")[:ORDERS_AT_ONCE])
    if more and len(cases) < ORDERS_AT_ONCE:
        player = new_player()
        player.order(customer, key=f"fault-{Case.objects.count()}")
    for case in cases:
        player = new_player()
        player.case, player.customer = case, customer
        if waits_for_printing(player):
            continue
        player.act()


def new_player() -> Any:
    from django.utils import timezone

    from sopan.demo.instruments import PH_METER
    from sopan.demo.loading import BODY, PASSPHRASE
    from sopan.demo.player import Player
    from sopan.people.models import Institution

    player = Player(Institution.objects.get(code=BODY), timezone.now, [PH_METER], PASSPHRASE)
    player.prints = False  # the worker does
    return player


def waits_for_printing(player: Any) -> bool:
    """Ask for the printed report once, and leave the order alone until the worker has made it."""
    from django.utils import timezone

    from sopan.domains.laboratory.models import Report
    from sopan.domains.laboratory.operations import reports
    from sopan.domains.orders.models import Order

    task = player.open_task()
    if player.step(task).work != "laboratory.render_report":
        return False
    order = Order.objects.select_related("case").get(case=player.case)
    states = set(Report.objects.filter(order=order).values_list("state", flat=True))
    if states == {Report.State.RENDERED}:
        return False
    if Report.State.RENDERING not in states:
        reports.plan_printing(order, actor=player.person(task), now=timezone.now())
    time.sleep(0.02)
    return True


def looked_at() -> dict[str, Any]:
    """What is there at the end, beside what must be there."""
    from sopan.documents.models import IssuedDocument, Number, NumberCounter, Signature
    from sopan.domains.orders.models import Bill, Survey
    from sopan.engine.audit import audit
    from sopan.engine.models import Case, Effect

    found = audit()
    finished = Case.objects.filter(status="finished").count()
    numbers = {
        c.series.key: (c.last, Number.objects.filter(series=c.series).count()) for c in NumberCounter.objects.all()
    }
    return {
        "cases": Case.objects.count(),
        "finished": finished,
        "verify": [str(fault) for fault in found.faults],
        "entries": found.entries,
        "effects": {"done": found.effects_done, "waiting": found.effects_waiting, "failed": found.effects_failed},
        "tried_again": Effect.objects.filter(attempts__gt=1).count(),
        "each_once": {
            "documents": IssuedDocument.objects.filter(status="released").count(),
            **{f"signatures_{role}": Signature.objects.filter(role=role).count() for role in Signature.Role.values},
            "paid_bills": Bill.objects.filter(status="paid").count(),
            "surveys": Survey.objects.count(),
            **{f"{key}_numbers": count for key, (_last, count) in numbers.items()},
        },
        "gaps": {key: last - count for key, (last, count) in numbers.items() if last != count},
    }


def run(kills: int, seed: int = 1, *, url: str = "") -> dict[str, Any]:
    return measured_apart("faults", kills, seed, url=url)


def main(arguments: list[str]) -> None:
    on_one("faults", arguments, sizes={"kills": 200, "seed": 1}, measure=run)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(play(int(sys.argv[1]), int(sys.argv[2]))))
