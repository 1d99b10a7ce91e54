"""Does a loaded procedure make sense? One small function a rule, listed in ``CHECKS``; all problems, not the first.

Errors keep a procedure from being published. Warnings are things that real SOPs have and that a person should look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sopan.core.load import load_with_lines
from sopan.core.model import ActorKind, Exit, FieldKind, Problem, Procedure, Step, StepKind, TimeKind


@dataclass(frozen=True, slots=True)
class Known:
    """Keys that the domains offer; None where that is not known, and then not checked."""

    works: Collection[str] | None = None
    decisions: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: at a step, or at the procedure as a whole where ``step`` is empty."""

    step: str
    what: str
    fix: str
    error: bool = True


Rule = Callable[[Procedure, Known], Iterator[Finding]]


def check(
    procedure: Procedure,
    *,
    works: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    file: str = "",
    lines: Mapping[str, int] | None = None,
) -> list[Problem]:
    """All that is wrong or doubtful, in the order of the steps.

    ``works`` and ``decisions`` are the keys that the domains offer (None: not checked). ``file`` and ``lines`` (step id
    -> line) say where; without them a problem names the step only.
    """
    known, where = Known(works, decisions), lines or {}
    problems = [
        Problem(file or procedure.slug, where.get(found.step, 1), found.what, found.fix, found.error, rule.__name__)
        for rule in CHECKS
        for found in rule(procedure, known)
    ]
    return sorted(problems, key=lambda problem: problem.line)


def check_text(
    text: str, *, file: str, works: Collection[str] | None = None, decisions: Collection[str] | None = None
) -> tuple[Procedure | None, list[Problem]]:
    """Load and check: the procedure (None if it cannot be loaded) and all problems with their lines."""
    found = load_with_lines(text, file=file)
    if isinstance(found, list):
        return None, found
    procedure, lines = found
    return procedure, check(procedure, works=works, decisions=decisions, file=file, lines=lines)


# Ways ----------------------------------------------------------------------------------------------------------------


def _ahead(step: Step, known: Collection[str]) -> list[str]:
    """Ids of the steps that can follow directly; unknown targets are told by ``unknown_targets`` and left out."""
    return [target for way in step.exits for target in way.to if target in known]


def _reach(begin: Collection[str], ways: Mapping[str, Collection[str]]) -> set[str]:
    seen, todo = set(begin), list(begin)
    while todo:
        for target in ways.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _ways(procedure: Procedure) -> dict[str, list[str]]:
    return {step.id: _ahead(step, procedure.by_id) for step in procedure.steps}


