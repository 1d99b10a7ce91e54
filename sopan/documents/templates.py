"""The print templates: a domain registers its own under a key and renders by that key."""

from __future__ import annotations

from pathlib import Path

from sopan.core.registry import Registry
from sopan.people.models import Institution

HERE = Path(__file__).parent / "typst"
PACKAGES = HERE / "packages"  # what templates import as "@local/sopan:1.0.0"

_templates: Registry[Path] = Registry("print template")


def register(key: str, path: Path) -> None:
    """Offer the Typst file ``path`` as ``key``. It may read files of its own folder and nothing else.

    Raises ValueError for a key that is taken, FileNotFoundError for a file that is not there.
    """
    _templates.add(key, path.resolve(strict=True))


def find(key: str) -> Path:
    """The file of a template. Raises LookupError for an unknown key."""
    return _templates[key]


def letterhead(institution: Institution) -> dict[str, str]:
    """What ``letterhead`` of the Typst package prints about an institution."""
    contact = [institution.phone, institution.email]
    return {
        "name": institution.name,
        "parent_name": institution.parent_name,
        "address": " ".join(institution.address.split()),
        "contact": " · ".join(part for part in contact if part),
        "accreditation": institution.accreditation,
    }


register("documents.stamp", HERE / "stamp.typ")
