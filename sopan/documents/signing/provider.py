"""What every provider of signatures promises."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sopan.core.flow import Refusal

FIELD = "TandaTangan1"


class SigningProvider(Protocol):
    """Something that signs a PDF for a person who has just typed a passphrase."""

    def sign(
        self,
        content: bytes,
        *,
        key: bytes,
        passphrase: str,
        stamp: bytes,
        name: str,
        reason: str,
        location: str,
        contact: str,
        at: datetime,
        field: str = FIELD,
    ) -> bytes | Refusal:
        """The signed PDF, with ``stamp`` (a PDF of one page) as its visible block, or why not."""
        ...
