"""The generated document is whole, and is what is committed."""

from typing import get_args

import pytest

from services.intake import openapi
from services.intake.problems import KINDS, Name, Problem


def test_the_committed_document_is_what_would_be_generated() -> None:
    assert openapi.FILE.read_text() == openapi.text()


def test_a_stale_document_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["openapi", "--check"])
    assert openapi.main() == 0
    monkeypatch.setattr(openapi, "FILE", openapi.FILE.with_name("nosuch.json"))
    assert openapi.main() == 1


def test_every_reference_resolves() -> None:
    document = openapi.document()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if reference := node.get("$ref"):
                found: object = document
                for part in reference.removeprefix("#/").split("/"):
                    assert isinstance(found, dict)
                    found = found[part]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)


def test_every_problem_is_described_and_none_else() -> None:
    assert set(KINDS) == set(get_args(Name))
    responses = openapi.document()["components"]["responses"]
    assert {name for text in responses.values() for name in text["description"].split("`")[1::2]} == set(KINDS)


def test_a_problem_is_a_document_of_rfc_9457() -> None:
    problem = Problem("stream_full", "x" * 2_000, wait=0.2, more={"accepted": ["1:2:0"]})
    assert problem.headers == {"Retry-After": "1"}
    found = problem.document
    assert (found["type"], found["status"], found["accepted"]) == ("urn:newswire:problem:stream_full", 503, ["1:2:0"])
    assert len(found["detail"]) == 1_000
