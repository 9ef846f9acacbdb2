"""`python -m services.parse.once`: one file in, its article or one sentence out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.parse.once import main

MakePage = Callable[..., str]


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def test_article_is_printed_as_json(tmp_path: Path, page: MakePage) -> None:
    file = tmp_path / "page.html"
    file.write_text(page())

    result = run(str(file), "--url", "https://gazette.example/bread", "--source", "The Gazette")

    article = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert article["canonical_url"] == "https://gazette.example/bread"
    assert article["source"].startswith("the-gazette-")
    assert result.stdout.startswith('{\n  "article_id"')


def test_standard_input_is_read(page: MakePage) -> None:
    result = run("-", "--content-type", "text/html", stdin=page().encode())

    assert json.loads(result.stdout)["content_type"] == "text/html"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "poison: empty_body: there is nothing in it"),
        (b"\x89PNG\r\n", "poison: binary_body: neither text nor markup; it begins with 89 50 4e 47 0d 0a"),
        (b"<h1>404 Not Found</h1><p>Nothing is here.</p>", "skip: error_page: the page calls itself '404 Not Found'"),
    ],
)
def test_what_is_no_article_gives_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)

    result = run(str(file))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"newswire parse: {file}: {sentence}\n"


def test_unreadable_files_give_one_sentence(tmp_path: Path) -> None:
    missing, folder = run(str(tmp_path / "none")), run(str(tmp_path))

    assert (missing.exit_code, folder.exit_code) == (1, 1)
    assert missing.stderr == f"newswire parse: cannot read {tmp_path / 'none'}: No such file or directory\n"
    assert folder.stderr == f"newswire parse: cannot read {tmp_path}: Is a directory\n"


@pytest.mark.parametrize("arguments", [(), ("a", "b"), ("a", "--no-such-option")])
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
