"""Run the enrich stage: python -m services.enrich [--steps language,entities]."""

import os

import click

from services.enrich.service import build
from services.enrich.settings import EnrichSettings
from shared.bus.service import run


@click.command()
@click.option("--steps", metavar="NAMES", help="Only these steps, with commas between; also NEWSWIRE_ENRICH_STEPS.")
def main(steps: str | None) -> None:
    """Enrich articles until stopped."""
    if steps is not None:
        os.environ["NEWSWIRE_ENRICH_STEPS"] = steps  # the children read it too
    run(build(EnrichSettings.load()))


if __name__ == "__main__":
    main()
