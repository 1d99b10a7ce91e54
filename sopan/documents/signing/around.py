"""What every use of pyHanko needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization

Result = TypeVar("Result")


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate as pyHanko wants it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def apart(call: Callable[[], Result]) -> Result:
    """Call pyHanko, which runs an event loop of its own, even where a loop runs already: in another thread then."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(call).result()
