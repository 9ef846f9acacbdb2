"""The fuzzed promises hold for what was ever found to break them, for all fixtures, and for bytes of any kind."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, TYPES

FIXTURES = Path(__file__).parents[2] / "fixtures"
FINDS = sorted((FIXTURES / "fuzz").glob("*-*"))
PAGES = sorted(path for kind in ("*.txt", "*.html") for path in FIXTURES.rglob(kind))


@pytest.mark.parametrize("find", FINDS, ids=lambda find: find.name)
def test_what_was_found_is_mended(find: Path) -> None:
    TARGETS[find.name.partition("-")[0]](find.read_bytes())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_cut_anywhere_keep_every_promise(page: Path) -> None:
    body = page.read_bytes()
    for cut in range(0, len(body), max(1, len(body) // 5)):
        for way in range(len(TYPES)):
            TARGETS["parse"](bytes([way]) + body[:cut])
        TARGETS["text"](body[:cut])


@given(st.sampled_from(sorted(TARGETS)), st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_keep_every_promise(name: str, data: bytes) -> None:
    TARGETS[name](data)
