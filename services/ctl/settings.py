"""Which servers a command talks to: those of the environment, else of the run here, else the defaults."""

import os
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import click
from pydantic import ValidationError

from deploy.local.home import home
from deploy.local.state import RunState, find_run
from shared.settings import Settings, sentence

S = TypeVar("S", bound=Settings)
_NATS, _OPENSEARCH = "NEWSWIRE_NATS_URL", "NEWSWIRE_OPENSEARCH_URL"
FOLDER: Final = ".newswire"


def load(kind: type[S]) -> S:
    """The settings of a command.

    Raises:
        ClickException: a variable is wrong; the sentence names it.
    """
    found: dict[str, str] = {}
    if (_NATS not in os.environ or _OPENSEARCH not in os.environ) and (run := nearest_run(Path.cwd())):
        found = {"nats_url": run.nats_url, "opensearch_url": run.opensearch_url}
    stated = {"nats_url": os.environ.get(_NATS), "opensearch_url": os.environ.get(_OPENSEARCH)}
    try:
        settings = kind.model_validate(found | {name: value for name, value in stated.items() if value})
    except ValidationError as error:
        raise click.ClickException(sentence(error.errors(include_url=False)[0])) from error
    for name, url in ((_NATS, settings.nats_url), (_OPENSEARCH, settings.opensearch_url)):
        _check(name, url)
    return settings


def _check(name: str, url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise click.ClickException(f"{name}: {error}; got {url!r:.80}") from error


def nearest_run(here: Path) -> RunState | None:
    """The live run of `NEWSWIRE_HOME`, else of this folder or the nearest one above it."""
    folders = [home()] if os.environ.get("NEWSWIRE_HOME") else [each / FOLDER for each in (here, *here.parents)]
    return next((run for folder in folders if folder.is_dir() and (run := find_run(folder))), None)
