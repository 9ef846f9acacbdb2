"""python -m deploy.secrets FOLDER [NAME=SOURCE,SOURCE ...]. Says what it did, never a secret."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy.secrets.make import make


def publishers(words: list[str]) -> dict[str, list[str]]:
    """`scraper=reuters,afp` to `{"scraper": ["reuters", "afp"]}`; `scraper` or `scraper=*`: any source."""
    pairs = (word.partition("=") for word in words)
    return {name: [each for each in sources.split(",") if each not in {"", "*"}] for name, _, sources in pairs}


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
