"""Parse one file without any server: `python -m services.parse.once FILE`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from services.parse.core import parse
from services.parse.explain import explain
from services.parse.raw.document import read_raw
from shared.contracts import Explained, ParsedArticle
from shared.errors import Outcome
from shared.inflate import DECODED_LIMIT
from shared.subjects import token

REFUSED: Final = 1


@click.command()
@click.argument("file")
@click.option("--url", help="The address that the file comes from.")
@click.option("--source", default="local", show_default=True, help="The source it would be published under.")
@click.option("--content-type", help="What the file is; found out by looking when not given.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header of the raw message.")
@click.option("--explain", "explained", is_flag=True, help="As one line, with the page's text and its blocks.")
def main(
    file: str, url: str | None, source: str, content_type: str | None, headers: tuple[str, ...], *, explained: bool
) -> None:
    """Print the article in FILE as JSON; FILE `-` reads standard input.

    Exit codes: 0 done, 1 no article in it or not readable, 2 wrong usage.
    """
    given = {"newswire-url": url, "content-type": content_type}
    known = dict(map(header, headers)) | {name: value for name, value in given.items() if value}
    try:
        found = _parse(read_file(file), known, token(source), explained=explained)
    except (Outcome, OSError) as error:
        click.echo(f"newswire parse: {sentence(url if file == '-' and url else file, error)}", err=True)
        sys.exit(REFUSED)
    click.echo(found.model_dump_json(indent=None if explained else 2))


def header(text: str) -> tuple[str, str]:
    """Name, in lower case, and value of a header as it is written."""
    name, _, value = text.partition(":")
    return name.strip().lower(), value.strip()


def _parse(body: bytes, headers: dict[str, str], source: str, *, explained: bool) -> ParsedArticle | Explained:
    now = datetime.now(UTC)
    raw = read_raw(body, headers, source, now)
    return explain(raw, now=now) if explained else parse(raw, now=now)


def read_file(file: str) -> bytes:
    """The file's bytes, one more than may be read at most."""
    if file == "-":
        return sys.stdin.buffer.read(DECODED_LIMIT + 1)
    with Path(file).open("rb") as stream:
        return stream.read(DECODED_LIMIT + 1)


def sentence(file: str, error: Outcome | OSError) -> str:
    """What went wrong, for a person."""
    if isinstance(error, OSError):
        return f"cannot read {file}: {error.strerror or error}"
    return f"{file}: {type(error).__name__.lower()}: {error}"


if __name__ == "__main__":
    main(prog_name="newswire parse")
