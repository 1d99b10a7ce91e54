"""Signing a PDF (PAdES) and judging the signatures of one.

A provider makes the signature: ``Pkcs12Provider`` with the file of the person, ``EsignV1`` and ``EsignV2`` at the service
of BSrE. All keep the same promise: the passphrase is used and forgotten. ``choosing`` tells which one a person signs by.
"""

from ..stamp import AUTHORISING_FIELD, FIELD
from .esign_v1 import EsignV1
from .esign_v2 import EsignV2
from .judging import SignatureReport, SignerReport, validate, validate_file
from .pkcs12 import Pkcs12Provider
from .provider import Particulars, RemoteProvider, SigningProvider, Unclear

__all__ = [
    "AUTHORISING_FIELD",
    "FIELD",
    "EsignV1",
    "EsignV2",
    "Particulars",
    "Pkcs12Provider",
    "RemoteProvider",
    "SignatureReport",
    "SignerReport",
    "SigningProvider",
    "Unclear",
    "validate",
    "validate_file",
]
