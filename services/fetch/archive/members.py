"""The records of an archive as bytes, found in a file that may be broken or hostile. Pure.

warcio reads records; where they begin and end is found here, since warcio reads a line of any length into memory, and
nothing after a fault. What is held is at most LARGEST bytes, what is decoded at most that for each fault and record.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a record, decoded; pages and feeds have 5 MB at most when we fetch them."""
HEAD: Final = 64 * 1024
"""Bytes of a record's own header."""
MAX_FAULTS: Final = 100
"""In one file; after so many the rest is not looked at."""
_FIRST, _SLICE = 2 * 1024, 64 * 1024
"""Bytes that are read at once, at first and at most: what a short member leaves of them is copied for each."""
GZIP: Final = b"\x1f\x8b\x08"
ZSTD: Final = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
"""A frame of Zstandard, and the dictionary that stands before it in archives."""
_MARK: Final = b"WARC/"
_LENGTH: Final = re.compile(rb"\r?\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r?(?:\n|$)", re.IGNORECASE)

Bytes = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file, from `start` to `end`. `body`: a record or member; None: `fault` says what is wrong there."""

    start: int
    end: int
    body: bytes | None
    fault: str = ""


def records(data: Bytes) -> Iterator[Piece]:
    """Each record of an archive, gzipped one by one or plain, and each fault; places are those in the file."""
    faults = 0
    for piece in _pieces(data):
        yield piece
        faults += piece.body is None
        if faults >= MAX_FAULTS:
            yield Piece(piece.end, len(data), None, f"{MAX_FAULTS} faults; the rest of the file is not read")
            return


def _pieces(data: Bytes) -> Iterator[Piece]:
    if data[:4] in ZSTD:
        yield Piece(0, len(data), None, "compressed with zstd; unpack it with `unzstd` first")
    elif data[:3] != GZIP:
        yield from plain(data)
    else:
        for member in members(data):
            if member.body is None:
                yield member
            else:
                inside = (Piece(member.start, member.end, each.body, each.fault) for each in plain(member.body))
                yield from inside


def members(data: Bytes) -> Iterator[Piece]:
    """Each gzip member, decoded. After a fault the next one that looks like a member's beginning."""
    at = 0
    while 0 <= at < len(data):
        piece = _member(data, at)
        yield piece
        at = piece.end if piece.body is not None else data.find(GZIP, at + 1)


def _member(data: Bytes, start: int) -> Piece:
    decoder, body, at, step = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray(), start, _FIRST
    try:
        while not decoder.eof and at < len(data):
            given = decoder.unconsumed_tail or data[at : at + step]
            at += 0 if decoder.unconsumed_tail else len(given)
            step = min(4 * step, _SLICE)
            body += decoder.decompress(given, _SLICE * 16)
            if len(body) > LARGEST:
                return Piece(start, at, None, f"more than {LARGEST:,} bytes in one gzip member")
        while decoder.unconsumed_tail and not decoder.eof and len(body) <= LARGEST:
            body += decoder.decompress(decoder.unconsumed_tail, _SLICE * 16)
    except zlib.error as error:
        return Piece(start, at, None, f"not readable as gzip: {error}")
    if not decoder.eof:
        return Piece(start, at, None, "cut short: the file ends within a record")
    return Piece(start, at - len(decoder.unused_data), bytes(body))


def plain(data: Bytes) -> Iterator[Piece]:
    """Each record of an archive that is not compressed. After a fault the next line that begins like a record."""
    at = _skip_blank(data, 0)
    while at < len(data):
        piece = _record(data, at)
        yield piece
        if piece.end > at:
            at = _skip_blank(data, piece.end)
        else:
            found = data.find(b"\n" + _MARK, at)
            at = found + 1 if found >= 0 else len(data)


def _record(data: Bytes, start: int) -> Piece:
    if data[start : start + len(_MARK)] != _MARK:
        return Piece(start, start, None, f"no record begins here: {bytes(data[start : start + 16])!r}")
    head = data.find(b"\r\n\r\n", start, start + HEAD)
    if head < 0:
        return Piece(start, start, None, "its header does not end")
    length = _LENGTH.search(data[start : head + 2])
    if length is None:
        return Piece(start, start, None, "its header has no readable Content-Length")
    size, end = int(length[1]), head + 4 + int(length[1])
    if end > len(data):
        return Piece(start, len(data), None, "cut short: the file ends within a record")
    if size > LARGEST:
        return Piece(start, end, None, f"{size:,} bytes are more than the {LARGEST:,} that are read")
    return Piece(start, end, bytes(data[start:end]))


def _skip_blank(data: Bytes, at: int) -> int:
    while data[at : at + 1] in {b"\r", b"\n"}:
        at += 1
    return at
