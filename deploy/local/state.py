"""`run.json`: what runs where, for the other commands; and what a run that was killed left behind."""

import os
import signal
import subprocess
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.local.home import home, is_held

GRACE: Final = 5.0


class Process(BaseModel):
    """A child of the run. `command`: as `ps` shows it. `url`: of its /readyz and /metrics, for a service."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    command: str
    url: str | None = None


class RunState(BaseModel):
    """A run and its servers."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started_at: datetime
    nats_url: str
    nats_monitor_url: str
    opensearch_url: str
    logs: Path
    intake_url: str = ""
    """Where runs of earlier versions had none."""
    processes: tuple[Process, ...] = ()

    def write(self, folder: Path) -> None:
        """Write it whole or not at all."""
        temporary = folder / "run.json.new"
        temporary.write_text(self.model_dump_json(indent=2))
        temporary.replace(folder / "run.json")


def read_state(folder: Path) -> RunState | None:
    """The last run's state, be it alive or not."""
    try:
        return RunState.model_validate_json((folder / "run.json").read_bytes())
    except (OSError, ValidationError):
        return None


def find_run(folder: Path | None = None) -> RunState | None:
    """The run that is alive in `folder` (default: the home), so that commands find its servers."""
    where = folder or home()
    return read_state(where) if is_held(where) else None


def leftovers(folder: Path) -> tuple[Process, ...]:
    """Children that outlived their run. None on Linux, where the kernel ends them with their parent."""
    state = read_state(folder)
    return tuple(each for each in state.processes if _is_ours(each)) if state else ()


def end_leftovers(folder: Path) -> tuple[Process, ...]:
    """End them: SIGTERM, a few seconds, SIGKILL. The caller holds the folder. Returns what was ended."""
    left = leftovers(folder)
    for number, seconds in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
        deadline = monotonic() + seconds
        for each in left:
            if _is_ours(each):
                with suppress(ProcessLookupError):  # it ended since
                    os.kill(each.pid, number)
        while any(_is_ours(each) for each in left) and monotonic() < deadline:
            sleep(0.05)
    (folder / "run.json").unlink(missing_ok=True)
    return left


def _is_ours(process: Process) -> bool:
    """Whether this pid is still that command: pids are used again. False where there is no `ps` to ask."""
    question = ("/bin/ps", "-ww", "-o", "command=", "-p", str(process.pid))
    try:
        answer = subprocess.run(question, capture_output=True, text=True, check=False)  # noqa: S603 - a number
    except OSError:
        return False
    return answer.stdout.strip() == process.command
