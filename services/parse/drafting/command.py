"""Draft a publisher's profile: `python -m services.parse.drafting.command FILE`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from services.parse.drafting.draft import Drafted, draft
from services.parse.once import header, read_file, sentence
from services.parse.raw.document import read_raw
from shared.errors import Outcome

MODULES: Final = Path("services/parse/publishers")
FIXTURES: Final = Path("tests/fixtures/publishers")
REFUSED: Final = 1


@click.command()
@click.argument("file")
@click.option("--url", help="The address that the file comes from.")
@click.option("--country", help="Of the publisher, ISO 3166; told by its host when not given.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header of the raw message.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="The checkout.")
def main(file: str, url: str | None, country: str | None, headers: tuple[str, ...], into: Path) -> None:
    """Write the draft of a profile, and the fixture for it, into the checkout.

    Exit codes: 0 done, 1 not possible and says why, 2 wrong usage.
    """
    known = dict(map(header, headers)) | ({"newswire-url": url} if url else {})
    now = datetime.now(UTC)
    try:
        found = draft(read_raw(read_file(file), known, "draft", now), country, now=now)
        written = _write(found, into)
    except (Outcome, OSError) as error:
        click.echo(f"newswire profile: {sentence(url if file == '-' and url else file, error)}", err=True)
        sys.exit(REFUSED)
    click.echo("\n".join(_report(found, written)))


def _write(found: Drafted, into: Path) -> list[Path]:
    """Raises: OSError: this is no checkout, or there is such a profile already."""
    if not (into / MODULES).is_dir():
        raise FileNotFoundError(2, f"there is no {MODULES}: this is no checkout of Newswire; say --into")
    module, fixture = into / MODULES / f"{found.place}.py", into / FIXTURES / f"{found.place}.html"
    for path, text in ((module, found.module), (fixture, found.fixture)):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    package = module.with_name("__init__.py")
    if not package.exists():
        package.write_text(f'"""Publishers of {found.place[:2].upper()}."""\n', "utf-8")
    return [module, fixture]


def _report(found: Drafted, written: list[Path]) -> list[str]:
    """What the general rules found, beside the place suggested for it; and what to do next."""
    article = found.article
    fields = {
        "headline": "headline",
        "body": "body",
        "authors": "authors",
        "published": "published_at",
        "section": "section",
    }
    lines = [f"written: {path}" for path in written]
    for place, field in fields.items():
        evidence = article.evidence.get(field)
        by = f"{evidence.source}: {evidence.rule}" if evidence else "not found by the general rules"
        lines.append(f"  {place:<10} {found.selectors.get(place) or '(no selector found)':<40} {by}")
    lines.append(
        "Correct it: what the general rules are sure of (json-ld, meta) needs no place. Then write what is expected:"
    )
    lines.append("  make golden && .venv/bin/pytest tests/unit/parse/test_parse_profiles.py")
    return lines


if __name__ == "__main__":
    main(prog_name="newswire profile new")
