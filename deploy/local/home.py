"""Where the embedded run keeps its things, and who may use them."""

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Final

from deploy.local.errors import LocalError
from deploy.version import DATA_VERSION, newer

LEAST_DISK: Final = 2_000_000_000
"""Bytes free on the disk, below which a run does not start."""


def home() -> Path:
    """The folder of the run's data, logs and state: `NEWSWIRE_HOME`, else `.newswire` here."""
    return Path(os.environ.get("NEWSWIRE_HOME") or ".newswire").resolve()


def jars_folder() -> Path:
    """Where OpenSearch's jars are kept; `NEWSWIRE_CACHE` lets several homes share one cache."""
    cache = os.environ.get("NEWSWIRE_CACHE")
    return (Path(cache).resolve() if cache else home() / "cache") / "jars"


@contextmanager
def hold(folder: Path) -> Generator[None, None, None]:
    """Be the only run in `folder`. The kernel lets go when this process dies, however it dies.

    Raises:
        LocalError: another run is here; with its pid. Or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("a+")
    except OSError as error:
        raise LocalError(f"cannot write {folder}: {error.strerror}. Set NEWSWIRE_HOME to another folder.") from error
    with file:
        if not _locked_soon(file.fileno()):
            file.seek(0)
            raise LocalError(
                f"another run (pid {file.read().strip() or 'unknown'}) uses {folder}. Stop it first (Ctrl-C in its "
                "terminal), or set NEWSWIRE_HOME to another folder."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_held(folder: Path) -> bool:
    """Whether a run is alive in `folder`."""
    try:
        with (folder / "lock").open("a+") as file:
            return not _locked(file.fileno())
    except OSError:
        return False


def _locked_soon(descriptor: int) -> bool:
    """A few tries: who only asks whether the folder is held holds it for a moment."""
    for _ in range(5):
        if _locked(descriptor):
            return True
        sleep(0.05)
    return False


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_version(folder: Path) -> int:
    """The version of the data in `folder`; ours when there is none yet.

    Raises:
        LocalError: a newer version wrote it, or its mark cannot be read.
    """
    path = folder / "VERSION"
    written = path.read_text(errors="replace").strip() if path.exists() else str(DATA_VERSION)
    if not (written.isascii() and written.isdecimal()):
        raise LocalError(f"{path} should hold a number, not {written[:40]!r}. Move {folder} away to start afresh.")
    if why := newer(written):
        raise LocalError(f"{folder} was {why}. Install the newer one, or set NEWSWIRE_HOME to another folder.")
    return int(written)


def check_version(folder: Path) -> None:
    """Refuse data that a newer version wrote; mark new data as ours.

    Raises:
        LocalError: as `read_version`.
    """
    read_version(folder)
    (folder / "VERSION").write_text(f"{DATA_VERSION}\n")


def check_disk(folder: Path, least: int = LEAST_DISK) -> None:
    """Refuse to start on a nearly full disk: both servers stop taking writes there.

    Raises:
        LocalError: less than `least` bytes are free.
    """
    free = shutil.disk_usage(folder).free
    if free < least:
        raise LocalError(
            f"only {free / 1e9:.1f} GB are free on the disk of {folder}; a run needs {least / 1e9:.0f} GB. Make room, "
            "or set NEWSWIRE_HOME to a folder on another disk."
        )
