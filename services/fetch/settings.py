"""The settings of fetch."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final, get_args

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_settings import NoDecode

from shared.contracts import Reservation
from shared.settings import Allowed, Settings, WebsubUrl

AGENT: Final = "Newswire"
"""The name that robots.txt knows us by."""


def names(text: object) -> object:
    """Read `noindex,tdm`."""
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


class FetchSettings(Settings):
    """Who we say we are, and what may be reached besides the public internet."""

    fetch_contact: Annotated[str, StringConstraints(pattern=r"^[!-'*-~]{0,200}$")] = ""
    """A URL or mail address in the User-Agent, for webmasters who want to talk to us."""
    fetch_allow: Allowed = frozenset()
    fetch_host_interval: Annotated[float, Field(ge=0, le=60)] = 1.0
    """Seconds between two requests to one web server, of all replicas together; robots.txt may ask for more."""
    fetch_honour: Annotated[frozenset[Reservation], NoDecode, BeforeValidator(names)] = frozenset(get_args(Reservation))
    """Reservations of publishers that are respected. `noindex` and `tdm` keep an article out; no page that says any of
    them is archived.
    """

    websub_url: WebsubUrl = ""
    fetch_archive: Annotated[Path | None, BeforeValidator(lambda given: given or None)] = None
    """The folder in which every answer is kept, as WARC 1.1; none: nothing is kept."""

    @property
    def user_agent(self) -> str:
        """`Newswire/0.1.0 (+https://news.example/bot)`."""
        contact = f" (+{self.fetch_contact})" if self.fetch_contact else ""
        return f"{AGENT}/{version('newswire')}{contact}"
