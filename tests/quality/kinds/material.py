"""Pages with what they are: the labelled articles, the other pages of WCXB, and the fixtures.

WCXB (https://github.com/Murrough-Foley/web-content-extraction-benchmark, CC BY 4.0) has pages of seven types. Of its
development half the pages that are no articles are read, from a checkout that `NEWSWIRE_WCXB` names; its test half is
not looked at.
"""

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from services.parse.html.kinds import Kind
from tests.quality.material import SETS, labelled

WCXB: Final = Path(os.environ.get("NEWSWIRE_WCXB", "../web-content-extraction-benchmark"))
FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "kinds"
_CANONICAL: Final = re.compile(r"rel=\"canonical\" href=\"https://www.tidewater.example/([^\"]*)\"")
KIND_OF: Final[dict[str, Kind]] = {
    "collection": "index", "listing": "index", "product": "product", "forum": "forum", "documentation": "reference",
    "service": "service",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A page as it was fetched, and what people say it is."""

    collection: str
    name: str
    url: str | None
    markup: bytes
    fetched_at: datetime
    kind: Kind

    @property
    def group(self) -> int:
        """A number that all pages of a site share."""
        host = urlsplit(self.url or self.name).netloc or self.name
        return zlib.crc32(".".join(host.split(".")[-2:]).encode())


def typed() -> Iterator[Typed]:
    """The labelled articles, then WCXB's other pages if they are there."""
    for name in SETS:
        for page in labelled(name):
            yield Typed(name, page.name, page.url, page.markup, page.fetched_at, "article")
    if WCXB.is_dir():
        yield from _others()


def _others() -> Iterator[Typed]:
    for path in sorted((WCXB / "dev" / "ground-truth").glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        kind = KIND_OF.get(truth.get("_internal", {}).get("page_type", {}).get("primary", ""))
        if kind is not None:
            markup = gzip.decompress((WCXB / "dev" / "html" / f"{path.stem}.html.gz").read_bytes())
            yield Typed("wcxb others", path.stem, truth["url"], markup, datetime.now(UTC), kind)


def of_fixtures() -> Iterator[Typed]:
    """Pages of our own: the folder is the reason for which they are skipped, or "article"; it is their collection."""
    for path in sorted(FIXTURES.glob("*/*.html")):
        url = f"https://www.tidewater.example/{address_of(path)}"
        kind: Kind = "article" if path.parent.name == "article" else "index"
        yield Typed(path.parent.name, path.stem, url, path.read_bytes(), datetime.now(UTC), kind)


def address_of(path: Path) -> str:
    """The path of a fixture's address: its canonical link's."""
    found = _CANONICAL.search(path.read_text("utf-8"))
    return found[1] if found else ""
