"""Filters and tags that every template may use."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sopan.ui import fields, formats, source
from sopan.ui.icons import icon_svg

register = template.Library()


# Filters: an empty value stays empty


def _shown(write: Callable[..., str]) -> Callable[..., str]:
    @wraps(write)  # the engine reads the number of arguments from the wrapped function
    def shown(value: Any, *args: Any) -> str:
        return "" if value is None or value == "" else write(value, *args)

    return shown


for _name, _write in {
    "rupiah": formats.rupiah,
    "terbilang": formats.in_words,
    "number": formats.number,
    "date_id": formats.long_date,
    "date_short": formats.short_date,
    "datetime_id": formats.long_datetime,
    "datetime_short": formats.short_datetime,
    "time_id": formats.clock,
    "weekday_date": formats.weekday_date,
    "npwp": formats.npwp,
    "phone": formats.phone,
    "filesize_id": formats.file_size,
    "initials": formats.initials,
    "duration_words": formats.duration,
    "remaining": formats.remaining,
    "grouped": formats.in_groups,
}.items():
    register.filter(_name, _shown(_write))


register.filter("source", source.marked)
register.filter("source_text", source.translated)  # where no element fits: in attributes and options
register.filter("source_lang", source.language)  # the attribute of an option or a title that shows such a text
register.filter("own", source.own)  # for what went through ``source.translated`` before

# Icons


class IconNode(template.Node):
    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        return icon_svg(str(self.name.resolve(context)))


@register.tag
def icon(parser: Parser, token: Token) -> template.Node:
    """``{% icon "printer" %}``. A name written out is checked when the template is compiled."""
    words = token.split_contents()
    if len(words) != 2:
        raise template.TemplateSyntaxError("icon takes one name.")
    if words[1][0] in "\"'":
        icon_svg(words[1][1:-1])
    return IconNode(parser.compile_filter(words[1]))


# Forms


@register.inclusion_tag("ui/_field.html")
def field(bound: Any, **attrs: Any) -> dict[str, Any]:
    """``{% field form.x hint="…" unit="g" rows=3 %}``: label, hint, error and input, tied together by ids."""
    return fields.field_context(bound, attrs)


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(*forms: Any, quiet: bool = False) -> dict[str, Any]:
    """``{% error_summary form other_form formset %}``: every error, linked to its field; ``quiet`` leaves out what is safe."""
    return {"errors": fields.all_errors(forms), "quiet": quiet}


@register.simple_tag
def dialogs() -> SafeString:
    """The dialogs and words that stand at the end of every page: they say the same to all who read one language in a zone."""
    now = timezone.localtime()
    return _dialogs(get_language(), timezone.get_current_timezone_name(), formats.clock(now)[6:])


@cache
def _dialogs(language: str, zone_name: str, zone: str) -> SafeString:
    return render_to_string("ui/_dialogs.html", {"zone_name": zone_name, "zone": zone})


@register.simple_tag(takes_context=True)
def one_time_key(context: template.Context) -> SafeString:
    """The hidden key by which the server recognises a second press. A key in the context (``form_key``) is kept."""
    key = context.get("form_key") or secrets.token_hex(16)
    return format_html('<input type="hidden" name="form_key" value="{}">', key)
