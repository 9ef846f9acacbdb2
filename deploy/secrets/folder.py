"""A folder of secrets: written whole or not at all, readable by its owner alone unless said otherwise."""

import os
from collections.abc import Callable
from pathlib import Path

OWNER_ONLY, GROUP_TOO = 0o400, 0o440


def keep(path: Path, make: Callable[[], bytes], mode: int = OWNER_ONLY) -> bytes:
    """What is there already; else what `make` makes, now stored.

    Raises:
        OSError: it cannot be read or written.
    """
    if path.exists():
        return path.read_bytes()
    return put(path, make(), mode)


def put(path: Path, content: bytes, mode: int = OWNER_ONLY) -> bytes:
    """Store this content, unless it is there, and return it.

    Raises:
        OSError: it cannot be read or written.
    """
    if path.exists() and path.read_bytes() == content and path.stat().st_mode & 0o777 == mode:
        return content
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return content