def _backward(ways: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {step: [] for step in ways}
    for step, targets in ways.items():
        for target in targets:
            back[target].append(step)
    return back


def _ends(step: Step) -> bool:
    return any(way.end is not None for way in step.exits)


def _asks_a_person(step: Step) -> bool:
    return len(step.exits) > 1 and not step.decision


# Rules: errors --------------------------------------------------------------------------------------------------------


def unknown_actors(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        for actor in step.actors:
            if actor not in procedure.actor_by_id:
                fix = f"Known are: {', '.join(procedure.actor_by_id)}."
                yield Finding(step.id, f"Step {step.id} names the actor {actor!r}, who is not under actors.", fix)
        if not step.actors:
            yield Finding(step.id, f"Step {step.id} has no actor.", "Write who does it.")


def unknown_targets(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        for target in dict.fromkeys(target for way in step.exits for target in way.to):
            if target not in procedure.by_id:
                fix = "Write the number, or the id, of a step of this procedure."
                yield Finding(step.id, f"Step {step.id} leads to {target!r}, which is no step.", fix)


def unreachable_steps(procedure: Procedure, _: Known) -> Iterator[Finding]:
    reached = _reach(set(procedure.entries.values()), _ways(procedure))
    for step in procedure.steps:
        if step.id not in reached:
            yield Finding(step.id, f"No way leads to step {step.id}.", "Let a step lead to it, or make it an entry.")


def dead_ends(procedure: Procedure, known: Known) -> Iterator[Finding]:
    ends = {step.id for step in procedure.steps if _ends(step)}
    saved = _reach(ends, _backward(_ways(procedure)))
    all_known = not any(unknown_targets(procedure, known))  # else the way to the end may be the misspelt one
    for step in procedure.steps:
        if not any(way.to or way.end for way in step.exits):
            fix = "Write next: and the step that follows, or end: finished."
            yield Finding(step.id, f"Nothing follows step {step.id}.", fix)
        elif all_known and step.id not in saved:
            yield Finding(step.id, f"From step {step.id} no way leads to an end.", "Let one of the ways end the case.")


def labelled_exits(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        if step.kind is not StepKind.DECISION:
            if len(step.exits) > 1:
                yield Finding(step.id, f"Step {step.id} has several answers but is no decision.", "Add kind: decision.")
            continue
        if len(step.exits) < 2:
            fix = "Write two exits, or make it an activity."
            yield Finding(step.id, f"The decision {step.id} has fewer than two exits.", fix)
        for way in step.exits:
            if not way.label and not step.decision:
                fix = "Write what the button says."
                yield Finding(step.id, f"The exit {way.answer!r} of the decision {step.id} has no label.", fix)


def repeated_exits(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        for attribute in ("answer", "label"):
            told = [getattr(way, attribute) for way in step.exits if getattr(way, attribute)]
            if len(set(told)) < len(told):
                yield Finding(step.id, f"Two exits of step {step.id} have the same {attribute}.", "Tell them apart.")


def repeated_targets(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        if any(len(set(way.to)) < len(way.to) for way in step.exits):
            yield Finding(step.id, f"Step {step.id} opens the same step twice.", "Name each step once.")


def unbound_works(procedure: Procedure, known: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        if known.works is not None and step.work and step.work not in known.works:
            yield Finding(step.id, f"No domain offers the work {step.work!r}.", "Correct the key, or add the domain.")


def unbound_decisions(procedure: Procedure, known: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        if known.decisions is not None and step.decision and step.decision not in known.decisions:
            fix = "Correct the key, or add the domain."
            yield Finding(step.id, f"No domain offers the decision {step.decision!r}.", fix)


def endless_cycles(procedure: Procedure, _: Known) -> Iterator[Finding]:
    """Cycles that no person can leave by an answer: the case would turn in them for ever."""
    ways = {
        step.id: [] if _asks_a_person(step) else _ahead(step, procedure.by_id)
        for step in procedure.steps
    }  # fmt: skip
    for step in procedure.steps:
        if step.id in _reach(ways[step.id], ways):
            fix = "Let a person decide in it whether it goes round again."
            yield Finding(step.id, f"Step {step.id} lies in a cycle without a human decision.", fix)


def lonely_joins(procedure: Procedure, _: Known) -> Iterator[Finding]:
    back = _backward(_ways(procedure))
    for step in procedure.steps:
        if step.join and len(set(back[step.id])) < 2:
            fix = "Remove join, or lead a second branch to it."
            yield Finding(step.id, f"Step {step.id} joins branches but has fewer than two ways in.", fix)


def separated_steps(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        for other in dict.fromkeys(other for rule in step.separation for other in rule.steps):
            if other not in procedure.by_id:
                fix = "Write the number, or the id, of a step of this procedure."
                yield Finding(step.id, f"The separation rule of step {step.id} names {other!r}, which is no step.", fix)
            elif other == step.id:
                fix = "Name the step whose person may not act here."
                yield Finding(step.id, f"The separation rule of step {step.id} names the step itself.", fix)


def repeated_names(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for what, names in {
        "step id": [(step.id, step.id) for step in procedure.steps],
        "entry": [(step.entry, step.id) for step in procedure.steps if step.entry],
    }.items():
        seen: set[str] = set()
        for name, step in names:
            if name in seen:
                yield Finding(step, f"The {what} {name!r} is given twice.", "Give each step a name of its own.")
            seen.add(name)


def field_choices(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        for one in step.fields:
            if one.kind is FieldKind.CHOICE and len(one.choices) < 2:
                fix = "Write at least two choices."
                yield Finding(step.id, f"The field {one.id!r} of step {step.id} offers nothing to choose from.", fix)


# Rules: warnings ------------------------------------------------------------------------------------------------------


def repeated_numbers(procedure: Procedure, _: Known) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for step in procedure.steps:
        if step.no in seen:
            fix = "If the document has it so, it may stay."
            yield Finding(
                step.id, f"The printed number {step.no} stands at steps {seen[step.no]} and {step.id}.", fix, False
            )
        seen.setdefault(step.no, step.id)


def skipped_numbers(procedure: Procedure, _: Known) -> Iterator[Finding]:
    before = 0
    for step in procedure.steps:
        digits = re.match(r"[0-9]{1,6}", step.no)
        number = int(digits.group()) if digits else before
        if number > before + 1:
            missing = str(before + 1) if number == before + 2 else f"{before + 1} to {number - 1}"
            yield Finding(step.id, f"The printed number {missing} is missing.", "Look into the document.", False)
        before = max(before, number)


def missing_times(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for step in procedure.steps:
        if step.time.kind is TimeKind.MISSING:
            yield Finding(step.id, f"Step {step.id} has no time.", "Without it nothing can be late.", False)


def one_start_one_end(procedure: Procedure, _: Known) -> Iterator[Finding]:
    for kind in (StepKind.START, StepKind.END):
        found = [step.id for step in procedure.steps if step.kind is kind]
        if len(found) != 1:
            what = f"The procedure has {len(found)} steps of the kind {kind.value}"
            yield Finding(found[-1] if found else "", f"{what}; SOP-AP asks for one.", "Look at the capsules.", False)


def meeting_branches(procedure: Procedure, _: Known) -> Iterator[Finding]:
    """Branches that run side by side and meet in a step that does not wait: it would be done once for each."""
    for step, way in _parallel(procedure):
        first = _first_meeting(procedure, way)
        if first is not None and not first.join:
            fix = f"Add join: true to step {first.id}."
            yield Finding(
                step.id, f"The branches of step {step.id} meet at {first.id}, which does not wait.", fix, False
            )


def drafts_and_validates(procedure: Procedure, _: Known) -> Iterator[Finding]:
    """The position that decides on a step is the one that did it, and no rule asks for another person."""
    back = _backward(_ways(procedure))
    for step in procedure.steps:
        separated = {other for rule in step.separation for other in rule.steps}
        if step.kind is not StepKind.DECISION or _is_customer(procedure, step):
            continue
        for other in dict.fromkeys(back[step.id]):
            before = procedure.by_id[other]
            earlier = before.sequence < step.sequence and before.actors[:1] == step.actors[:1]
            if earlier and other not in separated:
                fix = f"Add separation: [{{not_same_as: [{other}]}}] if two persons are meant."
                what = f"The same actor does step {other} and decides on it in step {step.id}."
                yield Finding(step.id, what, fix, False)


def _parallel(procedure: Procedure) -> Iterator[tuple[Step, Exit]]:
    for step in procedure.steps:
        for way in step.exits:
            if len(set(way.to)) > 1 and all(target in procedure.by_id for target in way.to):
                yield step, way


def _first_meeting(procedure: Procedure, way: Exit) -> Step | None:
    forward = {
        step.id: [
            target for target in _ahead(step, procedure.by_id) if procedure.by_id[target].sequence > step.sequence
        ]
        for step in procedure.steps
    }
    counts: dict[str, int] = {}
    for target in set(way.to):
        for step_id in _reach({target}, forward):
            counts[step_id] = counts.get(step_id, 0) + 1
    return next((step for step in procedure.steps if counts.get(step.id, 0) > 1), None)


def _is_customer(procedure: Procedure, step: Step) -> bool:
    actor = procedure.actor_by_id.get(step.actors[0]) if step.actors else None
    return actor is not None and actor.kind is not ActorKind.STAFF


CHECKS: tuple[Rule, ...] = (
    unknown_actors,
    unknown_targets,
    unreachable_steps,
    dead_ends,
    labelled_exits,
    repeated_exits,
    repeated_targets,
    unbound_works,
    unbound_decisions,
    endless_cycles,
    lonely_joins,
    separated_steps,
    repeated_names,
    field_choices,
    repeated_numbers,
    skipped_numbers,
    missing_times,
    one_start_one_end,
    meeting_branches,
    drafts_and_validates,
)
