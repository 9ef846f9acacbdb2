"""The documents that are generated from the table and the contracts: python -m shared.asyncapi [--check].

Writes shared/contracts/schemas/<Contract>.v1.json (JSON Schema 2020-12) and docs/asyncapi.json (AsyncAPI 3.0).
With --check nothing is written, and the exit status is 1 when a committed file differs.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from shared import generated
from shared.contracts import Archived, Contract, Rendered, RenderJob
from shared.subjects import HEALTH, RAW, RENDER_PAGE, STAGES, SUBJECTS, Subject, stream_of

ROOT: Final = Path(__file__).resolve().parent.parent
SCHEMAS: Final = ROOT / "shared" / "contracts" / "schemas"
ASYNCAPI: Final = ROOT / "docs" / "asyncapi.json"
VERSION: Final = "v1"


def contracts() -> dict[str, type[Contract]]:
    """Every contract in the table, by name; what only a header carries, and what is asked and answered."""
    more: tuple[type[Contract], ...] = (Archived, RenderJob, Rendered)
    return {each.__name__: each for each in (*(subject.contract for subject in SUBJECTS), *more)}


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
        "channels": {_key(subject): _channel(subject) for subject in SUBJECTS} | _question(),
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


def _question() -> dict[str, Any]:
    """What fetch asks render, and what comes back to the inbox that the question names."""
    asked = {"name": "news.render.page.v1", "contentType": "application/json", "payload": _ref(RenderJob.__name__)}
    answered = {
        "name": "news.render.answer.v1",
        "title": "Compressed with zstd",
        "contentType": "application/json",
        "payload": _ref(Rendered.__name__),
    }
    about = "A page to be rendered. In no stream: fetch waits for the answer of one of the replicas of render."
    return {
        "render-page": {"address": RENDER_PAGE, "description": about, "messages": {"render-page": asked}},
        "render-answer": {"address": None, "messages": {"render-answer": answered}},
    }


def _message(subject: Subject) -> dict[str, Any]:
    name = subject.contract.__name__
    message: dict[str, Any] = {
        "name": subject.event_type,
        "title": subject.about,
        "contentType": "application/json",
        "headers": {"type": "object", "properties": _headers(subject)},
        "payload": _ref(name),
    }
    if subject.event_type == "news.article.raw.v1":
        message["description"] = "Or any body: text/html, text/plain, a feed entry's XML; with or without Content-Type."
        message["headers"]["properties"]["Newswire-Rendered"] = {
            "type": "string",
            "description": "The browser whose document the body is, as in `Chromium 156.0.8078.108`",
        }
        message["headers"]["properties"]["Newswire-Unrendered"] = {
            "type": "string",
            "description": "Why the body is what the feed says and not its page: `no_renderer`. The page comes later.",
        }
        message["headers"]["properties"]["Newswire-Archived"] = {"description": "JSON", "allOf": [_ref("Archived")]}
    if subject.event_type == "news.article.dead.v1":
        message["payload"] = {"description": "The original bytes"}
        message["headers"]["properties"]["Newswire-Dead-Letter"] = {"description": "JSON", "allOf": [_ref(name)]}
    return message


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"../shared/contracts/schemas/{name}.{VERSION}.json"}


def _headers(subject: Subject) -> dict[str, Any]:
    names: tuple[str, ...]
    if subject.event_type == "news.article.raw.v1":
        names = ("Content-Type", "Content-Encoding", "Newswire-Url", "Newswire-Fetched-At", "traceparent")
    else:
        names = ("ce-specversion", "ce-id", "ce-type", "ce-source", "ce-time")
        if subject is not HEALTH:  # it is about no message
            names += ("traceparent", "Newswire-Origin", "Newswire-Retries")
    return {name: {"type": "string"} for name in names}


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {"intake-sends": _operation("send", RAW)}
    for row in STAGES.values():
        consumed = next(each for each in SUBJECTS if each.pattern == row.consumer.filters[0])
        operations[f"{row.name}-receives"] = _operation("receive", consumed)
        operations[f"{row.name}-sends"] = _operation("send", row.output)
    asked = {"action": "receive", "channel": {"$ref": "#/channels/render-page"}}
    reply = {"channel": {"$ref": "#/channels/render-answer"}, "address": {"location": "$message.header#/reply"}}
    operations["render-answers"] = {**asked, "reply": reply}
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
    return generated.stale(documents())


def main() -> int:
    """Write the documents, or check them."""
    return generated.main(documents(), "the contracts give")


if __name__ == "__main__":
    sys.exit(main())
