"""Bodies that travel compressed, never expanded beyond what may be read."""

import zlib
from typing import Final

import zstandard

from shared.errors import Poison

DECODED_LIMIT: Final = 8 * 1024 * 1024
"""Bytes of a body after decompression: twice the largest message."""
ZSTD_WINDOW: Final = 8 * 1024 * 1024
"""A frame may ask for gigabytes of window; none needs more than the whole body."""
GZIP_WRAPPER: Final = 16 + zlib.MAX_WBITS


def inflate(body: bytes, encoding: str, limit: int = DECODED_LIMIT) -> bytes:
    """`body` without its Content-Encoding: identity, gzip or zstd. `limit`: bytes that it may have then.

    Raises:
        Poison: `unsupported_encoding`, `too_large`, or `undecodable_text` when the bytes are not what they are said
            to be.
    """
    match encoding.strip().lower():
        case "" | "identity":
            inflated = body
        case "gzip" | "x-gzip":
            inflated = _gzip(body, limit)
        case "zstd":
            inflated = _zstd(body, limit)
        case other:
            raise Poison("unsupported_encoding", f"Content-Encoding {other[:40]!r}; send zstd, gzip or identity")
    if len(inflated) > limit:
        raise Poison("too_large", f"more than {limit} bytes when decoded")
    return inflated


def _gzip(body: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(GZIP_WRAPPER)
    try:
        inflated = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise Poison("undecodable_text", f"said to be gzip, but: {error}") from error
    if not stream.eof and len(inflated) <= limit:
        raise Poison("undecodable_text", "the gzip body is cut short")
    return inflated


def _zstd(body: bytes, limit: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(body)
    try:
        inflated = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise Poison("undecodable_text", f"said to be zstd, but: {error}") from error
    if len(inflated) <= limit and not _whole_zstd(body):
        raise Poison("undecodable_text", "the zstd body is cut short")
    return inflated


def _whole_zstd(body: bytes) -> bool:
    """Whether the frame ends; the reader takes a cut one for a short one. Only asked of what is known to be small."""
    frame = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
    frame.decompress(body)
    return frame.eof
