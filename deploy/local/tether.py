"""Exec a command that the kernel kills when its parent dies: `python tether.py PARENT_PID COMMAND...`.

Linux only (prctl PR_SET_PDEATHSIG, kept across exec); elsewhere it only execs, and the next run ends leftovers.
Run by file name with `-I -S`, so it imports nothing of ours and costs about 15 ms.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Tie this process to the parent named first, then become the command."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the tie
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
