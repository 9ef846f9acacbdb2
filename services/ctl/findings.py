"""What a check of `newswire doctor` found, and how it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import click

_MARKS: Final = {"ok": "  ok  ", "note": " note ", "fail": " FAIL "}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `note`: not as it should be, and no hindrance. `fix` is for all but `ok`."""

    state: Literal["ok", "note", "fail"]
    what: str
    fix: str = ""


def ok(what: str) -> Finding:
    """As it should be."""
    return Finding("ok", what)


def note(what: str, fix: str) -> Finding:
    """No hindrance, and good to know."""
    return Finding("note", what, fix)


def fail(what: str, fix: str) -> Finding:
    """In the way of a run."""
    return Finding("fail", what, fix)


def show(findings: Iterable[Finding]) -> int:
    """Print a line for each; how many failed."""
    failed = 0
    for finding in findings:
        failed += finding.state == "fail"
        click.echo(f"{_MARKS[finding.state]} {finding.what}{f': {finding.fix}' if finding.fix else ''}")
    return failed
