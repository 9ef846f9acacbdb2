"""What uv says of the lock."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SERVICES: Final = ("fetch", "parse", "enrich", "index", "keeper", "intake", "render", "ctl")
"""Images, each with the dependency group of its name (deploy/Dockerfile)."""
EXTRA: Final = {"enrich": ("enrich-heavy",)}
"""Further groups of an image, as docker-compose.yml builds it."""
HERE_ONLY: Final = "embedded"
"""The servers of the run without Docker: installed by its user, in no image."""
UV: Final = str(Path(sys.executable).with_name("uv"))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def groups_of(image: str) -> tuple[str, ...]:
    """The dependency groups of an image."""
    return (image, *EXTRA.get(image, ()))


def export(groups: Iterable[str], *more: str) -> str:
    """`uv export` of these groups, as the Dockerfile has it; without a network.

    Raises:
        subprocess.CalledProcessError: the lock and pyproject.toml differ.
    """
    chosen = [word for group in groups for word in ("--group", group)]
    fixed = ("--quiet", "--frozen", "--offline", "--no-emit-project", "--no-default-groups")
    command = [UV, "export", *fixed, *chosen, *more]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words


def packages(*groups: str) -> set[str]:
    """Names of what these groups install, on any system."""
    listed = export(groups, "--no-hashes", "--no-annotate", "--no-header").splitlines()
    return {found[0] for line in listed if (found := _NAME.match(line))}
