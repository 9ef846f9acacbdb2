"""The process that parser's children are forked from: everything is imported once, and the memory shared.

Its standard input is a socket to the service; when that closes, it and all its children end.
"""

import gc
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from services.parse.sandbox.child import answer, serve
from services.parse.sandbox.frames import ORDER, Limits, ParseRequest

SENTENCE: Final = (
    "What is imported or read at the first page is shared by all children when it is done before their birth. "
)
SAMPLE: Final = (
    '<html lang="en"><head><title>A page to warm up with</title></head><body><article><h1>A page to warm up with</h1>'
    f'<time datetime="2024-06-07T20:50:00+03:00">7 June 2024</time><p>{SENTENCE * 3}</p></article>'
    f"<footer>{f'<div>{SENTENCE}</div>' * 60}</footer></body></html>"
).encode()
"""So little article in so much page that trafilatura tries, and loads, all that it has."""


def main() -> None:
    """Fork a child for each order, until the service is gone."""
    limits = Limits.loads(sys.argv[1])
    control = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    _prepare()
    children: set[int] = set()
    while order := _order(control):
        kind, pid, connections = order
        _reap(children)
        if kind == b"K" and pid in children:
            os.kill(pid, signal.SIGKILL)
        for connection in connections:
            children.add(_fork(connection, control, limits))
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _prepare() -> None:
    """Load everything, and leave ending to the service: it closes the socket when its work in hand is done."""
    logging.disable()
    now = datetime.now(UTC)
    for name, body in (("text/html", SAMPLE), ("text/plain", SAMPLE)):
        answer(ParseRequest(body, {"content-type": name}, "warm-up", now, now))
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # keeps the collector from touching, and so copying, the shared pages


def _order(control: socket.socket) -> tuple[bytes, int, list[socket.socket]] | None:
    try:
        data, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
    except OSError:
        return None
    connections = [socket.socket(fileno=each) for each in descriptors]
    return (*ORDER.unpack(data), connections) if len(data) == ORDER.size else None


def _fork(connection: socket.socket, control: socket.socket, limits: Limits) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
            serve(connection, limits)
        except OSError:  # the service closed while an answer was on its way
            pass
        finally:
            os._exit(0)
    connection.close()
    return pid


def _reap(children: set[int]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            children.discard(ended)


if __name__ == "__main__":
    main()
