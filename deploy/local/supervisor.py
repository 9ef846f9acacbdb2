"""Keeps processes running: what ends is started again, later each time; at the end they stop in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from deploy.local.errors import LocalError
from deploy.local.process import Child

FIRST_DELAY: Final = 1.0
LONGEST_DELAY: Final = 60.0
STEADY: Final = 60.0
"""Seconds after which a process counts as healthy: its next end is not blamed on the last one."""

Say = Callable[[str], None]


def next_delay(previous: float, ran_for: float) -> float:
    """Seconds to wait before the next start; `previous`: the last such wait, 0 at first; `ran_for`: seconds."""
    if previous == 0 or ran_for >= STEADY:
        return FIRST_DELAY
    return min(previous * 2, LONGEST_DELAY)


@dataclass
class Member:
    """A process that is to run. `launch` starts it, and may wait for it or raise LocalError."""

    child: Child
    launch: Callable[[], None]
    delay: float = 0.0
    started: float = 0.0
    due: float | None = None

    @property
    def name(self) -> str:
        """Its name in messages."""
        return self.child.name

    def start(self) -> None:
        """Launch it now."""
        self.started, self.due = monotonic(), None
        self.launch()

    def wait(self, why: str) -> str:
        """Plan the next start; say so."""
        self.delay = next_delay(self.delay, monotonic() - self.started)
        self.due = monotonic() + self.delay
        return f"{self.name} {why}; starting it again in {self.delay:.0f} s"


class Supervisor:
    """Its members in the order they start; each message for the person at the terminal goes to `say`."""

    def __init__(self, say: Say, changed: Callable[[], None]) -> None:
        self.members: list[Member] = []
        self._say = say
        self._changed = changed

    def add(self, member: Member) -> None:
        """Start a member and keep it running from now on.

        Raises:
            LocalError: it does not start the first time.
        """
        self.members.append(member)
        member.start()
        self._changed()

    def tend(self) -> None:
        """Look at each member once. Call it a few times a second."""
        for member in self.members:
            if member.child.running:
                continue
            if member.due is None:
                self._say(member.wait(f"ended with exit code {member.child.exit_code} (log: {member.child.log})"))
            elif monotonic() >= member.due:
                self._again(member)

    def _again(self, member: Member) -> None:
        try:
            member.start()
        except LocalError as error:
            self._say(member.wait(f"did not start: {error}"))
        else:
            self._changed()
            self._say(f"{member.name} is started again")


def stop_together(children: Sequence[Child], grace: float) -> None:
    """SIGTERM to all, up to `grace` seconds for all of them together, then SIGKILL."""
    deadline = monotonic() + grace
    for child in children:
        child.terminate()
    for child in children:
        child.join(deadline - monotonic())
