"""Whatever is published ends as its own outcome with a clear reason, and its neighbours are indexed."""

import base64
import gzip
import json
from dataclasses import dataclass, field

import pytest

from shared.subjects import MAX_MESSAGE, RAW
from tests.pipeline import Pipeline

PROSE = (
    "The harbour council voted on Tuesday to rebuild the old lighthouse before the winter storms arrive. "
    "Work begins next week, the mayor said, and the town will pay for half of it from the ferry levy. "
    "Fishermen had asked for the light for years; two boats ran aground on the northern reef last spring. "
    "The keeper's house becomes a museum, and the lamp will be turned by the sun."
)


def page(headline: str, body: str = PROSE, extra: str = "") -> bytes:
    text = (
        f"<!doctype html><html><head><title>{headline}</title>{extra}</head><body><article><h1>{headline}</h1>"
        f"<p>{body}</p><p>{body[::-1] if not body else PROSE}</p></article></body></html>"
    )
    return text.encode()


@dataclass(frozen=True)
class Case:
    """A body, and how it may end: `outcome` or `outcome: reason`."""

    name: str
    body: bytes
    ends: tuple[str, ...]
    headers: dict[str, str] = field(default_factory=dict)
    source: str = "somewhere"


CASES = [
    Case("empty body", b"", ("dead: empty_body",)),
    Case("only spaces", b" \n\t \n", ("dead: empty_body", "skipped: too_short")),
    Case("invalid UTF-8", PROSE.encode() + b"\xff\xfe\xfa\x80" * 3, ("skipped", "dead: undecodable_text")),
    Case("bytes of nothing", bytes(range(256)) * 40, ("dead: binary_body",)),
    Case("a picture", b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 900, ("dead: binary_body",)),
    Case("UTF-16 with its mark", page("Lighthouse in UTF-16").decode().encode("utf-16"), ("indexed",)),
    Case(
        "UTF-16 without it",
        page("Lighthouse without a mark").decode().encode("utf-16-le"),
        ("indexed", "dead: binary_body", "dead: undecodable_text"),
    ),
    Case("900 KB of one line", b"word " * 184_320, ("skipped",)),
    Case("a bomb", gzip.compress(bytes(200_000_000)), ("dead: too_large",), {"Content-Encoding": "gzip"}),
    Case("what is no gzip", page("Zip"), ("dead: undecodable_text",), {"Content-Encoding": "gzip"}),
    Case("an unknown encoding", page("Br"), ("dead: unsupported_encoding",), {"Content-Encoding": "br"}),
    Case("an unknown type", page("Type"), ("dead: unsupported_type", "indexed"), {"Content-Type": "video/mp4"}),
    Case("JSON with NaN", b'{"body": NaN}', ("dead: invalid_json", "dead: invalid_envelope")),
    Case("a lone surrogate", b'{"body": "\\ud800 and more text"}', ("dead: invalid_json", "dead: invalid_envelope")),
    Case("deep JSON", b'{"body": ' + b"[" * 90_000, ("dead: invalid_json", "dead: invalid_envelope")),
    Case("JSON that is no envelope", b'{"title": "x"}', ("dead: invalid_envelope",)),
    Case("JSON cut short", b'{"body": "text', ("dead: invalid_json", "dead: invalid_envelope")),
    Case("30 KB of <a", b"<a " * 10_000, ("dead", "skipped")),
    Case("a hundred thousand divs", b"<div>" * 100_000, ("dead: too_deep",)),
    Case("nested text", b"<b>x" * 50_000, ("dead: too_deep",)),
    Case("attributes without end", b"<p " + b" ".join(b"a%d=1" % n for n in range(30_000)) + b">", ("dead",)),
    Case("200 000 small tags", b"<html><body>" + b"<i>x</i>" * 200_000, ("dead", "skipped")),
    Case(
        "year 9999",
        page("Year 9999", extra='<meta property="article:published_time" content="9999-12-31T23:59:59-12:00">'),
        ("indexed",),
    ),
    Case(
        "entities that explode",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><item>&a;</item>',
        ("dead", "skipped"),
    ),
    Case("an uppercase source", page("A source in capitals"), ("indexed",), source="BBC"),
    Case("a source in Greek", page("A source in Greek letters"), ("indexed",), source="εφημερίδα"),
    Case(
        "control headers",
        page("Headers that are ours"),
        ("indexed",),
        {"Newswire-Origin": "1:1:0", "Newswire-Dead-Letter": "{}", "ce-id": "mine", "Status": "404"},
    ),
    Case("a broken envelope body", json.dumps({"body_base64": "%%%"}).encode(), ("dead: invalid_envelope",)),
    Case(
        "an envelope of bytes",
        json.dumps({"body_base64": base64.b64encode(page("From an envelope")).decode()}).encode(),
        ("indexed",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_it_ends_as_its_own_outcome_and_its_neighbours_are_indexed(pipeline: Pipeline, case: Case) -> None:
    slug = case.name.replace(" ", "-")
    before = await pipeline.publish(page(f"Before {case.name}"), headers={"Newswire-Url": f"https://a.example/{slug}"})
    ack = await pipeline.js.publish(f"{RAW.pattern[:-1]}{case.source}", case.body, headers=case.headers or None)
    origin = f"{pipeline.epoch}:{ack.seq}:0"
    after = await pipeline.publish(page(f"After {case.name}"), headers={"Newswire-Url": f"https://b.example/{slug}"})
    fate = await pipeline.fate(origin)
    assert f"{fate.outcome}: {fate.reason}".startswith(case.ends), fate
    if fate.outcome == "dead":
        assert fate.message.data == case.body
        assert json.loads(fate.message.headers["Newswire-Dead-Letter"])["detail"]
    for neighbour in (before, after):
        assert (await pipeline.fate(neighbour)).outcome == "indexed"
    assert len(pipeline.fates[origin]) == 1


async def test_a_message_over_the_limit_is_refused_by_name_and_the_rest_goes_on(pipeline: Pipeline) -> None:
    from nats.js.errors import APIError

    with pytest.raises(APIError, match="message size exceeds maximum allowed"):
        await pipeline.publish(b"x" * (MAX_MESSAGE + 1))
    largest = await pipeline.publish(b"x" * (MAX_MESSAGE - 200))
    assert (await pipeline.fate(largest)).outcome in {"dead", "skipped"}


async def test_a_subject_with_more_tokens_is_refused(pipeline: Pipeline) -> None:
    from nats.js.errors import NoStreamResponseError

    with pytest.raises(NoStreamResponseError):
        await pipeline.js.publish(f"{RAW.pattern[:-1]}a.b", b"text")


async def test_a_date_that_cannot_be_is_kept_raw_and_not_believed(pipeline: Pipeline) -> None:
    extra = '<meta property="article:published_time" content="9999-12-31T23:59:59Z">'
    origin = await pipeline.publish(page("A date that cannot be", extra=extra))
    await pipeline.fate(origin)
    [document] = [each for each in (await pipeline.documents()).values() if each["origin"] == origin]
    assert "published_at" not in document
    assert "9999-12-31" in json.dumps(document["evidence"])
