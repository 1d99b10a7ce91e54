"""Complaints and appeals: every act once and in order, decided by who had no part in the order."""

from datetime import timedelta

import pytest

from sopan.core.flow import Refusal
from sopan.domains.orders.complaints import involvement, operations
from sopan.domains.orders.complaints.access import handling
from sopan.domains.orders.models import Complaint, ComplaintAct, Notice
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import JournalEntry

from .conftest import RINA, TONO

LONG = "Laporan kami terlambat dua minggu tanpa kabar."
S = Complaint.Status


@pytest.fixture
def about(service):
    """A complaint about an order that CS, Ketua Tim and Bendahara have worked on."""
    order = service.to_bill(service.order())
    person = service.user(RINA)
    row = operations.receive(
        service.institution,
        text=LONG,
        name=person.name,
        email=person.email,
        order=order,
        person=person,
        now=service.now,
    )
    return service, row


def move(service, row, to, *, by="lestari.handayani", text=LONG, outcome=""):
    actor = service.staff(by)
    acting = handling(actor, now=service.now) or Acting(actor.pk, actor.name, institution_id=actor.institution_id)
    return operations.move_on(row, to=to, text=text, outcome=outcome, actor=actor, acting=acting, now=service.now)


def to_assessed(service, row):
    move(service, row, S.ACKNOWLEDGED)
    return move(service, row, S.ASSESSED)


def test_a_complaint_goes_its_way_and_every_act_is_in_both_records(about):
    service, row = about
    to_assessed(service, row)
    move(service, row, S.DECIDED, by="bambang.wirawan", outcome="upheld")
    done = move(service, row, S.ANSWERED)
    assert (done.status, done.outcome, done.decided_by) == ("answered", "upheld", service.staff("bambang.wirawan"))
    codes = ["received", "acknowledged", "assessed", "decided", "answered"]
    assert [act.code for act in done.acts.all()] == codes
    noted = JournalEntry.objects.filter(case=row.order.case, code__startswith="orders.complaint_").order_by("seq")
    assert [entry.code.removeprefix("orders.complaint_") for entry in noted] == codes
    assert sorted(Notice.objects.filter(person=service.user(RINA)).values_list("key", flat=True)) == [
        "complaint",
        "complaint_answer",
    ]


@pytest.mark.parametrize("name", ["dewi.anggraini", "hendra.kusuma", "siti.rahmawati"])
def test_who_worked_on_the_order_may_not_decide(about, name):
    service, row = about
    to_assessed(service, row)
    refused = move(service, row, S.DECIDED, by=name, outcome="rejected")
    assert refused.code == "involved"
    row.refresh_from_db()
    assert (row.status, row.outcome, row.decided_by) == ("assessed", "", None)
    assert not ComplaintAct.objects.filter(complaint=row, code="decided").exists()


def test_a_comment_on_the_case_or_a_task_taken_is_a_part_too(about):
    service, row = about
    to_assessed(service, row)
    head = service.staff("bambang.wirawan")
    assert involvement.involved(head, row) == ""
    engine.comment(row.order.case_id, actor=head, text="Mohon dipercepat", now=service.now)
    assert involvement.involved(head, row) == "order"
    assert move(service, row, S.DECIDED, by="bambang.wirawan", outcome="upheld").code == "involved"
    mt = service.staff("agus.prasetyo")
    task = service.task(row.order.case, "orders.pay")
    task.assignee = mt
    task.save()
    assert involvement.involved(mt, row) == "task"


def test_handling_the_complaint_itself_is_no_part_in_the_order(about):
    service, row = about
    to_assessed(service, row)
    assert involvement.involved(service.staff("lestari.handayani"), row) == ""
    assert move(service, row, S.DECIDED, outcome="partly").outcome == "partly"


def test_the_page_names_who_may_decide_and_what_to_do_when_nobody_may(client, about):
    service, row = about
    to_assessed(service, row)
    client.force_login(service.staff("dewi.anggraini"))
    address = f"/pengaduan/petugas/{row.pk}/"
    told = client.get(address).content.decode().split("Yang boleh memutuskan")[1].split("</ul>")[0]
    assert ("Tata Usaha · Lestari Handayani" in told, "Kepala Balai · Bambang Wirawan" in told) == (True, True)
    assert "Dewi" not in told  # she worked on the order
    service.set(complaint_positions="cs")
    for name in ("dewi.anggraini", "putri.maharani"):
        engine.comment(row.order.case_id, actor=service.staff(name), text="Mohon dipercepat", now=service.now)
    page = client.get(address).content.decode()
    assert ("Belum ada yang boleh memutuskan" in page, "Tunjuk Plt. atau Plh." in page) == (True, True)
    service.set(complaint_positions="cs, kepala-balai")
    assert "Bambang Wirawan" in client.get(address).content.decode()


