"""What people add to a case: comments, files, drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.journal import GENESIS, entry_hash
from sopan.people.models import User

from .. import access
from ..models import Attachment, Comment, Draft, Task
from .acts import (
    hashed_fields,
    message_of,
    told_done,
    too_long,
)
from .completing import note

if TYPE_CHECKING:
    from sopan.ui.uploads import UploadInfo

MAX_COMMENT = 10_000  # characters


@transaction.atomic
def comment(case_id: int, *, actor: User, text: str, internal: bool = True, now: datetime) -> Comment | Refusal:
    """A note to colleagues, or a message between staff and customer. A customer's is never internal."""
    seen = access.case_for(actor, case_id, now=now)
    acting = access.acting_on_case(actor, seen, now=now) if seen else None
    if seen is None or acting is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    if not text.strip():
        return Refusal("empty", _("Tuliskan pesannya."), field="text")
    refusal = too_long(text, MAX_COMMENT, field="text")
    if refusal is not None:
        return refusal
    row = Comment.objects.create(
        case_id=case_id, at=now, person=actor, name=acting.name, text=text, internal=internal and not actor.is_customer
    )
    digest = entry_hash(GENESIS, hashed_fields(case_id, 0, now, "comment", {"text": text}, acting))
    note(
        case_id,
        acting=acting,
        code="commented",
        data={"comment": row.pk, "internal": row.internal, "sha256": digest},
        now=now,
    )
    return row


@transaction.atomic
def attach(
    case_id: int,
    *,
    actor: User,
    upload: Any,
    info: UploadInfo,
    label: str,
    task_id: int | None = None,
    customer_may_see: bool = False,
    now: datetime,
) -> Attachment | Refusal:
    """Keep a checked file with a case, for a requirement or an output. The same file again is kept once.

    ``info`` is what ``sopan.ui.uploads.check_upload`` said of ``upload``. Side effects: the file, journal entry.
    """
    seen = access.case_for(actor, case_id, now=now)
    acting = access.acting_on_case(actor, seen, now=now) if seen else None
    if seen is None or acting is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    row, created = Attachment.objects.get_or_create(
        case_id=case_id,
        sha256=info.sha256,
        label=label[:250],
        defaults={
            "task_id": task_id,
            "name": info.name,
            "media_type": info.media_type,
            "size": info.size,
            "file": upload,
            "at": now,
            "person": actor,
            "by_name": acting.name,
            "customer_may_see": customer_may_see or actor.is_customer,
        },
    )
    if created:
        data = {"attachment": row.pk, "name": row.name, "label": row.label, "sha256": row.sha256}
        note(case_id, acting=acting, code="attached", data=data, now=now)
    return row


def save_draft(task_id: int, *, actor: User, data: Mapping[str, Any], now: datetime) -> Draft | Refusal:
    """Keep what a person has typed so far, unchecked. Only for a task that is his and open; secrets are the caller's
    to leave out."""
    task = access.task_for(actor, task_id, now=now)
    if task is None or access.acting_for(actor, task, now=now) is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    if task.status != Task.Status.OPEN:
        return Refusal("done-already", told_done(task) if task.completed_at else message_of("not-open"))
    draft, _created = Draft.objects.update_or_create(
        task=task, person=actor, defaults={"data": dict(data), "saved_at": now}
    )
    return draft
