"""`newswire doctor`: the browser that `newswire up --render` takes, and what keeps its sandbox away."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.ctl.findings import Finding, note, ok
from services.ctl.output import plain

SECONDS: Final = 15.0
WHO: Final = "only sources marked `render` need one"
SANDBOX: Final = "docs/operations.md#rendering, or do without: NEWSWIRE_RENDER_SANDBOX=false"
FORBIDDING: Final = (
    (Path("/proc/sys/user/max_user_namespaces"), "0"),
    (Path("/proc/sys/kernel/unprivileged_userns_clone"), "0"),
    (Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"), "1"),
)
"""Settings of the kernel, and the value that forbids user namespaces, in which Chromium keeps pages."""


def check_browser() -> Iterator[Finding]:
    """A browser that can be started, and its sandbox. Neither is in the way of a run that renders nothing."""
    name = os.environ.get("NEWSWIRE_RENDER_CHROMIUM") or "chromium"
    program = shutil.which(name)
    if program is None:
        fix = "install Chromium (Debian: apt-get install chromium), or name it: NEWSWIRE_RENDER_CHROMIUM"
        yield note(f"there is no program {name} for `newswire up --render`; {WHO}", fix)
        return
    version = _version(program)
    if version is None:
        yield note(
            f"{program} --version does not answer; {WHO}", "see what it says; NEWSWIRE_RENDER_CHROMIUM names another"
        )
        return
    yield ok(f"{version} ({program})")
    if os.environ.get("NEWSWIRE_RENDER_SANDBOX", "true").lower() in {"true", "1", "yes", "on"} and (
        why := _forbidden()
    ):
        yield note(f"Chromium's sandbox cannot be had here: {why}; {WHO}", SANDBOX)


def _version(program: str) -> str | None:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - the operator's own program
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stdout.strip().splitlines()
    return plain(said[0], 80).strip() if said and not done.returncode else None


def _forbidden() -> str:
    """Why there is no sandbox; empty where there may be one."""
    if os.geteuid() == 0:
        return "it takes a user other than root"
    for setting, value in FORBIDDING:
        if setting.is_file() and setting.read_text().strip() == value:
            return f"{setting} is {value}"
    return ""
