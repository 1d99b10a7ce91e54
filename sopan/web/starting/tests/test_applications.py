"""A customer's own way through a case of plain steps: start, his step with a file, what the staff answer, the end."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from sopan.engine import operations
from sopan.engine.models import Attachment, Case, Comment, Task
from sopan.web.tests.cast import Cast, rows
from sopan.web.tests.test_plain import photo

from .cast import listed
from .test_starting import started

pytestmark = pytest.mark.django_db


def task(case: Case) -> Task:
    return Task.objects.get(case=case, status="open")


def acted(cast: Cast, case: Case, who: str = "rina", **sent: object) -> object:
    return cast.client(who).post(reverse("application_act", args=[case.pk, task(case).pk]), sent)


@pytest.fixture
def case(cast: Cast) -> Case:
    return started(cast, "rina", "layanan")


def page_of(cast: Cast, case: Case, who: str = "rina") -> str:
    return cast.client(who).get(reverse("application", args=[case.pk])).content.decode()


def test_a_customer_takes_a_case_from_its_start_to_its_end(cast: Cast, case: Case) -> None:
    assert case.company == cast.company
    assert "Menunggu Anda" in page_of(cast, case)
    assert acted(cast, case, jumlah="3", **{"file-0": photo()}).status_code == 302  # type: ignore[attr-defined]
    assert Attachment.objects.get().customer_may_see
    assert "Petugas memeriksa permohonan Anda." in page_of(cast, case)
    operations.complete(task(case).pk, actor=cast.ana, answer="ya", now=timezone.now())
    assert acted(cast, case).status_code == 302  # type: ignore[attr-defined]
    case.refresh_from_db()
    assert case.status == "finished"
    assert "Selesai" in page_of(cast, case)
    assert str(case) in cast.client("rina").get(reverse("applications")).content.decode()


def test_a_file_that_is_missing_is_told_and_what_was_typed_stays(cast: Cast, case: Case) -> None:
    answer = acted(cast, case, jumlah="3")
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Unggah dahulu berkas “Foto contoh”" in page and 'value="3"' in page


def test_a_file_can_be_kept_first(cast: Cast, case: Case) -> None:
    assert acted(cast, case, jumlah="3", keep="1", **{"file-0": photo()}).status_code == 302  # type: ignore[attr-defined]
    page = page_of(cast, case)
    assert "ktp.png" in page and 'value="3"' in page


@pytest.mark.parametrize("who", ["tono", "ana", "vera"])
def test_it_exists_for_his_own_company_alone(cast: Cast, case: Case, who: str) -> None:
    before, client = rows(), cast.client(who)
    assert client.get(reverse("application", args=[case.pk])).status_code == 404
    for name in ("application_message", "application_withdraw"):
        assert client.post(reverse(name, args=[case.pk]), {"text": "x", "reason": "x"}).status_code == 404
    assert acted(cast, case, who, jumlah="1", **{"file-0": photo()}).status_code == 404  # type: ignore[attr-defined]
    assert rows() == before


def test_the_steps_of_the_staff_are_not_his(cast: Cast, case: Case) -> None:
    acted(cast, case, jumlah="3", **{"file-0": photo()})
    before = rows()
    assert acted(cast, case, answer="ya").status_code == 404  # type: ignore[attr-defined]
    assert "Memeriksa" not in page_of(cast, case)
    assert rows() == before


def test_a_task_of_another_case_is_not_reached_through_this_one(cast: Cast, case: Case) -> None:
    other = started(cast, "rina", "layanan", form_key="z" * 32)
    answer = cast.client("rina").post(reverse("application_act", args=[case.pk, task(other).pk]), {"jumlah": "1"})
    assert answer.status_code == 404


def test_he_withdraws_only_what_nobody_has_worked_on(cast: Cast, case: Case) -> None:
    other = started(cast, "rina", "layanan", form_key="z" * 32)
    acted(cast, case, jumlah="3", **{"file-0": photo()})
    operations.complete(task(case).pk, actor=cast.ana, answer="tidak", reason="Buram", now=timezone.now())
    client = cast.client("rina")
    client.post(reverse("application_withdraw", args=[case.pk]), {"reason": "batal"})
    client.post(reverse("application_withdraw", args=[other.pk]), {"reason": "batal"})
    assert list(Case.objects.order_by("pk").values_list("status", flat=True)) == ["open", "withdrawn"]


def test_a_message_reaches_the_staff_and_is_never_internal(cast: Cast, case: Case) -> None:
    cast.client("rina").post(reverse("application_message", args=[case.pk]), {"text": "Kapan selesai?"})
    assert list(Comment.objects.values_list("text", "internal")) == [("Kapan selesai?", False)]
    assert "Kapan selesai?" in page_of(cast, case)


def test_where_no_orders_are_taken_a_customer_begins_at_his_applications(cast: Cast) -> None:
    assert cast.client("rina").get("/")["Location"] == reverse("applications")
    cast.body.settings["order_procedure"] = "layanan"
    cast.body.save()
    assert cast.client("rina").get("/")["Location"] == reverse("orders:mine")


def test_what_waits_for_the_customer_stands_on_the_first_page(cast: Cast, case: Case) -> None:
    for _ in range(20):
        newer = operations.start(
            "layanan", institution=cast.body, actor=cast.rina, company=cast.company, now=timezone.now()
        )
        Task.objects.filter(case=newer).update(status="done")
    page = cast.client("rina").get(reverse("applications")).content.decode()
    assert reverse("application", args=[case.pk]) in page


TWO_AT_ONCE = """
format: 1
identity: {number: SOP 5, name: Layanan ganda}
actors: {customer: {name: Pelanggan, kind: customer}, counter: {name: Petugas}}
steps:
  - {no: 1, actor: customer, activity: Mengajukan, time: 10 Menit, next: [2, 3]}
  - {no: 2, actor: customer, activity: Mengirim contoh, time: 10 Menit, requirements: [Contoh], outputs: [Resi], next: 4,
     fields: [{id: jumlah, label: Jumlah contoh, kind: number, required: true}]}
  - {no: 3, actor: customer, activity: Membayar, time: 10 Menit, requirements: [Bukti bayar], outputs: [Kuitansi], next: 4,
     fields: [{id: jumlah, label: Jumlah rupiah, kind: number, required: true}]}
  - {no: 4, actor: counter, activity: Menerima, time: 10 Menit, join: true, end: finished}
"""


def test_two_steps_on_one_page_have_no_id_in_common_and_each_label_its_own_input(cast: Cast) -> None:
    listed(cast, "ganda", TWO_AT_ONCE, [{"by": "customer"}])
    case = started(cast, "rina", "ganda")
    acted(cast, case)
    url = reverse("application", args=[case.pk])
    first = Task.objects.filter(case=case, status="open").order_by("pk")[0]
    wrong = cast.client("rina").post(reverse("application_act", args=[case.pk, first.pk]), {"jumlah": ""})
    assert wrong.status_code == 422
    for page in (cast.client("rina").get(url).content.decode(), wrong.content.decode()):
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))
        goals = re.findall(r'<label[^>]*\sfor="([^"]+)"', page) + re.findall(r'href="#([^"]+)"', page)
        assert set(goals) <= {*ids, "isi"}
        assert page.count('name="jumlah"') == 2
