"""The programs of the stages, run as processes of their own: this command imports none of them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

WEB: Final = ("http://", "https://")


class FileOrUrl(click.Path):
    """A file that is there, `-`, or a web address."""

    name = "file|url"

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The address as it is; anything else as a file."""
        return value if is_url(value) else super().convert(value, param, ctx)


def is_url(text: str) -> bool:
    """Whether this is meant as a web address."""
    return text.lower().startswith(WEB)


def run(module: Sequence[str], stdin: bytes | None = None, *, read: bool = False) -> subprocess.CompletedProcess[bytes]:
    """Run a module with its arguments; `read`: what it writes is wanted and not shown."""
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE if read else None, check=False)  # noqa: S603 - our own modules


def on_page(module: str, options: Sequence[str], page: str, *, read: bool = False) -> bytes:
    """Run a module of parse on a file, or on what fetch gets from an address; what it writes if that is wanted.

    Ends this process with the other's exit code when that is not 0.
    """
    if is_url(page):
        headers, body = _fetched(page)
        known = [f"--header={name}: {value}" for name, value in headers.items()]
        ended = run([module, *options, *known, "--", "-"], body, read=read)
    else:
        ended = run([module, *options, "--", page], read=read)
    if ended.returncode:
        sys.exit(ended.returncode)
    return ended.stdout or b""


def _fetched(url: str) -> tuple[dict[str, str], bytes]:
    """The headers and the body of what fetch would publish for this address."""
    ended = run(["services.fetch.page", "--", url], read=True)
    if ended.returncode:
        sys.exit(ended.returncode)
    head, _, body = ended.stdout.partition(b"\n")
    return json.loads(head), body
