"""Bodies that grow when decoded, or never end: bounded in memory and time, whatever they claim.

Each is fetched by a child process, so that its peak of resident memory is the fetch's own.
"""

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path

import brotli
import pytest
import zstandard

from tests.fakes.hostile_http import Behaviour, answer, hostile_server, pieces

MB = 1024 * 1024
BOMB_MB = 256
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


def squeezed(step: Callable[[bytes], bytes], finish: Callable[[], bytes]) -> bytes:
    zeros = b" " * MB
    return b"".join([*(step(zeros) for _ in range(BOMB_MB)), finish()])


def gzip_bomb() -> bytes:
    squeezer = zlib.compressobj(9, wbits=31)
    return squeezed(squeezer.compress, squeezer.flush)


def deflate_bomb() -> bytes:
    squeezer = zlib.compressobj(9)
    return squeezed(squeezer.compress, squeezer.flush)


def brotli_bomb() -> bytes:
    squeezer = brotli.Compressor(quality=5, lgwin=24)
    return squeezed(squeezer.process, squeezer.finish)


def zstd_bomb() -> bytes:
    widest = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    squeezer = zstandard.ZstdCompressor(compression_params=widest).compressobj()
    return squeezed(squeezer.compress, squeezer.flush)


def gzip_members() -> bytes:
    return gzip.compress(b"<p>") * 20_000


async def fetched_by_child(page: bytes | Behaviour) -> dict[str, float | str]:
    async with hostile_server() as server:
        server.pages = {"/warm": answer(), "/bomb": page}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.fetch_child", str(server.port), "/bomb",
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await child.communicate()
    report: dict[str, float | str] = json.loads(out)
    sys.stdout.write(f"{report}\n")
    return report


@pytest.mark.parametrize(
    ("coding", "bomb", "outcome"),
    [
        ("gzip", gzip_bomb, "too_large"),
        ("deflate", deflate_bomb, "too_large"),
        ("br", brotli_bomb, "too_large"),
        ("zstd", zstd_bomb, "too_large"),
        ("gzip", gzip_members, "connection_failed"),
        ("gzip, gzip", gzip_bomb, "unsupported_encoding"),
        ("br, gzip", brotli_bomb, "unsupported_encoding"),
    ],
)
async def test_a_bomb_is_read_up_to_the_limit_only(coding: str, bomb: Callable[[], bytes], outcome: str) -> None:
    report = await fetched_by_child(answer(bomb(), content_encoding=coding))

    assert report["outcome"] == outcome
    assert float(report["peak_mb"]) - float(report["before_mb"]) < 40
    assert float(report["seconds"]) < 10


@pytest.mark.parametrize("framing", ["Connection: close", "Transfer-Encoding: chunked", f"Content-Length: {10**12}"])
async def test_an_endless_body_is_read_up_to_the_limit_only(framing: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{framing}\r\n\r\n".encode()
    part = b"10000\r\n" + b" " * 65_536 + b"\r\n" if "chunked" in framing else b" " * 65_536

    report = await fetched_by_child(pieces(chain([head], repeat(part))))

    assert report["outcome"] == "too_large"
    assert float(report["peak_mb"]) - float(report["before_mb"]) < 40
    assert float(report["seconds"]) < 10


async def test_a_body_that_never_grows_when_decoded_ends_too() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    empty_blocks = b"\x00\x00\x00\xff\xff" * 13_000

    report = await fetched_by_child(pieces(chain([head, GZIP_HEADER], repeat(empty_blocks)), pause=0.005))

    assert report["outcome"] == "too_large"
    assert float(report["peak_mb"]) - float(report["before_mb"]) < 40
    assert float(report["seconds"]) < 10
