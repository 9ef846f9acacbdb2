"""Run the enrich stage: python -m services.enrich [--steps language,entities]."""

import os

import click

from services.enrich.sandbox.pool import EnrichingPool
from services.enrich.settings import EnrichSettings


@click.command()
@click.option("--steps", metavar="NAMES", help="Only these steps, with commas between; also NEWSWIRE_ENRICH_STEPS.")
def main(steps: str | None) -> None:
    """Enrich articles until stopped."""
    if steps is not None:
        os.environ["NEWSWIRE_ENRICH_STEPS"] = steps  # the children read it too
    settings = EnrichSettings.load()
    pool = EnrichingPool(settings.enrich_children)
    pool.begin()  # models are read while this process imports the rest
    from services.enrich.service import build  # noqa: PLC0415 - as above
    from shared.bus.service import run  # noqa: PLC0415 - as above

    run(build(settings, pool))


if __name__ == "__main__":
    main()
