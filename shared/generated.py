"""Files that are written from code: written anew, or compared with what is committed."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def stale(documents: Mapping[Path, str]) -> list[Path]:
    """The files that are not there or differ from what would be written."""
    return [path for path, text in documents.items() if not path.is_file() or path.read_text() != text]


def main(documents: Mapping[Path, str], origin: str) -> int:
    """Write the files; with --check only compare, and name those that differ. The exit status.

    Args:
        documents: each file with its content.
        origin: what gives the content, for the message.
    """
    if "--check" in sys.argv[1:]:
        wrong = stale(documents)
        for path in wrong:
            sys.stderr.write(f"newswire: {path.relative_to(ROOT)} is not what {origin}; run `make schemas`\n")
        return int(bool(wrong))
    for path, text in documents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0
