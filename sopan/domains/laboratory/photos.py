"""The photo of an instrument at the counter, kept with the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.models import Attachment
from sopan.people.models import User
from sopan.ui import uploads

from .models import Item


def check_photo(item: Item, upload: Any) -> uploads.UploadInfo | Refusal:
    """What a photo is, or why it cannot be kept, told at its field."""
    info = uploads.check_upload(upload, kinds=("jpg", "png"))
    return Refusal(info.code, info.message, f"photo_{item.pk}") if isinstance(info, Refusal) else info


def keep_photo(item: Item, upload: Any, *, actor: User, task_id: int | None, now: datetime) -> Attachment | Refusal:
    """Check a photo and keep it with the case; the customer may see it. Side effects: the file, journal entry."""
    info = check_photo(item, upload)
    if isinstance(info, Refusal):
        return info
    label = f"Foto alat saat diterima: {item.order_item}"  # kept with the file: Indonesian, whoever takes it
    return engine.attach(
        item.order.case_id,
        actor=actor,
        upload=upload,
        info=info,
        label=label,
        task_id=task_id,
        customer_may_see=True,
        now=now,
    )
