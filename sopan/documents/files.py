"""Files under the hash of their content. They are written before the row that names them, outside of a transaction."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile


class DamagedFile(Exception):
    """A stored file is not what its row says: the disk, or somebody at the disk, changed it."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def store(content: bytes, *, folder: str, suffix: str) -> str:
    """Keep ``content`` and give the name to put into a row. The same content twice is kept once."""
    digest = sha256(content)
    name = f"{folder}/{digest[:2]}/{digest}{suffix}"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if file.read() == content:  # else it was cut off by a crash: a new name is given
                return name
    return default_storage.save(name, ContentFile(content))


def read(file: FieldFile, *, sha256: str) -> bytes:
    """The content of a stored file. Raises DamagedFile if it is not the one that was stored."""
    with default_storage.open(file.name) as stored:
        content = stored.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFile(file.name)
    return content
