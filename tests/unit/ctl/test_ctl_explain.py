"""An explained article, in terminals of all kinds and as a page that nothing can be smuggled into."""

import html
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.ctl.__main__ import cli
from services.ctl.explain.page import page_of, seen
from services.ctl.explain.rows import GROUPS, parts, rows, value_of
from services.ctl.explain.terminal import show
from services.parse.explain import explain
from services.parse.raw.document import read_raw
from shared.contracts import Evidence, Explained

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures"
HOSTILE = FIXTURES / "explain" / "hostile.html"


def explained(path: Path = FIXTURES / "html" / "full.html", source: str = "demo") -> Explained:
    return explain(read_raw(path.read_bytes(), {}, source, NOW), now=NOW)


def shown(width: int = 100, **options: object) -> str:
    out = io.StringIO()
    show(Console(file=out, width=width, highlight=False, markup=False, **options), explained())  # type: ignore[arg-type]
    return out.getvalue()


def test_every_block_of_a_page_has_its_fate() -> None:
    fates = {part.text[:18]: part.kind for part in parts(explained())}

    assert fates == {
        "Home News Weather": "boilerplate", "Lighthouse keepers": "headline", "By Maeve Tully and": "byline",
        "1 October 2024, 07": "published", "Three keepers move": "paragraph", "The harbour trust,": "paragraph",
        "Two weeks on, two ": "heading", "The keepers will c": "paragraph", "Read also: The fog": "related",
        '"You hear the sea ': "quote", "Her grandfather se": "paragraph", "Most read": "label",
        "Ferry sails a day ": "hot", "Kelp farm asks for": "hot", "Seven beaches lose": "hot",
        "© The Coastal Reco": "copyright",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["html/full.html", "text/uk_labels.txt", "publishers/ua/interfax.txt"])
def test_blocks_cover_the_page_without_gap(name: str) -> None:
    found = explained(FIXTURES / name)

    assert "".join(found.page[block.start : block.end] for block in found.blocks) == found.page


def test_a_feed_entry_shows_its_body() -> None:
    entry = b"<rss><channel><item><title>Ferries resume</title><description>" + b"The ferries sail again. " * 9
    found = explain(read_raw(entry + b"</description></item></channel></rss>", {}, "demo", NOW), now=NOW)

    assert found.page == found.article.body


def test_rows_tell_value_evidence_and_who_disagreed() -> None:
    found = {row.name: row for row in rows(explained().article)}

    headline, published = found["headline"], found["published_at"]
    assert headline.evidence is not None
    assert [other.raw for other in headline.evidence.runners_up] == ["Keepers back at Skerry Point lighthouse"]
    assert headline.raw is None
    assert published.value is not None
    assert published.value.startswith("2024-10-01 06:15:00 UTC\nto the second, zone +01:00 (stated)")
    assert published.raw == "2024-10-01T07:15:00+01:00"
    assert found["body"].value == "129 words in 6 passages"
    assert found["related"].value == "1 in text, 3 hot"
    assert found["image"].value == (
        "https://img.coastal-record.example/skerry-large.jpg\n1600 by 900\nThe tower at low tide\nFinn Adair"
    )


def test_a_time_that_may_be_another_says_so() -> None:
    article = explained().article.model_copy(
        update={"published_ambiguous": True, "published_zone_source": "country", "published_precision": None}
    )

    assert str(value_of(article, "published_at")).endswith(
        "zone +01:00 (from its country), day and month may be the other way round"
    )
    bare = article.model_copy(update={"published_zone": None, "published_ambiguous": False})
    assert value_of(bare, "published_at") == "2024-10-01 06:15:00 UTC"


def test_what_was_not_believed_is_shown_without_a_value() -> None:
    article = explained().article
    refused = Evidence(source="meta", rule="refused: date: outside 1990 to now", confidence=0, raw="1970-01-01")
    found = article.model_copy(update={"dateline": None, "evidence": {**article.evidence, "dateline": refused}})

    row = next(row for row in rows(found) if row.name == "dateline")

    assert (row.value, row.raw) == (None, "1970-01-01")


