"""What Docker asks each container for, against a service's own answers."""

import pytest

from deploy import ready
from deploy.local import ports
from shared.bus.health import Health, serve


@pytest.fixture
def health(monkeypatch: pytest.MonkeyPatch) -> Health:
    port = ports.free()
    monkeypatch.setenv("NEWSWIRE_HTTP_PORT", str(port))
    served = Health()
    serve(served, "127.0.0.1", port)
    return served


def test_ready_is_0_and_not_ready_is_1_with_its_reason(health: Health, capsys: pytest.CaptureFixture[str]) -> None:
    health.ready, health.reason = False, "NATS is away"
    assert ready.main() == 1
    assert "NATS is away" in capsys.readouterr().out
    health.ready = True
    assert ready.main() == 0


def test_nobody_there_is_not_ready(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("NEWSWIRE_HTTP_PORT", str(ports.free()))
    assert ready.main() == 1
    assert "no answer" in capsys.readouterr().out
