"""The offer (penawaran) as PDF: what is measured and what it costs, by which basis, as it was approved."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.ui import formats

from .. import papers, queries
from ..models import Order


def paper(order: Order) -> bytes | Refusal:
    """The offer of an order whose tariff was approved. Refusal "not-quoted" before."""
    if order.quote_total is None or order.quoted_at is None:
        return Refusal("not-quoted", _("Biaya pesanan belum disetujui."))
    body = order.institution
    with translation.override("id"), timezone.override(body.zone):
        rows = [
            [
                str(item.line),
                f"{item.name}, {item.make} {item.type}, {_('No. seri')} {item.serial_number}",
                item.tariff_description + (f" ({item.tariff_override})" if item.tariff_override else ""),
                item.tariff_basis,
                formats.number(item.price or 0, 0),
            ]
            for item in queries.items_of(order)
        ]
        facts = [(_("Pelanggan"), order.company.name), (_("Tanggal"), formats.long_date(order.quoted_at))]
        if order.payment_policy:
            facts.append((_("Waktu pembayaran"), str(Order.Payment(order.payment_policy).label)))
        return papers.paper(
            body,
            title=_("Penawaran biaya"),
            number=order.reference,
            at=order.quoted_at,
            facts=facts,
            table=papers.Table(
                [_("No."), _("Alat"), _("Tarif"), _("Dasar hukum"), _("Jumlah (Rp)")], rows, (0, 3, 3, 2, 0), (4,)
            ),
            after=[
                f"{_('Jumlah')}: {formats.rupiah(order.quote_total)} ({formats.in_words(order.quote_total)})",
                _("Disetujui oleh %(name)s.") % {"name": order.quoted_by},
            ],
        )
