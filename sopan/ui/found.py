"""What a request asks for, or "not found"."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404

T = TypeVar("T")


def there(thing: T | None) -> T:
    """The thing, or 404: what somebody may not see does not exist for him."""
    if thing is None:
        raise Http404
    return thing
