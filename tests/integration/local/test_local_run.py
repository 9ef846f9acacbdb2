"""The embedded run's servers under its supervisor, in a process of its own that is ended in several ways."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from deploy.local import home, ports
from deploy.local.state import Process, RunState, end_leftovers, find_run, leftovers, read_state

# Without services: what is shown here is about processes, not about articles.
SCRIPT = """
import sys
from pathlib import Path
from deploy.local import run
from deploy.local.errors import LocalError
run.SERVICES = ()
run.Run._provision = lambda self: None
where = run.Ports(*map(int, sys.argv[2:]))
try:
    with run.embedded_run(Path(sys.argv[1]), where, lambda line: print(line, flush=True), lambda *_: None) as it:
        print("up", flush=True)
        it.tend(lambda: False)
except KeyboardInterrupt:
    print("interrupted")
except LocalError as error:
    sys.exit(str(error))
"""


class Started:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        opensearch = next(port for port in range(9299, 9200, -1) if not ports.in_use(port))
        numbers = [str(ports.free()), str(ports.free()), str(opensearch), str(ports.free())]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder), *numbers],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"NEWSWIRE_CACHE": str(home.jars_folder().parent)},
        )

    def line(self, wanted: str) -> str:
        assert self.process.stdout
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if wanted in line:
                return line
        raise AssertionError(f"no {wanted!r} in {seen}")

    def state(self) -> RunState:
        state = find_run(self.folder)
        assert state
        return state


def gone(folder: Path, state: RunState) -> bool:
    deadline = monotonic() + 5
    state.write(folder)
    while leftovers(folder) and monotonic() < deadline:
        sleep(0.05)
    return not leftovers(folder)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    made = Started(tmp_path)
    made.line("up")
    yield made
    made.process.kill()
    made.process.communicate()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A run for tests that leave it up."""
    made = Started(tmp_path_factory.mktemp("lasting"))
    made.line("up")
    yield made
    made.process.kill()
    made.process.communicate()


def test_a_terminated_run_stops_its_servers_and_leaves_no_state(started: Started) -> None:
    state = started.state()
    started.process.send_signal(signal.SIGTERM)
    assert "interrupted" in started.process.communicate(timeout=60)[0]
    assert read_state(started.folder) is None
    assert gone(started.folder, state)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends them")
def test_a_killed_run_takes_its_servers_with_it(started: Started) -> None:
    state = started.state()
    started.process.kill()
    started.process.wait()
    assert gone(started.folder, state)
    assert find_run(started.folder) is None


def test_what_outlived_its_run_is_ended_by_the_next_start(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]
    orphan = subprocess.Popen(command)
    process = Process(name="parse", pid=orphan.pid, command=" ".join(command))
    state = RunState.model_validate(
        dict.fromkeys(("nats_url", "nats_monitor_url", "opensearch_url", "logs"), "x")
        | {"pid": 1, "started_at": "2025-01-01T00:00:00Z", "processes": (process,)}
    )
    state.write(tmp_path)
    sleep(0.3)  # its signal handler
    assert end_leftovers(tmp_path) == (process,)
    assert orphan.wait(5) == -signal.SIGKILL


def test_a_second_run_in_the_same_folder_is_told_of_the_first(lasting: Started) -> None:
    second = Started(lasting.folder)
    said = second.process.communicate(timeout=30)[0]
    assert f"another run (pid {lasting.process.pid})" in said
    assert second.process.returncode == 1


def test_a_server_that_dies_is_started_again_and_that_is_said(lasting: Started) -> None:
    nats = next(each for each in lasting.state().processes if each.name == "nats-server")
    os.kill(nats.pid, signal.SIGKILL)
    assert "nats-server ended with exit code -9" in lasting.line("nats-server ended")
    lasting.line("nats-server is started again")
    again = next(each for each in lasting.state().processes if each.name == "nats-server")
    assert again.pid != nats.pid
