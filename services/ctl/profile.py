"""`newswire profile`: the profiles of publishers."""

from pathlib import Path

import click

from services.ctl.stages import FileOrUrl, on_page


@click.group()
def profile() -> None:
    """Profiles of publishers: what their pages do not state themselves."""


@profile.command()
@click.argument("page", metavar="FILE|URL", type=FileOrUrl())
@click.option("--url", help="The address that the file comes from.")
@click.option("--country", help="Of the publisher, ISO 3166, as in GB; told by its host when not given.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="The checkout.")
def new(page: str, url: str | None, country: str | None, into: Path) -> None:
    """Draft a profile from an article of its site: a module, and a fixture in its structure without its words."""
    given = {"url": url, "country": country, "into": str(into)}
    on_page("services.parse.drafting.command", [f"--{name}={value}" for name, value in given.items() if value], page)
