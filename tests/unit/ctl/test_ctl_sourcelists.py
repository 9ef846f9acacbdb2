"""Lists of sources: YAML, OPML, and the one that comes with Newswire."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from services.ctl.__main__ import cli
from services.ctl.sourcelists import (
    Listed,
    ListError,
    apart,
    id_of,
    read,
    read_opml,
    read_yaml,
    write_opml,
    write_yaml,
)  # fmt: skip
from services.ctl.sources import STARTER
from shared.contracts import Feed, Source

OPML = b"""<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body><outline text="News">
<outline type="rss" text="Gazette" xmlUrl="https://www.gazette.example/feed" htmlUrl="https://www.gazette.example/"/>
<outline text="Sport" xmlUrl="https://gazette.example/sport"/><outline text="Again" xmlUrl="https://gazette.example/sport"/>
<outline text="Bad" xmlUrl="javascript:alert(1)"/></outline></body></opml>"""

SOURCES = st.builds(
    Source,
    id=st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True),
    name=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=50),
    feeds=st.lists(
        st.builds(Feed, url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z]{1,9}", fullmatch=True)),
        min_size=1, max_size=3, unique_by=lambda feed: feed.url,
    ).map(tuple),
    paused=st.booleans(),
    full_text=st.sampled_from(["auto", "page", "feed"]),
    min_interval=st.floats(30, 60),
    honour=st.sampled_from([None, (), ("tdm",)]),
)  # fmt: skip


@given(st.lists(SOURCES, max_size=4, unique_by=lambda source: source.id))
def test_yaml_comes_back_as_it_went(sources: list[Source]) -> None:
    assert read_yaml(write_yaml(sources).encode()) == sources


def test_opml_gives_each_feed_a_source_of_its_own() -> None:
    found = read_opml(OPML)

    assert [(each.id, each.name, each.feeds[0].url) for each in found] == [
        ("gazette-example", "Gazette", "https://www.gazette.example/feed"),
        ("gazette-example-2", "Sport", "https://gazette.example/sport"),
    ]
    again = read_opml(write_opml(found).encode())
    assert [each.feeds for each in again] == [each.feeds for each in found]


def test_what_is_named_by_its_host_takes_no_other_place_and_a_second_import_replaces_the_first() -> None:
    other = Source(id="gazette-example", feeds=(Feed(url="https://other.example/"),))
    listed = Listed(read_opml(OPML), named=False)

    first = apart(listed, {other.id: other})
    again = apart(listed, {each.id: each for each in (other, *first)})

    assert [each.id for each in first] == ["gazette-example-2", "gazette-example-2-2"]
    assert again == first
    assert apart(Listed([other], named=True), {other.id: first[0]}) == [other]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "begins with `sources:`"),
        (b"sources: {}", "begins with `sources:`"),
        (b"sources: [{id: x}]", "source x: feeds"),
        (b"sources: [{id: X!, feeds: [{url: 'https://a.example/'}]}]", "source X!: id"),
        (b"sources: [3]", "source 1"),
        (b"sources: [{id: x, feeds: [{url: 'https://a.example/'}], min_interval: 1}]", "source x: min_interval"),
        (b"sources: [&a {id: x, feeds: [{url: 'https://a.example/'}]}, *a]", "source x is there twice"),
        (b"a: b: c", "not YAML"),
        (b"!!python/object/apply:os.system ['true']", "not YAML"),
        (b"[" * 100_000, "not YAML"),
        (b"<rss/>", "no OPML"),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "document type"),
        (b"<", "no OPML"),
    ],
)
def test_what_is_no_list_is_refused_with_its_place(body: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(body)

    with pytest.raises(ListError, match=said.replace("!", "!")):
        read(path)


def test_the_starter_list_is_sound_and_speaks_many_languages() -> None:
    found = read(STARTER).sources

    assert len({each.id for each in found}) == len(found) >= 25
    assert len({each.language for each in found}) >= 12
    assert all(feed.url.startswith("https://") for each in found for feed in each.feeds)


@pytest.mark.parametrize(
    ("url", "taken", "expected"),
    [
        ("https://www.gazette.example/feed", (), "gazette-example"),
        ("https://gazette.example:8080/", ("gazette-example",), "gazette-example-2"),
        ("https://[::1]/", (), "1"),
        ("https://газета.example/", (), "example"),
        ("", (), "source"),
    ],
)
def test_an_id_is_the_host(url: str, taken: tuple[str, ...], expected: str) -> None:
    assert id_of(url, taken) == expected


def test_a_list_that_cannot_be_read_is_told_of_before_any_server_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_NATS_URL", "nats://127.0.0.1:1")
    path = tmp_path / "list.yaml"
    path.write_text("sources: [{id: x}]")

    ended = CliRunner().invoke(cli, ["sources", "import", str(path)])

    assert ended.exit_code == 1
    assert "source x: feeds" in ended.stderr
    assert "NATS" not in ended.stderr
