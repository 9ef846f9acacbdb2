"""A sandboxed child: answers one request after another on its socket, under limits that the kernel enforces."""

import contextlib
import json
import os
import resource
import signal
import socket
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Final

from shared.errors import Poison, Skip
from shared.sandbox.frames import ANSWER, PID, REQUEST, Kind, Limits, Note, Worker
from shared.sandbox.notes import Notebook

OUT_OF_MEMORY: Final = 3
"""Exit status of a child that ran out of memory; nothing in it can be relied upon then."""
OPEN_FILES: Final = 64
STATM: Final = Path("/proc/self/statm")


def serve(connection: socket.socket, notes: Notebook, worker: Worker, limits: Limits) -> None:
    """Answer requests until the other side closes."""
    _restrict(limits)
    born = _grown()
    connection.sendall(PID.pack(os.getpid()))

    for number in range(1, limits.requests + 1):
        request = _receive(connection)
        if request is None:
            return
        with _limited(limits):
            kind, content = answer(worker, request, notes.write)
        notes.write("")
        last = number == limits.requests or _grown() - born > limits.growth
        connection.sendall(ANSWER.pack(last, kind, len(content)) + content)


def answer(worker: Worker, request: bytes, note: Note) -> tuple[Kind, bytes]:
    """What came of a request: its result, a skip, poison, or the traceback of a bug."""
    try:
        return b"R", worker.work(request, note)
    except Skip as skip:
        return b"S", json.dumps({"reason": skip.reason, "detail": skip.detail, **skip.facts}).encode()
    except Poison as poison:
        return b"P", json.dumps({"reason": poison.reason, "detail": poison.detail}).encode()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # noqa: BLE001 - a bug: the service logs it with this traceback
        return b"B", traceback.format_exc(limit=-20)[-8_000:].encode("utf-8", "replace")


def _receive(connection: socket.socket) -> bytes | None:
    head = _exactly(connection, REQUEST.size)
    return None if head is None else _exactly(connection, *REQUEST.unpack(head))


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    """`length` bytes, or None when the other side closed before."""
    received = bytearray()
    while len(received) < length:
        part = connection.recv(min(length - len(received), 1 << 20))
        if not part:
            return None
        received += part
    return bytes(received)


def _restrict(limits: Limits) -> None:
    """Limits for the child's whole life: no core files, nothing written, few files, bounded memory."""
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, _pages(0) + limits.memory),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(what, (limit, limit))


@contextlib.contextmanager
def _limited(limits: Limits) -> Generator[None]:
    """Limits for one request. The kernel ends the process at either, even inside of libxml2."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = int(used.ru_utime + used.ru_stime) + limits.cpu + 1
    resource.setrlimit(resource.RLIMIT_CPU, (allowed if hard == resource.RLIM_INFINITY else min(allowed, hard), hard))
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _grown() -> int:
    """The memory that this process holds and shares with no file, in bytes; 0 where the system does not tell."""
    return _pages(1) - _pages(2)


def _pages(field: int) -> int:
    """A field of /proc/self/statm in bytes: 0 the address space, 1 what is resident, 2 what of it is of files."""
    try:
        return int(STATM.read_text().split()[field]) * resource.getpagesize()
    except OSError:
        return 0
