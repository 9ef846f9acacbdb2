"""Where the guarded client can be led: no form of address, name, redirect or proxy takes it to a server that is
not public. The victim is a listening server on loopback; what counts is that nothing ever reaches it.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.fetch.http import Client
from shared.errors import Outcome, Poison
from shared.guard import MAX_REDIRECTS
from tests.fakes.hostile_http import HostileServer, answer, hostile_server, moved

AGENT = "Newswire/test (+https://news.example/bot)"


@pytest.fixture
async def site() -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        yield server


@pytest.fixture
async def victim() -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        yield server


@pytest.fixture
async def client(site: HostileServer, victim: HostileServer) -> AsyncIterator[Client]:
    """May reach the site. The victim's port may stand in a URL, so that only the address rule protects it."""
    allowed = frozenset({("127.0.0.1", site.port), ("203.0.113.1", victim.port)})
    async with Client(AGENT, lambda: datetime.now(UTC), allowed) as opened:
        yield opened


Names = Callable[..., None]


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Sets what a name resolves to: each argument is one answer, the last one stays."""
    loop = asyncio.get_running_loop()

    def resolve_to(*answers: list[str]) -> None:
        queue = list(answers)

        async def getaddrinfo(_host: str, port: int, **_: Any) -> list[Any]:
            found = queue.pop(0) if len(queue) > 1 else queue[0]
            families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in found]
            return [
                (family, socket.SOCK_STREAM, 6, "", (each, port) if family == socket.AF_INET else (each, port, 0, 0))
                for family, each in zip(families, found, strict=True)
            ]

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)

    return resolve_to


async def refused(client: Client, url: str) -> Outcome:
    """How the fetch of `url` ended, which took no time worth mentioning."""
    async with asyncio.timeout(3):
        with pytest.raises(Outcome) as caught:
            await client.get(url)
    return caught.value


async def test_an_allowed_server_is_reached(client: Client, site: HostileServer) -> None:
    site.pages["/"] = answer(b"<p>Text", etag='"1"', server="x", x_robots_tag="noai")

    page = await client.get(f"{site.url}/#part")

    assert (page.url, page.status, page.body, page.redirects) == (f"{site.url}/", 200, b"<p>Text", 0)
    assert page.headers == {"Content-Type": "text/html", "ETag": '"1"', "X-Robots-Tag": "noai"}
    assert f"User-Agent: {AGENT}\r\n" in site.requests[0]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
        "\uff11\uff12\uff17.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0", "localhost", "localhost.",
        "LOCALHOST", "[::]", "[::1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    ],
)  # fmt: skip
async def test_no_form_of_loopback_is_reached(host: str, client: Client, victim: HostileServer) -> None:
    outcome = await refused(client, f"http://{host}:{victim.port}/")

    assert outcome.reason in {"blocked_address", "invalid_url", "connection_failed"}, outcome
    assert victim.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254",
        "0xa9fea9fe", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[fd00:ec2::254]", "100.100.100.200",
        "168.63.129.16", "192.0.0.192", "10.0.0.1", "172.16.0.1", "192.168.0.1", "[fe80::1]", "[fc00::1]", "224.0.0.1",
        "255.255.255.255", "[ff02::1]",
    ],
)  # fmt: skip
async def test_private_and_metadata_addresses_are_blocked_by_name(host: str, client: Client) -> None:
    outcome = await refused(client, f"http://{host}/latest/meta-data/?token=s3cret")

    assert isinstance(outcome, Poison)
    assert outcome.reason == "blocked_address"
    assert "is not a public web server" in outcome.detail
    assert "s3cret" not in outcome.detail


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["::1"], ["10.0.0.1", "169.254.169.254"], ["::ffff:10.0.0.1", "::1", "127.0.0.1"]]
)
async def test_a_name_for_private_addresses_is_blocked(
    addresses: list[str], client: Client, victim: HostileServer, names: Names
) -> None:
    names(addresses)

    outcome = await refused(client, f"http://news.example:{victim.port}/")

    assert outcome.reason == "blocked_address"
    assert victim.connections == 0


async def test_the_names_next_address_is_tried(client: Client, site: HostileServer, names: Names) -> None:
    site.pages["/"] = answer(b"<p>Text")
    names(["10.0.0.1", "127.0.0.1"])

    assert (await client.get(f"http://news.example:{site.port}/")).body == b"<p>Text"


async def test_a_name_that_changes_its_mind_is_checked_again(client: Client, site: HostileServer, names: Names) -> None:
    site.pages["/"] = answer(b"<p>Text", connection="close")
    names(["127.0.0.1"], ["169.254.169.254"])

    await client.get(f"http://news.example:{site.port}/")
    connector: Any = client._session.connector
    connector.clear_dns_cache()
    outcome = await refused(client, f"http://news.example:{site.port}/")

    assert outcome.reason == "blocked_address"
    assert "169.254.169.254" in outcome.detail
    assert site.connections == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:{port}/", "blocked_address"),
        ("//127.0.0.1:{port}/", "blocked_address"),
        ("//127.1:{port}/", "invalid_url"),
        ("http://169.254.169.254/latest/", "blocked_address"),
        ("http://127.0.0.1:22/", "invalid_url"),
        ("http://user@127.0.0.1:{port}/", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("gopher://127.0.0.1:{port}/_x", "invalid_url"),
        ("javascript:alert(1)", "invalid_url"),
        ("http:\\\\127.0.0.1:{port}\\", "invalid_url"),
        ("http://[::1", "invalid_url"),
    ],
)
async def test_no_redirect_leads_there(
    status: str, location: str, reason: str, client: Client, site: HostileServer, victim: HostileServer
) -> None:
    site.pages["/"] = moved(location.format(port=victim.port), status)

    outcome = await refused(client, f"{site.url}/")

    assert outcome.reason == reason
    assert victim.connections == 0


async def test_redirects_are_followed_so_far(client: Client, site: HostileServer) -> None:
    for hop in range(MAX_REDIRECTS):
        site.pages[f"/{hop}"] = moved(f"/{hop + 1}")
    site.pages[f"/{MAX_REDIRECTS}"] = answer(b"<p>Text")

    page = await client.get(f"{site.url}/0")

    assert (page.url, page.redirects) == (f"{site.url}/{MAX_REDIRECTS}", MAX_REDIRECTS)


async def test_redirects_for_ever_end(client: Client, site: HostileServer) -> None:
    site.pages["/"] = moved("/")

    outcome = await refused(client, f"{site.url}/")

    assert outcome.reason == "http_error"
    assert "more than 5 redirects" in outcome.detail
    assert len(site.requests) == MAX_REDIRECTS + 1


async def test_nothing_is_carried_from_one_server_to_another(
    site: HostileServer, victim: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login operator password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    site.pages["/"] = moved(f"{victim.url}/", set_cookie="session=1; Domain=127.0.0.1; Path=/")
    victim.pages["/"] = answer(b"<p>Text")
    allowed = frozenset({("127.0.0.1", site.port), ("127.0.0.1", victim.port)})

    async with Client(AGENT, lambda: datetime.now(UTC), allowed) as client:
        await client.get(f"{site.url}/")
        await client.get(f"{site.url}/")

    for head in site.requests + victim.requests:
        sent = {line.partition(":")[0].lower() for line in head.split("\r\n")[1:] if line}
        assert sent == {"host", "user-agent", "accept", "accept-encoding"}
    assert len(victim.requests) == 2


async def test_proxies_of_the_environment_are_ignored(
    client: Client, site: HostileServer, victim: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, victim.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    site.pages["/"] = answer(b"<p>Text")

    assert (await client.get(f"{site.url}/")).body == b"<p>Text"
    assert victim.connections == 0
