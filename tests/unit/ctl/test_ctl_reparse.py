"""What would change if raw messages were parsed again: compared, counted and recorded. No server is there."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from services.ctl.__main__ import cli
from services.ctl.reparse import record
from services.ctl.reparse.differences import SHOWN, compare, example
from services.ctl.reparse.inputs import file_records, files_of
from services.ctl.reparse.tally import EXAMPLES, SOURCES, Tally, lines
from shared.contracts import Evidence, ParsedArticle, Reparsed

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLE = ParsedArticle(
    article_id="a", revision_id="r", source="harbour", headline="Ferries resume", body="The ferries sail again.",
    observed_at=AT, parsed_at=AT, raw_sha256="0", raw_bytes=1, content_type="text/html", parser="html",
    parser_version="1", extraction_confidence=0.9, block_basis="body",
    evidence={"headline": Evidence(source="html", rule="h1", confidence=0.9)},
)  # fmt: skip
PAGE = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>The ferries between the islands sail "
    "again since Monday morning, their owner said, after a winter of work on the northern pier.</p><p>Tickets cost as "
    "much as before, and the first boat leaves at six from the old harbour below the market.</p></article></body>"
)


def read(
    key: str = "7:1:0", source: str = "harbour", article: ParsedArticle | None = ARTICLE, **known: str
) -> Reparsed:
    return Reparsed(key=key, source=source, outcome="parsed" if article else "skipped", article=article, **known)


def changed(**fields: object) -> ParsedArticle:
    return ARTICLE.model_copy(update=fields)


def test_the_same_reading_at_another_time_by_another_version_is_the_same() -> None:
    later = changed(parsed_at=datetime.now(UTC), observed_at=datetime.now(UTC), parser_version="2", trace_id="t")

    assert compare(read(), read(article=later)).verdict == "same"


def test_differences_are_told_by_field_and_evidence_by_its_field() -> None:
    evidence = {"headline": Evidence(source="profile", rule="h1", confidence=0.97)}
    difference = compare(read(), read(article=changed(section="Town", evidence=evidence)))

    assert difference.verdict == "changed"
    assert difference.fields["section"] == (None, "Town")
    assert set(difference.fields) == {"section", "evidence of headline"}


def test_other_outcomes_and_messages_on_one_side_only() -> None:
    skipped = read(article=None, reason="too_short")

    assert (compare(read(), skipped).before, compare(read(), skipped).now) == ("parsed", "skipped: too_short")
    assert compare(read(), skipped).verdict == "other outcome"
    assert compare(None, read()).verdict == "not recorded"
    assert compare(read(), None).verdict == "gone"
    assert compare(skipped, skipped).verdict == "same"
    with pytest.raises(ValueError, match="nothing to compare"):
        compare(None, None)


@given(st.text(max_size=300), st.text(max_size=300))
def test_an_example_is_short_harmless_and_shows_where_values_differ(before: str, now: str) -> None:
    for each in example((before, now)):
        assert len(each) <= SHOWN + 1
        assert each.isprintable()


def test_an_example_of_long_texts_begins_just_before_the_difference() -> None:
    before, now = example(("same words " * 50 + "old end", "same words " * 50 + "new end"))

    assert before.startswith("…")
    assert before.endswith("old end")
    assert now.endswith("new end")
    assert example((None, "Town")) == ("nothing", "Town")


def test_counts_are_by_source_and_field_and_examples_are_few() -> None:
    tally = Tally()
    for number in range(10):
        tally.add(compare(read(str(number)), read(str(number), article=changed(section=f"Part {number}"))))
    tally.add(compare(read(source="lighthouse"), read(source="lighthouse")))
    tally.add(compare(read("x"), read("x", article=None, reason="too_short")))

    assert tally.as_object() == {
        "summary": {"same": 1, "changed": 10, "other outcome": 1, "not recorded": 0, "gone": 0},
        "different": 11,
        "sources": {"harbour": {"changed": 10, "other outcome": 1}, "lighthouse": {"same": 1}},
        "fields": {"outcome": {"harbour": 1}, "section": {"harbour": 10}},
    }
    shown = "\n".join(lines(tally))
    assert shown.count("    + Part") == EXAMPLES
    assert "section: 10 (harbour 10)" in shown
    assert "    - parsed\n    + skipped: too_short" in shown
    assert "nothing would change" not in shown


def test_however_many_sources_there_are_so_many_are_kept() -> None:
    tally = Tally()
    for number in range(SOURCES + 50):
        tally.add(compare(read(source=f"s{number}"), read(source=f"s{number}")))

    assert len(tally.sources) == SOURCES + 1
    assert tally.total("same") == SOURCES + 50


def test_what_a_version_never_read_is_no_difference() -> None:
    tally = Tally(whole=False)
    tally.add(compare(None, read()))

    assert tally.different == 0
    assert "nothing would change" in "\n".join(lines(tally))


def test_results_are_written_and_read_back_and_taken_once(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    with record.Saved(file, AT) as saved:
        saved.put(read("a"))
        saved.put(read("b", article=None, reason="too_short"))
        assert not file.exists()

    with record.record() as known:
        assert record.read_file(file, known) == AT
        assert known.take("a") == read("a")
        assert known.take("nobody") is None
        assert [each.key for each in known.rest()] == ["b"]


def test_a_file_that_was_not_finished_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    file.write_text("old")

    saved = record.Saved(file, AT).__enter__()
    saved.put(read())
    saved.__exit__(KeyboardInterrupt)

    assert [each.name for each in tmp_path.iterdir()] == ["results.jsonl"]
    assert file.read_text() == "old"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: not what"),
        (b'{"observed_at": "2026-03-01T12:00:00Z"}\n{"key": 1}\n', "line 2: not what"),
        (b"\xff\xfe", "line 1: not what"),
    ],
)
def test_other_files_are_refused_with_their_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with record.record() as known, pytest.raises(click.ClickException, match=said):
        record.read_file(tmp_path / "file", known)


def test_files_are_found_below_folders_each_once_and_none_that_is_hidden(tmp_path: Path) -> None:
    for name in ("b/two.html", "a/one.txt", "a/.hidden", ".git/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    found = files_of([tmp_path, tmp_path / "a" / "one.txt"])

    assert [each.relative_to(tmp_path).as_posix() for each in found] == ["a/one.txt", "b/two.html"]
    records = asyncio.run(_all(found))
    assert [each.source for each in records] == ["a", "b"]
    assert records[0].body == b"x"


async def _all(files: list[Path]) -> list[object]:
    return [each async for each in file_records(files, AT)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages of two sources, one of them nothing."""
    pages = {
        "harbour/one.html": PAGE.format(title="Ferries resume"),
        "harbour/two.html": PAGE.format(title="Ferries stop"),
        "lighthouse/page.html": PAGE.format(title="Lamp lit again"),
        "lighthouse/none.html": "<h1>404 Not Found</h1><p>x",
    }
    for name, content in pages.items():
        (tmp_path / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pages" / name).write_text(content)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["reparse", *map(str, arguments)])


def test_a_folder_is_saved_and_compared_with_itself_and_with_another(folder: Path) -> None:
    results = folder / "results.jsonl"
    saved = run(folder / "pages", "--save", results)
    same = run(folder / "pages", "--against", results)
    (folder / "pages/harbour/one.html").write_text(PAGE.format(title="Ferries resume in May"))
    (folder / "pages/harbour/two.html").unlink()
    other = run(folder / "pages", "--against", results)
    as_json = run(folder / "pages", "--against", results, "--json")

    assert (saved.exit_code, saved.stdout) == (0, "")
    assert same.exit_code == 0
    assert "nothing would change" in same.stdout
    assert other.exit_code == 1
    for said in ("headline: 1 (harbour 1)", "- Ferries resume", "+ Ferries resume in May", "gone"):
        assert said in other.stdout
    told = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert [each.get("verdict") for each in told] == ["changed", "gone", None]
    assert told[0]["fields"]["headline"] == ["Ferries resume", "Ferries resume in May"]
    assert told[-1]["different"] == 2
    recorded = results.read_text().splitlines()
    assert [json.loads(line).get("reason") for line in recorded[1:]] == [None, None, "error_page", None]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name files or folders"),
        (("--from-stream", "RAW", "{pages}", "--against", "1"), "name files or folders"),
        (("{pages}",), "say --against, --save or both"),
        (("{pages}", "--against", "1"), "versions are of --from-stream alone"),
        (("--from-stream", "RAW", "--against", "no/such.jsonl"), "no such file"),
        (("--from-stream", "DLQ", "--against", "1"), "DLQ"),
        (("{pages}/none", "--against", "1"), "does not exist"),
    ],
)
def test_wrong_usage_is_said(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = run(*(each.format(pages=folder / "pages") for each in arguments))

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_folder_without_files_is_no_success(folder: Path) -> None:
    (folder / "empty" / ".hidden").mkdir(parents=True)
    (folder / "empty" / ".hidden" / "page.html").write_text("x")

    ended = run(folder / "empty", "--save", folder / "results.jsonl")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "Error: no files below the folders that were named; there is nothing to parse\n"
    assert not (folder / "results.jsonl").exists()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that is there and cannot be read")
def test_a_file_that_cannot_be_read_is_said_in_one_sentence(folder: Path) -> None:
    (folder / "pages" / "harbour" / "three.html").symlink_to("/proc/self/mem")

    ended = run(folder / "pages", "--save", folder / "results.jsonl")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == f"Error: cannot read {folder}/pages/harbour/three.html: Input/output error\n"
    assert not (folder / "results.jsonl").exists()


def test_ctrl_c_ends_it_and_leaves_nothing(folder: Path) -> None:
    for number in range(3_000):
        (folder / "pages" / "harbour" / f"{number}.html").write_text(PAGE.format(title=f"Ferry {number} resumes"))
    command = [sys.executable, "-m", "services.ctl", "reparse", str(folder / "pages"), "--save", str(folder / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    part = folder / "out.part"
    while not (part.exists() and part.stat().st_size):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert (process.returncode, said) == (130, "stopped; nothing was written\n")
    assert not part.exists()
    assert not (folder / "out").exists()
    children = subprocess.run(
        ("ps", "-o", "args=", "-g", str(os.getpid())), capture_output=True, text=True, check=False
    )
    assert "services.parse.again" not in children.stdout
