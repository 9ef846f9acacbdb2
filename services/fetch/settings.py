"""The settings of fetch."""

from importlib.metadata import version
from typing import Annotated, Final

from pydantic import BeforeValidator, StringConstraints
from pydantic_settings import NoDecode

from services.fetch.guard import Endpoint, unwrap
from shared.settings import Settings

MAX_PORT: Final = 65_535


def endpoints(text: object) -> object:
    """Read `127.0.0.1:8080,[::1]:8080`.

    Raises:
        ValueError: a part is not a literal IP address with a port.
    """
    if not isinstance(text, str):
        return text
    return frozenset(_endpoint(part.strip()) for part in text.split(",") if part.strip())


def _endpoint(text: str) -> Endpoint:
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= MAX_PORT):
        raise ValueError(f"{text[:60]!r} does not end in a port; write 10.0.0.5:8080 or [fd00::5]:8080")
    return str(unwrap(host.removeprefix("[").removesuffix("]"))), int(port)


class FetchSettings(Settings):
    """Who we say we are, and what may be reached besides the public internet."""

    fetch_contact: Annotated[str, StringConstraints(pattern=r"^[!-'*-~]{0,200}$")] = ""
    """A URL or mail address in the User-Agent, for webmasters who want to talk to us."""
    fetch_allow: Annotated[frozenset[Endpoint], NoDecode, BeforeValidator(endpoints)] = frozenset()
    """Endpoints that are not public and may be reached all the same: sources in an intranet, servers of tests."""

    @property
    def user_agent(self) -> str:
        """`Newswire/0.1.0 (+https://news.example/bot)`."""
        contact = f" (+{self.fetch_contact})" if self.fetch_contact else ""
        return f"Newswire/{version('newswire')}{contact}"
