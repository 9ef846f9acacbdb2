"""The documents that are generated from the table and the contracts: python -m shared.asyncapi [--check].

Writes shared/contracts/schemas/<Contract>.v1.json (JSON Schema 2020-12) and docs/asyncapi.json (AsyncAPI 3.0).
With --check nothing is written, and the exit status is 1 when a committed file differs.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from shared.contracts import Contract
from shared.subjects import STAGES, SUBJECTS, Subject, stream_of

ROOT: Final = Path(__file__).resolve().parent.parent
SCHEMAS: Final = ROOT / "shared" / "contracts" / "schemas"
ASYNCAPI: Final = ROOT / "docs" / "asyncapi.json"
VERSION: Final = "v1"


def contracts() -> dict[str, type[Contract]]:
    """Every contract in the table, by name."""
    return {subject.contract.__name__: subject.contract for subject in SUBJECTS}


def schema(contract: type[Contract]) -> dict[str, Any]:
    """The JSON Schema of a contract as others write it: what is read, with fields they may leave out."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:newswire:schema:{contract.__name__}:{VERSION}",
        **contract.model_json_schema(mode="validation"),
    }


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the whole wire."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Newswire",
            "version": "1.0.0",
            "description": "Raw articles in, searchable and provable articles out. Bodies are plain JSON; the"
            " CloudEvents 1.0 attributes and W3C traceparent are NATS headers.",
            "license": {"name": "Apache-2.0"},
        },
        "channels": {_key(subject): _channel(subject) for subject in SUBJECTS},
        "operations": _operations(),
        "components": {"messages": {_key(subject): _message(subject) for subject in SUBJECTS}},
    }


def _key(subject: Subject) -> str:
    return subject.pattern.replace(".*", "").replace(".", "-")


def _channel(subject: Subject) -> dict[str, Any]:
    names = ("stage", "source")[-subject.pattern.count("*") :]
    address = subject.pattern
    for name in names:
        address = address.replace("*", f"{{{name}}}", 1)
    key = _key(subject)
    return {
        "address": address,
        "description": f"{subject.about}. Stream {stream_of(subject).name}."
        f" From {', '.join(subject.producers)}; for {', '.join(subject.consumers)}.",
        "parameters": {name: {"description": f"One token, [a-z0-9_-]{{1,64}}: the {name}"} for name in names},
        "messages": {key: {"$ref": f"#/components/messages/{key}"}},
    }


def _message(subject: Subject) -> dict[str, Any]:
    name = subject.contract.__name__
    message: dict[str, Any] = {
        "name": subject.event_type,
        "title": subject.about,
        "contentType": "application/json",
        "headers": {"type": "object", "properties": _headers(subject)},
        "payload": {"$ref": f"../shared/contracts/schemas/{name}.{VERSION}.json"},
    }
    if subject.event_type == "news.article.raw.v1":
        message["description"] = "Or any body: text/html, text/plain, a feed entry's XML; with or without Content-Type."
    if subject.event_type == "news.article.dead.v1":
        message["payload"] = {"description": "The original bytes"}
        letter = {"$ref": f"../shared/contracts/schemas/{name}.{VERSION}.json"}
        message["headers"]["properties"]["Newswire-Dead-Letter"] = {"description": "JSON", "allOf": [letter]}
    return message


def _headers(subject: Subject) -> dict[str, Any]:
    names: tuple[str, ...]
    if subject.event_type == "news.article.raw.v1":
        names = ("Content-Type", "Content-Encoding", "Newswire-Url", "Newswire-Fetched-At", "traceparent")
    else:
        names = ("ce-specversion", "ce-id", "ce-type", "ce-source", "ce-time", "Newswire-Origin", "traceparent")
    return {name: {"type": "string"} for name in names}


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for row in STAGES.values():
        consumed = next(each for each in SUBJECTS if each.pattern == row.consumer.filters[0])
        operations[f"{row.name}-receives"] = _operation("receive", consumed)
        operations[f"{row.name}-sends"] = _operation("send", row.output)
    return operations


def _operation(action: str, subject: Subject) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{_key(subject)}"}}


def documents() -> dict[Path, str]:
    """Every generated file with its content."""
    found = {SCHEMAS / f"{name}.{VERSION}.json": schema(contract) for name, contract in contracts().items()}
    found[ASYNCAPI] = asyncapi()
    return {path: json.dumps(value, indent=2, ensure_ascii=False) + "\n" for path, value in found.items()}


def stale() -> list[Path]:
    """The committed files that differ from what would be generated."""
    return [path for path, text in documents().items() if not path.is_file() or path.read_text() != text]


def main() -> int:
    """Write the documents, or check them."""
    if "--check" in sys.argv[1:]:
        wrong = stale()
        for path in wrong:
            sys.stderr.write(f"newswire: {path.relative_to(ROOT)} is not what the contracts give; run `make schemas`\n")
        return int(bool(wrong))
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
