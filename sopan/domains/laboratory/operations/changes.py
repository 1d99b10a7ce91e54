"""A released report is amended or revoked: who leads the team asks with his reason, the office that signs decides.

Nothing that was released is overwritten. An amendment is a report of its own, under a number of its own, that names what it
replaces; the old one stays to be found and says that it was replaced. Where results are wrong, the approved change opens a
new version of them (``corrections`` says what follows), and the amendment is made when these are approved.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents import numbers
from sopan.documents import operations as documents
from sopan.documents.models import IssuedDocument
from sopan.domains.orders.customers import amendments
from sopan.domains.orders.operations import told as tell_customer
from sopan.engine import operations as engine
from sopan.engine.access import Acting, as_person
from sopan.engine.stepwork import Planned
from sopan.people.models import User

from .. import access, queries
from ..certificates import rules
from ..certificates.snapshot import Snapshot, authorised, part_of
from ..models import Report, ReportChange, WorkOrder
from . import reports, results

ASKS = "laboratory.number_report"  # who gives reports their numbers may ask
R, C = Report.State, ReportChange.State
PLACES = {  # what may be corrected -> where it stands in the snapshot
    "name": ("item", "supplied"), "make": ("item", "supplied"), "type": ("item", "supplied"), "serial": ("item", "supplied"),
    "range": ("item", "supplied"), "condition": ("item",), "customer_name": ("customer",), "customer_address": ("customer",),
}  # fmt: skip


def told(snapshot: Mapping[str, object]) -> dict[str, str]:
    """What may be corrected, as the report says it now."""
    return {name: _holder(snapshot, name).get(_key(name), "") for name in PLACES}


def _key(name: str) -> str:
    return name.removeprefix("customer_")


def _holder(snapshot: Mapping[str, object], name: str) -> dict[str, str]:
    found: object = snapshot
    for part in PLACES[name]:
        found = found[part]  # type: ignore[index]
    return found  # type: ignore[return-value]


def may_ask(report: Report, *, actor: User, now: datetime) -> Acting | None:
    """As whom a person may ask for a change of this report, or None."""
    return access.doing(actor, report.order.case, ASKS, now=now)


def ask(
    report: Report, *, kind: str, reason: str, what: str = "", corrections: Mapping[str, str] | None = None,
    works: Collection[int] = (), actor: User, now: datetime,
) -> ReportChange | Refusal:  # fmt: skip
    """Ask that a report be amended or revoked; ``works``: keys of the work orders whose results are to be corrected.
    Side effects: the row, journal.

    Refusals: not-found, not-released, no-reason, nothing-changes, asked.
    """
    acting = may_ask(report, actor=actor, now=now)
    if acting is None:
        return Refusal("not-found", _("Laporan ini tidak ada."))
    changed = {
        name: text.strip()
        for name, text in (corrections or {}).items()
        if name in PLACES and text.strip() != told(report.snapshot)[name]
    }
    chosen = list(report.item.work_orders.filter(pk__in=works)) if kind == ReportChange.Kind.AMEND else []
    refusal = _not_askable(report, kind=kind, reason=reason, what=what, changes=bool(changed or chosen))
    if refusal is not None:
        return refusal
    try:
        with transaction.atomic():
            made = ReportChange.objects.create(
                report=report, kind=kind, what=what.strip()[:500], reason=reason.strip()[:500], corrections=changed,
                asked_by=actor, asked_name=acting.name, asked_at=now,
            )  # fmt: skip
            made.works.set(chosen)
            _note(made, "laboratory.change_asked", acting=acting, now=now)
    except IntegrityError:
        return Refusal("asked", _("Perubahan laporan ini sudah diminta dan belum diputuskan."))
    return made


def _not_askable(
    report: Report, *, kind: str, reason: str, what: str, changes: bool
) -> Refusal | None:  # fmt: skip
    document = report.document
    if report.state != R.RELEASED or document is None or document.status != IssuedDocument.Status.RELEASED:
        return Refusal("not-released", _("Hanya laporan yang berlaku yang dapat diubah atau dicabut."))
    if report.amendments.exclude(state=R.RELEASED).exists():
        return Refusal("asked", _("Pengganti laporan ini sedang dibuat."))
    if kind == ReportChange.Kind.AMEND and _corrected_now(report):
        return Refusal("asked", _("Hasil laporan ini sedang dikoreksi; penggantinya dibuat sesudah itu."))
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    if kind != ReportChange.Kind.AMEND:
        return None
    if not what.strip():
        return Refusal("no-what", _("Tuliskan apa yang berubah; keterangan ini dicetak."), "what")
    return None if changes else Refusal("nothing-changes", _("Belum ada keterangan yang diubah."), "name")


def _corrected_now(report: Report) -> bool:
    """Whether an approved amendment still waits for corrected results."""
    return report.changes.filter(kind=ReportChange.Kind.AMEND, state=C.APPROVED, amendment=None).exists()


def may_decide(change: ReportChange, *, actor: User, now: datetime) -> Acting | None:
    """As whom a person decides: he signs reports now. None is "not found"."""
    signer = queries.signer(change.report.order.case, now=now)
    return as_person(actor, signer) if signer is not None and signer.person_id == actor.pk else None


def decide(
    change: ReportChange, *, approve: bool, remark: str = "", actor: User, now: datetime
) -> ReportChange | Refusal:
    """Approve or reject a change. Not by who asked for it.

    A revocation holds at once; an amendment gets its number and is printed, and lies before the signer then, or opens
    new versions of the results that it corrects. Side effects: the row, documents, reports, numbers, results, work orders,
    journal, outbox. Refusals: not-found, same-person, decided, no-remark, and what
    the amendment would miss.
    """
    acting = may_decide(change, actor=actor, now=now)
    if acting is None:
        return Refusal("not-found", _("Permintaan ini tidak ada."))
    if change.asked_by_id == actor.pk:
        return Refusal("same-person", _("Anda yang meminta perubahan ini, sehingga orang lain yang memutuskannya."))
    if not approve and not remark.strip():
        return Refusal("no-remark", _("Tuliskan mengapa permintaan ini ditolak."), "remark")
    with transaction.atomic():
        locked = ReportChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if locked.state != C.ASKED:
            text = _("Permintaan ini sudah diputuskan oleh %(name)s.")
            return Refusal("decided", text % {"name": locked.decided_name})
        locked.state, locked.remark = (C.APPROVED if approve else C.REJECTED), remark.strip()[:500]
        locked.decided_by, locked.decided_name, locked.decided_at = actor, acting.name, now
        refusal = _carry_out(locked, acting=acting, now=now) if approve else None
        if refusal is not None:
            transaction.set_rollback(True)
            return refusal
        locked.save()
        if not approve:
            _note(locked, "laboratory.change_rejected", acting=acting, now=now)
    return locked


def _carry_out(change: ReportChange, *, acting: Acting, now: datetime) -> Refusal | None:
    report = change.report
    assert report.document is not None
    if change.kind == ReportChange.Kind.REVOKE:
        refusal = documents.revoke(report.document, reason=change.reason, by=acting.name, now=now)
        if refusal is None:
            Report.objects.filter(pk=report.pk).update(state=R.REVOKED)
            letter = tell_customer("revoked", report=report.number, reason=change.reason)
            _note(change, "laboratory.revoked", acting=acting, now=now, effects=(letter,))
        return refusal
    if change.works.exists():
        return _reopen(change, acting=acting, now=now)
    return amend(change, acting=acting, now=now)


def _reopen(change: ReportChange, *, acting: Acting, now: datetime) -> Refusal | None:
    """Open a new version of each of the results; those that were released stay as they are."""
    for work in change.works.select_for_update():
        if work.state != WorkOrder.State.APPROVED:
            text = _("Hasil %(work)s sedang dikerjakan lagi.")
            return Refusal("not-approved", text % {"work": work})
        results.return_work(work, reason=change.reason, released=True, now=now)
    _note(change, "laboratory.correcting", acting=acting, now=now)
    return None


def amend(change: ReportChange, *, acting: Acting, now: datetime) -> Refusal | None:
    """Give the amendment its number and snapshot, and have it printed, in the caller's transaction; who calls saves the
    change. Refused for what the amendment would miss. Side effects: reports, documents, numbers, journal, outbox."""
    old = change.report
    order = old.order
    used_for = f"{_('Pengganti')} {old.number}"
    given = numbers.allocate(reports.REPORT, institution=order.institution, now=now, used_for=used_for, by=acting.name)
    last = Report.objects.filter(item=old.item).aggregate(last=Max("version"))["last"]
    new = Report.objects.create(
        order=order, item=old.item, number=given.text, version=last + 1, amends=old, created_at=now
    )
    snapshot = _corrected(change, number=given.text, version=new.version)
    missing = rules.refusals(snapshot)
    if missing:
        return missing[0]
    reports.keep_snapshot(new, snapshot, document=reports.draft_of(order, new, snapshot=snapshot, now=now))
    change.amendment = new
    effects = (Planned(reports.RENDER, {"order": order.pk, "amendment": new.pk}),)
    _note(change, "laboratory.amending", acting=acting, now=now, effects=effects, number=given.text)
    return None


def _corrected(change: ReportChange, *, number: str, version: int) -> Snapshot:
    old = change.report
    assert old.document is not None
    snapshot: Snapshot = copy.deepcopy(old.snapshot)
    for name, text in change.corrections.items():
        _holder(snapshot, name)[_key(name)] = text
    corrected = set(change.works.values_list("pk", flat=True))
    for place, work in enumerate(old.item.work_orders.select_related("laboratory", "item__order__institution")):
        if work.pk in corrected:
            snapshot["parts"][place] = part_of(work)
    if corrected:
        snapshot["authorised_by"] = authorised(old.item)
    snapshot |= {"number": number, "version": version}
    snapshot["amends"] = {
        "number": old.number, "what": change.what, "why": change.reason, "sha256": old.document.signed_sha256,
    }  # fmt: skip
    return snapshot


def put_in_place(new: Report, *, acting: Acting, now: datetime) -> Refusal | None:
    """Release a signed amendment and let the old report say that it was replaced, in one transaction.

    Side effects: documents, reports, journal, the wish of the customer; he is told.
    """
    old = new.amends
    assert old is not None and old.document is not None and new.document is not None
    with transaction.atomic():
        refusal = documents.release(new.document, now=now)
        if refusal is None:
            refusal = documents.replace(old.document, new=new.document, now=now)
        if refusal is not None:
            transaction.set_rollback(True)
            return refusal
        Report.objects.filter(pk=new.pk).update(state=R.RELEASED)
        Report.objects.filter(pk=old.pk).update(state=R.REPLACED)
        amendments.finish(old.document, replacement=new.document)
        data = {"number": new.number, "old": old.number}
        letter = tell_customer("amended", report=old.number, replacement=new.number)
        engine.note(new.order.case_id, acting=acting, code="laboratory.amended", data=data, effects=(letter,), now=now)
    return None


def _note(
    change: ReportChange, code: str, *, acting: Acting, now: datetime, effects: tuple[Planned, ...] = (), **more: str
) -> None:
    told = {"old": change.report.number, "kind": change.kind, "reason": change.reason, "what": change.what}
    told |= {"remark": change.remark, **more}
    engine.note(change.report.order.case_id, acting=acting, code=code, data=told, effects=effects, now=now)
