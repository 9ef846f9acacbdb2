"""Messages recorded from the first version still read, whatever the contracts have become."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import DeadLetter, HealthEvent, Origin, RawEnvelope
from shared.subjects import SUBJECTS, Subject

RECORDED = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "golden").glob("*.jsonl"))
    for line in path.read_text().splitlines()
]


def subject_of(name: str) -> Subject:
    """The row of the table that a recorded subject belongs to."""
    tokens = name.split(".")
    for subject in SUBJECTS:
        pattern = subject.pattern.split(".")
        if len(pattern) == len(tokens) and all(want in ("*", have) for want, have in zip(pattern, tokens, strict=True)):
            return subject
    raise LookupError(name)


@pytest.mark.parametrize("message", RECORDED, ids=lambda message: message["subject"])
def test_a_recorded_message_still_reads(message: dict[str, Any]) -> None:
    subject, headers, body = subject_of(message["subject"]), message["headers"], message["body"].encode()
    if subject.contract is DeadLetter:
        letter = DeadLetter.model_validate_json(headers["Newswire-Dead-Letter"])
        assert Origin.parse(letter.origin)
    elif subject.contract is not RawEnvelope or headers.get("Content-Type") == "application/json":
        read = subject.contract.model_validate_json(body)
        written = json.loads(read.model_dump_json(exclude_defaults=True))
        assert {name: json.loads(body).get(name) for name in written} == written


@pytest.mark.parametrize("message", RECORDED, ids=lambda message: message["subject"])
def test_what_stages_publish_is_a_cloud_event_with_a_trace(message: dict[str, Any]) -> None:
    subject, headers = subject_of(message["subject"]), message["headers"]
    if "operators" in subject.producers or "publishers" in subject.producers:
        return
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == subject.event_type
    assert headers["ce-id"] == headers["Nats-Msg-Id"]
    if subject.contract is HealthEvent:  # it is about no message
        return
    assert Origin.parse(headers["Newswire-Origin"])
    if subject.contract is not DeadLetter:
        assert headers["traceparent"].startswith("00-")


def test_every_contract_was_recorded() -> None:
    recorded = {subject_of(message["subject"]).contract for message in RECORDED}
    assert recorded == {subject.contract for subject in SUBJECTS}
