"""Every address, for every role, by GET and by POST: what the table allows is answered, all else is refused.

Refused means: not found, not allowed as a method, or sent to the log-in; and no row of any table changes. The table is
in ``tests/access/table.py``, the people and their cases in ``tests/access/world.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

import sopan.urls
from sopan.catalogue.queries import procedure
from sopan.engine import access
from sopan.engine import operations as engine
from sopan.engine.models import Case, Task
from sopan.people.models import Appointment, Position, User
from tests.access.asking import PATTERNS, address, answered, ask, keys_of, refused
from tests.access.building import build
from tests.access.row import (
    ADMIN,
    ALL,
    ANALYSTS,
    BOUND,
    CS,
    HEAD,
    IN,
    MINE,
    MT,
    NOBODY,
    OUT,
    PJI,
    SUPERVISORS,
    TREASURER,
    Row,
)  # fmt: skip
from tests.access.service import OF_NO_CASE
from tests.access.table import TABLE
from tests.access.world import ABROAD_STEPS, NOW, RIVAL_STEPS, ROLES, STEPS, World, digest, undone

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]  # one process builds the world

LIMITS = {"complaint", "register", "invite", "verify_upload", "verify_unknown", "tracking", "demo_login", "signing_key"}
OBJECTS = {name: row for name, row in TABLE.items() if row.at and row.at.split()[0] not in ("tracking", "token")}
POSTED = {name: row for name, row in TABLE.items() if row.post}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, built once, and undone at the end."""
    folder = tmp_path_factory.mktemp("access")
    (folder / "procedures").mkdir()
    given = {
        "DATA_DIR": folder,
        "MEDIA_ROOT": folder / "files",
        "RATE_LIMITS": {"passphrase": "5/15m/key", **dict.fromkeys(LIMITS, "100000/m/ip")},
        "ACCOUNT_RATE_LIMITS": False,
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",  # a query less a request
    }
    with django_db_blocker.unblock(), override_settings(**given), pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr(timezone, "now", lambda: NOW)
        patch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)  # nobody looks at them
        # What the page says is tested elsewhere; here it would be rendered thousands of times.
        patch.setattr(sopan.urls, "handler404", lambda request, exception: HttpResponse(status=404), raising=False)
        yield build(folder / "procedures")


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="django")


# The table ------------------------------------------------------------------------------------------------------------


def test_the_table_names_every_address_and_no_other() -> None:
    assert set(PATTERNS) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_who_may(world: World, name: str) -> None:
    """The row of the table, cell by cell."""
    row = TABLE[name]
    url = address(name, keys_of(world, name, row), row.query)
    wrong = []
    for role in ROLES:
        for method in ("get", "post"):
            answer, changed = ask(world, role, method, url, row.given(world) if method == "post" else None)
            fault = _fault(name, row, role, method, answer, changed)
            if fault:
                wrong.append(f"{role} {method}: {answer.status_code} {answer.headers.get('Location', '')} {fault}")
    assert wrong == []


def _fault(name: str, row: Row, role: str, method: str, answer: HttpResponse, changed: bool) -> str:
    """What is wrong with an answer, if anything."""
    if method == "get" and changed:
        return "a GET changed rows"
    if role in getattr(row, method):
        if not answered(answer, name) and answer.status_code not in row.answers:
            return "is allowed, and was refused"
        if method == "post" and changed == (role in row.idle):
            return "should change nothing" if changed else "changed nothing"
        return ""
    if changed:
        return "is not allowed, and changed rows"
    # Who is logged in already is led from the pages of visitors to his own.
    led_home = method == "post" and answer.status_code == 302 and row.get == ALL and row.post == OUT
    return "" if refused(answer) or led_home else "is not allowed, and was answered"


def test_nobody_is_above_the_table() -> None:
    """There is no superuser, and no way to make one: whoever may do more holds a position."""
    assert not hasattr(User, "is_superuser")
    assert not hasattr(User.objects, "create_superuser")
    assert not [name for name in PATTERNS if "admin:" in name]


def test_without_a_token_of_the_form_nothing_is_posted(world: World) -> None:
    """All posts ask for the CSRF token but the machine's, which proves itself by a signature over what it says."""
    wrong = []
    for name, row in POSTED.items():
        role = next(role for role in ROLES if role in row.post)
        url = address(name, keys_of(world, name, row), row.query)
        answer, changed = ask(world, role, "post", url, row.given(world), strict=True)
        if (answer.status_code, changed) != (403, False):
            wrong.append((name, answer.status_code, changed))
    assert wrong == [("orders:gateway_payment", 400, False)]


