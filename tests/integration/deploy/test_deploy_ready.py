"""What Docker asks each container for, against a service's own answers."""

import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from deploy.local import ports
from shared.bus.health import Health, serve

READY = Path(__file__).parents[3] / "deploy" / "ready"


def ask(port: int) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NEWSWIRE_HTTP_PORT": str(port)}
    return subprocess.run([READY], env=environment, capture_output=True, text=True, timeout=20, check=False)


@pytest.fixture
def served() -> tuple[Health, int]:
    port, health = ports.free(), Health()
    serve(health, "127.0.0.1", port)
    return health, port


def test_ready_is_0_and_not_ready_is_1_with_its_reason(served: tuple[Health, int]) -> None:
    health, port = served
    health.ready, health.reason = False, "NATS is away"
    answer = ask(port)
    assert answer.returncode == 1
    assert "NATS is away" in answer.stdout
    health.ready = True
    assert ask(port).returncode == 0


def test_nobody_there_is_not_ready() -> None:
    answer = ask(ports.free())
    assert answer.returncode == 1
    assert "refused" in answer.stderr


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.0 503 no 200 here\r\n\r\nwaiting", b"\r\n"])
def test_what_is_no_200_is_not_ready(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_answer, args=(listening, answer), daemon=True).start()
        assert ask(listening.getsockname()[1]).returncode == 1


def test_who_never_answers_is_not_waited_for_longer_than_some_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        begun = time.monotonic()
        answer = ask(listening.getsockname()[1])
    assert answer.returncode == 1
    assert answer.stdout == "no answer\n"
    assert time.monotonic() - begun < 15


def _answer(listening: socket.socket, answer: bytes) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(1_000)
        connection.sendall(answer)
