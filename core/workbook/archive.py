"""The directory of a ZIP file, read without believing it, and its parts, inflated while counting.

The standard library's reader takes overlapping entries on some patch levels, builds an object for
each of a million entries before one can count them, and lets local headers differ from the
directory. Gate and reader therefore share this one: what was looked at is what is read.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

Buffer = bytes | mmap.mmap

STORED = 0
DEFLATED = 8
CHUNK = 1 << 18

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_STREAMED = 0x8
_ZIP64 = 0xFFFFFFFF


class Damaged(Exception):
    """The bytes do not hold together as a ZIP file."""


class TooLarge(Exception):
    """More came out, or is announced, than may: `what` is `parts`, `part`, `total` or `ratio`."""

    def __init__(self, what: str, found: int, part: str = "") -> None:
        super().__init__(what)
        self.what, self.found, self.part = what, found, part


@dataclass(frozen=True, slots=True)
class Entry:
    """One part as the directory tells it; `start` is where its packed bytes begin."""

    name: str
    method: int
    encrypted: bool
    link: bool
    crc: int
    packed: int
    size: int
    offset: int
    start: int

    @property
    def end(self) -> int:
        """The first byte behind the packed bytes."""
        return self.start + self.packed


def directory(data: Buffer, *, max_parts: int) -> list[Entry]:
    """All entries, in the directory's order. `Damaged` when it contradicts itself or the headers."""
    count, size, offset, end = _end_of_directory(data)
    if count > max_parts:
        raise TooLarge("parts", count)
    if offset + size > end:
        raise Damaged("directory runs over its end")
    entries = []
    at = offset
    for _ in range(count):
        entry, at = _entry(data, at, offset)
        if at > offset + size:
            raise Damaged("directory entry runs over")
        entries.append(entry)
    if at != offset + size:
        raise Damaged("directory holds more than it counts")
    return entries


def overlapping(entries: list[Entry]) -> str:
    """The name of a part that shares bytes with another, or an empty string."""
    ordered = sorted(entries, key=lambda entry: (entry.offset, entry.end))
    for before, after in pairwise(ordered):
        if after.offset < before.end:
            return after.name
    return ""


def inflate(data: Buffer, entry: Entry) -> Iterator[bytes]:
    """The part's bytes in chunks of at most 256 KiB; size and checksum must be as announced."""
    if entry.method == STORED:
        chunks = _stored(data, entry)
    elif entry.method == DEFLATED:
        chunks = _deflated(data, entry)
    else:
        raise Damaged(f"method {entry.method}")
    count, crc = 0, 0
    for chunk in chunks:
        count += len(chunk)
        if count > entry.size:
            raise Damaged("part is longer than announced")
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if count != entry.size or crc != entry.crc:
        raise Damaged("part has another size or checksum than announced")


def whole(data: Buffer, entries: Mapping[str, Entry], name: str, *, limit: int) -> bytes:
    """A small part at once; `TooLarge` above `limit` bytes, `Damaged` when it is not there."""
    entry = entries.get(name)
    if entry is None:
        raise Damaged(f"no part {name}")
    if entry.size > limit:
        raise TooLarge("part", entry.size, name)
    return b"".join(inflate(data, entry))


def _end_of_directory(data: Buffer) -> tuple[int, int, int, int]:
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - 0xFFFF))
    if at < 0 or at + _END.size > len(data):
        raise Damaged("no end of directory")
    fields = _END.unpack(data[at : at + _END.size])
    _, disk, first_disk, here, count, size, offset, comment = fields
    if disk or first_disk or here != count or at + _END.size + comment != len(data):
        raise Damaged("end of directory does not fit")
    if _ZIP64 in (size, offset):
        raise Damaged("directory without sizes")
    return count, size, offset, at


def _entry(data: Buffer, at: int, limit: int) -> tuple[Entry, int]:
    head = data[at : at + _CENTRAL.size]
    if len(head) < _CENTRAL.size or head[:4] != b"PK\x01\x02":
        raise Damaged("directory entry broken")
    fields = _CENTRAL.unpack(head)
    flags, method = fields[5], fields[6]
    crc, packed, size = fields[9], fields[10], fields[11]
    name_length, extra, comment = fields[12], fields[13], fields[14]
    attributes, offset = fields[17], fields[18]
    raw = data[at + _CENTRAL.size : at + _CENTRAL.size + name_length]
    start = _start(data, offset, raw, method, flags, limit)
    entry = Entry(
        name=_name(raw, flags),
        method=method,
        encrypted=bool(flags & _ENCRYPTED),
        link=(attributes >> 28) not in (0, 0x4, 0x8),
        crc=crc,
        packed=packed,
        size=size,
        offset=offset,
        start=start,
    )
    if entry.end > limit:
        raise Damaged("part runs into the directory")
    return entry, at + _CENTRAL.size + name_length + extra + comment


def _start(data: Buffer, offset: int, name: bytes, method: int, flags: int, limit: int) -> int:
    head = data[offset : offset + _LOCAL.size]
    if offset >= limit or len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise Damaged("part without its header")
    fields = _LOCAL.unpack(head)
    local_flags, local_method, name_length, extra = fields[3], fields[4], fields[10], fields[11]
    local_name = data[offset + _LOCAL.size : offset + _LOCAL.size + name_length]
    if local_name != name or local_method != method or (local_flags ^ flags) & _ENCRYPTED:
        raise Damaged("header and directory differ")
    return offset + _LOCAL.size + int(name_length) + int(extra)


def _name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise Damaged("name of a part is not text") from error


def _stored(data: Buffer, entry: Entry) -> Iterator[bytes]:
    for at in range(entry.start, entry.end, CHUNK):
        yield data[at : min(at + CHUNK, entry.end)]


def _deflated(data: Buffer, entry: Entry) -> Iterator[bytes]:
    unpack = zlib.decompressobj(-15)
    try:
        for at in range(entry.start, entry.end, CHUNK):
            rest = data[at : min(at + CHUNK, entry.end)]
            while rest:
                chunk = unpack.decompress(rest, CHUNK)
                rest = unpack.unconsumed_tail
                if chunk:
                    yield chunk
                if unpack.eof and (unpack.unused_data or rest):
                    raise Damaged("bytes behind the end of a part")
        while not unpack.eof:
            chunk = unpack.decompress(b"", CHUNK)
            if not chunk:
                raise Damaged("part is cut off")
            yield chunk
    except zlib.error as error:
        raise Damaged("part cannot be unpacked") from error
