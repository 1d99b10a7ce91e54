"""Minutes of what was given back: recorded with the hand-over, confirmed by the customer with a click, printed as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting, as_person
from sopan.people.models import User
from sopan.ui import formats

from .. import papers
from ..models import Handover, Order, OrderItem


def described(item: OrderItem) -> list[str]:
    """An instrument as the minutes name it: name, make and type, serial number, remark."""
    return [item.name, f"{item.make} {item.type}".strip(), item.serial_number, item.remark]


def record(order: Order, items: Sequence[Sequence[str]], *, receiver: str, acting: Acting, now: datetime) -> Handover:
    """Write the minutes of a hand-over, in the transaction of the hand-over. ``items``: number of the sample, then
    ``described``. Side effects: that row."""
    return Handover.objects.create(
        order=order,
        items=[list(item) for item in items],
        given_at=now,
        given_by_name=acting.name,
        given_by_position=acting.position,
        receiver=receiver.strip()[:200],
    )


@transaction.atomic
def confirm(row: Handover, *, actor: User, now: datetime) -> Handover | Refusal:
    """The customer says that he has received it, once. Side effects: the minutes, the journal of the case."""
    held = Handover.objects.select_for_update(of=("self",)).select_related("order").get(pk=row.pk)
    if held.order.company_id != actor.company_id:
        return Refusal("not-found", _("Berita acara ini tidak ada."))
    if held.confirmed_at is not None:
        return Refusal(
            "confirmed", _("Penerimaan sudah dikonfirmasi oleh %(name)s.") % {"name": held.confirmed_by_name}
        )
    held.confirmed_at, held.confirmed_by, held.confirmed_by_name = now, actor, actor.full_name
    held.save()
    data = {"handover": held.reference}
    engine.note(held.order.case_id, acting=as_person(actor, None), code="orders.handover_confirmed", data=data, now=now)
    return held


def paper(row: Handover, *, at: datetime) -> bytes | Refusal:
    """The minutes as PDF/A, in Indonesian as all minutes of the body."""
    order = row.order
    body = order.institution
    with translation.override("id"), timezone.override(body.zone):
        confirmed = _("menunggu konfirmasi penerima")
        if row.confirmed_at is not None:
            confirmed = _("dikonfirmasi melalui akun pelanggan, %(at)s") % {
                "at": formats.long_datetime(row.confirmed_at)
            }
        return papers.paper(
            body,
            title=_("Berita acara penyerahan alat"),
            number=row.reference,
            at=at,
            before=[
                _("Pada %(at)s telah diserahkan kembali alat berikut kepada pelanggan.")
                % {"at": formats.long_datetime(row.given_at)}
            ],
            facts=[(_("Pesanan"), order.reference), (_("Pelanggan"), order.company.name)],
            table=papers.Table(
                [_("Sampel"), _("Alat"), _("Merek dan tipe"), _("Nomor seri"), _("Keterangan")],
                [[str(cell) for cell in item] for item in row.items],
                (0, 2, 2, 1, 2),
            ),
            signers=[
                papers.Signer(_("Yang menyerahkan"), row.given_by_name, row.given_by_position),
                papers.Signer(_("Yang menerima"), row.confirmed_by_name or row.receiver, confirmed),
            ],
        )
