"""Form fields as the templates need them: native inputs, hints said before choosing, errors tied to their input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.ui import formats
from sopan.ui.source import Own

TYPE_NAMES = {
    ".pdf": "PDF",
    "application/pdf": "PDF",
    ".jpg": "JPG",
    ".jpeg": "JPG",
    "image/jpeg": "JPG",
    ".png": "PNG",
    "image/png": "PNG",
    "image/*": "JPG, PNG",
    ".xlsx": "XLSX",
    ".xls": "XLS",
    ".docx": "DOCX",
    ".csv": "CSV",
    ".p12": "P12",
    ".pfx": "PFX",
}


def row_id(text: str) -> int | None:
    """The id of a row that a form names; None for what no row can have. ``int`` alone fails at thousands of digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def refuse(form: forms.BaseForm | None, refusal: Refusal, *, otherwise: str | None = None) -> None:
    """Tell a refusal at its field; where the form has none such, at the field ``otherwise`` or above the form. Without a
    form there is nowhere to tell it."""
    if form is not None:
        form.add_error(refusal.field if refusal.field in form.fields else otherwise, refusal.message)


class Select(forms.Select):
    """A select that offers words of the body: an option that stays Indonesian says so."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, label, *args, **kwargs)
        if isinstance(label, Own):
            option["attrs"]["lang"] = label.lang
        return option


@dataclass(frozen=True)
class FieldError:
    """One error; ``anchor`` is the id of the input, or empty where the whole form is meant."""

    anchor: str
    label: str
    message: str


def field_context(bound: BoundField, attrs: dict[str, Any]) -> dict[str, Any]:
    """What ``ui/_field.html`` shows. ``hint``, ``label`` and ``unit`` are words, ``optional`` says whether it may stay empty; other attributes go to the input (``_`` becomes ``-``)."""
    hint = attrs.get("hint", bound.help_text or _file_hint(bound))
    widget = _native(bound.field.widget)
    single = isinstance(widget, forms.CheckboxInput)
    described = " ".join(
        f"{bound.auto_id}-{part}" for part, there in (("hint", hint), ("error", bound.errors)) if there
    )
    return {
        "field": bound,
        "label": attrs.get("label", bound.label),
        "input": bound.as_widget(attrs=_input_attrs(bound, attrs, described)),
        "hint": hint,
        "unit": attrs.get("unit", ""),
        "errors": bound.errors,
        "id": bound.auto_id,
        "described": described,
        "group": bound.use_fieldset,
        "options": _has_options(widget),
        "single": single,
        "optional": attrs.get("optional", not bound.field.required and not single),
    }


def _has_options(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


def _input_attrs(bound: BoundField, attrs: dict[str, Any], described: str) -> dict[str, Any]:
    """The attributes of the input itself; a group of options is described by its fieldset instead."""
    given = {
        name.replace("_", "-"): value
        for name, value in attrs.items()
        if name not in ("hint", "label", "unit", "optional")
    }
    widget = bound.field.widget
    if _has_options(widget):
        return given
    if not isinstance(widget, forms.CheckboxInput):
        given["class"] = " ".join(filter(None, ["in-t", widget.attrs.get("class", ""), str(given.get("class", ""))]))
    if described:
        given["aria-describedby"] = described
    return given


def _native(widget: forms.Widget) -> forms.Widget:
    """Dates and times use the browser's own inputs, which want ISO values. The widget belongs to this form alone."""
    native = {
        forms.DateInput: ("date", "%Y-%m-%d"),
        forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
        forms.TimeInput: ("time", "%H:%M"),
    }
    for kind, (input_type, form) in native.items():
        if isinstance(widget, kind) and widget.input_type == "text":
            widget.input_type, widget.format = input_type, form
    if isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("inputmode", "decimal")
    if isinstance(widget, forms.FileInput):
        widget.attrs.setdefault("data-max", settings.UPLOAD_MAX_BYTES)
    return widget


def _file_hint(bound: BoundField) -> str:
    """Types and size of a file, said before it is chosen."""
    if not isinstance(bound.field, forms.FileField):
        return ""
    accepted = str(bound.field.widget.attrs.get("accept", ""))
    names = dict.fromkeys(
        TYPE_NAMES.get(part.strip().lower(), part.strip()) for part in accepted.split(",") if part.strip()
    )
    size = _("paling besar %(size)s") % {"size": formats.file_size(settings.UPLOAD_MAX_BYTES)}
    return f"{', '.join(names)}; {size}." if names else f"{size[:1].upper()}{size[1:]}."


def all_errors(things: Iterable[Any]) -> list[FieldError]:
    """The errors of forms and formsets in the order of the page; of a form, first those of the whole form."""
    return [error for thing in things if thing is not None for error in _errors_of(thing)]


def _errors_of(thing: Any) -> Iterator[FieldError]:
    if hasattr(thing, "non_form_errors"):
        yield from (FieldError("", "", message) for message in thing.non_form_errors())
        for form in thing.forms:
            yield from _errors_of(form)
        return
    yield from (FieldError("", "", message) for message in thing.non_field_errors())
    for bound in thing:
        anchor = f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
        yield from (
            FieldError("" if bound.is_hidden else anchor, str(bound.label), message) for message in bound.errors
        )
