"""The parser's child: reads one page after another from its socket, under limits that the kernel enforces."""

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

from services.parse.core import parse_bytes
from services.parse.sandbox.frames import ANSWER, PID, REQUEST, Kind, Limits, ParseRequest
from shared.contracts import ParsedArticle
from shared.errors import Poison, Skip
from shared.subjects import MAX_MESSAGE

OUT_OF_MEMORY: Final = 3
"""Exit status of a child that ran out of memory; nothing in it can be relied upon then."""
OPEN_FILES: Final = 64
HEADROOM: Final = 16 * 1024
"""Bytes of a message that its headers may take."""
STATM: Final = Path("/proc/self/statm")


def serve(connection: socket.socket, limits: Limits) -> None:
    """Answer requests until the other side closes."""
    _restrict(limits)
    born = _grown()
    connection.sendall(PID.pack(os.getpid()))
    for page in range(1, limits.pages + 1):
        request = _receive(connection)
        if request is None:
            return
        with _limited(limits):
            kind, content = answer(request)
        last = page == limits.pages or _grown() - born > limits.growth
        connection.sendall(ANSWER.pack(last, kind, len(content)) + content)


def answer(request: ParseRequest) -> tuple[Kind, bytes]:
    """What came of a request, and its JSON: an article, a skip, poison, or the traceback of a bug."""
    try:
        article = parse_bytes(request.body, request.headers, request.source, request.observed_at, now=request.now)
        return b"A", _sendable(article)
    except Skip as skip:
        return b"S", json.dumps({"reason": skip.reason, "detail": skip.detail, **skip.facts}).encode()
    except Poison as poison:
        return b"P", json.dumps({"reason": poison.reason, "detail": poison.detail}).encode()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # noqa: BLE001 - a bug: the service logs it with this traceback
        return b"B", traceback.format_exc(limit=-20)[-8_000:].encode("utf-8", "replace")


def _sendable(article: ParsedArticle) -> bytes:
    content = article.model_dump_json().encode()
    if len(content) > MAX_MESSAGE - HEADROOM:
        raise Poison("too_large", f"an article of {len(content)} bytes; at most {MAX_MESSAGE - HEADROOM} are sent")
    return content


def _receive(connection: socket.socket) -> ParseRequest | None:
    head = _exactly(connection, REQUEST.size)
    if head is None:
        return None
    known, body = (_exactly(connection, length) for length in REQUEST.unpack(head))
    return None if known is None or body is None else ParseRequest.loads(known, body)


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
        (resource.RLIMIT_AS, limits.memory),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(what, (limit, limit))


@contextlib.contextmanager
def _limited(limits: Limits) -> Generator[None]:
    """Limits for one page. The kernel ends the process at either, even inside of libxml2."""
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
    try:
        _, resident, shared, *_ = (int(field) for field in STATM.read_text().split())
    except OSError:
        return 0
    return (resident - shared) * resource.getpagesize()
