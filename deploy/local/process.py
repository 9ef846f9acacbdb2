"""A child process with its log file, which never outlives us."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from deploy.local.errors import LocalError

TETHER: Final = str(Path(__file__).with_name("tether.py"))
POLL: Final = 0.02


class Child:
    """One child process. Start it from the main thread: the tie to its parent is to the thread that started it."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self.command: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id, once started."""
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs (or was never started); negative: the signal that ended it."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, command: list[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        """Start it in a session of its own: Ctrl-C in the terminal is for its parent to pass on, in order."""
        self._rotate()
        self.command = command
        tied = [sys.executable, "-I", "-S", TETHER, str(os.getpid()), *command]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own servers and services
                tied,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,
            )

    def _rotate(self) -> None:
        """Begin a new log, and keep the last one beside it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_name(self.log.name + ".1"))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def terminate(self) -> None:
        """SIGTERM, without waiting. Also wakes a paused child, which could not end else."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)

    def stop(self, grace: float) -> None:
        """SIGTERM, up to `grace` seconds, then SIGKILL."""
        self.terminate()
        self.join(grace)

    def join(self, grace: float) -> None:
        """Wait up to `grace` seconds for its end, then SIGKILL."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, grace))
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def await_ready(self, ready: Callable[[], bool], seconds: float, reason: Callable[[], str]) -> None:
        """Wait until `ready()`.

        Raises:
            LocalError: it ended or `seconds` passed; with `reason()`, one line of what its log says.
        """
        deadline = monotonic() + seconds
        while self.running and monotonic() < deadline:
            if ready():
                return
            sleep(POLL)
        state = "does not answer" if self.running else f"ended with exit code {self.exit_code}"
        raise LocalError(f"{self.name} {state}: {reason()} (log: {self.log})")

    def last_words(self) -> str:
        """The last line of its log that says anything, cut to 300 characters."""
        lines = [line.strip() for line in tail(self.log).splitlines() if line.strip()]
        return lines[-1][:300] if lines else "its log says nothing"


class ServerProcess:
    """A server that is a child of ours: how it is ended, crashed and hung. `grace`: seconds it may take to end."""

    child: Child
    grace: float

    def stop(self) -> None:
        """SIGTERM, then SIGKILL when it does not end."""
        self.child.stop(self.grace)

    def kill(self) -> None:
        """SIGKILL: a crash."""
        self.child.kill()

    def pause(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self.child.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """End a pause."""
        self.child.signal(signal.SIGCONT)


def tail(path: Path, size: int = 16_384) -> str:
    """The last bytes of a log as text; empty when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - size))
            return file.read(size).decode(errors="replace")
    except OSError:
        return ""
