"""Where the embedded run keeps its things."""

import os
from pathlib import Path


def home() -> Path:
    """The folder of the run's data, logs and state: `NEWSWIRE_HOME`, else `.newswire` here."""
    return Path(os.environ.get("NEWSWIRE_HOME") or ".newswire").resolve()


def jars_folder() -> Path:
    """Where OpenSearch's jars are kept; `NEWSWIRE_CACHE` lets several homes share one cache."""
    cache = os.environ.get("NEWSWIRE_CACHE")
    return (Path(cache).resolve() if cache else home() / "cache") / "jars"