def test_every_kind_of_block_has_its_group() -> None:
    from typing import get_args

    from shared.contracts import BlockKind

    assert set(GROUPS) == set(get_args(BlockKind))


def test_in_a_terminal_it_is_in_colour_and_elsewhere_the_same_text() -> None:
    coloured, plain = shown(force_terminal=True, color_system="standard"), shown()

    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert "\x1b" not in shown(force_terminal=True, no_color=True, color_system=None)
    for line in (
        "headline  Lighthouse keepers",
        "disagrees: meta · og:title",
        "paragraph  Three keepers",
        "hot  Kelp farm",
    ):
        assert line in plain


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_it_fits_into_every_terminal(width: int) -> None:
    lines = shown(width).splitlines()

    assert max(map(len, lines)) <= width
    assert "lighthouse" in " ".join(lines).casefold()


def test_long_runs_of_what_was_left_out_are_counted() -> None:
    page = "<nav>" + "".join(f"<p>Menu entry {number}</p>" for number in range(30)) + "</nav>"
    body = "<h1>Ferries resume</h1>" + "".join(
        f"<p>The {name} ferry between the islands sails again since Monday morning, its owner said.</p>"
        for name in ("northern", "southern", "western")
    )
    raw = read_raw(f"<html><body>{page}<article>{body}</article></body></html>".encode(), {}, "demo", NOW)
    out = io.StringIO()

    show(Console(file=out, width=100), explain(raw, now=NOW))

    assert "30 blocks: Menu entry 0" in out.getvalue()


@given(st.text())
def test_what_is_seen_is_escaped_and_nothing_hides(text: str) -> None:
    found = seen(text)

    assert "<script" not in found
    assert not {"\u202e", "\u2066", "\x1b", "\x00"} & set(found)
    if text.isascii() and text.isprintable():
        assert html.unescape(found) == text


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = page_of(explained(HOSTILE))

    assert "default-src 'none'" in page
    for bad in ("<script", "<img", "<svg", "<iframe", 'href="javascript', 'href="data:', "@import", "url("):
        assert bad not in page.casefold()
    assert "onerror=alert" in html.unescape(page)


def test_the_command_writes_the_page_and_prints(tmp_path: Path) -> None:
    file = tmp_path / "out.html"
    arguments = ["parse", str(FIXTURES / "html" / "full.html"), "--explain", "--html", str(file)]

    ended = CliRunner().invoke(cli, arguments)

    assert ended.exit_code == 0, ended.output
    assert "headline  Lighthouse keepers" in ended.stdout
    assert ended.stderr == f"written: {file}\n"
    assert file.read_text("utf-8").startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    ended = CliRunner().invoke(
        cli, ["parse", str(FIXTURES / "html" / "full.html"), "--html", str(tmp_path / "no" / "out.html")]
    )

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "cannot write" in ended.stderr


def test_what_is_no_article_is_a_sentence_with_explain_too(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    command = (sys.executable, "-m", "services.ctl", "parse", "--explain", str(tmp_path / "empty"))

    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "poison: empty_body" in ended.stderr


def test_a_pipe_gets_plain_text_and_may_close_early() -> None:
    command = f"{sys.executable} -m services.ctl parse --explain {FIXTURES / 'html' / 'full.html'} | head -1"

    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)

    assert ended.stdout.strip() == "Lighthouse keepers return to Skerry Point"
    assert ended.stderr == ""


def test_explained_is_one_line_of_json() -> None:
    command = (sys.executable, "-m", "services.parse.once", "--explain", str(FIXTURES / "html" / "full.html"))
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert out.count("\n") == 1
    assert set(json.loads(out)) == {"article", "page", "blocks"}