# Objects of others, objects that are over, objects that are not -------------------------------------------------------


@pytest.mark.parametrize(("of", "strangers"), [("rival", MINE), ("abroad_customer", BOUND | MINE | {"rival"})])
def test_the_same_object_of_somebody_else_is_not_there(world: World, of: str, strangers: frozenset[str]) -> None:
    """Whoever may do it at home, on an object of another company or of another body."""
    steps = RIVAL_STEPS if of == "rival" else ABROAD_STEPS
    wrong = []
    for name, row in OBJECTS.items():
        keys = _foreign(world, name, row, of, steps)
        # Two who may post at home, and two who may look: what they may comes from the same rule as what the others may.
        asking = {*sorted(row.post & strangers)[:2], *sorted(row.get & strangers)[:2]}
        for role in sorted(asking):
            for method in ("get", "post"):
                answer, changed = ask(
                    world, role, method, address(name, keys, row.query), row.given(world) if method == "post" else None
                )
                if changed or not refused(answer):
                    wrong.append(f"{name} {role} {method}: {answer.status_code} changed={changed}")
    assert wrong == []


def _foreign(world: World, name: str, row: Row, of: str, steps: tuple[str, ...]) -> dict[str, Any]:
    """An object of this kind in a case of somebody else, at the row's own step if there is such a case."""
    kind, at = row.at.split()
    step = at if at in steps else steps[-1]
    return keys_of(world, name, row, of=of, step=step)


def test_an_instrument_of_another_order_is_not_in_ones_own(world: World) -> None:
    mine, theirs = world.cases["owner", "4"], world.object("item", "4", of="rival")
    for name in ("orders:item", "orders:item_kind", "orders:item_copy", "orders:item_remove"):
        url = reverse(name, kwargs={"case_id": mine.pk, "item_id": theirs})
        answer, changed = ask(world, "owner", "post", url, {"name": "Neraca", "draft": "1", "kind": "oven"})
        assert (answer.status_code, changed) == (404, False), name


def test_a_task_of_another_order_does_not_come_in_through_the_form(world: World) -> None:
    """The form of a customer's act names its task."""
    url = reverse("orders:offer", kwargs={"case_id": world.cases["owner", "7"].pk})
    for task in (world.object("task", "9", of="rival"), world.object("task", "9"), 2**63, "1" * 4400):
        answer, changed = ask(world, "owner", "post", url, {"task": str(task), "answer": "ya"})
        assert (answer.status_code, changed) == (404, False), task


STILL = OF_NO_CASE | {  # what may be done on a case that is over
    "case_comment", "case_attach", "orders:message", "laboratory:hand-back", "company_remove", "account_deactivate",
    "account_reactivate", "account_reset_factor", "appointment_end", "view_delete", "effect_again",
    "request_answer", "revision_describe", "revision_judge", "revision_return", "revision_drop",
    "revision_edit",  # of no case at all
    "laboratory:report-changes",  # a report is amended or revoked after its order has ended
    *(f"laboratory:{name}" for name in (
        "equipment-change", "equipment-status", "equipment-check", "certificate-new", "certificate-digital",
        "certificate-withdraw", "method-end",
        "competence-revoke", "scope-end",
        # what is kept of the validity of results
        "chart", "chart-limits", "chart-close", "finding", "point-withdraw", "proficiency-withdraw", "repeat-withdraw",
    )),
}  # fmt: skip


