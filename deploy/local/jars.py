"""OpenSearch's jars: pinned in `jars.lock`, downloaded from Maven Central when missing, checked by hash."""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from deploy.local.errors import LocalError

LOCK: Final = Path(__file__).with_name("jars.lock")
CENTRAL: Final = "https://repo1.maven.org/maven2"
CONNECTIONS: Final = 8
TIMEOUT: Final = 60.0
ATTEMPTS: Final = 3

Progress = Callable[[int, int, int, int], None]
"""Called as jars arrive, with jars there, jars wanted, bytes downloaded and bytes to download in all."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: Maven `group:artifact:version[:classifier]`, sha256 in hex, size in bytes."""

    coordinates: str
    sha256: str
    size: int

    @property
    def path(self) -> str:
        """Where a Maven repository keeps it."""
        group, artifact, version, *_ = self.coordinates.split(":")
        return f"{group.replace('.', '/')}/{artifact}/{version}/{'-'.join(self.coordinates.split(':')[1:])}.jar"

    @property
    def name(self) -> str:
        """Its file in our cache. With the group: two groups ship a `jackson-core`."""
        return self.coordinates.replace(":", "-") + ".jar"


def read_lock(text: str) -> tuple[Jar, ...]:
    """The jars of a lock.

    Raises:
        LocalError: a line is not coordinates, 64 hex digits and a number.
    """
    jars: list[Jar] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            jars.append(_read_line(number, line))
    return tuple(jars)


def _read_line(number: int, line: str) -> Jar:
    coordinates, _, rest = line.partition(" ")
    sha256, _, size = rest.partition(" ")
    if coordinates.count(":") not in {2, 3} or len(sha256) != hashlib.sha256().digest_size * 2 or not size.isdecimal():
        raise LocalError(f"jars.lock line {number} is damaged: {line[:80]!r}. Restore the file from the repository.")
    return Jar(coordinates, sha256, int(size))


def is_good(jar: Jar, path: Path) -> bool:
    """Whether `path` holds this jar, by size and hash."""
    if not path.is_file() or path.stat().st_size != jar.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


def missing(folder: Path, jars: tuple[Jar, ...] | None = None) -> tuple[Jar, ...]:
    """The jars of the lock that are not in `folder`, or not as the lock says."""
    wanted = read_lock(LOCK.read_text()) if jars is None else jars
    return tuple(jar for jar in wanted if not is_good(jar, folder / jar.name))


def _silent(_there: int, _wanted: int, _size: int, _total: int) -> None:
    """No progress shown."""


def ensure(
    folder: Path,
    progress: Progress = _silent,
    *,
    jars: tuple[Jar, ...] | None = None,
    repository: str = CENTRAL,
) -> list[Path]:
    """All jars of the lock in `folder`, downloading those that are missing.

    Raises:
        LocalError: no network, no room, or a download that is not what the lock says; nothing wrong is kept.
    """
    wanted = read_lock(LOCK.read_text()) if jars is None else jars
    absent = missing(folder, wanted)
    there, size, total = len(wanted) - len(absent), 0, sum(jar.size for jar in absent)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        try:
            for jar in pool.map(partial(_download, folder=folder, repository=repository), absent):
                there, size = there + 1, size + jar.size
                progress(there, len(wanted), size, total)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return [folder / jar.name for jar in wanted]


def _download(jar: Jar, folder: Path, repository: str) -> Jar:
    url = f"{repository}/{jar.path}"
    body = _get(url, jar.size)
    digest = hashlib.sha256(body).hexdigest()
    if digest != jar.sha256:
        raise LocalError(
            f"{url} is not the file that jars.lock names (sha256 {digest[:12]}…, expected {jar.sha256[:12]}…): "
            "it was not kept. If a proxy rewrites downloads, get past it; otherwise report this."
        )
    _keep(body, folder / jar.name)
    return jar


def _keep(body: bytes, path: Path) -> None:
    """Write it whole or not at all: a cache may be shared by several runs."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(body)
        temporary.replace(path)
    except OSError as error:
        raise LocalError(f"cannot write {path}: {error.strerror}. Make room, or set NEWSWIRE_CACHE.") from error


def _get(url: str, size: int) -> bytes:
    """The body, at most one byte more than it should have."""
    failure: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - Maven Central, by https
                body: bytes = answer.read(size + 1)
        except (OSError, urllib.error.URLError) as error:
            failure = error
        else:
            if len(body) >= size:
                return body
            failure = ConnectionError(f"{len(body)} of {size} bytes")
    raise LocalError(
        f"cannot download {url}: {failure}. Check the network (HTTPS_PROXY is honoured), or set NEWSWIRE_CACHE "
        "to a folder that holds the jars."
    )
