"""What processes use, read from /proc (Linux)."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes (10^6) of one process: `rss` counts shared pages in full, `pss` its share of them, `own` none."""

    pid: int
    command: str
    rss: float
    pss: float
    own: float


def tree(root: int) -> list[int]:
    """`root` and all its descendants that are there now."""
    children: dict[int, list[int]] = {}
    for pid, fields in _stats():
        children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of the processes, and of those of their children that ended; to 10 ms."""
    wanted = set(pids)
    return sum(sum(int(each) for each in fields[11:15]) for pid, fields in _stats() if pid in wanted) / TICKS


def busy_seconds() -> float:
    """CPU seconds that the whole machine has worked, for anybody; see proc(5). Guests' time is within user time."""
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = (PROC / "stat").read_text().split()[1:]
    return sum(int(each) for each in (user, nice, system, irq, softirq, steal)) / TICKS


def memory(pids: Iterable[int]) -> list[Memory]:
    """Of each process that is still there."""
    return [found for pid in pids if (found := _memory(pid))]


def named(program: str, root: int) -> list[int]:
    """The descendants of `root` that run `program`, by its file name."""
    return [pid for pid in tree(root) if _command(pid).split(" ")[0].endswith(f"/{program}")]


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _memory(pid: int) -> Memory | None:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return None
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines}
    own = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return Memory(pid, _command(pid), sizes["Rss"], sizes["Pss"], own)


def _stats() -> Iterator[tuple[int, list[str]]]:
    """Each process's id and its fields from the third (state) on; see proc(5)."""
    for path in PROC.iterdir():
        if path.name.isdecimal():
            try:
                yield int(path.name), fields_of((path / "stat").read_text())
            except OSError:  # it ended meanwhile
                continue


def fields_of(stat: str) -> list[str]:
    """The fields after the command's name, which may hold spaces and brackets itself."""
    return stat.rpartition(")")[2].split()
