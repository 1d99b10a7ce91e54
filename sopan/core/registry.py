"""The one pattern for open lists: a thing registers itself under its key; a key taken twice is refused at import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind. ``what`` names the kind in messages."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._things: dict[str, T] = {}

    def add(self, key: str, thing: T) -> T:
        """Register ``thing`` under ``key``. Raises ValueError if the key is taken."""
        if key in self._things:
            raise ValueError(f"{self.what} {key!r} is registered twice")
        self._things[key] = thing
        return thing

    def __getitem__(self, key: str) -> T:
        try:
            return self._things[key]
        except KeyError:
            raise LookupError(f"no {self.what} is called {key!r}") from None

    def get(self, key: str) -> T | None:
        return self._things.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def values(self) -> Iterator[T]:
        return iter(self._things.values())
