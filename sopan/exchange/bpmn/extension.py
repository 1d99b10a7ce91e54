"""Records of the model as elements of our own namespace: what plain BPMN has no place for.

A text, number or truth value is an attribute, a record an element, a list one element for each item; the names are those
of ``core.model``. ``core.dump`` leaves out what is at its default value.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from lxml import etree

from sopan.exchange.bpmn.names import sopan


def add(parent: etree._Element, tag: str, data: Mapping[str, Any]) -> etree._Element:
    """A child ``tag`` of ``parent`` that holds ``data`` (see ``core.dump.to_data``)."""
    element = etree.SubElement(parent, sopan(tag))
    for name, value in data.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                add(element, name, item)
            elif isinstance(value, list):
                etree.SubElement(element, sopan(name)).text = item
            else:
                element.set(name, _printed(item))
    return element


def data_of(element: etree._Element, kind: type) -> dict[str, Any]:
    """What ``add`` wrote for a record of ``kind``, for ``core.dump.from_data``. Raises ValueError for what it has no
    place for."""
    data: dict[str, Any] = {}
    for name, text in element.attrib.items():
        data[str(name)] = _value(_kind_of(kind, str(name)), str(text))
    for child in element:
        name = etree.QName(child).localname
        inner = _kind_of(kind, name)
        if get_origin(inner) is tuple:
            data.setdefault(name, []).append(_item(child, get_args(inner)[0]))
        elif name in data:
            raise ValueError(f"{name} is given twice")
        else:
            data[name] = _item(child, inner)
    return data


def _item(child: etree._Element, kind: Any) -> Any:
    return data_of(child, kind) if isinstance(kind, type) and is_dataclass(kind) else child.text or ""


def _printed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(kind: Any, text: str) -> Any:
    if kind is bool:
        if text not in ("true", "false"):
            raise ValueError(f"{text[:40]!r} is neither true nor false")
        return text == "true"
    return int(text) if kind is int else text


@cache
def _kinds(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _kind_of(kind: type, name: str) -> Any:
    if name not in _kinds(kind):
        raise ValueError(f"a {kind.__name__} has no {name[:40]}")
    hint = _kinds(kind)[name]
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not types.NoneType)
    return hint
