"""Parsing in killable child processes: a page can cost us seconds and a child, never the service."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from pydantic import ValidationError

from services.parse.sandbox.frames import ANSWER, ORDER, PID, Limits, ParseRequest
from shared.contracts import ParsedArticle
from shared.errors import DependencyDown, Poison, Skip, Transient

START_SECONDS: Final = 30.0
"""For the zygote to import the parser on a busy machine."""
SLACK_SECONDS: Final = 2.0
"""Beyond the limit that the kernel enforces, for a child that is stopped or starved."""
STOP_SECONDS: Final = 5.0
STARTS: Final = 2
THRIFTY: Final = {"MALLOC_TRIM_THRESHOLD_": "100000", "MALLOC_MMAP_THRESHOLD_": "100000"}
"""Makes glibc give memory back after each large page: 10 MB less at the peak, measured on 288 pages."""


class ParserBugError(Exception):
    """The parser raised what it should not; the text is its traceback."""


@dataclass(frozen=True, slots=True)
class _Answer:
    last: bool
    kind: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    reader: StreamReader
    writer: StreamWriter

    async def ask(self, request: ParseRequest, limit: int) -> _Answer:
        """Raises: OSError, EOFError: the child is gone. ValueError: it answers what no child of ours does."""
        self.writer.write(request.dumps())
        await self.writer.drain()
        last, kind, length = ANSWER.unpack(await self.reader.readexactly(ANSWER.size))
        if length > limit:
            raise ValueError(f"an answer of {length} bytes")
        return _Answer(last, kind, await self.reader.readexactly(length))


class ParserPool:
    """`size` children that parse, replaced as they die. An async context manager: ends them all on leaving."""

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Child] = []
        self._starting = asyncio.Lock()
        self._zygote: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    async def __aenter__(self) -> Self:
        self._idle.append(await self._spawn())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            self._idle.pop().writer.close()
        await asyncio.to_thread(self._stop)

    async def run(self, request: ParseRequest) -> ParsedArticle:
        """Parse in a child; wait for a free one.

        Raises:
            Skip, Poison: what the parser says; also `resource_limit` for a page that ended its child repeatedly.
            Transient: `child_died`, at the first attempt.
            DependencyDown: no child can be started.
        """
        async with self._free:
            child = self._idle.pop() if self._idle else await self._spawn()
            try:
                async with asyncio.timeout(self._limits.wall + SLACK_SECONDS):
                    answer = await child.ask(request, self._limits.answer)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self._discard(child)
                raise _died(request, error) from error
            except BaseException:  # cancelled: the child may be at work, and its answer is nobody's
                self._discard(child)
                raise
            if answer.last:
                self._discard(child)
            else:
                self._idle.append(child)
        return _outcome(answer)

    async def _spawn(self) -> _Child:
        async with self._starting:
            for _ in range(STARTS):
                try:
                    async with asyncio.timeout(START_SECONDS):
                        return await self._fork()
                except (OSError, EOFError, TimeoutError):
                    await asyncio.to_thread(self._stop)
        raise DependencyDown("dependency_down", "the parser's process does not start; see its error output")

    async def _fork(self) -> _Child:
        """A child of the zygote, which is started if it is not running."""
        control = self._control()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(control, [ORDER.pack(b"S", 0)], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            (pid,) = PID.unpack(await reader.readexactly(PID.size))
        except BaseException:
            writer.close()
            raise
        return _Child(pid, reader, writer)

    def _control(self) -> socket.socket:
        if self._zygote and self._zygote[0].poll() is None:
            return self._zygote[1]
        self._stop()
        while self._idle:  # no zygote of theirs is left to kill them
            self._idle.pop().writer.close()
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "services.parse.sandbox.zygote", self._limits.dumps()]
            process = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=os.environ | THRIFTY
            )
        self._zygote = (process, ours)
        return ours

    def _discard(self, child: _Child) -> None:
        """Kill a child. The zygote does it: it alone knows that the process id is still the child's."""
        child.writer.transport.abort()
        if self._zygote:
            try:
                self._zygote[1].send(ORDER.pack(b"K", child.pid))
            except OSError:  # the zygote is gone, and its children with it
                return

    def _stop(self) -> None:
        """End the zygote, and so its children."""
        if not self._zygote:
            return
        process, control = self._zygote
        self._zygote = None
        control.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _died(request: ParseRequest, error: Exception) -> Poison | Transient:
    detail = "took too long" if isinstance(error, TimeoutError) else str(error) or "ran out of time or memory"
    if isinstance(error, IncompleteReadError):
        detail = "it ran out of time or memory, or was killed"
    if isinstance(error, TimeoutError):
        return Poison("resource_limit", f"the parser's child {detail}")
    if request.attempt > 1:
        return Poison("resource_limit", f"the parser's child died again: {detail}")
    return Transient("child_died", detail)


def _outcome(answer: _Answer) -> ParsedArticle:
    if answer.kind == b"A":
        return _article(answer.content)
    if answer.kind not in {b"S", b"P"}:
        raise ParserBugError(answer.content.decode("utf-8", "replace"))
    known = json.loads(answer.content)
    if answer.kind == b"P":
        raise Poison(known["reason"], known["detail"])
    raise Skip(**known)


def _article(content: bytes) -> ParsedArticle:
    try:
        return ParsedArticle.model_validate_json(content)
    except ValidationError as error:
        raise ParserBugError(f"an article that breaks its contract: {error.errors(include_input=False)[0]}") from error
