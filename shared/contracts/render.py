"""A page as a browser shows it: what fetch asks of render, and what render answers."""

from typing import Annotated, Final, Literal

from pydantic import Field

from shared.contracts.base import Contract, Line, Url

RenderProblem = Literal[
    "invalid_url",  # no address of the web
    "blocked_address",  # the page's own address is not public; what else a page asks for is refused and counted
    "connection_failed",  # no server, no certificate that is trusted, no answer that can be read
    "unsupported_type",  # no page: a picture, a PDF, a download
    "too_large",  # more bytes on the wire, or more markup in the end, than a page may have
    "resource_limit",  # more memory than a page may take, or the browser's process for it died
    "timeout",  # not loaded in time: a page that never ends, a script that runs for ever
    "busy",  # other pages are before it
]
"""Why there is no page."""
NO_RENDERER: Final = "no_renderer"
"""fetch's trouble with pages that are to be rendered, where nobody answers who does."""


class RenderJob(Contract):
    """`render.page`: load this page in a browser and run its scripts."""

    url: Url
    user_agent: Line


class Rendered(Contract):
    """The answer to a RenderJob: a page, or the problem with it.

    `url`, `status` and `headers` (names in lower case) are of the main document, after all redirects; `html` is the
    document when it had become quiet. `browser`: name and version of what rendered it.
    """

    browser: Line
    problem: RenderProblem | None = None
    detail: Line = ""
    url: Url = ""
    status: int = 0
    redirects: int = 0
    headers: Annotated[dict[Line, str], Field(max_length=200)] = Field(default_factory=dict)
    html: str = ""
    requests: int = 0
    """What the page asked servers for, itself included."""
    refused: int = 0
    """How much of that was refused by the guard."""
    received: int = 0
    """Bytes on the wire."""
