"""What ends is started again, later each time, and that is said."""

import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from deploy.local import supervisor
from deploy.local.errors import LocalError
from deploy.local.process import Child
from deploy.local.supervisor import Member, Supervisor, next_delay, stop_together


@pytest.mark.parametrize(
    ("previous", "ran_for", "wanted"),
    [(0, 0, 1), (1, 0.1, 2), (2, 59, 4), (32, 0, 60), (60, 0, 60), (60, 60, 1)],
)
def test_the_wait_grows_until_a_process_has_run_for_a_minute(previous: float, ran_for: float, wanted: float) -> None:
    assert next_delay(previous, ran_for) == wanted


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(supervisor, "monotonic", made)
    return made


class Script:
    """A member whose every start ends as it is told: an exit code, an error to raise, or it stays."""

    name = "parse"
    log = Path("parse.log")

    def __init__(self, *ends: int | str | None) -> None:
        self.ends = list(ends)
        self.exit_code: int | None = None
        self.pid = 1

    @property
    def running(self) -> bool:
        return self.exit_code is None

    def launch(self) -> None:
        end = self.ends.pop(0)
        if isinstance(end, str):
            raise LocalError(end)
        self.exit_code = end


def test_a_child_that_ends_is_started_again_later_each_time(clock: Clock) -> None:
    said: list[str] = []
    script = Script(1, 70, "port 1 is in use", None)
    watch = Supervisor(said.append, lambda: None)
    watch.add(Member(script, script.launch))  # type: ignore[arg-type]
    for clock.now in range(12):
        watch.tend()
    assert said == [
        "parse ended with exit code 1 (log: parse.log); starting it again in 1 s",
        "parse is started again",
        "parse ended with exit code 70 (log: parse.log); starting it again in 2 s",
        "parse did not start: port 1 is in use; starting it again in 4 s",
        "parse is started again",
    ]


def test_a_member_that_does_not_start_at_first_ends_the_run() -> None:
    script = Script("no java")
    with pytest.raises(LocalError, match="no java"):
        Supervisor(print, lambda: None).add(Member(script, script.launch))  # type: ignore[arg-type]


def child(tmp_path: Path, code: str) -> Child:
    made = Child("sleeper", tmp_path / "sleeper.log")
    made.start([sys.executable, "-u", "-c", code])
    return made


def test_children_stop_together_within_one_grace(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
    children = [child(tmp_path / name, deaf) for name in "ab"]
    for each in children:
        each.await_ready(lambda each=each: "up" in each.last_words(), 5, each.last_words)
    began = monotonic()
    stop_together(children, 0.3)
    assert [each.exit_code for each in children] == [-9, -9]
    assert monotonic() - began < 2


def test_the_log_of_the_last_start_is_kept(tmp_path: Path) -> None:
    for word in ("first", "second"):
        started = child(tmp_path, f"print('{word}')")
        started.join(5)
    assert started.last_words() == "second"
    assert (tmp_path / "sleeper.log.1").read_text() == "first\n"


def test_a_child_that_ends_instead_of_getting_ready_is_quoted(tmp_path: Path) -> None:
    started = child(tmp_path, "print('no config'); raise SystemExit(78)")
    with pytest.raises(LocalError, match=r"sleeper ended with exit code 78: no config \(log: "):
        started.await_ready(lambda: False, 5, started.last_words)


def test_a_child_that_was_never_started_can_be_stopped(tmp_path: Path) -> None:
    never = Child("never", tmp_path / "never.log")
    never.stop(1)
    never.kill()
    assert (never.pid, never.exit_code, never.last_words()) == (None, None, "its log says nothing")


def test_a_tied_child_does_not_start_when_its_parent_is_gone(tmp_path: Path) -> None:
    from deploy.local.process import TETHER

    made = Child("orphan", tmp_path / "log")
    made.start([sys.executable, TETHER, "1", sys.executable, "-c", "print('lives')"])
    made.join(5)
    sleep(0)
    assert made.exit_code == 1
