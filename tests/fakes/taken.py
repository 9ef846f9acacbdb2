"""What something took, whatever else the machine does meanwhile."""

import resource
import time
from pathlib import Path
from typing import Final

TASKS: Final = Path("/proc/self/task")
_NANO: Final = 1e9


def waited() -> float:
    """Seconds in which a thread of ours was ready and no processor was free, from Linux; 0 where it does not count."""
    found = 0
    for each in TASKS.glob("*/schedstat"):
        try:
            found += int(each.read_text().split()[1])
        except (OSError, IndexError):  # that thread has ended
            continue
    return found / _NANO


def cpu(whose: int = resource.RUSAGE_SELF) -> float:
    """Seconds of processors."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


class Watch:
    """Begins when it is made. `seconds`: since then, less what was waited for a processor; at least the processors'."""

    def __init__(self) -> None:
        self._began, self._waited, self._cpu = time.monotonic(), waited(), cpu()

    @property
    def seconds(self) -> float:
        """So far."""
        ready = max(waited() - self._waited, 0.0)
        return max(time.monotonic() - self._began - ready, cpu() - self._cpu)
