"""`newswire parse URL`: the page comes through the guarded client of fetch, as a process of that stage."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner, Result

from services.ctl.__main__ import cli

PADDING = "x" * 40_000
"""So much that the page travels compressed."""
PAGE = (
    "<html><head><title>Ferries resume</title></head><body><article><h1>Ferries resume</h1>"
    "<p>The ferries between the islands sail again since Monday morning, their owner said, after a winter of work.</p>"
    "<p>Tickets cost as much as before, and the first boat leaves at six from the old harbour below the market.</p>"
    f"<!-- {PADDING} -->"
)


class Site(BaseHTTPRequestHandler):
    """Has one page, and nothing else."""

    def do_GET(self) -> None:
        there = self.path == "/ferries"
        self.send_response(200 if there else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode() if there else b"no")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    """Its address, host and port."""
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


Run = Callable[..., tuple[Result, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """The command; what its processes write is caught as well."""

    def run(*arguments: str, **environment: str) -> tuple[Result, str, str]:
        ended = CliRunner().invoke(cli, ["parse", *arguments], env=environment)
        return ended, *capfd.readouterr()

    return run


def test_a_page_is_fetched_and_parsed(site: str, run: Run) -> None:
    ended, out, err = run(f"http://{site}/ferries", NEWSWIRE_FETCH_ALLOW=site)

    article = json.loads(out)
    assert (ended.exit_code, err) == (0, "")
    assert article["headline"] == "Ferries resume"
    assert article["canonical_url"] == f"http://{site}/ferries"
    assert article["fetched_at"] is not None
    assert article["content_type"] == "text/html"


def test_it_is_explained_as_well(site: str, run: Run) -> None:
    ended, _, _ = run(f"http://{site}/ferries", "--explain", NEWSWIRE_FETCH_ALLOW=site)

    assert ended.exit_code == 0
    assert "paragraph  Tickets cost" in ended.stdout


@pytest.mark.parametrize(("port", "said"), [("80", "127.0.0.1 port 80 is not a public web server"), ("", "port")])
def test_an_address_that_is_not_public_is_refused_and_how_it_is_allowed_is_said(
    site: str, run: Run, port: str, said: str
) -> None:
    ended, out, err = run(f"http://{site.rpartition(':')[0] if port else site}/ferries")

    assert (ended.exit_code, out) == (1, "")
    assert said in err
    assert "NEWSWIRE_FETCH_ALLOW=<address>:<port>" in err
    assert err.count("\n") == 1


def test_what_the_server_refuses_is_one_sentence_without_advice(site: str, run: Run) -> None:
    ended, out, err = run(f"http://{site}/boats", NEWSWIRE_FETCH_ALLOW=site)

    assert (ended.exit_code, out) == (1, "")
    assert err == f"newswire: http error: http://{site}/boats: HTTP 404\n"
