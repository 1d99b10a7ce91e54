"""Zip packages of office files, opened with care: what unpacks to too much, or declares entities, is refused."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from lxml import etree

MOST_PARTS = 3_000
LARGEST_PART = 40_000_000  # bytes, unpacked
LARGEST_WHOLE = 200_000_000
MOST_EXPANSION = 400  # times the packed size, for parts of more than a megabyte
MOST_ELEMENTS = 600_000
_DOCTYPES = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


class Refused(Exception):
    """A package that is not opened; its words are for the person who brought it."""


def open_package(data: bytes) -> zipfile.ZipFile:
    """The package, after a look at its sizes. Raises Refused."""
    try:
        package = zipfile.ZipFile(BytesIO(data))
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise Refused("The file is damaged: it cannot be unpacked.") from fault
    if len(parts) > MOST_PARTS:
        raise Refused(f"It is packed of more than {MOST_PARTS:,} parts.")
    if sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise Refused("It unpacks to more than 200 MB: it looks like a zip bomb.")
    for part in parts:
        expands = part.file_size > 1_000_000 and part.file_size > MOST_EXPANSION * max(part.compress_size, 1)
        if expands or (part.file_size > LARGEST_PART and part.filename.endswith(".xml")):
            raise Refused(f"Its part {part.filename[:60]!r} unpacks to too much: it looks like a zip bomb.")
    return package


def read_part(package: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of a part, or None if the package has none of that name. Raises Refused."""
    try:
        part = package.getinfo(name)
    except KeyError:
        return None
    try:
        with package.open(part) as stream:
            data = stream.read(LARGEST_PART + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, NotImplementedError) as fault:
        raise Refused(f"The file is damaged or protected: its part {name!r} cannot be unpacked.") from fault
    if len(data) > LARGEST_PART:
        raise Refused(f"Its part {name!r} unpacks to too much: it looks like a zip bomb.")
    refuse_entities(data)
    return data


def refuse_entities(data: bytes) -> None:
    """Raises Refused if XML declares a document type or entities: no office program writes one."""
    if any(sign in data for sign in _DOCTYPES):
        raise Refused("It declares XML entities, which no office program does: it is not read.")


def refuse_many(data: bytes) -> None:
    """Raises Refused if there are more elements than fit into memory: the tree takes far more than the text."""
    if data.count(b"<") - data.count(b"</") > MOST_ELEMENTS:
        raise Refused(f"It has more than {MOST_ELEMENTS:,} elements.")


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML part; nothing is fetched, no entity is resolved, depth is limited. Raises Refused."""
    refuse_many(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Refused(f"The file is damaged: its XML cannot be read ({str(fault)[:80]}).") from fault
