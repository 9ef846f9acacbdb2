"""What the browser asks its proxy is read strictly, and nothing of it goes where it was not said to go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from services.render import core
from services.render.core import Asked, RefusedError, asked, endpoint, is_page, passed_on, said, shown_at
from shared.guard import MAX_URL


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join((line, *headers, "", "")).encode("latin-1")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("gazette.example:443", ("gazette.example", 443)),
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:443", ("::1", 443)),
        ("[::ffff:127.0.0.1]:80", ("::ffff:127.0.0.1", 80)),
    ],
)
def test_a_tunnel_names_a_host_and_a_port(target: str, expected: tuple[str, int]) -> None:
    assert asked(head(f"CONNECT {target} HTTP/1.1", "Host: other")) == Asked(*expected)


def test_plain_http_is_sent_on_as_a_server_is_asked_once() -> None:
    found = asked(
        head(
            "GET http://gazette.example/a?b=%20c HTTP/1.1", "Host: gazette.example", "Proxy-Connection: keep-alive",
            "Connection: keep-alive", "Upgrade: h2c", "Accept: */*", "Content-Length: 3",
        )
    )  # fmt: skip
    assert found == Asked(
        "gazette.example",
        80,
        b"GET /a?b=%20c HTTP/1.1\r\nHost: gazette.example\r\nAccept: */*\r\nContent-Length: 3\r\n"
        b"Connection: close\r\n\r\n",
        body=3,
    )


@pytest.mark.parametrize(
    "request_",
    [
        head("GET / HTTP/1.1"),
        head("get http://a.example/ HTTP/1.1"),
        head("GET http://a.example/ HTTP/2"),
        head("GET file:///etc/passwd HTTP/1.1"),
        head("GET https://a.example/ HTTP/1.1"),
        head("GET ftp://a.example/ HTTP/1.1"),
        head("GET http:///a HTTP/1.1"),
        head("GET http://[::1/ HTTP/1.1"),
        head("GET http://a.example:99999/ HTTP/1.1"),
        head("CONNECT a.example HTTP/1.1"),
        head("CONNECT a.example:http HTTP/1.1"),
        head("CONNECT user@a.example:443 HTTP/1.1"),
        head("GET http://a.example/ HTTP/1.1", "no colon"),
        head("GET http://a.example/ HTTP/1.1", " folded: x"),
        head("GET http://a.example/ HTTP/1.1", "a : x"),
        head("POST http://a.example/ HTTP/1.1", "Transfer-Encoding: chunked"),
        head("POST http://a.example/ HTTP/1.1", "Content-Length: x"),
        head("POST http://a.example/ HTTP/1.1", f"Content-Length: {core.MAX_BODY + 1}"),
        head("POST http://a.example/ HTTP/1.1", "Content-Length: 99999999999999999999"),
        b"\r\n\r\n",
    ],
)
def test_anything_else_is_refused(request_: bytes) -> None:
    with pytest.raises(RefusedError):
        asked(request_)


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_read_or_refused(text: bytes) -> None:
    for request_ in (text + b"\r\n\r\n", b"GET http://a.example/ HTTP/1.1\r\n" + text + b"\r\n\r\n"):
        try:
            found = asked(request_)
        except RefusedError:
            continue
        assert found.host
        assert found.head is None or found.head.count(b"\r\n\r\n") == 1
        assert found.body <= core.MAX_BODY


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_the_line_that_is_sent_on_is_of_the_host_that_is_dialled(path: str) -> None:
    target = f"http://a.example/{path}"
    try:
        found = asked(head(f"GET {target} HTTP/1.1", "Host: a.example"))
    except RefusedError:
        return
    line = (found.head or b"").split(b"\r\n")[0].decode()
    assert line.startswith("GET /")
    assert line.count(" ") == 2
    assert found.host == URL(target).host == "a.example"


def test_a_page_is_html_or_says_nothing() -> None:
    assert [is_page(each) for each in ("text/html; charset=x", "TEXT/HTML", "", "application/xhtml+xml")] == [True] * 4
    assert [is_page(each) for each in ("application/pdf", "text/plain", "image/svg+xml", "text/htmlx")] == [False] * 4


def test_headers_are_kept_within_bounds_and_repeated_ones_are_a_list() -> None:
    found = passed_on({"X-Robots-Tag": "noindex\nnoarchive", "Long": "x" * 5_000, **{f"n{n}": "" for n in range(500)}})
    assert found["x-robots-tag"] == "noindex, noarchive"
    assert len(found["long"]) == 2_000
    assert len(found) == 200


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("https://a.example/final#part", "https://a.example/final"),
        ("https://b.example/", "https://a.example/first"),
        ("http://a.example/", "https://a.example/first"),
        ("about:blank", "https://a.example/first"),
        ("chrome-error://chromewebdata/", "https://a.example/first"),
        ("http://[", "https://a.example/first"),
        ("https://a.example/" + "x" * MAX_URL, "https://a.example/first"),
    ],
)
def test_the_address_is_what_scripts_made_of_it_on_the_same_site(shown: str, expected: str) -> None:
    assert shown_at(shown, "https://a.example/first") == expected


def test_endpoints_are_as_the_proxy_counts_them() -> None:
    assert endpoint("https://a.example/x") == ("a.example", 443)
    assert endpoint("http://[::1]:81/") == ("::1", 81)
    assert endpoint("data:text/html,x") == ("", 0)
    assert endpoint("http://[") == ("", 0)


def test_the_browsers_word_is_what_is_said() -> None:
    assert said("Page.goto: net::ERR_CONNECTION_REFUSED at https://a.example/?token=1\nCall log") == (
        "ERR_CONNECTION_REFUSED"
    )
    assert said("Target crashed\nmore") == "Target crashed"
    assert said("") == ""
