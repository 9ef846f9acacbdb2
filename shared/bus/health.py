"""Whether this process works, told from outside of its event loop: a stuck loop cannot say that it is stuck."""

import json
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import telemetry

EXIT_STUCK = 70
"""sysexits.h EX_SOFTWARE: the process cannot make progress; whoever supervises it starts it anew."""
STUCK_AFTER = 30.0
"""Seconds without a beat of the event loop."""


@dataclass(slots=True)
class Health:
    """Shared by the event loop, which writes, and the watching threads, which read."""

    ready: bool = False
    reason: str = "starting"
    stopping: bool = False
    beat: float = field(default_factory=time.monotonic)

    def touch(self, heartbeat: Path | None) -> None:
        """Say that the event loop runs; also to a file, for checks without a network."""
        self.beat = time.monotonic()
        if heartbeat:
            heartbeat.touch()

    @property
    def age(self) -> float:
        """Seconds since the last beat."""
        return time.monotonic() - self.beat


def die(sentence: str, status: int = EXIT_STUCK) -> None:
    """Leave at once: nothing in this process can be trusted to end it in order."""
    sys.stderr.write(f"newswire: {sentence}\n")
    sys.stderr.flush()
    os._exit(status)


def watch(health: Health) -> None:
    """Start the thread that ends the process when its event loop is stuck."""

    def run() -> None:
        while True:
            time.sleep(STUCK_AFTER / 10)
            if health.age > STUCK_AFTER:
                die(f"the event loop has been stuck for {health.age:.0f} s; leaving, to be started anew")

    threading.Thread(target=run, name="watchdog", daemon=True).start()


def serve(health: Health, host: str, port: int) -> None:
    """Start the thread that answers /healthz, /readyz and /metrics.

    Raises:
        OSError: the port is taken.
    """
    handler = type("BoundHandler", (_Handler,), {"health": health})
    server = ThreadingHTTPServer((host, port), handler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    health: Health
    timeout = 5

    def do_GET(self) -> None:
        live = self.health.age < STUCK_AFTER / 3
        if self.path == "/metrics":
            telemetry.READY.set(live and self.health.ready)
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
        elif self.path in {"/healthz", "/readyz"}:
            well = live and (self.health.ready or self.path == "/healthz")
            reason = "ok" if well else self.health.reason if live else "the event loop is stuck"
            self._answer(200 if well else 503, "application/json", json.dumps({"reason": reason}).encode())
        else:
            self._answer(404, "text/plain", b"/healthz, /readyz or /metrics\n")

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args
