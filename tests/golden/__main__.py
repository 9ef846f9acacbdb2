"""What is expected of the fixtures of publishers, written anew: python -m tests.golden."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from services.parse.core import parse_bytes
from services.parse.publishers import Profile
from shared.contracts import ParsedArticle

FIXTURES: Final = Path(__file__).parents[1] / "fixtures" / "publishers"
OBSERVED_AT: Final = datetime(2026, 12, 1, 12, tzinfo=UTC)
FIELDS: Final = (
    "headline", "summary", "authors", "section", "published_at", "published_precision", "published_zone", "modified_at",
    "body",
)  # fmt: skip


def pages() -> Iterator[tuple[Profile, Path]]:
    """Each fixture with its profile: `<site>.html`, and `<site>-<year>.html` for the layout that began then."""
    for path in sorted(FIXTURES.glob("*/*.html")):
        module = import_module(f"services.parse.publishers.{path.parent.name}.{path.stem.partition('-')[0]}")
        yield module.PROFILE, path


def read(profile: Profile, path: Path) -> ParsedArticle:
    """The fixture, as if it came from the publisher."""
    host = min(profile.hosts)
    headers = {"content-type": "text/html", "newswire-url": f"https://{host}/an/article"}
    return parse_bytes(path.read_bytes(), headers, "demo", OBSERVED_AT, now=OBSERVED_AT)


def golden(article: ParsedArticle) -> dict[str, Any]:
    """What the golden file says: the fields, and which of them the profile found."""
    known: dict[str, Any] = article.model_dump(mode="json", exclude_defaults=True)
    profiled = sorted(name for name, evidence in article.evidence.items() if evidence.source == "profile")
    return {**{name: known[name] for name in FIELDS if name in known}, "from_profile": profiled}


def text_of(expected: dict[str, Any]) -> str:
    """The golden file's text."""
    return json.dumps(expected, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for each, page in pages():
        page.with_suffix(".json").write_text(text_of(golden(read(each, page))), "utf-8")
