"""The tables of what hostile people give us (`make hostile` runs them with their memory): each ends as named."""

import asyncio
from pathlib import Path

import pytest

from tests.fakes import given_child
from tests.hostile.given import ARCHIVES, LISTS, REQUESTS, Given


def named(case: Given) -> str:
    return case.name.replace(" ", "-")


@pytest.mark.parametrize("case", [*ARCHIVES, *LISTS], ids=named)
def test_files_end_as_named(case: Given, tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_bytes(case.body)

    assert (given_child.warc if case.how == "warc" else given_child.opml)(file) in case.ends


@pytest.mark.parametrize("case", REQUESTS, ids=named)
def test_requests_end_as_named(case: Given, tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_bytes(case.body)

    assert asyncio.run(given_child.post(file)) in case.ends
