"""Files are looked at before any server is asked for."""

import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.ctl.__main__ import cli

NOBODY = {"NEWSWIRE_NATS_URL": "nats://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "it is empty"),
        (b"<html>", "no record begins in it"),
        (gzip.compress(b"<html>"), "no record begins in it"),
        (b"\x1f\x8bnothing", "no record begins in it"),
        (b"\x28\xb5\x2f\xfd", "unzstd"),
    ],
)
def test_what_is_no_archive_is_told_without_a_server(body: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "pages.warc.gz"
    file.write_bytes(body)

    done = CliRunner().invoke(cli, ["replay", "--warc", str(file)], env=NOBODY)

    assert done.exit_code == 1
    assert str(file) in done.output
    assert said in done.output


def test_a_wrong_path_and_an_empty_folder_are_told_without_a_server(tmp_path: Path) -> None:
    missing = CliRunner().invoke(cli, ["replay", "--warc", str(tmp_path / "nowhere")], env=NOBODY)
    empty = CliRunner().invoke(cli, ["replay", "--warc", str(tmp_path)], env=NOBODY)

    assert (missing.exit_code, empty.exit_code) == (2, 1)
    assert "does not exist" in missing.output
    assert "no *.warc" in empty.output


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_archive_goes_on_to_the_server(pack: type[bytes], tmp_path: Path) -> None:
    file = tmp_path / "pages.warc"
    file.write_bytes(pack(b"WARC/1.1\r\n"))

    done = CliRunner().invoke(cli, ["replay", "--warc", str(file)], env=NOBODY)

    assert done.exit_code == 1
    assert "127.0.0.1:1" in done.output
