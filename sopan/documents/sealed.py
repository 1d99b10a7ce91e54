"""Small personal secrets at rest: encrypted with a key that is derived from the secret of the installation."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """``text`` encrypted; "" stays "". Two seals of the same text differ."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again; "" if the secret of the installation is another one now."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def masked(text: str) -> str:
    """The first four and the last two signs, as a person recognises his own number."""
    return f"{text[:4]}{'•' * max(0, len(text) - 6)}{text[-2:]}" if len(text) > 6 else "•" * len(text)


def _box() -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"sopan sealed").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
