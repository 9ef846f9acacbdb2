"""Each page of tests/fixtures/text and each publisher's page is read as its golden file says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import services.parse.publishers
from services.parse.findings import Draft
from services.parse.publishers import profile_for, profiles

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAGES = sorted(path.stem for path in (FIXTURES / "text").glob("*.txt"))
MODULES = {
    f"{path.parent.name}/{path.stem}"
    for path in Path(services.parse.publishers.__file__).parent.glob("*/*.py")
    if path.stem != "__init__"
}
SITES = sorted(f"{path.parent.name}/{path.stem}" for path in (FIXTURES / "publishers").glob("*/*.txt"))


def compare(path: Path, golden: dict[str, Any]) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert golden == expected, f"if this is better, it is the new {path.stem}.json:\n{dump(golden)}"


def dump(golden: dict[str, Any]) -> str:
    return json.dumps(golden, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_its_golden_file_says(
    name: str, draft_of: Callable[..., Draft], golden_of: Callable[[str, Draft], dict[str, Any]]
) -> None:
    path = FIXTURES / "text" / f"{name}.txt"
    text = path.read_text("utf-8")

    compare(path, golden_of(text, draft_of(text)))


@pytest.mark.parametrize("site", SITES)
def test_a_publisher_has_a_page_that_its_profile_reads(
    site: str, draft_of: Callable[..., Draft], golden_of: Callable[[str, Draft], dict[str, Any]]
) -> None:
    path = FIXTURES / "publishers" / f"{site}.txt"
    text = path.read_text("utf-8")
    module = __import__(f"services.parse.publishers.{site.replace('/', '.')}", fromlist=["PROFILE"])

    for source in module.PROFILE.sources:
        compare(path, golden_of(text, draft_of(text, source)))


def test_every_profile_is_found_by_its_sources_and_hosts() -> None:
    with_html = {f"{path.parent.name}/{path.stem}" for path in (FIXTURES / "publishers").glob("*/*.html")}
    assert len(profiles()) == len(MODULES)
    assert set(SITES) | with_html >= MODULES
    for profile in profiles():
        for source in profile.sources:
            assert profile_for(source) is profile
        for host in profile.hosts:
            assert profile_for("demo", f"https://www.{host}/news/1.html") is profile


@pytest.mark.parametrize("url", [None, "", "https://example.org/a", "http://[::1", "no url at all"])
def test_an_unknown_publisher_has_no_profile(url: str | None) -> None:
    assert profile_for("demo", url) is None
