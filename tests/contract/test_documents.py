"""The generated documents are what the contracts give, and the table is whole."""

import json
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from shared import asyncapi
from shared.contracts import Stage
from shared.subjects import CONSUMERS, STAGES, STREAMS, SUBJECTS, Subject, stream_of

ROOT = Path(__file__).parents[2]


def test_the_committed_documents_are_what_would_be_generated() -> None:
    assert asyncapi.stale() == []


def test_a_stale_document_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncapi, "VERSION", "v0")
    assert asyncapi.stale()


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.pattern)
def test_every_subject_has_a_schema_a_channel_a_stream_a_producer_and_a_consumer(subject: Subject) -> None:
    schema = json.loads((asyncapi.SCHEMAS / f"{subject.contract.__name__}.v1.json").read_text())
    assert schema["$id"] == f"urn:newswire:schema:{subject.contract.__name__}:v1"
    document = json.loads(asyncapi.ASYNCAPI.read_text())
    addresses = {(channel["address"] or "").count("{"): channel for channel in document["channels"].values()}
    assert subject.pattern.count("*") in addresses
    assert subject.producers
    assert subject.consumers
    assert stream_of(subject) in STREAMS


def test_every_reference_in_the_asyncapi_document_resolves() -> None:
    document = json.loads(asyncapi.ASYNCAPI.read_text())

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if reference := node.get("$ref"):
                resolve(reference)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    def resolve(reference: str) -> None:
        path, _, pointer = reference.partition("#")
        if path:
            assert (asyncapi.ASYNCAPI.parent / path).is_file(), reference
            return
        found = document
        for part in pointer.strip("/").split("/"):
            found = found[part]

    walk(document)


def test_no_subject_is_kept_by_two_streams() -> None:
    counts = Counter(pattern for stream in STREAMS for pattern in stream.subjects)
    assert not [pattern for pattern, count in counts.items() if count > 1]


@pytest.mark.parametrize("name", get_args(Stage))
def test_every_stage_has_its_four_files_a_row_a_consumer_and_a_dependency_group(name: str) -> None:
    import tomllib

    folder = ROOT / "services" / name
    assert {each.name for each in folder.glob("*.py")} >= {"core.py", "service.py", "settings.py", "__main__.py"}
    assert STAGES[name].consumer in CONSUMERS
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert name in groups


def test_no_subject_string_stands_outside_of_the_table() -> None:
    prefixes = tuple(f'"{subject.pattern.split("*")[0]}' for subject in SUBJECTS)
    table = ROOT / "shared" / "subjects.py"
    found = [
        f"{path.relative_to(ROOT)}: {prefix}"
        for folder in ("services", "shared", "deploy")
        for path in (ROOT / folder).rglob("*.py")
        if path != table
        for prefix in prefixes
        if prefix in path.read_text()
    ]
    assert found == []
