"""A procedure as plain data and back: what a published version stores.

The data is canonical: keys sorted, nothing at its default value, only dict, list, str, int and bool. Equal procedures
give equal data, so a hash over its canonical JSON names the content.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sopan.core.model import Procedure


def to_data(procedure: Procedure) -> dict[str, Any]:
    """The procedure as JSON-able data; ``from_data`` gives an equal procedure back."""
    return _record(procedure)


def from_data(data: Mapping[str, Any]) -> Procedure:
    """The procedure that ``to_data`` wrote. Raises ValueError where the data is not of that making."""
    procedure = _read(Procedure, data)
    assert isinstance(procedure, Procedure)
    if not procedure.steps:
        raise ValueError("a procedure without steps")
    return procedure


def _record(thing: Any) -> dict[str, Any]:
    told = {one.name: getattr(thing, one.name) for one in fields(thing)}
    kept = {one.name: told[one.name] for one in fields(thing) if not _is_default(one, told[one.name])}
    return {name: _plain(value) for name, value in sorted(kept.items())}


def _is_default(one: Field[Any], value: Any) -> bool:
    if one.default is not MISSING:
        return bool(value == one.default)
    return one.default_factory is not MISSING and value == one.default_factory()


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case bool() | int() | str():
            return value
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
    if is_dataclass(value):
        return _record(value)
    raise TypeError(f"a procedure holds no {type(value).__name__}")


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return _read(next(one for one in get_args(kind) if one is not types.NoneType), data)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in _expect(list, data))
    if is_dataclass(kind):
        return _read_record(kind, _expect(Mapping, data))
    if kind is Decimal:
        return _decimal(_expect(str, data))
    if kind is date:
        return date.fromisoformat(_expect(str, data))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(_expect(str, data))
    if kind is int and isinstance(data, bool):
        raise ValueError("a truth value where a number is expected")
    return _expect(kind, data)


def _read_record(kind: Any, data: Mapping[str, Any]) -> Any:
    unknown = data.keys() - _types(kind).keys()
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(map(str, unknown)))}")
    missing = [one.name for one in fields(kind) if _is_required(one) and one.name not in data]
    if missing:
        raise ValueError(f"{kind.__name__} lacks {', '.join(missing)}")
    return kind(**{name: _read(_types(kind)[name], value) for name, value in data.items()})


def _is_required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text!r} is no number") from None


def _expect(kind: Any, data: Any) -> Any:
    if not isinstance(data, kind):
        raise ValueError(f"{type(data).__name__} where {kind.__name__} is expected")
    return data
