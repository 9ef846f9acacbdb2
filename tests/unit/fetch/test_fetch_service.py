"""The handler and the settings of fetch."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from services.fetch.core import Fetched
from services.fetch.http import Client
from services.fetch.service import Fetch, service
from services.fetch.settings import FetchSettings
from shared.bus import Inbound
from shared.contracts import Origin
from shared.errors import DependencyDown, Poison

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class OnePage(Client):
    """Has one page, wherever it is looked for."""

    async def get(self, url: str) -> Fetched:
        return Fetched(url, 200, {"Content-Type": "text/html"}, b"<p>Text", NOW)


def fetch() -> Fetch:
    made = Fetch(FetchSettings())
    made.client = OnePage("test", lambda: NOW)
    return made


def job(body: bytes) -> Inbound:
    return Inbound("jobs.fetch.a", "a", body, {}, Origin(1, 1), NOW, 1, "0" * 32)


async def test_a_job_becomes_the_page_it_names() -> None:
    ((out,),) = await fetch().handle([job(b'{"url": "https://news.example/a"}')])

    assert out.payload == b"<p>Text"
    assert out.headers["Newswire-Url"] == "https://news.example/a"
    assert out.subject is None


@pytest.mark.parametrize("body", [b"", b"{}", b"https://news.example/a", b'{"url": 1}', b"\xff"])
async def test_a_broken_job_is_poison(body: bytes) -> None:
    with pytest.raises(Poison, match="invalid_message: FetchJob"):
        await fetch().handle([job(body)])


async def test_a_source_waits_for_nats() -> None:
    with pytest.raises(DependencyDown):
        await fetch().handle([job(b'{"url": "https://news.example/a", "poll": true}')])


def test_the_service_opens_its_client() -> None:
    made = service(FetchSettings())

    assert made.stage == "fetch"
    assert isinstance(made.resources, Client)


@pytest.mark.parametrize(
    ("environment", "agent"),
    [
        ({}, "Newswire/0.1.0"),
        (
            {"NEWSWIRE_FETCH_CONTACT": "https://news.example/bot"},
            "Newswire/0.1.0 (+https://news.example/bot)",
        ),
    ],
)
def test_the_user_agent_says_who_asks(
    environment: Mapping[str, str], agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.fetch.settings.version", lambda _: "0.1.0")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert FetchSettings.load().user_agent == agent


@pytest.mark.parametrize(
    ("value", "endpoints"),
    [
        ("", set()),
        ("127.0.0.1:8080", {("127.0.0.1", 8080)}),
        (" 127.0.0.1:8080 , [::1]:90,", {("127.0.0.1", 8080), ("::1", 90)}),
        ("[::ffff:10.0.0.1]:80", {("10.0.0.1", 80)}),
    ],
)
def test_allowed_endpoints_are_addresses_with_ports(
    value: str, endpoints: set[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_FETCH_ALLOW", value)

    assert FetchSettings.load().fetch_allow == endpoints


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSWIRE_FETCH_ALLOW", "127.0.0.1"),
        ("NEWSWIRE_FETCH_ALLOW", "127.0.0.1:0"),
        ("NEWSWIRE_FETCH_ALLOW", "127.0.0.1:70000"),
        ("NEWSWIRE_FETCH_ALLOW", "localhost:8080"),
        ("NEWSWIRE_FETCH_ALLOW", "10.0.0.0/8:80"),
        ("NEWSWIRE_FETCH_ALLOW", "*"),
        ("NEWSWIRE_FETCH_CONTACT", "a\r\nX: y"),
        ("NEWSWIRE_FETCH_CONTACT", "a) Mozilla (b"),
        ("NEWSWIRE_FETCH_CONTACT", "x" * 201),
    ],
)
def test_a_wrong_setting_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match="78"):
        FetchSettings.load()

    assert capsys.readouterr().err.startswith(f"newswire: {name}: ")


def test_an_endpoint_is_not_read_from_anything_but_text() -> None:
    assert FetchSettings(fetch_allow=frozenset({("127.0.0.1", 1)})).fetch_allow == {("127.0.0.1", 1)}
