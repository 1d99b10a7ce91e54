"""Canonical form, hash chain and seals of the journal.

A case has one chain: each entry holds the hash of the one before, so a changed, removed or moved entry shows. A chain
alone cannot show that its end was cut off; for that the heads of many chains are sealed in a Merkle tree (RFC 6962).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

GENESIS = "0" * 64  # what the first entry of a chain holds instead of a hash

# Names of the fields of an entry, as they are hashed.
FIELDS = frozenset({"case", "seq", "at", "code", "data", "actor_id", "actor_name", "actor_position", "letter"})

_CHAIN = frozenset({"previous", "hash"})  # may stand in an entry, but are not part of what is hashed
_ENTRY_DOMAIN = b"sopan:journal-entry:1\n"
_LEAF, _NODE = b"\x00", b"\x01"


def canonical(data: object) -> bytes:
    """The one byte string of these data: JSON, keys sorted, no spaces, UTF-8 in NFC.

    Aware datetimes become UTC with microseconds and Z, Decimals and UUIDs become text. What was stored as JSON and
    read back has the same form. Raises ``TypeError`` for floats, sets, keys that are not text and other types, and
    ``ValueError`` for naive datetimes, numbers that are not finite, and text that is not Unicode.
    """
    _refuse_floats(data)
    text = _dump(data)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = _dump(_composed(data))  # keys must be composed before they are sorted
    return text.encode()


def _refuse_floats(value: object) -> None:
    """A float has no single decimal form; the JSON encoder would write it without asking."""
    if isinstance(value, str):
        return
    if isinstance(value, dict | Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of journal data must be text, not {key!r}")
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
    elif isinstance(value, float):
        raise TypeError("journal data hold no floats; use Decimal")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a datetime of the journal must be aware")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a number of the journal must be finite")
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"journal data cannot hold {type(value).__name__}")


_dump = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode


def _composed(value: object) -> object:
    """The same data with every text in NFC. Two keys that become one are refused: one of them would be lost."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        done = {_composed(key): _composed(item) for key, item in value.items()}
        if len(done) != len(value):
            raise ValueError("two keys of journal data are the same text")
        return done
    if isinstance(value, list | tuple):
        return [_composed(item) for item in value]
    return value


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of an entry in its chain. ``previous`` is the hash before it, or ``GENESIS``.

    Everything in ``entry`` counts except ``previous`` and ``hash``. Raises ``KeyError`` if one of ``FIELDS`` is
    missing, else like ``canonical``.
    """
    if not entry.keys() >= FIELDS:
        raise KeyError(f"journal entry lacks {', '.join(sorted(FIELDS - entry.keys()))}")
    fields = {name: value for name, value in entry.items() if name not in _CHAIN}
    return hashlib.sha256(_ENTRY_DOMAIN + previous.encode() + b"\n" + canonical(fields)).hexdigest()


class Flaw(StrEnum):
    """What is wrong with an entry."""

    UNREADABLE = "unreadable"  # a field is missing, or holds what no entry can hold
    CASE = "case"  # belongs to another case
    SEQUENCE = "sequence"  # one was removed, added or moved
    LINK = "link"  # does not hold the hash of the one before
    CONTENT = "content"  # was changed after it was written
    END = "end"  # the chain does not end as it was sealed


class Broken(NamedTuple):
    """The first entry that is wrong: its place in the chain (0 is the first), and why."""

    place: int
    reason: Flaw


def verify_chain(entries: Iterable[Mapping[str, Any]], *, head: str | None = None) -> Broken | None:
    """The first entry of one case that is wrong, or None.

    Entries come in the order of their ``seq`` (1, 2, 3 …), each with ``previous`` and ``hash``. ``head`` is the hash
    of the last entry as known from elsewhere (a seal); without it a chain that was cut short looks whole.
    """
    previous, case, index = GENESIS, None, -1
    for index, entry in enumerate(entries):
        case = entry.get("case") if index == 0 else case
        if flaw := _flaw(entry, index=index, case=case, previous=previous):
            return Broken(index, flaw)
        previous = entry["hash"]
    return Broken(index + 1, Flaw.END) if head not in (None, previous) else None


def _flaw(entry: Mapping[str, Any], *, index: int, case: object, previous: str) -> Flaw | None:
    try:
        found = entry_hash(previous, entry)
    except (KeyError, TypeError, ValueError):
        return Flaw.UNREADABLE
    if entry["case"] != case:
        return Flaw.CASE
    if entry["seq"] != index + 1:
        return Flaw.SEQUENCE
    if entry.get("previous") != previous:
        return Flaw.LINK
    return Flaw.CONTENT if entry.get("hash") != found else None


def merkle_root(leaves: Sequence[str]) -> str:
    """Root (hex) of the Merkle tree over these texts, in this order, as in RFC 6962 section 2.1."""
    level = [_leaf_hash(leaf) for leaf in leaves]
    if not level:
        return hashlib.sha256().hexdigest()
    while len(level) > 1:
        level = _next_level(level)
    return level[0].hex()


def merkle_proof(leaves: Sequence[str], index: int) -> tuple[str, ...]:
    """The hashes (hex) that lead from leaf ``index`` to the root, lowest first. ``IndexError`` if there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, proof = [_leaf_hash(leaf) for leaf in leaves], []
    while len(level) > 1:
        if index ^ 1 < len(level):
            proof.append(level[index ^ 1].hex())
        level, index = _next_level(level), index // 2
    return tuple(proof)


def verify_proof(leaf: str, proof: Sequence[str], *, index: int, size: int, root: str) -> bool:
    """True if ``leaf`` was number ``index`` of the ``size`` texts that have this root."""
    if not 0 <= index < size:
        return False
    found, left, last = _leaf_hash(leaf), list(proof), size - 1
    while last:
        if index % 2 or index < last:
            sibling = _from_hex(left.pop(0)) if left else None
            if sibling is None:
                return False
            found = _node_hash(sibling, found) if index % 2 else _node_hash(found, sibling)
        index, last = index // 2, last // 2
    return not left and found.hex() == root


def _next_level(level: list[bytes]) -> list[bytes]:
    """Pairs become nodes; a last one without a partner goes up as it is."""
    pairs = [_node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + level[len(pairs) * 2 :]


def _leaf_hash(leaf: str) -> bytes:
    return hashlib.sha256(_LEAF + leaf.encode()).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _from_hex(text: str) -> bytes | None:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        return None
    return digest if len(digest) == 32 else None
