"""`newswire parse`: the parser on one file or page, as a process of its own."""

import sys
from pathlib import Path
from typing import Final

import click

from services.ctl.stages import FileOrUrl, on_page, run
from shared.contracts import EnrichedArticle, Explained

OPTIONS: Final = ("url", "source", "content_type")
MODULE: Final = "services.parse.once"
ENRICH: Final = "services.enrich.once"


@click.command()
@click.argument("page", metavar="FILE|URL", type=FileOrUrl())
@click.option("--explain", is_flag=True, help="Show where each field comes from, and what became of each block.")
@click.option("--enrich", "enriched", is_flag=True, help="Enrich it too: names, places, quotes, amounts, topics.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write that to a file, as one page.")
@click.option("--url", help="The address that the file comes from.")
@click.option("--source", help="The source it would be published under.")
@click.option("--content-type", help="What the file is; without, it is told by looking at it.")
def parse(page: str, html: Path | None, *, explain: bool, enriched: bool, **given: str | None) -> None:
    """Print the article in FILE, or at URL, as JSON; `-` reads standard input. Needs no server.

    With --explain for people: every field with its evidence and what disagreed, and the page's text in colour; with
    --enrich also what was found in the text, marked where it stands, and in --html its places on a map.
    """
    options = [f"--{name.replace('_', '-')}={given[name]}" for name in OPTIONS if given[name] is not None]
    if not explain and html is None:
        article = on_page(MODULE, options, page, read=enriched)
        if enriched:
            click.echo(_enriched(article).model_dump_json(indent=2))
        return
    explained = Explained.model_validate_json(on_page(MODULE, [*options, "--explain"], page, read=True))
    found = _enriched(explained.article.model_dump_json().encode()) if enriched else None
    if html:
        _write(html, explained, found)
    if explain:
        _show(explained, found)


def _enriched(article: bytes) -> EnrichedArticle:
    ended = run([ENRICH], article, read=True)
    if ended.returncode:
        sys.exit(ended.returncode)
    return EnrichedArticle.model_validate_json(ended.stdout)


def _show(explained: Explained, found: EnrichedArticle | None) -> None:
    from rich.console import Console  # noqa: PLC0415 - a plain parse starts sooner without it

    from services.ctl.explain.terminal import show  # noqa: PLC0415 - same

    show(Console(highlight=False, markup=False, emoji=False), explained, found)


def _write(file: Path, explained: Explained, found: EnrichedArticle | None) -> None:
    from services.ctl.explain.page import page_of  # noqa: PLC0415 - same

    try:
        file.write_text(page_of(explained, found), "utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror or error}") from error
    click.echo(f"written: {file}", err=True)