def test_nothing_is_done_on_a_case_that_is_over(world: World) -> None:
    wrong = []
    for name, row in OBJECTS.items():
        if name in STILL:
            continue
        for role in sorted(row.post)[:2]:
            url = address(name, keys_of(world, name, row, step="end"), row.query)
            answer, changed = ask(world, role, "post", url, row.given(world))
            if changed or answer.status_code >= 500:
                wrong.append(f"{name} {role}: {answer.status_code} changed={changed}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("key", ["0", "999999999", str(2**63), str(2**70), "1" * 4400], ids=lambda key: key[:24])
def test_what_is_not_there_is_not_found(world: World, key: str) -> None:
    """A key that nobody has, one that no column holds, and one that Python does not even read."""
    wrong = []
    for name, row in OBJECTS.items():
        role = next(role for role in ROLES if role in row.get | row.post or not row.get | row.post and role == "owner")
        # What the converters refuse to write, a person can still type.
        url = address(name, dict.fromkeys(PATTERNS[name], 77_777)).replace("77777", key)
        for method in ("get", "post"):
            answer, changed = ask(world, role, method, url, row.given(world) if method == "post" else None)
            if changed or not refused(answer):
                wrong.append(f"{name} {role} {method}: {answer.status_code} changed={changed}")
    assert wrong == []


# Lists show only one's own --------------------------------------------------------------------------------------------

LISTS = (
    "inbox", "inbox_export", "cases", "search", "effects", "accounts", "appointments", "people_events", "calendar",
    "orders:mine", "company", "profile",
)  # fmt: skip


SEARCHED = ("inbox", "cases", "search")
READERS = {"owner", "rival", "abroad_customer", "admin", "cs", "former", "unbound", "abroad_admin", "abroad_cs"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_names_nothing_of_others(world: World, name: str) -> None:
    """Lists have no key to refuse: what they say must be one's own. A search asks for the others by a part of a name."""
    ours = ("Contoh Pangan Musi", "Contoh Teknik Ampera", "@bspji-palembang")
    theirs = ("Jauh Bahari", "Jauh Daratan", "@balai-jauh")
    words = ("", "q=Contoh&cari=Contoh", "q=Bahari&cari=Bahari") if name in SEARCHED else ("",)
    for role in sorted(TABLE[name].get & READERS):
        foreign = ours if role.startswith("abroad") else theirs
        foreign += {"owner": ours[1:2], "rival": ours[:1]}.get(role, ())
        foreign += ours[:2] if role in ("former", "unbound") and name in SEARCHED else ()
        for asked in words:
            page = world.browser(role).get(address(name, {}, asked)).content.decode(errors="replace")
            page = page.replace(world.people[role].email, "")
            assert [word for word in foreign if word in page] == [], (role, asked)


# Who works blind ------------------------------------------------------------------------------------------------------

CUSTOMER = ("Contoh Pangan Musi", "Rina Wulandari", "0812-0000-0011", "00.000.000.0", "pangan-musi.example")


def pages_of(world: World, step: str) -> list[str]:
    """Every page about one case of a customer."""
    keys = {kind: world.object(kind, step) for kind in ("case", "task", "work", "sample")}
    tabs = ("bagan", "orders", "laboratory", "linimasa", "dokumen", "catatan")
    found = [reverse("case", args=[keys["case"]]) + f"?tab={tab}" for tab in tabs]
    found += [reverse("task", args=[keys["task"]]), reverse("laboratory:labels", args=[keys["case"]])]
    return found + [reverse(f"laboratory:{name}", args=[keys["work"]]) for name in ("sheet", "results")]


def read(world: World, role: str, pages: Sequence[str]) -> str:
    return "\n".join(world.browser(role).get(url).content.decode(errors="replace") for url in pages)


def shown_to(world: World, role: str) -> str:
    """Everything that a member of staff can read about the cases of a customer."""
    found = [
        address(name, {}, asked) for name in ("inbox", "inbox_export", "cases", "search") for asked in ("", "q=ORD")
    ]
    pages = [read(world, role, [*found, *pages_of(world, "14"), *pages_of(world, "22")])]
    task = world.object("task", "14")
    with undone():
        for act in ("take", "complete"):
            answer = world.browser(role).post(reverse("bulk"), {"act": act, "task": [task]}, follow=True)
            pages.append(answer.content.decode())
    return "\n".join(pages)


@pytest.mark.parametrize("role", ["analyst", "other_analyst"])
def test_an_analyst_reads_nowhere_whose_instrument_he_measures(world: World, role: str) -> None:
    page = shown_to(world, role)
    assert [word for word in CUSTOMER if word in page] == []
    assert world.cases["owner", "14"].number in page  # the pages do speak of the case
    number = world.cases["owner", "14"].number
    for list_ in ("cases", "search", "inbox"):  # nor does he find it by the name
        assert (
            number not in world.browser(role).get(address(list_, {}, "q=Pangan+Musi&cari=Pangan+Musi")).content.decode()
        )
    for step in ("14", "22"):
        shared = reverse("attachment", args=[world.object("shared", step)])
        assert world.browser(role).get(shared).status_code == 404
        own = reverse("attachment", args=[world.object("attachment", step)])
        assert world.browser(role).get(own).status_code == 200


@pytest.mark.parametrize("role", ["supervisor", "other_supervisor", "mt"])
def test_who_judges_reads_nowhere_whose_instrument_is_measured(world: World, role: str) -> None:
    number = world.cases["owner", "14"].number
    page = read(world, role, [*pages_of(world, "14"), address("search", {}, f"q={number}")])
    assert [word for word in CUSTOMER if word in page] == [] and number in page
    for list_ in ("cases", "search", "inbox"):
        by_name = world.browser(role).get(address(list_, {}, "q=Pangan+Musi&cari=Pangan+Musi")).content.decode()
        assert number not in by_name
    shared = reverse("attachment", args=[world.object("shared", "14")])
    assert world.browser(role).get(shared).status_code == 404


def test_the_reports_are_judged_and_read_with_the_name_of_the_customer(world: World) -> None:
    """From the number of the report on nothing is measured any more; who authorises it reads it as it goes out."""
    assert {role: names_customer(world, role, "22") for role in ("supervisor", "mt", "analyst")} == {
        "supervisor": True, "mt": True, "analyst": False,
    }  # fmt: skip


def names_customer(world: World, role: str, step: str = "14") -> bool:
    page = reverse("case", args=[world.object("case", step)])
    return CUSTOMER[0] in world.browser(role).get(page).content.decode()


def test_who_deals_with_customers_is_not_blind(world: World) -> None:
    assert (names_customer(world, "cs"), names_customer(world, "analyst")) == (True, False)
    for role in ("analyst", "supervisor", "mt"):
        with undone():
            deputy(world.people[role], Position.objects.get(institution=world.home, code="cs"))
            assert names_customer(world, role)


def test_a_body_may_decide_that_who_judges_knows_and_analysts_do_not(world: World) -> None:
    with undone():
        body = world.people["supervisor"].institution
        body.settings = {**body.settings, "works_blind": {"value": "analysts", "source": "SE-1", "verified": True}}
        body.save()
        assert [names_customer(world, role) for role in ("supervisor", "mt", "analyst")] == [True, True, False]
        opening = reverse("case_unblind", args=[world.object("case", "14")])
        assert world.browser("supervisor").get(opening).status_code == 404


def test_a_body_may_decide_that_analysts_know(world: World) -> None:
    with undone():
        body = world.people["analyst"].institution
        body.settings = {**body.settings, "works_blind": {"value": "none", "source": "SE-1", "verified": True}}
        body.save()
        assert names_customer(world, "analyst")
        assert [word for word in CUSTOMER[:3] if word not in shown_to(world, "analyst")] == []
        document = reverse("document-read", args=[world.object("document", "22")])
        assert world.browser("analyst").get(document).status_code == 200


# The steps ------------------------------------------------------------------------------------------------------------

WHO = {  # step -> who does it; the first two are done before anybody of the company has an account
    "1": NOBODY, "2": NOBODY, "3": ADMIN, "4": MINE, "5": CS, "6": PJI, "7": MINE, "8": TREASURER, "9": MINE,
    "10": TREASURER, "11": CS, "12": SUPERVISORS, "13": MT, "14": ANALYSTS, "15": SUPERVISORS, "16": MT, "17": PJI,
    "18": CS, "19": HEAD, "20": CS, "21": MINE, "22": MINE,
}  # fmt: skip


def case_at(world: World, step: str) -> Case:
    return world.cases["newcomer" if step in ("1", "2", "3") else "owner", step]


@pytest.mark.parametrize("step", STEPS)
def test_who_sees_and_does_a_step(world: World, step: str) -> None:
    """Staff of the procedure see it; only who is named does it; nobody else learns of it or changes a row."""
    task = Task.objects.get(case=case_at(world, step), status=Task.Status.OPEN)
    assert task.step == step
    sees = {role for role, person in world.people.items() if access.task_for(person, task.pk, now=NOW) is not None}
    assert sees == BOUND | (WHO[step] & MINE)
    url = reverse("task_complete", args=[task.pk])
    for role in sorted(IN):
        done, changed = ask(world, role, "post", url, {"answer": "tidak", "reason": ""})
        may = role in WHO[step] - MINE  # customers have pages of their own
        assert (done.status_code == 404, changed and not may) == (not may, False), role
    for role in sorted(WHO[step] - MINE)[:1]:
        assert ask(world, role, "get", reverse("task", args=[task.pk]))[0].status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_the_engine_refuses_a_step_to_everybody_else(world: World, step: str) -> None:
    """Whatever page or script asks: the one door refuses, before the work of the step looks at what was typed."""
    task = Task.objects.get(case=case_at(world, step), status=Task.Status.OPEN)
    acts = (
        lambda person: engine.complete(task.pk, actor=person, answer="ya", data={}, reason="x", now=NOW),
        lambda person: engine.take(task.pk, actor=person, now=NOW),
        lambda person: engine.give_back(task.pk, actor=person, now=NOW),
        lambda person: engine.hand_over(task.pk, actor=person, to=person, now=NOW),
        lambda person: engine.send_back(task.pk, actor=person, to_step="4", reason="x", now=NOW),
        lambda person: engine.save_draft(task.pk, actor=person, data={}, now=NOW),
    )
    for role, person in world.people.items():
        if role in WHO[step]:
            continue
        with undone():
            assert {getattr(act(person), "code", "done") for act in acts} == {"not-found"}, role
            assert digest() == world.rows


# Separation of duty ---------------------------------------------------------------------------------------------------

APART = [("5", "6"), ("14", "15"), ("14", "16"), ("15", "16")]  # who did the first must not do the second


def deputy(person: User, position: Position) -> None:
    """Appoint a person beside what he is: Plh. from yesterday to tomorrow."""
    day = timedelta(days=1)
    Appointment.objects.create(
        person=person, position=position, kind="plh", letter="PRIN-1", valid_from=NOW - day, valid_to=NOW + day
    )


def positions_for(world: World, step: str) -> list[Position]:
    task = Task.objects.select_related("binding").get(case=case_at(world, step), status=Task.Status.OPEN)
    return list(task.binding.positions.all())


@pytest.mark.parametrize(("first", "second"), APART)
def test_who_did_one_step_does_not_do_the_other_as_deputy(world: World, first: str, second: str) -> None:
    """By a second appointment: he sees the step, and is refused when he takes it, is handed it, and does it."""
    with undone():
        task = Task.objects.get(case=case_at(world, second), status=Task.Status.OPEN)
        before = Task.objects.filter(case=task.case, step=first, status=Task.Status.DONE).latest("pk").completed_by
        assert before is not None
        for position in positions_for(world, second):
            deputy(before, position)
        colleague = next(world.people[role] for role in ROLES if role in WHO[second])
        Task.objects.filter(pk=task.pk).update(assignee=None)
        rows = digest()
        assert engine.take(task.pk, actor=before, now=NOW).code == "separation"
        assert engine.hand_over(task.pk, actor=colleague, to=before, now=NOW).code == "separation"
        assert engine.complete(task.pk, actor=before, answer="ya", data={}, now=NOW).code == "separation"
        assert engine.complete(task.pk, actor=before, answer="tidak", data={}, reason="x", now=NOW).code == "separation"
        browser = world.browser(next(role for role, person in world.people.items() if person == before))
        for act in ("task_take", "task_complete"):
            browser.post(reverse(act, args=[task.pk]), {"answer": "ya"})
        assert digest() == rows


def test_one_person_in_every_position_is_stopped_at_each_separation(world: World) -> None:
    """Dewi stands in for everybody at once, and did all that was done before: she is refused where another must act."""
    dewi = world.people["cs"]
    stopped = []
    for step in STEPS[2:]:
        with undone():
            task = Task.objects.get(case=case_at(world, step), status=Task.Status.OPEN)
            for position in Position.objects.filter(institution=world.home).exclude(code="cs"):
                deputy(dewi, position)
            Task.objects.filter(case=task.case, status=Task.Status.DONE).update(completed_by=dewi)
            Task.objects.filter(pk=task.pk).update(assignee=None)
            done = engine.complete(task.pk, actor=dewi, answer="ya", data={}, now=NOW)
            if getattr(done, "code", "") == "separation":
                stopped.append(step)
    assert stopped == ["6", "15", "16"]
    named = {step.no for step in procedure(world.cases["owner", "5"].procedure_id).steps if step.separation}
    assert named == set(stopped)
