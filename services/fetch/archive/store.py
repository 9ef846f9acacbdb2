"""The files of an archive: appended to record by record, each on the disk before its article is published.

A file is called `.open` while it is written, and locked by its writer; one that nobody writes any more is closed at the
next start, less a last record that is cut. Any number of replicas share a folder.
"""

import asyncio
import fcntl
import mmap
import os
import secrets
import shutil
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, Self, TypeVar

from services.fetch.archive.members import members
from services.fetch.archive.records import Exchange, digest, response, warcinfo
from shared import telemetry
from shared.contracts import Archived
from shared.errors import DependencyDown

P = ParamSpec("P")
T = TypeVar("T")
LARGEST_FILE: Final = 1_000_000_000
"""Bytes after which a new file is begun: what the WARC standard advises."""
RESERVE: Final = 64 * 1024 * 1024
"""Bytes that are left free on the disk."""
OPEN: Final = ".open"


class Archive:
    """An async context manager. `folder` is made if it is missing; `software` stands in each file.

    `clock`: the moment now, in UTC. Files are written by one thread of its own: the loop goes on meanwhile.
    """

    def __init__(self, folder: Path, software: str, clock: Callable[[], datetime], largest: int = LARGEST_FILE) -> None:
        self._folder, self._software, self._clock, self._largest = folder, software, clock, largest
        self._thread = ThreadPoolExecutor(1, "archive")
        self._file: WarcFile | None = None
        self._number = 0
        self._failed = False

    async def __aenter__(self) -> Self:
        try:
            await self._told(self._recover)
        except DependencyDown:  # fetch starts all the same, and says so at its first job
            self._failed = True
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(DependencyDown):
            await self._told(self._close)
        self._thread.shutdown()

    async def check(self) -> None:
        """Pass if there is room, so that nobody is asked for what could not be kept.

        Raises:
            DependencyDown: it cannot be written.
        """
        await self._told(self._check)

    async def keep(self, exchange: Exchange) -> Archived:
        """Write an answer down; where it is, once it is on the disk.

        Raises:
            DependencyDown: it cannot be written.
        """
        return await self._told(self._keep, exchange)

    async def _told(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Run in the thread; what the disk says is said as the dependency's."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *given, **named))
        except OSError as error:
            why = f"the archive in {self._folder} cannot be written: {error.strerror or error}"
            raise DependencyDown("dependency_down", f"{why}; make room, or unset NEWSWIRE_FETCH_ARCHIVE") from error

    def _recover(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self._folder.glob(f"*{OPEN}")):
            lost = closed_after_crash(path)
            if lost is not None:
                telemetry.warn("archive.recovered", file=path.name.removesuffix(OPEN), cut_bytes=lost)

    def _check(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._folder).free
        if free < RESERVE:
            raise OSError(f"{free:,} bytes are free, and {RESERVE:,} are left so")
        if self._failed:
            self._recover()
            self._open()
            self._failed = False

    def _keep(self, exchange: Exchange) -> Archived:
        record_id = f"urn:uuid:{uuid.uuid4()}"
        record = response(exchange, record_id)
        try:
            file = self._current()
            file.append(record)
        except OSError:
            self._failed = True
            self._abandon()
            raise
        return Archived(file=file.name, record_id=record_id, sha256=digest(exchange.body))

    def _current(self) -> "WarcFile":
        today = f"{self._clock():%Y%m%d}"
        if self._file and (self._file.day != today or self._file.size >= self._largest):
            self._close()
        return self._file or self._open()

    def _open(self) -> "WarcFile":
        now, host = self._clock(), socket.gethostname()[:40]
        self._number += 1
        name = f"newswire-{now:%Y%m%d%H%M%S}-{self._number:05}-{host}-{secrets.token_hex(3)}.warc.gz"
        self._file = WarcFile(self._folder / name, f"{now:%Y%m%d}")
        self._file.append(warcinfo(name, self._software))
        return self._file

    def _close(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()

    def _abandon(self) -> None:
        file, self._file = self._file, None
        if file:
            file.abandon()


class WarcFile:
    """A file that is being written. `name` is what it is called in the end, `day` that of its first record."""

    def __init__(self, path: Path, day: str) -> None:
        self.name, self.day, self.size = path.name, day, 0
        self._path, self._open = path, path.with_name(path.name + OPEN)
        self._fd = os.open(self._open, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def append(self, record: bytes) -> None:
        """Write a record, all of it or nothing, and wait until the disk has it.

        Raises:
            OSError: it has not.
        """
        if not os.fstat(self._fd).st_nlink:
            raise FileNotFoundError(f"somebody removed {self._open.name}")
        try:
            left = memoryview(record)
            while left:
                left = left[os.write(self._fd, left) :]
            os.fsync(self._fd)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._fd, self.size)
            raise
        self.size += len(record)

    def close(self) -> None:
        """Give it its name."""
        self._open.rename(self._path)
        os.close(self._fd)
        _sync_folder(self._path.parent)

    def abandon(self) -> None:
        """Leave it as it is, for whoever recovers it."""
        os.close(self._fd)


def closed_after_crash(path: Path) -> int | None:
    """Close a file that its writer left; the bytes of a cut record that were taken off. None: somebody writes it."""
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        size = path.stat().st_size
        whole = _whole(file.fileno(), size)
        file.truncate(whole)
        os.fsync(file)
        if whole:
            path.rename(path.with_name(path.name.removesuffix(OPEN)))
        else:
            path.unlink()
        _sync_folder(path.parent)
        return size - whole


def _whole(fd: int, size: int) -> int:
    """Where the last whole record ends: what follows a fault was written after it, and counts."""
    if not size:
        return 0
    with mmap.mmap(fd, 0, access=mmap.ACCESS_READ) as data:
        return max((each.end for each in members(data) if each.body is not None), default=0)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
