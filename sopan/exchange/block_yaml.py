"""The data of a procedure file (``core.write.to_file``) as YAML that looks like what people write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9(][A-Za-z0-9_.()/-]*)*|[0-9]{1,4}")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
WIDTH = 100


def block_yaml(data: Mapping[str, Any]) -> str:
    """Text that ``core.load`` reads as the same data; short records and lists of words on one line."""
    return "\n".join(_record(data, "")) + "\n"


def _record(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(_scalar(key), value, indent)


def _entry(key: str, value: Any, indent: str) -> Iterator[str]:
    short = _inline(value)
    if short is not None and (not isinstance(value, Mapping | list) or len(indent) + len(key) + len(short) < WIDTH):
        yield f"{indent}{key}: {short}"
    else:
        yield f"{indent}{key}:"
        yield from (_items(value, indent + "  ") if isinstance(value, list) else _record(value, indent + "  "))


def _items(items: Sequence[Any], indent: str) -> Iterator[str]:
    for item in items:
        short = _inline(item)
        if not isinstance(item, Mapping) or (short is not None and len(indent) + len(short) < WIDTH):
            yield f"{indent}- {short}"
            continue
        for number, line in enumerate(_record(item, indent + "  ")):
            yield line if number else f"{indent}- {line.lstrip()}"


def _inline(value: Any) -> str | None:
    """On one line; None for a record or list that holds others."""
    if isinstance(value, Mapping):
        told = [f"{_scalar(key)}: {_inline(one)}" for key, one in value.items() if _flat(one)]
        return f"{{{', '.join(told)}}}" if len(told) == len(value) else None
    if isinstance(value, list):
        return (
            f"[{', '.join(map(_scalar, value))}]" if not any(isinstance(one, Mapping | list) for one in value) else None
        )
    return _scalar(value)


def _flat(value: Any) -> bool:
    return not isinstance(value, Mapping) and (not isinstance(value, list) or _inline(value) is not None)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _BARE.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
