"""Amending and revoking what was released: two offices, nothing overwritten, and the public page says what holds."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import desks
from sopan.documents import operations as documents
from sopan.documents import queries as document_queries
from sopan.documents.verification import State, state_of
from sopan.domains.laboratory.models import Report, ReportChange
from sopan.domains.laboratory.operations import changes
from sopan.domains.orders.models import AmendmentRequest, Notice
from sopan.engine import effects
from sopan.engine.models import JournalEntry

from .cast import PASSPHRASE, SCALE, Cast, Play, appoint, give_certificate, make_order


def released(cast: Cast) -> Play:
    give_certificate(cast.bambang)
    play = make_order(cast, SCALE).to("sign_report")
    made = Report.objects.get()
    shown = json.dumps({made.pk: made.document.unsigned_sha256})
    play.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": shown})
    done = play.do(cast.dewi, "ya", typed={"number": "on", "customer": "on", "pages": "on"})
    assert not isinstance(done, Refusal), done
    return play


@pytest.fixture
def play(cast: Cast) -> Play:
    return released(cast)


def report() -> Report:
    return Report.objects.select_related("document", "order__case__procedure", "order__institution", "item").get(
        amends=None
    )


def ask(play: Play, **told: Any) -> ReportChange | Refusal:
    fields = {"kind": "amend", "reason": "Salah ketik", "what": "Nomor seri", "corrections": {"serial": "SN-9"}}
    return changes.ask(report(), actor=play.cast.hendra, now=play.now, **{**fields, **told})


def asked(play: Play, **told: Any) -> ReportChange:
    made = ask(play, **told)
    assert isinstance(made, ReportChange), made
    return made


def decide(play: Play, change: ReportChange, **told: Any) -> ReportChange | Refusal:
    return changes.decide(change, **{"actor": play.cast.bambang, "approve": True, "now": play.now, **told})


def sign(play: Play, amendment: Report) -> None:
    """The head signs what lies on his desk."""
    [paper] = desks.waiting(play.cast.bambang, now=play.now)
    assert paper.document == amendment.document
    signature = documents.sign_document(
        paper.document, person=play.cast.bambang, title=paper.title, passphrase=PASSPHRASE,
        previewed_sha256=paper.document.unsigned_sha256, now=play.now,
    )  # fmt: skip
    assert not isinstance(signature, Refusal), signature
    assert desks.desks[paper.desk].signed([paper], person=play.cast.bambang, now=play.now) is None


def amended(play: Play) -> tuple[Report, Report]:
    decide(play, asked(play))
    effects.run_due()
    new = Report.objects.select_related("document").get(amends__isnull=False)
    assert new.state == "requested", new.fault
    sign(play, new)
    new.refresh_from_db()
    new.document.refresh_from_db()
    return report(), new


def test_an_amendment_has_its_own_number_and_names_what_it_replaces(play: Play) -> None:
    old, new = amended(play)
    assert old.number != new.number
    assert (old.state, old.document.status, old.document.replaced_by) == ("replaced", "replaced", new.document)
    assert (new.state, new.document.status) == ("released", "released")
    pages = PdfReader(io.BytesIO(document_queries.content_of(new.document))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (f"Pengganti sertifikat nomor : {old.number}", "Yang berubah : Nomor seri", "Salah ketik", "SN-9"):
        assert said in text
    assert ["Nomor seri", "SN-9"] in new.document.facts


def test_the_wish_of_the_customer_is_done_when_the_amendment_is_released(play: Play) -> None:
    wish = AmendmentRequest.objects.create(
        order=report().order, document=report().document, wrong="SN-1", right="SN-9", status="accepted",
        created_at=play.now, created_by=play.cast.hendra, created_by_name="Rina",
    )  # fmt: skip
    _old, new = amended(play)
    wish.refresh_from_db()
    assert (wish.status, wish.replacement) == ("done", new.document)


def test_the_old_one_stays_as_it_was_and_its_address_leads_to_the_new(play: Play, client: Any) -> None:
    before = document_queries.content_of(report().document)
    old, new = amended(play)
    assert document_queries.content_of(old.document) == before
    assert (state_of(old.document), state_of(new.document)) == (State.REPLACED, State.VALID)
    page = client.get(reverse("verify", args=[old.document.token])).content.decode()
    assert "Dokumen ini sudah diganti" in page
    assert new.number in page


def test_the_signed_copy_of_the_old_is_named_by_its_hash(play: Play) -> None:
    old, new = amended(play)
    assert new.snapshot["amends"]["sha256"] == old.document.signed_sha256
    assert old.snapshot["item"]["supplied"]["serial"] == "SN-1"
    assert new.snapshot["item"]["supplied"]["serial"] == "SN-9"
    assert new.snapshot["parts"] == old.snapshot["parts"]


def test_an_amendment_can_be_amended(play: Play) -> None:
    _old, new = amended(play)
    second = changes.ask(
        Report.objects.select_related("document", "order__case__procedure").get(pk=new.pk), kind="amend", reason="Lagi",
        what="Merek", corrections={"make": "Lain"}, actor=play.cast.hendra, now=play.now,
    )  # fmt: skip
    assert isinstance(second, ReportChange)
    assert not isinstance(decide(play, second), Refusal)


def test_the_customer_is_told_of_what_replaces_his_report(play: Play) -> None:
    _old, new = amended(play)
    effects.run_due()
    notice = Notice.objects.get(person=play.cast.rina, key="amended")
    assert (report().number in notice.text, new.number in notice.text) == (True, True)


def test_the_customer_is_told_of_a_revocation_and_why_inside_only(play: Play) -> None:
    decide(play, asked(play, kind="revoke", reason="Standar di luar toleransi"))
    effects.run_due()
    notice = Notice.objects.get(person=play.cast.rina, key="revoked")
    assert (report().number in notice.text, "Standar di luar toleransi" in notice.text) == (True, True)
    letter = next(one for one in mail.outbox if one.to == [play.cast.rina.email] and "cabut" in one.subject)
    assert (report().number in letter.body, "Standar di luar toleransi" in letter.body) == (True, False)


def test_a_revocation_needs_both_and_holds_at_once(play: Play, client: Any) -> None:
    change = asked(play, kind="revoke", reason="Standar di luar toleransi")
    assert report().document.status == "released"
    assert not isinstance(decide(play, change), Refusal)
    assert (report().state, report().document.status) == ("revoked", "revoked")
    page = client.get(reverse("verify", args=[report().document.token])).content.decode()
    assert "Dokumen ini dicabut" in page
    assert "Standar di luar toleransi" in page
    assert [entry.code for entry in JournalEntry.objects.order_by("pk")][-2:] == [
        "laboratory.change_asked",
        "laboratory.revoked",
    ]


@pytest.mark.parametrize(
    ("told", "code", "field"),
    [
        ({"reason": " "}, "no-reason", "reason"),
        ({"what": ""}, "no-what", "what"),
        ({"corrections": {}}, "nothing-changes", "name"),
        ({"corrections": {"serial": "SN-1"}}, "nothing-changes", "name"),
        ({"corrections": {"number": "X"}}, "nothing-changes", "name"),
    ],
)
def test_what_is_asked_without_its_parts_is_refused(play: Play, told: dict[str, Any], code: str, field: str) -> None:
    refused = ask(play, **told)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == (code, field)


@pytest.mark.parametrize("who", ["dewi", "agus", "yusuf", "fajar", "bambang", "rina"])
def test_only_who_leads_the_team_may_ask(play: Play, who: str) -> None:
    refused = changes.ask(report(), kind="revoke", reason="x", actor=getattr(play.cast, who), now=play.now)
    assert isinstance(refused, Refusal)
    assert refused.code == "not-found"


@pytest.mark.parametrize("who", ["dewi", "agus", "hendra", "fajar", "rina"])
def test_only_who_signs_may_decide(play: Play, who: str) -> None:
    refused = decide(play, asked(play), actor=getattr(play.cast, who))
    assert isinstance(refused, Refusal)
    assert refused.code == "not-found"


def test_nobody_decides_what_he_asked_for_himself(play: Play) -> None:
    change = asked(play)
    appoint(play.cast.hendra, "kepala-balai", kind="plh", letter="SPT-1")
    refused = decide(play, change, actor=play.cast.hendra)
    assert isinstance(refused, Refusal)
    assert refused.code == "same-person"


def test_a_rejection_says_why_and_another_request_may_follow(play: Play) -> None:
    change = asked(play)
    refused = decide(play, change, approve=False)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("no-remark", "remark")
    decide(play, change, approve=False, remark="Tidak perlu")
    assert (report().state, Report.objects.count()) == ("released", 1)
    again = decide(play, change)
    assert isinstance(again, Refusal)
    assert again.code == "decided"
    assert isinstance(ask(play), ReportChange)


def test_one_request_at_a_time(play: Play) -> None:
    asked(play)
    refused = ask(play, kind="revoke")
    assert isinstance(refused, Refusal)
    assert refused.code == "asked"


def test_while_an_amendment_waits_for_its_signature_nothing_else_is_asked(play: Play) -> None:
    decide(play, asked(play))
    refused = ask(play, kind="revoke")
    assert isinstance(refused, Refusal)
    assert refused.code == "asked"


def test_what_would_miss_something_is_not_numbered(play: Play) -> None:
    refused = decide(play, asked(play, corrections={"name": ""}))
    assert isinstance(refused, Refusal)
    assert "7.8.2.1 g" in refused.message
    assert Report.objects.count() == 1
    assert ReportChange.objects.get().state == "asked"


def test_it_is_asked_and_decided_in_the_browser(play: Play, as_: Any) -> None:
    address = reverse("laboratory:report-changes", args=[report().pk])
    typed = changes.told(report().snapshot) | {"kind": "amend", "reason": "Salah ketik", "what": "Nomor seri"}
    typed["serial"] = "SN-9"
    assert as_(play.cast.hendra).post(address, {**typed, "reason": ""}).status_code == 422
    assert as_(play.cast.hendra).post(address, typed).status_code == 302
    assert "SN-9" in as_(play.cast.bambang).get(address).content.decode()
    assert address in as_(play.cast.bambang).get(reverse("laboratory:changes")).content.decode()
    assert as_(play.cast.bambang).post(address, {"answer": "tidak", "remark": ""}).status_code == 422
    assert as_(play.cast.bambang).post(address, {"answer": "ya", "remark": ""}).status_code == 302
    assert ReportChange.objects.get().state == "approved"
    assert as_(play.cast.fajar).get(address).status_code == 404
    assert as_(play.cast.dewi).get(reverse("laboratory:changes")).status_code == 404
