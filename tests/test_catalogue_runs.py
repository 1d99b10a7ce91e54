"""Every SOP of every body runs with the people of its demo: started by who may, and each step done by somebody who may,
to an end. A procedure without positions behind an actor, or whose step nobody can do, is found here. What asks for more
than plain steps do is played by the tests of its domain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from sopan.catalogue.models import CatalogueEntry, StartRule
from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, Step
from sopan.engine import access, operations, starts
from sopan.engine.audit import audit
from sopan.engine.models import Case, Task
from sopan.people.loading import load_people
from sopan.people.models import Institution, User
from sopan.web.bodies import load_body, read

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)  # Monday 09.14 WIB
BODIES = sorted(path.parent.name for path in settings.PROCEDURES_DIR.glob("*/demo.yaml"))
MOST = 120  # acts of one case
LEAST = {"bblm": 1, "bpsmb-kaltim": 8, "bspji-palembang": 2, "disperindag-lampung": 70}  # of the SOPs that people begin


def begun(entry: CatalogueEntry, people: list[User]) -> Case | str:
    """A case of an entry by whoever may start it, or why there is none."""
    told = "nobody may start it"
    for person in people:
        done = starts.begin(person, entry.slug, title="Uji", form_key=f"{entry.slug}-{person.pk}", now=NOW)
        if isinstance(done, Case):
            return done
        if done.code != "not-found":
            told = done.message
    return told


def data_of(step: Step) -> dict[str, object]:
    """Something for each field of a plain step."""
    values = {"number": 1, "date": NOW.date(), "check": True}
    return {one.id: one.choices[0] if one.choices else values.get(one.kind, "x") for one in step.fields}


def acted(task: Task, people: list[User], moment: datetime, answer: str) -> str:
    """Finish a task as the first person who may; "" or why nobody can."""
    step = procedure(task.case.procedure_id).by_id[task.step]
    told = "nobody may do it"
    for person in list(people):
        if access.acting_for(person, task, now=moment) is None:
            continue
        done = operations.complete(task.pk, actor=person, answer=answer, data=data_of(step), reason="Diuji", now=moment)
        if not isinstance(done, Refusal):
            people.remove(person)
            people.insert(0, person)  # asked first for the next step: he is of this office
            return ""
        told = f"{done.code}: {done.message}"
    return told


def played(case: Case, people: list[User]) -> str:
    """Take the first way out of each step until the case ends; "" or where it is stuck."""
    moment = NOW
    for _ in range(MOST):
        case.refresh_from_db()
        if not case.is_open:
            return ""
        task = Task.objects.select_related("case__procedure", "binding").filter(case=case, status="open").first()
        if task is None:
            return "open, and no step is"
        moment += timedelta(minutes=7)
        step = procedure(case.procedure_id).by_id[task.step]
        stuck = acted(task, people, moment, step.exits[0].answer if step.exits else "")
        if stuck:
            return f"step {task.step} ({task.binding.name}): {stuck}"
    return f"goes on after {MOST} acts"


def own_works(version: int) -> bool:
    """Whether a domain does steps of this version from forms of its own."""
    return any(step.work.startswith("testing.") for step in procedure(version).steps)


@pytest.mark.parametrize("body", BODIES)
def test_every_sop_that_a_person_or_a_customer_may_start_runs_to_an_end(body: str) -> None:
    institution: Institution = load_body(body, now=NOW)
    load_people(read(settings.PROCEDURES_DIR / body, "demo.yaml"), now=NOW)
    people = list(User.objects.filter(institution=institution, is_active=True).order_by("pk"))
    rules = StartRule.objects.filter(entry__institution=institution, active=True, by__in=("person", "customer"))
    versions = {row.slug for row in institution.procedure_versions.all() if not own_works(row.pk)}
    entries = {rule.entry for rule in rules.select_related("entry") if rule.entry.slug in versions}
    assert len(entries) >= LEAST[body]
    stuck = {}
    for entry in sorted(entries, key=lambda entry: entry.place):
        case = begun(entry, people)
        told = case if isinstance(case, str) else played(case, people)
        if told:
            stuck[entry.slug] = told
    assert stuck == {}
    assert audit().ok
    assert not Task.objects.filter(status="done", binding__kind=ActorKind.STAFF, completed_position="").exists()
