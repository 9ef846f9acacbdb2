"""The pre-scan refuses what would cost parsers minutes, and is linear itself."""

import time
from contextlib import suppress

import pytest

from services.parse.raw.prescan import ATTRIBUTE_LIMIT, DEPTH_LIMIT, MARKUP_LIMIT, NODE_LIMIT, prescan
from services.parse.tree import entry_tree, page_tree
from shared.errors import Poison


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<a " * 10_000, "too_many_nodes"),
        ("<div>" * 300_000, "too_deep"),
        ("<div/>" * 300, "too_deep"),
        ("<b><div>" + "<i>" * 250 + "</b>" * 45_000, "too_many_nodes"),
        ("<b><div></b>" * 300, "too_deep"),
        ("<x>" * (DEPTH_LIMIT + 1), "too_deep"),
        ("<p " + "a=1 " * (ATTRIBUTE_LIMIT + 1) + ">", "too_many_nodes"),
        ("<p " + "a='1'" * (ATTRIBUTE_LIMIT + 1) + ">", "too_many_nodes"),
        ("<p>" * (NODE_LIMIT + 1), "too_many_nodes"),
        ("</p>" * (NODE_LIMIT + 1), "too_many_nodes"),
        ("x" * (MARKUP_LIMIT + 1), "too_large"),
        ("<a b='>" + "'><div>" * 300, "too_deep"),
        ("<a b=c'>" + "<div>" * 300, "too_deep"),
        ("<!-- a --><!-->" + "<div>" * 300, "too_deep"),
        ("<script><</script >" + "<div>" * 300, "too_deep"),
    ],
)
def test_floods_are_refused(markup: str, reason: str) -> None:
    with pytest.raises(Poison) as poison:
        prescan(markup)

    assert poison.value.reason == reason


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "a < b",
        "<div>" * DEPTH_LIMIT,
        "<div></div>" * 20_000,
        "<p><li><br><img>" * 10_000,
        "<p " + "a=1 " * ATTRIBUTE_LIMIT + ">",
        "<script>" + "<div>" * 1_000 + "</script>",
        "<!--" + "<div>" * 1_000 + "-->",
        "<p title='" + "<div>" * 1_000 + "'>",
        "<b><i></b></i>" * 1_000,
        "</div>" * 1_000,
        "<a href=x " + "=" * 200 + ">",
    ],
)
def test_pages_as_they_are_pass(markup: str) -> None:
    assert prescan(markup) >= 0


@pytest.mark.parametrize(
    "piece",
    ["<", "</", "<!", "<!--", "<!-- -", "<a", "<a b='", '<a b="', "<a  =", "<a x=", "<script>", "<script></scrip",
     "<title>", "<b><div></div>", "<a" + " " * 50 + "=", "'\"<a>", "<textarea", "<?", "<p a='\"", "</b>"],
)  # fmt: skip
def test_time_is_linear_in_the_length(piece: str) -> None:
    def seconds(length: int) -> float:
        markup = (piece * (length // len(piece) + 1))[:length]
        started = time.process_time()
        with suppress(Poison):
            prescan(markup)
        return time.process_time() - started

    small, large = 100_000, 1_600_000
    assert seconds(large) < 0.25 + 4 * (large / small) * seconds(small)


@pytest.mark.parametrize("depth", [200, 257, 300, 5_000])
def test_trees_are_whole_or_refused(depth: int) -> None:
    markup = "<ul><li>" * depth + "the text" + "</li></ul>" * depth

    with suppress(Poison):
        assert "the text" in page_tree(markup).text_content()


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><item>&a;</item>", "unsupported_type"),
        ("<!ENTITY a SYSTEM 'file:///etc/passwd'><item>&a;</item>", "unsupported_type"),
        ("<item>" + "<a>" * 300, "too_deep"),
        ("no markup", "unsupported_type"),
        ("", "unsupported_type"),
    ],
)
def test_feed_entries_without_tricks_only(markup: str, reason: str) -> None:
    with pytest.raises(Poison) as poison:
        entry_tree(markup)

    assert poison.value.reason == reason


def test_self_closing_elements_of_feeds_do_not_nest() -> None:
    assert len(entry_tree("<item>" + "<x/>" * 1_000 + "</item>")) == 1_000
