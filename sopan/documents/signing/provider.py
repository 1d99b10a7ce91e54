"""What every provider of signatures promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from sopan.core.flow import Refusal

from ..stamp import FIELD


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows whether a signature was made: the request went out, and no answer says what became of it.

    ``service_id``: by which the service may be asked for the file; "" if it told none.
    """

    service_id: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a signature says of itself: its visible block, who, why, where, whom to ask, when, and in which field."""

    stamp: bytes
    name: str
    reason: str
    location: str
    contact: str
    at: datetime
    field: str = FIELD


class SigningProvider(Protocol):
    """Something that signs a PDF for a person who has just typed a passphrase."""

    remote: ClassVar[bool]  # talks to a service: an answer may be lost
    picture: ClassVar[str]  # what it wants the visible block as: "pdf" or "png"

    def sign(self, content: bytes, said: Particulars, *, key: bytes, passphrase: str) -> bytes | Refusal | Unclear:
        """The signed PDF, or why not.

        ``key`` is what the provider signs with or knows the person by: a PKCS#12 file, the number of an identity card.
        The passphrase is used and forgotten: not stored, not logged, not in a refusal. Not inside a transaction.
        """
        ...


class RemoteProvider(SigningProvider, Protocol):
    """A provider that talks to a service."""

    def standing(self, key: bytes) -> Refusal | None:
        """Why this person cannot sign there now: unknown, expired, revoked. Asks the service."""
        ...

    def fetch(self, service_id: str) -> bytes | Refusal | Unclear:
        """The file that an earlier request made; Refusal "not-there" if the service does not hand it out (any more)."""
        ...
