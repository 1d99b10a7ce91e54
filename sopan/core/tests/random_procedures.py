"""Random procedures and random acts for property tests: returns, parallel branches, joins, several actors."""

from __future__ import annotations

from hypothesis import strategies as st

from sopan.core.model import Actor, Exit, Identity, Outcome, Participation, Procedure, Step, StepKind

ACTORS = ("a", "b", "c")


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """3 to 10 steps; from each an end can be reached going forward, as ``check`` demands of a file."""
    count = draw(st.integers(3, 10))
    steps = []
    for place in range(count):
        steps.append(draw(_step(place, count)))
    actors = tuple(Actor(name, name.upper()) for name in ACTORS)
    return Procedure("random", Identity("SOP 1", "Random"), actors, tuple(steps))


@st.composite
def _step(draw: st.DrawFn, place: int, count: int) -> Step:
    last = place == count - 1
    ways = [Exit("ya", "Ya", **draw(_forward(place, count)))]
    for number in range(draw(st.integers(0, 2))):
        ways.append(Exit(f"tidak{number}", "Tidak", **draw(_anywhere(place, count))))
    many = draw(st.booleans())
    return Step(
        id=str(place + 1),
        no=str(place + 1),
        sequence=place + 1,
        activity=f"Kegiatan {place + 1}",
        actors=tuple(draw(st.permutations(ACTORS)))[: draw(st.integers(1, 3)) if many else 1],
        participation=draw(st.sampled_from(Participation)),
        exits=tuple(ways),
        kind=StepKind.START if place == 0 else StepKind.END if last else StepKind.ACTIVITY,
        join=place > 0 and draw(st.booleans()),
    )


def _forward(place: int, count: int) -> st.SearchStrategy[dict[str, object]]:
    if place == count - 1:
        return st.just({"end": Outcome.FINISHED})
    ahead = st.lists(st.integers(place + 2, count).map(str), min_size=1, max_size=3)
    return ahead.map(lambda targets: {"to": tuple(targets)})


def _anywhere(place: int, count: int) -> st.SearchStrategy[dict[str, object]]:
    anywhere = st.lists(st.integers(1, count).map(str), min_size=1, max_size=2)
    return anywhere.map(lambda targets: {"to": tuple(targets)}) | st.sampled_from(Outcome).map(lambda end: {"end": end})
