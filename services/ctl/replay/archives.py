"""The reader of archives as a process: its memory is bounded, and what breaks it breaks nothing here."""

import asyncio
import subprocess
import sys
import zlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import orjson

from shared.subjects import MAX_PAYLOAD

LINE_LIMIT: Final = 1024 * 1024
"""Bytes of a line; bodies come beside."""
_HEAD: Final = 64 * 1024
_ZSTD: Final = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
_NAMES: Final = ("*.warc", "*.warc.gz")

Process = asyncio.subprocess.Process


@dataclass(frozen=True, slots=True)
class Line:
    """What the reader says, and the body of a raw message where it says one."""

    facts: dict[str, Any]
    body: bytes = b""


def archives_of(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and the archives below the folders that are."""
    found = (each for path in paths for each in (_below(path) if path.is_dir() else (path,)))
    return sorted(dict.fromkeys(found))


def check(files: Sequence[Path]) -> None:
    """Pass if there is an archive among the files; what is broken within one the reader tells.

    Raises:
        ClickException: there is none; the sentence is for the user.
    """
    if not files:
        raise click.ClickException("there is no *.warc and no *.warc.gz in it")
    reasons = {file: _fault(file) for file in files}
    if all(reasons.values()):
        first, others = files[0], len(files) - 1
        more = f", nor any of {others} others" if others else ""
        raise click.ClickException(f"{first} is no WARC archive ({reasons[first]}){more}; nothing was published")


def _fault(file: Path) -> str | None:
    """Why a file is no archive; None when its beginning looks like one."""
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if not head:
        return "it is empty"
    if head.startswith(_ZSTD):
        return "it is compressed with zstd; unpack it with `unzstd` first"
    return None if b"WARC/" in _unzipped(head) else "no record begins in it"


def _unzipped(head: bytes) -> bytes:
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except zlib.error:
        return b""


def _below(folder: Path) -> Iterator[Path]:
    for name in _NAMES:
        yield from (each for each in folder.rglob(name) if each.is_file())


async def lines(files: Sequence[Path]) -> AsyncGenerator[Line]:
    """What the reader says of the files, in their order.

    Raises:
        ClickException: it ended before it was done.
    """
    async with _started(files) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        while text := await process.stdout.readline():
            facts = orjson.loads(text)
            size = min(int(facts.get("bytes", 0)), MAX_PAYLOAD)
            yield Line(facts, await process.stdout.readexactly(size) if size else b"")
        if await process.wait():
            raise click.ClickException("the reader of archives ended before it was done; see its error output above")


@asynccontextmanager
async def _started(files: Sequence[Path]) -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.fetch.replay", "--", *map(str, files), stdout=subprocess.PIPE, limit=LINE_LIMIT,
        start_new_session=True,  # Ctrl-C is for us: we end it
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
