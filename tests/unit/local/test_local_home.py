"""The folder of a run: its version, its disk, and who holds it."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local import home, state
from deploy.local.errors import LocalError
from deploy.local.state import Process, RunState
from deploy.version import DATA_VERSION

STATE = RunState(
    pid=1,
    started_at=datetime(2025, 1, 1, tzinfo=UTC),
    nats_url="nats://127.0.0.1:1",
    nats_monitor_url="http://127.0.0.1:2",
    opensearch_url="http://127.0.0.1:3",
    logs=Path("logs"),
    processes=(Process(name="parse", pid=os.getpid(), command="python -m something.else"),),
)


def test_folders_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSWIRE_HOME", str(tmp_path / "run"))
    monkeypatch.delenv("NEWSWIRE_CACHE", raising=False)
    assert home.jars_folder() == tmp_path / "run" / "cache" / "jars"
    monkeypatch.setenv("NEWSWIRE_CACHE", str(tmp_path / "shared"))
    assert home.jars_folder() == tmp_path / "shared" / "jars"


def test_only_one_run_holds_a_folder(tmp_path: Path) -> None:
    assert not home.is_held(tmp_path / "nothing")
    with home.hold(tmp_path):
        assert home.is_held(tmp_path)
        with pytest.raises(LocalError, match=rf"another run \(pid {os.getpid()}\)"), home.hold(tmp_path):
            pass
    assert not home.is_held(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalError, match=r"cannot write .*Set NEWSWIRE_HOME"), home.hold(tmp_path / "file"):
        pass


def test_new_data_is_marked_with_our_version_and_read_again(tmp_path: Path) -> None:
    for _ in range(2):
        home.check_version(tmp_path)
    assert (tmp_path / "VERSION").read_text() == f"{DATA_VERSION}\n"


@pytest.mark.parametrize(("mark", "said"), [("99", "newer Newswire"), ("not one", "should hold a number")])
def test_data_of_a_newer_version_is_not_touched(tmp_path: Path, mark: str, said: str) -> None:
    (tmp_path / "VERSION").write_text(mark)
    with pytest.raises(LocalError, match=said):
        home.check_version(tmp_path)
    assert (tmp_path / "VERSION").read_text() == mark


def test_a_full_disk_is_refused(tmp_path: Path) -> None:
    home.check_disk(tmp_path, least=0)
    with pytest.raises(LocalError, match="GB are free"):
        home.check_disk(tmp_path, least=10**18)


def test_other_commands_find_a_run_only_while_it_lives(tmp_path: Path) -> None:
    with home.hold(tmp_path):
        assert state.find_run(tmp_path) is None
        STATE.write(tmp_path)
        assert state.find_run(tmp_path) == STATE
    assert state.find_run(tmp_path) is None
    assert state.read_state(tmp_path) == STATE


def test_a_damaged_state_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{")
    assert state.read_state(tmp_path) is None
    assert state.leftovers(tmp_path) == ()


def test_a_pid_that_is_another_program_now_is_left_alone(tmp_path: Path) -> None:
    STATE.write(tmp_path)
    assert state.end_leftovers(tmp_path) == ()
    assert state.read_state(tmp_path) is None
