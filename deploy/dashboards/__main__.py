"""Writes newswire.ndjson, which Dashboards imports: python -m deploy.dashboards [--check].

With --check nothing is written, and the exit status is 1 when the committed file differs.
"""

import sys
from pathlib import Path
from typing import Final

from deploy.dashboards.saved import ndjson
from shared import generated

FILE: Final = Path(__file__).with_name("newswire.ndjson")


def main() -> int:
    """Write the file, or check it."""
    return generated.main({FILE: ndjson()}, "its description gives")


if __name__ == "__main__":
    sys.exit(main())
