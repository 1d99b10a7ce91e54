"""Signing a PDF (PAdES) and judging the signatures of one.

A provider makes the signature. ``pkcs12`` uses the PKCS#12 file of the person; a provider that talks to a signing
service offers the same ``sign`` and keeps the same promise: the passphrase is used and forgotten.
"""

from .judging import SignatureReport, validate, validate_file
from .pkcs12 import FIELD, Pkcs12Provider
from .provider import SigningProvider

__all__ = ["FIELD", "Pkcs12Provider", "SignatureReport", "SigningProvider", "validate", "validate_file"]
