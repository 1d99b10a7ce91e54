"""Addresses of pages that another part of the project brings: they are offered where they are installed."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def maybe(name: str, *args: Any, **kwargs: Any) -> str:
    """The address, or "" where there is no such page."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
