"""The process that sandboxed children are forked from: everything is imported once, and the memory shared.

Its standard input is a socket to the service; when that closes, it and all its children end.
"""

import gc
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from typing import cast

from shared.sandbox.child import serve
from shared.sandbox.frames import ORDER, Limits, Worker
from shared.sandbox.notes import Notebook


def main() -> None:
    """Fork a child for each order, until the service is gone."""
    name, limits = sys.argv[1], Limits.loads(sys.argv[2])
    control = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    worker = cast("Worker", import_module(name))
    _prepare(worker)
    children: set[int] = set()
    while order := _order(control):
        kind, pid, shared = order
        _reap(children)
        if kind == b"K" and pid in children:
            os.kill(pid, signal.SIGKILL)
        if kind == b"S":
            children.add(_fork(shared, control, worker, limits))
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _prepare(worker: Worker) -> None:
    """Load everything, and leave ending to the service: it closes the socket when its work in hand is done."""
    logging.disable()
    worker.warm_up()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # keeps the collector from touching, and so copying, the shared pages


def _order(control: socket.socket) -> tuple[bytes, int, list[int]] | None:
    try:
        data, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 2)
    except OSError:
        return None
    return (*ORDER.unpack(data), descriptors) if len(data) == ORDER.size else None


def _fork(shared: list[int], control: socket.socket, worker: Worker, limits: Limits) -> int:
    """A child with the descriptors that came for it: its connection and its notes."""
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
            connection, notes = shared
            serve(socket.socket(fileno=connection), Notebook.of(notes), worker, limits)
        except OSError:  # the service closed while an answer was on its way
            pass
        finally:
            os._exit(0)
    for each in shared:
        os.close(each)
    return pid


def _reap(children: set[int]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            children.discard(ended)


if __name__ == "__main__":
    main()
