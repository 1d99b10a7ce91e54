"""What happens to an order again and again in its tests, and what was told of it."""

from sopan.core.flow import Refusal
from sopan.domains.orders import payments, queries
from sopan.engine import operations as engine
from sopan.engine.models import Case, Effect

ANSWERS = dict.fromkeys(
    ["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "pengaduan", "sarana"], "4"
)


def told(case) -> list[str]:
    return list(
        Effect.objects.filter(case=case, key="orders.tell_customer").order_by("pk").values_list("data__what", flat=True)
    )


def confirmed(service, order, at, ntpn="8F21A3K9P0B7C6D5"):
    return service.do(order, "orders.confirm_payment", "ya", ntpn=ntpn, paid_at=at, channel="Bank Contoh")


def released(service, order):
    """Bring an order past the laboratory by rule: what happens there is told in its own tests."""
    order = service.to_local_bill(order)
    bill = order.bills.get()
    payments._mark_paid(bill, ntpn="A" * 16, paid_at=service.now, channel="", by="x")
    assert payments.settle(bill, now=service.now)
    for _step in range(12):
        (work,) = service.open(order.case)
        if work == "orders.survey":
            return service.fresh(order)
        answers = [way.answer for way in queries.open_steps(Case.objects.get(pk=order.case_id))[0][0].exits]
        answer = "ya" if "ya" in answers else ""
        done = engine.complete_by_system(order.case_id, step_work=work, answer=answer, now=service.now)
        assert not isinstance(done, Refusal), done
    raise AssertionError("the survey was not reached")
