"""`newswire parse`: the parser on one file, as a process of its own."""

import subprocess
import sys

import click

OPTIONS = ("url", "source", "content_type")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--url", help="The address that the file comes from.")
@click.option("--source", help="The source it would be published under.")
@click.option("--content-type", help="What the file is; without, it is told by looking at it.")
def parse(file: str, **given: str | None) -> None:
    """Print the article in FILE as JSON; `-` reads standard input. Needs no server."""
    options = [f"--{name.replace('_', '-')}={given[name]}" for name in OPTIONS if given[name] is not None]
    command = [sys.executable, "-m", "services.parse.once", *options, "--", file]
    sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own module, arguments as given
