"""Made-up procedures for the drawing: 2 to 10 actors, 5 to 40 steps, returns, jumps, parallel branches, early ends."""

from __future__ import annotations

from random import Random

from sopan.core.model import Actor, Exit, Identity, Outcome, Procedure, Requirement, Step, StepKind


def procedure(seed: int) -> Procedure:
    """The same seed makes the same procedure."""
    chance = Random(seed)
    actors = tuple(Actor(f"a{place}", f"Pelaksana {place + 1}") for place in range(chance.randint(2, 10)))
    count = chance.randint(5, 40)
    steps = []
    doer = chance.choice(actors).id
    for place in range(count):
        doer = chance.choice(actors).id if chance.random() < 0.7 else doer
        steps.append(_step(chance, place, count, doer, actors))
    return Procedure(f"made-up-{seed}", Identity(f"SOP {seed}", f"Prosedur {seed}"), actors, tuple(steps))


def _step(chance: Random, place: int, count: int, doer: str, actors: tuple[Actor, ...]) -> Step:
    kind = StepKind.ACTIVITY
    if place == 0:
        kind = StepKind.START
    elif place == count - 1:
        kind = StepKind.END
    elif chance.random() < 0.3:
        kind = StepKind.DECISION
    others = chance.sample([one.id for one in actors if one.id != doer], k=chance.randint(1, min(3, len(actors) - 1)))
    return Step(
        id=str(place + 1),
        no=str(place + 1),
        sequence=place + 1,
        activity="Kegiatan " + "uraian " * chance.randint(1, 14),
        actors=(doer, *(others if chance.random() < 0.1 else ())),
        exits=_exits(chance, place, count, kind),
        kind=kind,
        requirements=(Requirement("Dokumen " * chance.randint(1, 6)),),
        outputs=("Hasil",),
    )


def _exits(chance: Random, place: int, count: int, kind: StepKind) -> tuple[Exit, ...]:
    if place == count - 1:
        return (Exit("", end=Outcome.FINISHED),)
    following = str(place + 2)
    if kind is not StepKind.DECISION:
        if chance.random() < 0.07:  # in parallel
            more = {following, *(str(chance.randint(place + 2, min(count, place + 5))) for _ in range(2))}
            return (Exit("", to=tuple(sorted(more))),)
        return (Exit("", to=(following,)),)
    ways = [Exit("ya", "Ya", to=(following,)), _otherwise(chance, place, count)]
    if chance.random() < 0.2:
        ways.append(Exit("lain", "Perlu pemeriksaan ulang, lanjut", to=(str(chance.randint(1, count)),)))
    return tuple(ways)


def _otherwise(chance: Random, place: int, count: int) -> Exit:
    luck = chance.random()
    if luck < 0.12:
        return Exit("tidak", "Tolak permohonan", end=Outcome.REJECTED)
    if luck < 0.8:
        return Exit("tidak", "Tidak", to=(str(chance.randint(max(1, place - 4), max(1, place))),))
    return Exit("tidak", "Tidak", to=(str(chance.randint(min(count, place + 3), min(count, place + 7))),))


_LONG = ("Ya", "Tidak", "Perlu pemeriksaan ulang oleh Tim Teknis", "Kedaluwarsakanpermohonannya")


def tangle(seed: int) -> Procedure:
    """Worse than any document: every step has up to four answers, each to up to three steps anywhere, in long words."""
    chance = Random(seed)
    actors = tuple(
        Actor(f"a{place}", "Kepala Subbagian " * chance.randint(1, 3)) for place in range(chance.randint(1, 8))
    )
    count = chance.randint(3, 9)
    steps = []
    for place in range(count):
        doers = chance.sample([one.id for one in actors], chance.choice([1, 1, min(2, len(actors)), len(actors)]))
        ways = []
        for number in range(chance.randint(1, 4)):
            label = f"{chance.choice(_LONG)} {number}"
            to = tuple(sorted({str(chance.randint(1, count)) for _ in range(chance.randint(1, 3))}))
            ends = chance.random() < 0.15 or place == count - 1
            ways.append(Exit(f"x{number}", label, end=Outcome.FINISHED) if ends else Exit(f"x{number}", label, to=to))
        name = str(place + 1)
        kind = chance.choice(list(StepKind))
        steps.append(Step(name, name, place + 1, "Kegiatan", tuple(doers), tuple(ways), kind=kind))
    return Procedure(f"tangle-{seed}", Identity("SOP", "Kusut"), actors, tuple(steps))
