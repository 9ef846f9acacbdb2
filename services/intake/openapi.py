"""The OpenAPI 3.1 document of the intake: python -m services.intake.openapi [--check] writes docs/openapi.json.

With --check nothing is written, and the exit status is 1 when the committed file differs.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.intake import core
from services.intake.problems import KINDS, MEDIA_TYPE, Name
from shared import generated
from shared.contracts import RawEnvelope

FILE: Final = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
_OF_ALL: Final[tuple[Name, ...]] = (
    "bad_request",
    "not_found",
    "too_large",
    "too_slow",
    "rate_limited",
    "internal",
    "busy",
)
_OF_RAW: Final[tuple[Name, ...]] = (
    "empty_body", "invalid_json", "undecodable_text", "token_missing", "token_unknown", "other_source",
    "too_many_lines", "unsupported_type", "unsupported_encoding", "invalid_envelope", "invalid_lines", "invalid_url",
    "stream_full", "unavailable",
)  # fmt: skip
_TEXT: Final = {"type": "string"}
_SOURCE: Final = {"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"}


@cache
def document() -> dict[str, Any]:
    """The whole document, made once: anybody may ask for it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Newswire intake",
            "version": "1.0.0",
            "description": "Raw articles in over HTTP. Problems are RFC 9457 documents.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/v1/raw/{source}": {"parameters": [_named("source", _SOURCE)], "post": _raw()},
            "/v1/websub/{id}": {
                "parameters": [_named("id", {"type": "string", "pattern": "^[0-9a-f]{32}$"})],
                "get": _verify(),
                "post": _push(),
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"RawEnvelope": RawEnvelope.model_json_schema(), "Problem": _problem()},
            "responses": {str(status): _refusal(status) for status in sorted({kind.status for kind in KINDS.values()})},
        },
    }


def _named(name: str, schema: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _header(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": about, "schema": _TEXT}


def _raw() -> dict[str, Any]:
    envelope = {"schema": {"$ref": "#/components/schemas/RawEnvelope"}}
    bodies = {each: {"schema": _TEXT} for each in sorted(core.DOCUMENTS) if each}
    bodies |= dict.fromkeys(sorted(core.ENVELOPES), envelope)
    bodies |= {each: {"schema": {**_TEXT, "description": "An envelope a line"}} for each in sorted(core.LINES)}
    one = {"type": "object", "required": ["source", "id"], "properties": {"source": _TEXT, "id": _TEXT}}
    ids = {"type": "array", "items": _TEXT, "description": "In the order of the lines"}
    many = {"type": "object", "required": ["source", "ids"], "properties": {"source": _TEXT, "ids": ids}}
    stored = {
        "description": "All of it is stored. `newswire trace <id>` tells what became of an article.",
        "content": {"application/json": {"schema": {"oneOf": [one, many]}}},
    }
    return {
        "operationId": "publish",
        "summary": "Publish a raw article, or many",
        "security": [{"token": []}],
        "parameters": [
            _header("Content-Encoding", "gzip, zstd or identity"),
            _header(core.URL, "Where the article came from"),
            *(_header(name, "Passed on with the article") for name in core.PASSED_ON),
        ],
        "requestBody": {"required": True, "content": bodies},
        "responses": {"202": stored, **_refusals(*_OF_ALL, *_OF_RAW, "method_not_allowed")},
    }


def _query(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": _TEXT}


def _verify() -> dict[str, Any]:
    return {
        "operationId": "verify",
        "summary": "A WebSub hub verifies that a subscription is wanted",
        "parameters": [
            _query("hub.mode", "subscribe or denied"),
            _query("hub.topic", "The feed"),
            _query("hub.challenge", "Sent back"),
            _query("hub.lease_seconds", "How long it will last"),
            _query("hub.reason", "Why it is denied"),
        ],
        "responses": {
            "200": {"description": "It is; the challenge", "content": {"text/plain": {"schema": _TEXT}}},
            **_refusals("bad_request", "not_found", "gone", "internal", "unavailable"),
        },
    }


def _push() -> dict[str, Any]:
    return {
        "operationId": "push",
        "summary": "A WebSub hub pushes a feed",
        "parameters": [_header("X-Hub-Signature", "method=hexadecimal HMAC; sha1, sha256, sha384 or sha512")],
        "requestBody": {"required": True, "content": {"*/*": {"schema": _TEXT}}},
        "responses": {
            "202": {"description": "Kept, if its signature is right"},
            **_refusals(*_OF_ALL, "gone", "unavailable"),
        },
    }


def _refusals(*names: Name) -> dict[str, Any]:
    statuses = sorted({KINDS[name].status for name in names})
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _refusal(status: int) -> dict[str, Any]:
    named = {name: kind.title for name, kind in KINDS.items() if kind.status == status}
    told = "; ".join(f"`{name}`: {title}" for name, title in named.items())
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    waits = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return {"description": told, "content": content, **({"headers": waits} if status in {429, 503} else {})}


def _problem() -> dict[str, Any]:
    about = {"type": "string", "description": "urn:newswire:problem:<name>"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {"type": about, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
    }


def text() -> str:
    """The file's content."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the document, or check it."""
    return generated.main({FILE: text()}, "the intake does")


if __name__ == "__main__":
    sys.exit(main())
