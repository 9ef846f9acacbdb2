"""A pool of children that can be killed: a request can cost us seconds and a child, never the service."""

import asyncio
import atexit
import json
import os
import socket
import subprocess
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from shared.errors import DependencyDown, Poison, Skip
from shared.sandbox.frames import ANSWER, ORDER, PID, REQUEST, Limits
from shared.sandbox.notes import Notes

START_SECONDS: Final = 30.0
"""For the zygote to import and load its worker on a busy machine."""
SLACK_SECONDS: Final = 2.0
"""Beyond the limit that the kernel enforces, for a child that is stopped or starved."""
STOP_SECONDS: Final = 5.0
STARTS: Final = 2
ONE_THREAD: Final[Mapping[str, str]] = {"OPENBLAS_NUM_THREADS": "1"}
"""A child is one thread: numpy's own threads double the CPU of small models and do not survive a fork."""
THRIFTY: Final[Mapping[str, str]] = {"MALLOC_TRIM_THRESHOLD_": "100000", "MALLOC_MMAP_THRESHOLD_": "100000"}
"""Makes glibc give memory back after each large page: 10 MB less at the peak, measured on 288 pages. Not for what
multiplies matrices: each is then mapped and cleared by the kernel anew, which was 0.4 of a model's CPU."""


class WorkerBugError(Exception):
    """The worker raised what it should not; the text is its traceback."""


class ChildDied(Exception):
    """The child ended at a request: of a limit, or killed. `note` is what it said last.

    `overdue`: the kernel's own limits did not end it in time, and neither would they at another try.
    """

    def __init__(self, detail: str, note: str = "", *, overdue: bool = False) -> None:
        super().__init__(detail)
        self.note, self.overdue = note, overdue


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
    notes: Notes

    async def ask(self, request: bytes, limit: int) -> _Answer:
        """Raises: OSError, EOFError: the child is gone. ValueError: it answers what no child of ours does."""
        self.writer.write(REQUEST.pack(len(request)) + request)
        await self.writer.drain()
        last, kind, length = ANSWER.unpack(await self.reader.readexactly(ANSWER.size))
        if length > limit:
            raise ValueError(f"an answer of {length} bytes")
        return _Answer(last, kind, await self.reader.readexactly(length))


class Pool:
    """`size` children of the module `worker` (a dotted name; see `frames.Worker`), replaced as they die.

    An async context manager: ends them all on leaving.
    """

    environment: Mapping[str, str] = ONE_THREAD
    """Of the children, beside the service's own."""

    def __init__(self, worker: str, size: int = 2, limits: Limits | None = None) -> None:
        self._worker, self._limits = worker, limits or Limits()
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
        self._close_idle()
        await asyncio.to_thread(self._stop)

    def begin(self) -> None:
        """Have the zygote load its worker before the pool is entered, or end with us if it never is."""
        self._control()
        atexit.register(self._kill)

    async def ask(self, request: bytes) -> bytes:
        """Have a child answer; wait for a free one.

        Raises:
            Skip, Poison: what the worker says.
            ChildDied: the request ended its child.
            WorkerBugError: the worker raised anything else.
            DependencyDown: no child can be started.
        """
        async with self._free:
            child = self._idle.pop() if self._idle else await self._spawn()
            try:
                async with asyncio.timeout(self._limits.wall + SLACK_SECONDS):
                    answer = await child.ask(request, self._limits.answer)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                note = child.notes.read()
                self._discard(child)
                raise _died(error, note) from error
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
        raise DependencyDown("dependency_down", f"the process of {self._worker} does not start; see its error output")

    async def _fork(self) -> _Child:
        """A child of the zygote, which is started if it is not running."""
        control = self._control()
        with ExitStack() as undone:
            notes = Notes()
            undone.callback(notes.close)
            ours, theirs = socket.socketpair()
            undone.callback(ours.close)
            with theirs:
                socket.send_fds(control, [ORDER.pack(b"S", 0)], [theirs.fileno(), notes.descriptor])
            reader, writer = await asyncio.open_connection(sock=ours)
            undone.callback(writer.close)
            (pid,) = PID.unpack(await reader.readexactly(PID.size))
            undone.pop_all()
        return _Child(pid, reader, writer, notes)

    def _control(self) -> socket.socket:
        if self._zygote and self._zygote[0].poll() is None:
            return self._zygote[1]
        self._stop()
        self._close_idle()  # no zygote of theirs is left to kill them
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "shared.sandbox.zygote", self._worker, self._limits.dumps()]
            process = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env={**os.environ, **self.environment}
            )
        self._zygote = (process, ours)
        return ours

    def _discard(self, child: _Child) -> None:
        """Kill a child. The zygote does it: it alone knows that the process id is still the child's."""
        child.writer.transport.abort()
        child.notes.close()
        if self._zygote:
            try:
                self._zygote[1].send(ORDER.pack(b"K", child.pid))
            except OSError:  # the zygote is gone, and its children with it
                return

    def _close_idle(self) -> None:
        while self._idle:
            child = self._idle.pop()
            child.writer.close()
            child.notes.close()

    def _kill(self) -> None:
        if self._zygote:
            self._zygote[0].kill()

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


def _died(error: Exception, note: str) -> ChildDied:
    if isinstance(error, TimeoutError):
        return ChildDied("took too long", note, overdue=True)
    if isinstance(error, IncompleteReadError):
        return ChildDied("it ran out of time or memory, or was killed", note)
    return ChildDied(str(error) or "ran out of time or memory", note)


def _outcome(answer: _Answer) -> bytes:
    if answer.kind == b"R":
        return answer.content
    if answer.kind not in {b"S", b"P"}:
        raise WorkerBugError(answer.content.decode("utf-8", "replace"))
    known = json.loads(answer.content)
    if answer.kind == b"P":
        raise Poison(known["reason"], known["detail"])
    raise Skip(**known)
