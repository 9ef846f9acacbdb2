"""How `newswire up` ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest
from click.testing import CliRunner, Result

from deploy.local.errors import LocalError
from deploy.local.run import Ports
from deploy.local.state import RunState
from services.ctl import up
from services.ctl.demo import Row
from services.ctl.publish import Report
from services.ctl.samples import Sample

STATE = RunState.model_validate(
    {
        "pid": 1,
        "started_at": "2025-01-01T00:00:00Z",
        "nats_url": "nats://127.0.0.1:4222",
        "nats_monitor_url": "http://127.0.0.1:8222",
        "opensearch_url": "http://127.0.0.1:9200",
        "logs": "logs",
    }
)


class FakeRun:
    """Ctrl-C comes when it has been tended `patience` times."""

    state = STATE
    patience = 2_000

    def tend(self, until: Callable[[], bool]) -> None:
        for _ in range(self.patience):
            if until():
                return
            sleep(0.005)
        raise KeyboardInterrupt


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Ports]:
    """The ports of the runs that were started."""
    started: list[Ports] = []

    @contextmanager
    def embedded_run(
        _folder: Path, where: Ports, _say: object, progress: Callable[..., None], **_: bool
    ) -> Iterator[FakeRun]:
        started.append(where)
        for there in (1, 2):
            progress(there, 2, there * 5, 10)
        yield FakeRun()

    monkeypatch.setattr(up, "embedded_run", embedded_run)
    return started


def run(*arguments: str) -> Result:
    return CliRunner().invoke(up.up, arguments)


def test_once_stops_when_all_is_up(seen: list[Ports]) -> None:
    assert run("--once", "--nats-port", "1234").exit_code == 0
    assert seen == [Ports(nats=1234)]


def test_a_browser_is_started_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    @contextmanager
    def embedded_run(*_: object, render: bool) -> Iterator[FakeRun]:
        asked.append(render)
        yield FakeRun()

    monkeypatch.setattr(up, "embedded_run", embedded_run)
    run("--once")
    run("--once", "--render")
    assert asked == [False, True]


def test_it_stays_up_until_ctrl_c_and_says_what_to_try(seen: list[Ports], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeRun, "patience", 1)
    result = run()
    assert seen
    assert result.exit_code == 0
    assert "newswire search" in result.output
    assert "stopping" in result.output


@pytest.mark.parametrize(("reason", "code"), [("invalid_json", 0), ("empty_body", 1)])
def test_once_with_the_demo_fails_when_a_sample_ends_otherwise(
    seen: list[Ports], monkeypatch: pytest.MonkeyPatch, reason: str, code: int
) -> None:
    sample = Sample(file="broken.json", about="broken", source="x", outcome="dead", reason="invalid_json")
    report = Report("broken.json", "x", "1-1", "t", 1, outcome="dead", reason=reason)

    async def play(*_: object) -> list[Row]:
        return [Row(sample, report, {})]

    monkeypatch.setattr(up, "play", play)
    assert run("--once", "--demo").exit_code == code
    assert seen


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [(LocalError("port 4222 is in use"), 1, "Error: port 4222 is in use"), (KeyboardInterrupt(), 130, "stopped")],
)
def test_a_start_that_fails_or_is_interrupted_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, said: str
) -> None:
    @contextmanager
    def embedded_run(*_: object, **__: object) -> Iterator[FakeRun]:
        raise failure
        yield

    monkeypatch.setattr(up, "embedded_run", embedded_run)
    result = run()
    assert (result.exit_code, said in result.output) == (code, True)


def test_a_port_that_opensearch_cannot_have_is_wrong_usage() -> None:
    assert run("--opensearch-port", "9300").exit_code == 2


def test_samples_that_cannot_be_published_are_one_sentence(seen: list[Ports], monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(*_: object) -> list[Row]:
        raise ConnectionError("no NATS server answers")

    monkeypatch.setattr(up, "play", play)
    result = run("--demo")
    assert seen
    assert result.exit_code == 1
    assert "Error: the samples could not be published: no NATS server answers" in result.output