def test_an_appeal_is_decided_by_somebody_else_than_who_handled_the_complaint(about):
    service, row = about
    to_assessed(service, row)
    move(service, row, S.DECIDED, outcome="rejected")
    assert operations.appeal(row, text=LONG, person=service.user(RINA), now=service.now).code == "not-answered"
    move(service, row, S.ANSWERED)
    row.refresh_from_db()
    again = operations.appeal(row, text=LONG, person=service.user(RINA), now=service.now)
    assert (again.kind, again.appeal_of, again.order) == ("appeal", row, row.order)
    assert operations.appeal(row, text=LONG, person=service.user(RINA), now=service.now).code == "appealed"
    move(service, again, S.ACKNOWLEDGED, by="bambang.wirawan")
    move(service, again, S.ASSESSED, by="bambang.wirawan")
    assert move(service, again, S.DECIDED, by="lestari.handayani", outcome="upheld").code == "involved"
    assert move(service, again, S.DECIDED, by="bambang.wirawan", outcome="upheld").outcome == "upheld"


@pytest.mark.parametrize("to", [S.ASSESSED, S.DECIDED, S.ANSWERED, S.RECEIVED, "", "hapus"])
def test_no_act_is_skipped(about, to):
    service, row = about
    assert move(service, row, to, by="bambang.wirawan", outcome="upheld").code == "overtaken"


def test_an_act_is_done_once(about):
    service, row = about
    move(service, row, S.ACKNOWLEDGED)
    assert move(service, row, S.ACKNOWLEDGED).code == "overtaken"
    assert row.acts.filter(code="acknowledged").count() == 1
    assert move(service, row, S.ASSESSED, text=" ").code == "text-missing"
    to_assessed(service, row)
    move(service, row, S.ASSESSED)
    assert move(service, row, S.DECIDED, by="bambang.wirawan", outcome="mungkin").code == "outcome"


def test_deadlines_are_working_days_of_the_settings(service):
    service.set(
        complaint_answer_days={"value": 1, "source": "x", "verified": False}, complaint_acknowledge_days="bukan"
    )
    row = operations.receive(service.institution, text=LONG, name="Budi", now=service.now)
    assert row.answer_by.date() == (service.now + timedelta(days=1)).date()
    assert row.acknowledge_by.date() == (service.now + timedelta(days=5)).date()  # 3 working days over a weekend


@pytest.mark.parametrize(
    ("changes", "field"), [({"text": "pendek"}, "text"), ({"text": "x" * 6_000}, "text"), ({"name": " "}, "name")]
)
def test_a_complaint_without_words_is_told_at_its_field(service, changes, field):
    given = {"text": LONG, "name": "Budi", **changes}
    assert operations.receive(service.institution, **given, now=service.now).field == field


def test_a_customer_cannot_complain_about_the_order_of_another(service):
    order = service.order(TONO, key="t")
    person = service.user(RINA)
    done = operations.receive(
        service.institution, text=LONG, name=person.name, order=order, person=person, now=service.now
    )
    assert isinstance(done, Refusal)
    assert Complaint.objects.count() == 0


def test_strangers_see_no_complaint_and_staff_without_the_position_neither(client, about):
    service, row = about
    url, staff_url = f"/pengaduan/{row.pk}/", f"/pengaduan/petugas/{row.pk}/"
    client.force_login(service.user(TONO))
    assert client.get(url).status_code == 404
    assert client.get(staff_url).status_code == 404
    assert client.post(url, {"text": LONG}).status_code == 404
    for name in ("siti.rahmawati", "fajar.nugroho", "hendra.kusuma"):
        client.force_login(service.staff(name))
        assert client.get(staff_url).status_code == 404
        assert client.post(f"{staff_url}kerjakan/", {"to": "acknowledged"}).status_code == 404
    row.refresh_from_db()
    assert row.status == "received"


def test_the_pages_of_the_customer_the_visitor_and_the_handler(client, about, mailoutbox, settings):
    service, row = about
    client.force_login(service.user(RINA))
    assert row.reference in client.get("/pengaduan/").content.decode()
    assert client.post("/pengaduan/", {"text": LONG, "order": row.order_id}).status_code == 302
    assert client.post("/pengaduan/", {"text": "x"}).status_code == 422
    client.logout()
    sent = {"name": "Budi", "email": "budi@orang.example", "phone": "", "text": LONG}
    answer = client.post("/pengaduan/", sent)
    assert answer.status_code == 302
    assert LONG in client.get(answer.url).content.decode()
    assert client.get("/pengaduan/lacak/aaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    assert client.get("/pengaduan/lacak/x/").status_code == 404
    client.force_login(service.staff("dewi.anggraini"))
    page = client.get(f"/pengaduan/petugas/{row.pk}/").content.decode()
    assert LONG in page
    assert client.post(f"/pengaduan/petugas/{row.pk}/kerjakan/", {"to": "acknowledged"}).status_code == 302
    assert client.post(f"/pengaduan/petugas/{row.pk}/kerjakan/", {"to": "assessed", "text": LONG}).status_code == 302
    page = client.get(f"/pengaduan/petugas/{row.pk}/").content.decode()
    assert "Anda ikut mengerjakan pesanan ini" in page
    typed = {"to": "decided", "text": LONG, "outcome": "upheld"}
    assert client.post(f"/pengaduan/petugas/{row.pk}/kerjakan/", typed).status_code == 409
    assert client.get("/pengaduan/petugas/").status_code == 200
