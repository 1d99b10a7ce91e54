"""The icons: outline drawings of the heroicons package, put inline so that they take the colour of the text."""

from functools import cache

import heroicons
from django.template import TemplateSyntaxError
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_outline


@cache
def icon_svg(name: str) -> SafeString:
    """The SVG of an icon, hidden from screen readers: the words beside it say the same.

    Raises TemplateSyntaxError for a name that the package does not know.
    """
    try:
        return SafeString(
            heroicon_outline(name, size=None, **{"class": "i", "aria-hidden": "true", "focusable": "false"})
        )
    except heroicons.IconDoesNotExist as error:
        raise TemplateSyntaxError(f"There is no icon named {name!r}.") from error
