"""The only code that changes documents: draft, prepare, sign, release, replace, revoke; and the keys of persons.

Each change is one conditional UPDATE, so that of two people at once exactly one is right and the other is told.
Files and signatures are made before the transaction; a crash between leaves a file that nothing names.
"""

from .issuing import draft, prepare, release, replace, revoke
from .keys import add_signing_key, change_profile
from .signing import record_authorisation, sign_document

__all__ = [
    "add_signing_key",
    "change_profile",
    "draft",
    "prepare",
    "record_authorisation",
    "release",
    "replace",
    "revoke",
    "sign_document",
]
