"""Every walk-through that stands beside a procedure is played: given these acts, these steps open, due then, ending so."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from sopan.core import flow
from sopan.core.flow import Refusal, State
from sopan.core.holidays_id import office_calendar
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import WALKS, body_of, procedure_files
from sopan.core.worktime import WorkingCalendar, due
from sopan.core.yamlfile import read_data

FILES = sorted(Path(settings.PROCEDURES_DIR).rglob(f"*{WALKS}"))
ZONES = {
    path.parent: read_data(path.read_text(), file=path.name)["zone"]
    for path in settings.PROCEDURES_DIR.glob("*/institution.yaml")
}


def walks() -> list[Any]:
    found = []
    for path in FILES:
        for walk in read_data(path.read_text(), file=path.name):
            found.append(pytest.param(path, walk, id=f"{path.name.removesuffix(WALKS)}: {walk['name']}"))
    return found


def procedure_beside(path: Path) -> Procedure:
    file = path.with_name(path.name.replace(WALKS, ".yaml"))
    procedure = load(file.read_text(), file=file.name)
    assert isinstance(procedure, Procedure), procedure
    return procedure


@pytest.mark.parametrize(("path", "walk"), walks())
def test_walk(path: Path, walk: dict[str, Any]) -> None:
    procedure, now = procedure_beside(path), datetime.fromisoformat(walk["now"])
    calendar = office_calendar(ZONES[body_of(path)], years=range(now.year - 1, now.year + 3))
    events = flow.decide(procedure, State(), flow.Start(walk.get("entry", "")))
    assert not isinstance(events, Refusal)
    state = flow.play(State(), events)
    assert ids(state.open) == ids(walk["opens"])
    for act in walk["acts"]:
        now = datetime.fromisoformat(act["at"]) if "at" in act else now
        state = play_act(procedure, state, act, now=now, calendar=calendar)
    assert (str(state.outcome) if state.outcome else None) == walk.get("end")


def play_act(
    procedure: Procedure, state: State, act: dict[str, Any], *, now: datetime, calendar: WorkingCalendar
) -> State:
    step = procedure.by_id[str(act["step"])]
    command: flow.Command = flow.Complete(step.id, act.get("by", step.actors[0]), act.get("answer", ""))
    if "back" in act:
        command = flow.SendBack(step.id, str(act["back"]))
    events = flow.decide(procedure, state, command)
    if "refused" in act:
        assert isinstance(events, Refusal), act
        assert events.code == act["refused"], act
        return state
    assert not isinstance(events, Refusal), (act, events)
    state = flow.play(state, events)
    assert ids(state.open) == ids(act["opens"]), act
    for opened, expected in act.get("due", {}).items():
        found = due(calendar, now, procedure.by_id[opened].time)
        check_due(calendar, found.at if found else None, expected)
    return state


def ids(steps: Any) -> list[str]:
    return sorted(str(step) for step in steps)


def check_due(calendar: WorkingCalendar, found: datetime | None, expected: str | None) -> None:
    if expected is None or found is None:
        assert found is expected
    elif "T" in expected:
        assert found == datetime.fromisoformat(expected)
    else:
        from zoneinfo import ZoneInfo

        assert found.astimezone(ZoneInfo(calendar.zone)).date() == date.fromisoformat(expected)


def test_every_procedure_has_walks() -> None:
    walked = {path.with_name(path.name.replace(WALKS, ".yaml")) for path in FILES}
    assert set(procedure_files(settings.PROCEDURES_DIR)) == walked


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(WALKS))
def test_the_walks_of_a_procedure_take_every_way_out_and_reach_every_end(path: Path) -> None:
    procedure = procedure_beside(path)
    taken = {
        (str(act["step"]), str(act.get("answer", "")))
        for walk in read_data(path.read_text(), file=path.name)
        for act in walk["acts"]
        if "back" not in act and "refused" not in act
    }
    assert {(step.id, way.answer) for step in procedure.steps for way in step.exits} - taken == set()
