"""Who may do what, cell by cell: nine roles against thirteen kinds of acts, each tried by each on one order that goes its way.

A cell says what became of the tries: every act that is tried is either done, or refused as if there were nothing (not found,
no row changed). What lies between the two, a try that is refused for another reason, fails the test: it would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from sopan.core.flow import Refusal
from sopan.demo.instruments import BALANCE
from sopan.demo.loading import PASSPHRASE, load_demo_body, load_demo_people
from sopan.demo.player import Player
from sopan.domains.laboratory.measuring import versions_on
from sopan.domains.laboratory.models import Item, Report, ReportChange, WorkOrder
from sopan.domains.laboratory.operations import changes, measuring
from sopan.domains.orders.models import Order
from sopan.engine import operations as engine
from sopan.engine.models import JournalEntry
from sopan.people.models import Institution, Position, User
from tests.access.asking import Written
from tests.access.service import LINE, TEXT
from tests.access.world import NOW, undone

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("roles")]  # one process plays the order

COLUMNS = {  # role -> account; the customer is the one who registers on the way
    "Pelanggan": "wati.susilo@contoh-baru.example",
    "Admin Satker": "andi.saputra@bspji-palembang.example",
    "CS": "dewi.anggraini@bspji-palembang.example",
    "Ketua Tim PJI": "hendra.kusuma@bspji-palembang.example",
    "Bendahara": "siti.rahmawati@bspji-palembang.example",
    "Penyelia": "yusuf.maulana@bspji-palembang.example",
    "Manajer Teknis": "agus.prasetyo@bspji-palembang.example",
    "Analis": "fajar.nugroho@bspji-palembang.example",
    "Kepala Balai": "bambang.wirawan@bspji-palembang.example",
}
OTHERS = {  # who has the same role, and nothing to do with this order
    "other customer": "rina.wulandari@pangan-musi.example",
    "Penyelia of the other laboratory": "ratna.puspita@bspji-palembang.example",
    "analyst of the same laboratory": "maya.kartika@bspji-palembang.example",
}
EMAILS = COLUMNS | OTHERS
MATRIX = """
action | Pelanggan | Admin Satker | CS | Ketua Tim PJI | Bendahara | Penyelia | Manajer Teknis | Analis | Kepala Balai
activate account | - | A | - | - | - | - | - | - | -
submit / accept / object / withdraw own order | A | - | - | - | - | - | - | - | -
review request, receive and return item | - | - | A | - | - | - | - | - | -
approve tariff, allocate report number | - | - | - | A | - | - | - | - | -
issue bill, confirm payment | - | - | - | - | A | - | - | - | -
choose laboratory / analyst | - | - | R lab | - | - | A analyst | A confirm | - | -
enter readings, environment, standards used | - | - | - | - | - | - | - | R (assigned only) | -
verify level 1 / level 2 | - | - | - | - | - | A (1) | A (2) | - | -
render, request signature, release | - | - | A | - | - | - | - | - | -
sign; sign revocation | - | - | - | - | - | - | - | - | A
see customer identity while measuring | own | yes | yes | yes | yes | audited unblind | audited unblind | - | yes
see results before release | - | - | status only | yes | - | own lab | own lab | own work | previewed report
change roles, templates | - | A | - | - | - | - | - | - | -
change tariffs | - | - | - | A | - | - | - | - | -
"""
LINES = [[cell.strip() for cell in line.split("|")] for line in MATRIX.strip().splitlines()]
CELLS = [
    pytest.param(action, role, cell, id=f"{action}: {role}")
    for action, *cells in LINES[1:]
    for role, cell in zip(LINES[0][1:], cells, strict=True)
]
# What is tried for a row, and the words of the cell for whoever may do all of it; where one row is several words, each its own.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "activate account": {"A": ("activate",)},
    "submit / accept / object / withdraw own order": {"A": ("submit", "accept", "object", "withdraw")},
    "review request, receive and return item": {"A": ("review", "receive", "return")},
    "approve tariff, allocate report number": {"A": ("approve tariff", "number")},
    "issue bill, confirm payment": {"A": ("issue bill", "confirm payment")},
    "choose laboratory / analyst": {
        "R lab": ("receive",), "A analyst": ("choose analyst",), "A confirm": ("confirm analyst",),
    },
    "enter readings, environment, standards used": {"R (assigned only)": ("choose method", "save readings", "finish 14")},
    "verify level 1 / level 2": {"A (1)": ("verify 1",), "A (2)": ("verify 2",)},
    "render, request signature, release": {"A": ("render", "request signature", "release")},
    "sign; sign revocation": {"A": ("sign", "sign revocation")},
    "change roles, templates": {"A": ("appoint", "change a text", "change a setting")},
    "change tariffs": {"A": ("add a tariff",)},
    "see customer identity while measuring": {
        "own": ("see own customer",), "yes": ("see customer",), "audited unblind": ("open the identity", "see it once opened"),
    },
    "see results before release": {
        "yes": ("read results", "read preview"), "own lab": ("read results", "read preview"), "own work": ("read results",),
        "previewed report": ("read preview",),
        "status only": ("read preview",),  # beside the status she reads the page that she has printed, to check it
    },
}  # fmt: skip


NO = {"not-found", "taken", "other-laboratory"}


@dataclass
class Tried:
    """``done[act]``: who did it; ``unclear``: what was refused for a reason that proves nothing."""

    done: dict[str, set[str]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)


class Trial:
    """One order on its way, and everybody who tries each act at its step."""

    def __init__(self, body: Institution) -> None:
        self.body, self.tried = body, Tried()
        self.player = Player(body, lambda: NOW, [BALANCE], PASSPHRASE)
        company = {
            "name": "PT Contoh Baru",
            "npwp": "0000000000000033",
            "address": "Jalan Contoh 33",
            "city": "Palembang",
        }
        person = {"name": "Wati Susilo", "email": COLUMNS["Pelanggan"], "phone": "0812-0000-0033"}
        self.player.register({**company, "phone": ""}, person, password="sandi-contoh-2026")  # noqa: S106 - of this play
        self.people = {role: User.objects.get(email=email) for role, email in EMAILS.items()}
        for role in ("Admin Satker", "Kepala Balai"):
            TOTP.activate(self.people[role], generate_totp_secret())
        self.cookies: dict[int, str] = {}
        for one in self.people.values():
            self.browser(one)

    # Trying -----------------------------------------------------------------------------------------------------------

    def all_try(self, act: str, do: Callable[[User], Any]) -> None:
        """Everybody tries; each try is undone. ``do`` answers with a response, a refusal, or what was done."""
        found = self.tried.done.setdefault(act, set())
        for role, person in self.people.items():
            with undone():
                written = Written()
                with connection.execute_wrapper(written):
                    answer = do(User.objects.get(pk=person.pk))
                if self._is_done(answer):
                    found.add(role)
                elif not self._is_not_there(answer) or written.tables:
                    self.tried.unclear.append(f"{act}, {role}: {answer!r} wrote {sorted(written.tables)}")

    def _is_done(self, answer: Any) -> bool:
        status = getattr(answer, "status_code", None)
        if status is not None:
            return status == 200 if answer.wsgi_request.method == "GET" else status == 302
        return not isinstance(answer, Refusal)

    def _is_not_there(self, answer: Any) -> bool:
        """Who has no part in a step meets nothing; who has the same role for others is told whose turn it is."""
        return getattr(answer, "code", "") in NO or getattr(answer, "status_code", 0) in (404, 405)

    def browser(self, person: User) -> Client:
        """Where this person is logged in; each request begins with the same cookies."""
        client = Client(HTTP_HOST="127.0.0.1")
        if person.pk not in self.cookies:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            self.cookies[person.pk] = client.cookies.output(header="", sep=";")
        client.cookies = SimpleCookie(self.cookies[person.pk])
        return client

    def post(self, name: str, *keys: Any, **typed: Any) -> Callable[[User], Any]:
        url = reverse(name, args=keys)
        return lambda person: self.browser(person).post(url, typed)

    def get(self, name: str, *keys: Any) -> Callable[[User], Any]:
        url = reverse(name, args=keys)
        return lambda person: self.browser(person).get(url)

    # The way ----------------------------------------------------------------------------------------------------------

    def step(self, act: str, answer: str = "", *, go: bool = True) -> None:
        """Everybody tries to finish the open step as its own person would; then that one does."""
        player = self.player
        task = player.open_task()
        own = player.person(task)
        player.before(player.step(task).work, task, own)
        task = player.open_task()
        exits = player.step(task).exits
        answer = answer or (exits[0].answer if len(exits) > 1 else "")
        data = player.filled_in(task, player.step(task), own, answer)
        self.all_try(
            act,
            lambda person: engine.complete(task.pk, actor=person, answer=answer, data=data, reason="Alasan", now=NOW),
        )
        if go:
            player.act()

    def order(self) -> Order:
        return Order.objects.select_related("case__procedure", "institution", "company").get(case=self.player.case)

    def play(self) -> Tried:
        self.step("activate")
        self.step("submit")
        self.step("review")
        self.step("approve tariff")
        self.step("object", "tidak", go=False)
        self.all_try("withdraw", self.post("orders:withdraw", self.player.case.pk, reason="Tidak jadi"))
        self.step("accept")
        self.step("issue bill")
        self.player.act()  # the proof of payment
        self.step("confirm payment")
        self.step("receive")
        self.step("choose analyst")
        self.step("confirm analyst")
        self.measure()
        self.step("finish 14")
        self.step("verify 1")
        self.results()
        self.step("verify 2")
        self.step("number")
        self.all_try("render", self.post("laboratory:print", self.player.case.pk))
        self.step("request signature")
        self.document()
        self.step("sign")
        self.step("release")
        self.after()
        self.registers()
        return self.tried

    def measure(self) -> None:
        """Step 14, before anything is typed: the method, a draft, and whose instrument it is."""
        work = WorkOrder.objects.get(item__order=self.order())
        version = next(v for v in versions_on(self.body.pk, NOW.date()) if v.code == BALANCE.method)
        self.all_try("choose method", self.post("laboratory:choose-method", work.pk, method_version=version.pk))
        measuring.choose_method(work.pk, version, actor=work.analyst, now=NOW)
        self.all_try("save readings", self.post("laboratory:sheet", work.pk, action="save", place="Ruang massa"))
        name = self.order().company.name
        self._sees("see customer", self.get("case", self.player.case.pk), name)
        self.all_try("open the identity", self.post("case_unblind", self.player.case.pk, reason="Alat perlu disetel"))
        self._opened(name)
        self._sees("see own customer", self.get("orders:order", self.player.case.pk), self.order().number)

    def _sees(self, act: str, do: Callable[[User], Any], word: str) -> None:
        """Who is shown the word; who is answered without it counts as not shown."""
        found = self.tried.done.setdefault(act, set())
        for role, person in self.people.items():
            answer = do(person)
            if answer.status_code == 200 and word in answer.content.decode():
                found.add(role)

    def _opened(self, name: str) -> None:
        """Who did not see the customer before, and does once he has opened the identity; the journal tells each."""
        found = self.tried.done.setdefault("see it once opened", set())
        case = self.player.case.pk
        for role in sorted(self.tried.done["open the identity"]):
            with undone():
                person = self.people[role]
                self.browser(person).post(reverse("case_unblind", args=[case]), {"reason": "Alat perlu disetel"})
                seen = name in self.browser(person).get(reverse("case", args=[case])).content.decode()
                entry = JournalEntry.objects.filter(case=case, code="unblinded", person=person).first()
                if seen and entry is not None and entry.data["reason"] == "Alat perlu disetel" and entry.at == NOW:
                    found.add(role)

    def results(self) -> None:
        work = WorkOrder.objects.get(item__order=self.order())
        self.all_try("read results", self.get("laboratory:results", work.pk))

    def document(self) -> None:
        report = Report.objects.get(order=self.order())
        self.all_try("read preview", self.get("document-read", report.document_id))

    def after(self) -> None:
        """What comes after the release: the instrument goes back, a report is revoked."""
        item = Item.objects.get(order=self.order())
        self.all_try("return", self.post("laboratory:hand-back", item.pk, receiver="Wati Susilo"))
        report = Report.objects.get(order=self.order())
        asked = changes.ask(report, kind="revoke", reason="Salah alat", actor=self.people["Ketua Tim PJI"], now=NOW)
        assert isinstance(asked, ReportChange), asked
        self.all_try("sign revocation", lambda person: changes.decide(asked, approve=True, actor=person, now=NOW))

    def registers(self) -> None:
        position = Position.objects.get(institution=self.body, code="cs")
        person = User.objects.get(email="lestari.handayani@bspji-palembang.example")
        named = {"person": person.pk, "position": position.pk, "kind": "plh", "letter": "PRIN-9"}
        self.all_try("appoint", self.post("appointment_new", **named, first="2026-12-01", last="2026-12-05"))
        self.all_try("change a text", self.post("orders:text", "survey", "biaya", **TEXT))
        self.all_try(
            "change a setting", self.post("setting", "auto_close_days", value="9", source="SE-2", verified="on")
        )
        self.all_try("add a tariff", self.post("orders:tariff_new", **{**LINE, "code": "baru"}))


@pytest.fixture(scope="module")
def tried(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """The order, played once, and undone at the end."""
    folder = tmp_path_factory.mktemp("roles")
    given = {
        "DATA_DIR": folder, "MEDIA_ROOT": folder / "files", "RATE_LIMITS": {"passphrase": "1000/15m/key", "complaint": "1000/m/ip"},
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    }  # fmt: skip
    with django_db_blocker.unblock(), override_settings(**given), pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr(timezone, "now", lambda: NOW)
        body = load_demo_body(now=NOW)
        load_demo_people(body, now=NOW)
        yield Trial(body).play()


def test_every_try_was_done_or_met_nothing(tried: Tried) -> None:
    assert tried.unclear == []


def test_who_has_a_role_without_a_part_in_the_order_does_nothing_of_it(tried: Tried) -> None:
    """“Own order”, “own lab” and “assigned only” mean these persons; the other Penyelia may not have the customer told."""
    did = {(act, role) for act, roles in tried.done.items() for role in roles if role in OTHERS}
    assert did == set()


def test_the_roles_of_the_matrix_are_those_of_the_table() -> None:
    assert LINES[0] == ["action", *COLUMNS]
    assert {len(line) for line in LINES} == {1 + len(COLUMNS)}
    assert [line[0] for line in LINES[1:] if line[0] not in WORDS] == []


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_cell(tried: Tried, action: str, role: str, cell: str) -> None:
    """What was done of all that is tried for the row is what the word of the cell means."""
    acts = {act for several in WORDS[action].values() for act in several}
    assert {act for act in acts if role in tried.done[act]} == set(WORDS[action].get(cell, ()))
    assert cell == "-" or cell in WORDS[action]
