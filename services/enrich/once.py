"""Enrich one article without any server: `python -m services.enrich.once`, with its JSON on standard input."""

import sys
from datetime import UTC, datetime
from typing import Final

import click
from pydantic import ValidationError

from services.enrich.core import Arriving, enrich
from services.enrich.steps import STEPS
from shared.subjects import MAX_MESSAGE

REFUSED: Final = 1


@click.command()
def main() -> None:
    """Print the enriched article as JSON, on one line.

    Exit codes: 0 done, 1 not an article.
    """
    try:
        article = Arriving.model_validate_json(sys.stdin.buffer.read(MAX_MESSAGE + 1))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        click.echo(f"newswire enrich: not a parsed article: {first['msg']}", err=True)
        sys.exit(REFUSED)
    click.echo(enrich(article, STEPS, now=datetime.now(UTC)).model_dump_json())


if __name__ == "__main__":
    main(prog_name="newswire enrich")
