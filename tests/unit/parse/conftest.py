from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from services.parse.core import parse_bytes
from shared.contracts import ParsedArticle

OBSERVED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def observed_at() -> datetime:
    return OBSERVED


@pytest.fixture
def parsed() -> Callable[..., ParsedArticle]:
    """Parse a raw message as the stage does, at a fixed time."""

    def parse(body: bytes | str, headers: Mapping[str, str] | None = None, source: str = "gazette") -> ParsedArticle:
        raw = body.encode() if isinstance(body, str) else body
        return parse_bytes(raw, headers or {}, source, OBSERVED, now=OBSERVED)

    return parse


@pytest.fixture
def page() -> Callable[..., str]:
    """An HTML page around a piece of markup: enough prose to be an article."""

    def make(markup: str = "", head: str = "", title: str = "Bakers of the old town strike for better flour") -> str:
        paragraphs = (
            "<p>The bakers of the old town stopped their ovens on Monday because the flour that the mill delivers has "
            "been grey for a month, their guild said in a letter to the mayor.</p>"
            "<p>The miller answers that the harvest was wet and that the next delivery, due on Thursday, comes from "
            "the southern plain where it hardly rained in the whole of the summer.</p>"
        )
        return (
            f"<html><head><title>{title}</title>{head}</head>"
            f"<body><article><h1>{title}</h1>{paragraphs}{markup}</article></body></html>"
        )

    return make
