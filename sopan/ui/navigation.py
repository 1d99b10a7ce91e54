"""The menu. Each application adds its entries in ``AppConfig.ready``; templates get the ones the person may see.

from sopan.ui.navigation import nav, staff

nav.add("inbox", label=_("Tugas saya"), url_name="inbox", icon="inbox", order=10, visible=staff, count=queries.waiting_count)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

from sopan.ui.icons import icon_svg


def staff(request: HttpRequest) -> bool:
    """Whether somebody who works for the institution is logged in."""
    return request.user.is_authenticated and not request.user.is_customer


def customer(request: HttpRequest) -> bool:
    """Whether somebody who acts for a company is logged in."""
    return request.user.is_authenticated and request.user.is_customer


@dataclass(frozen=True)
class Entry:
    """What an application added. ``group`` is a heading in the menu; entries without one come first."""

    key: str
    label: str
    url_name: str
    icon: str
    order: int
    visible: Callable[[HttpRequest], bool]
    count: Callable[[HttpRequest], int] | None
    group: str


@dataclass(frozen=True)
class Item:
    """An entry as one person sees it."""

    key: str
    label: str
    url: str
    icon: str
    group: str
    count: int
    current: bool


class Navigation:
    """The entries by key. A key taken twice and an unknown icon are errors when they are added."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        # What is the same for all people is worked out once: the order by language, as groups and labels are sorted as
        # they are read, and the addresses by the table of addresses and the prefix before them.
        self._in_order: dict[str, list[Entry]] = {}
        self._urls: dict[tuple[object, str], dict[str, str]] = {}

    def add(
        self,
        key: str,
        *,
        label: str,
        url_name: str,
        icon: str,
        order: int = 100,
        visible: Callable[[HttpRequest], bool] = staff,
        count: Callable[[HttpRequest], int] | None = None,
        group: str = "",
    ) -> None:
        """Add an entry. ``order`` counts inside its group; the group with the lowest order comes first.

        Raises ValueError for a key that is taken, TemplateSyntaxError for an unknown icon.
        """
        if key in self._entries:
            raise ValueError(f"The menu has an entry {key!r} already.")
        icon_svg(icon)
        self._entries[key] = Entry(key, label, url_name, icon, order, visible, count, group)
        self._in_order.clear()
        self._urls.clear()

    def items(self, request: HttpRequest) -> list[Item]:
        """What this person may see, in order. Raises NoReverseMatch for an address that does not exist."""
        urls = self._addresses()
        seen = [entry for entry in self._ordered() if entry.visible(request)]
        current = _current([urls[entry.key] for entry in seen], request.path)
        return [
            Item(
                key=entry.key,
                label=entry.label,
                url=urls[entry.key],
                icon=entry.icon,
                group=str(entry.group),
                count=entry.count(request) if entry.count else 0,
                current=urls[entry.key] == current,
            )
            for entry in seen
        ]

    def _addresses(self) -> dict[str, str]:
        """The address of each entry, also of those that nobody sees here: a wrong one must not wait for who does."""
        table = (get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
        if table not in self._urls:
            self._urls[table] = {entry.key: reverse(entry.url_name) for entry in self._entries.values()}
        return self._urls[table]

    def _ordered(self) -> list[Entry]:
        language = get_language() or ""
        if language not in self._in_order:
            self._in_order[language] = self._sorted()
        return self._in_order[language]

    def _sorted(self) -> list[Entry]:
        first: dict[str, int] = {}
        for entry in self._entries.values():
            group = str(entry.group)
            first[group] = min(entry.order, first.get(group, entry.order))
        return sorted(
            self._entries.values(),
            key=lambda e: (bool(str(e.group)), first[str(e.group)], str(e.group), e.order, str(e.label)),
        )


def _current(urls: list[str], path: str) -> str | None:
    """The longest address that begins the path; an address of one slash must be the whole path."""
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(matching, key=len, default=None)


nav = Navigation()
