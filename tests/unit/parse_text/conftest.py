"""Drafts as they stand in golden files."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_jsonable_python

from services.parse.findings import Draft, Page
from services.parse.text import read_text

OBSERVED_AT = datetime(2025, 6, 10, 12, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture
def draft_of() -> Callable[..., Draft]:
    def draft_of(text: str, source: str = "demo", **known: Any) -> Draft:
        return read_text(Page(text, source, OBSERVED_AT, **known))

    return draft_of


@pytest.fixture
def golden_of() -> Callable[[str, Draft], dict[str, Any]]:
    """The draft's fields, and kind, rule and beginning of each block that has text."""

    def golden_of(text: str, draft: Draft) -> dict[str, Any]:
        shown = [
            [block.kind, block.rule, text[block.start : block.end].strip()[:40]]
            for block in draft.blocks
            if block.kind != "blank"
        ]
        return {"fields": to_jsonable_python(draft.fields, exclude_none=True), "blocks": shown}

    return golden_of
