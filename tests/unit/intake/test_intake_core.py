"""From requests to raw articles: what is passed on, and what is refused."""

import gzip
import json
import re

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from services.intake import core
from services.intake.problems import KINDS, Problem
from services.parse.raw.sniff import FORMS
from shared.errors import Poison

LARGEST = 1_000
ENVELOPE = json.dumps({"body": "Ferries resume"}).encode()


def refused(name: str) -> object:
    return pytest.raises(Problem, match=f"^{name}: ")


def test_the_types_that_are_taken_are_those_that_parse_reads() -> None:
    assert set(FORMS) == core.DOCUMENTS | core.ENVELOPES


def test_a_page_goes_with_its_type_and_address() -> None:
    headers = {"Content-Type": "text/html; charset=cp1251", "Newswire-Url": "HTTP://News.Example/a b", "X-Else": "x"}
    [article] = core.articles(headers, b"<p>Text", LARGEST)
    assert article == (b"<p>Text", "text/html; charset=cp1251", "http://news.example/a%20b", {})


def test_a_bare_body_goes_without_a_type() -> None:
    assert core.articles({}, b"Text", LARGEST) == [(b"Text", None, None, {})]


def test_an_envelope_says_so_itself() -> None:
    [article] = core.articles({"Content-Type": "Application/JSON", "Newswire-Url": "ignored:"}, ENVELOPE, LARGEST)
    assert article == (ENVELOPE, core.ENVELOPE, None, {})


def test_lines_are_articles_and_empty_ones_are_not() -> None:
    body = b"\r\n".join([b"", ENVELOPE, b"  ", ENVELOPE])
    found = core.articles({"Content-Type": "application/x-ndjson", "traceparent": "00-x"}, body, LARGEST)
    assert [each.body.strip() for each in found] == [ENVELOPE, ENVELOPE]
    assert {each.headers["traceparent"] for each in found} == {"00-x"}


def test_wrong_lines_are_named_up_to_some() -> None:
    lines = [ENVELOPE, *[b"{"] * 30, b"{" + b" " * LARGEST]
    with refused("invalid_lines") as found:
        core.articles({"Content-Type": "application/jsonl"}, b"\n".join(lines), LARGEST)
    errors = found.value.document["errors"]
    assert [each["line"] for each in errors] == list(range(2, 22))
    assert errors[0]["detail"].startswith("invalid_json: ")
    assert found.value.detail.startswith("31 of 32 lines; the first is line 2: ")


@pytest.mark.parametrize(
    ("headers", "body", "name"),
    [
        ({}, b"x" * (LARGEST + 1), "too_large"),
        ({"Content-Type": "image/png"}, b"x", "unsupported_type"),
        ({"Content-Type": "application/json"}, b"{", "invalid_json"),
        ({"Content-Type": "application/json"}, b"{}", "invalid_envelope"),
        ({"Newswire-Url": "ftp://news.example/"}, b"x", "invalid_url"),
        ({"Content-Type": "application/ndjson"}, b"\n" * 10_001, "too_many_lines"),
        ({"Content-Type": "application/ndjson"}, b"{}\n" * 1_001, "too_many_lines"),
    ],
)
def test_what_is_wrong_has_a_name(headers: dict[str, str], body: bytes, name: str) -> None:
    with refused(name):
        core.articles(headers, body, LARGEST)


def test_a_form_is_told_what_to_say_instead() -> None:
    with pytest.raises(Problem, match="curl says so"):
        core.type_of("application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("body", "encoding", "name"),
    [
        (b" \n", "", "empty_body"),
        (b"x" * 101, "identity", "too_large"),
        (gzip.compress(b"x" * 101), "gzip", "too_large"),
        (zstandard.compress(b"x" * 101), "zstd", "too_large"),
        (b"x", "gzip", "undecodable_text"),
        (b"x", "zstd", "undecodable_text"),
        (b"x", "br", "unsupported_encoding"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_refused(body: bytes, encoding: str, name: str) -> None:
    with refused(name):
        core.decoded(body, encoding, 100)


def test_a_body_is_decoded() -> None:
    assert core.decoded(gzip.compress(b"x" * 100), "x-gzip", 100) == b"x" * 100


def test_a_reason_that_http_has_no_name_for_is_a_bad_request() -> None:
    assert core.problem_of(Poison("terminated", "why")).name == "bad_request"


HEADER = st.one_of(
    st.sampled_from(
        ["Nats-Msg-Id", "Nats-Rollup", "Newswire-Origin", "Newswire-Observed-At", "Newswire-Dead-Letter", "ce-id",
         "ce-time", "Newswire-Article", "KV-Operation", "X-Robots-Tag", "traceparent"]
    ),
    st.from_regex(re.compile(r"[A-Za-z0-9-]{1,20}"), fullmatch=True),
)  # fmt: skip


@given(st.dictionaries(HEADER, st.text(max_size=20)))
def test_nothing_goes_with_an_article_that_is_not_listed(headers: dict[str, str]) -> None:
    assert set(core.passed_on(headers)) <= set(core.PASSED_ON)


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "zstd", "br", "\xff"]), st.text(max_size=40))
def test_any_request_ends_in_articles_or_a_problem(body: bytes, encoding: str, content_type: str) -> None:
    fault, found = None, list[core.Article]()
    try:
        found = core.articles({"Content-Type": content_type}, core.decoded(body, encoding, 200), 200)
    except Problem as problem:
        fault = problem
    assert (fault is None) == bool(found)
    assert fault is None or KINDS[fault.name].status < 500
    assert all(len(each.body) <= 200 for each in found)
