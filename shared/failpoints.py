"""Named places where a test can crash a process, to prove that nothing is lost or doubled there."""

import os
from typing import Literal

CRASHED = 137
"""The exit status of a SIGKILL, which this stands for."""

_CRASH_AT = os.environ.get("NEWSWIRE_CRASH_AT", "")

Failpoint = Literal[
    "before_handler", "after_publish", "after_bulk", "after_dlq", "after_skip", "after_outcome",
    "after_fetch", "after_raw", "after_state",
]  # fmt: skip


def failpoint(name: Failpoint) -> None:
    """Die here, at once and without a trace, if the environment says so."""
    if name == _CRASH_AT:
        os._exit(CRASHED)
