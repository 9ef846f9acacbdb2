"""python -m deploy.secrets FOLDER [NAME=SOURCE,SOURCE ...]. Says what it did, never a secret."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy.secrets.make import make


def publishers(words: list[str]) -> dict[str, list[str]]:
    """`scraper=reuters,afp` to `{"scraper": ["reuters", "afp"]}`; `scraper=*`: any source, which is no list of them.

    Raises:
        ValueError: a publisher without sources; with a sentence for the user.
    """
    pairs = (word.partition("=") for word in words)
    return {name: _sources(name, listed) for name, _, listed in pairs}


def _sources(name: str, listed: str) -> list[str]:
    """An empty list may be a variable that is not set: it must not open every source."""
    sources = [each for each in listed.split(",") if each]
    if not sources or ("*" in sources and len(sources) > 1):
        raise ValueError(
            f"publisher {name}: say which sources, `{name}=SOURCE,SOURCE`, or `{name}=*` for all; got `{name}={listed}`"
        )
    return [] if sources == ["*"] else sources


def main() -> int:
    """Make what is missing."""
    os.umask(0o027)
    try:
        make(Path(sys.argv[1]), publishers(" ".join(sys.argv[2:]).split()), datetime.now(UTC))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"newswire: secrets: {error}\n")
        return 1
    sys.stdout.write("keys, certificates and passwords are there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
