"""Texts that a body may change, over those that come with the program; a changed one names its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.registry import Registry
from sopan.engine.access import Acting
from sopan.people.models import Institution
from sopan.ui.source import of_body

from ..models import ServiceText
from . import events

MAX_TEXT = 8_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it holds now; ``own`` if the body has changed it."""

    kind: str
    key: str
    title: str
    text: str = ""
    source: str = ""
    verified: bool = False
    place: int = 0
    hint: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """The texts of a kind: those that come with the program, and what must hold of a changed one."""

    defaults: Callable[[], Mapping[str, Text]]
    check: Callable[[str, str, str], Refusal | None] = lambda key, title, text: None


collections: Registry[Collection] = Registry("collection of texts")


def all_of(institution: Institution, kind: str) -> list[Text]:
    """The texts of a kind in the order shown. Raises LookupError for an unknown kind."""
    own = {row.key: row for row in ServiceText.objects.filter(institution=institution, kind=kind)}
    found = [_with(text, own.get(text.key)) for text in collections[kind].defaults().values()]
    return sorted(found, key=lambda text: (text.place, text.key))


def one_of(institution: Institution, kind: str, key: str) -> Text | None:
    """One text as it holds now, or None if nothing has this key."""
    default = collections[kind].defaults().get(key) if kind in collections else None
    if default is None:
        return None
    return _with(default, ServiceText.objects.filter(institution=institution, kind=kind, key=key).first())


def _with(default: Text, row: ServiceText | None) -> Text:
    if row is None:
        return default
    title, text, source = (of_body(words) for words in (row.title, row.text, row.source))
    return Text(default.kind, default.key, title, text, source, row.verified, row.place, default.hint, own=True)


@transaction.atomic
def change(
    institution: Institution,
    kind: str,
    key: str,
    *,
    title: str,
    text: str,
    source: str,
    verified: bool,
    place: int,
    acting: Acting,
    now: datetime,
) -> ServiceText | Refusal:
    """Give a text of the body its own words, with their source. Side effects: the text, an event with what was before."""
    before = one_of(institution, kind, key)
    if before is None:
        return Refusal("unknown", _("Teks ini tidak ada."))
    title, text, source = title.strip(), text.replace("\r\n", "\n").strip(), source.strip()
    if not title:
        return Refusal("empty", _("Isi judulnya."), "title")
    if len(text) > MAX_TEXT:
        return Refusal("too-long", _("Teks paling panjang %(most)s huruf.") % {"most": MAX_TEXT}, "text")
    if not source:
        return Refusal("source-missing", _("Isi dasar teks ini."), "source")
    if (wrong := collections[kind].check(key, title, text)) is not None:
        return wrong
    row, _made = ServiceText.objects.update_or_create(
        institution=institution,
        kind=kind,
        key=key,
        defaults={
            "title": title,
            "text": text,
            "source": source,
            "verified": verified,
            "place": place,
            "changed_at": now,
            "changed_by_name": acting.name,
        },
    )
    data = {"kind": kind, "key": key, "before": [before.title, before.text], "after": [title, text], "source": source}
    events.record(institution, f"text:{kind}:{key}"[:60], "text_changed", acting=acting, now=now, **data)
    return row


# Placeholders ---------------------------------------------------------------------------------------------------------

_NAMED = re.compile(r"\{([^{}]*)\}")


def unknown_names(text: str, known: Mapping[str, str] | set[str]) -> list[str]:
    """The names in braces that a template may not use."""
    return [name for name in _NAMED.findall(text) if name not in known]


def filled(text: str, values: Mapping[str, str]) -> str:
    """A template with its names in braces replaced, once: what is put in is never looked at again.

    There is no format syntax, no attribute and no code: a name that is not known stays as it is written.
    """
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)
