"""Parse one file without any server: `python -m services.parse.once FILE`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from services.parse.core import parse_bytes
from services.parse.raw.inflate import DECODED_LIMIT
from shared.contracts import ParsedArticle
from shared.errors import Outcome
from shared.subjects import token

REFUSED: Final = 1


@click.command()
@click.argument("file")
@click.option("--url", help="The address that the file comes from.")
@click.option("--source", default="local", show_default=True, help="The source it would be published under.")
@click.option("--content-type", help="What the file is; found out by looking when not given.")
def main(file: str, url: str | None, source: str, content_type: str | None) -> None:
    """Print the article in FILE as JSON; FILE `-` reads standard input.

    Exit codes: 0 done, 1 no article in it or not readable, 2 wrong usage.
    """
    headers = {"newswire-url": url, "content-type": content_type}
    given = {name: value for name, value in headers.items() if value}
    try:
        article = _parse(_read(file), given, token(source))
    except (Outcome, OSError) as error:
        click.echo(f"newswire parse: {_sentence(file, error)}", err=True)
        sys.exit(REFUSED)
    click.echo(article.model_dump_json(indent=2))


def _parse(body: bytes, headers: dict[str, str], source: str) -> ParsedArticle:
    now = datetime.now(UTC)
    return parse_bytes(body, headers, source, now, now=now)


def _read(file: str) -> bytes:
    """The file's bytes, one more than may be read at most."""
    if file == "-":
        return sys.stdin.buffer.read(DECODED_LIMIT + 1)
    with Path(file).open("rb") as stream:
        return stream.read(DECODED_LIMIT + 1)


def _sentence(file: str, error: Outcome | OSError) -> str:
    if isinstance(error, OSError):
        return f"cannot read {file}: {error.strerror or error}"
    return f"{file}: {type(error).__name__.lower()}: {error}"


if __name__ == "__main__":
    main(prog_name="newswire parse")
