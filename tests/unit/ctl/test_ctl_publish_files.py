"""Which files `newswire publish` reads."""

from pathlib import Path

import click
import pytest

from services.ctl.publish import _files


def test_a_folder_stands_for_the_files_below_it_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("b.html", "deep/a.html", ".git/config", "deep/.hidden"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")

    assert _files([str(tmp_path), "-"]) == (str(tmp_path / "b.html"), str(tmp_path / "deep/a.html"), "-")


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="no file below"):
        _files([str(tmp_path)])
