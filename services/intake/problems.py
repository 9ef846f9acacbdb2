"""What can be wrong with a request, as RFC 9457 writes it. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

MEDIA_TYPE: Final = "application/problem+json"
Name = Literal[
    "bad_request", "busy", "empty_body", "gone", "internal", "invalid_envelope", "invalid_json", "invalid_lines",
    "invalid_url", "method_not_allowed", "not_found", "other_source", "rate_limited", "stream_full", "token_missing",
    "token_unknown", "too_large", "too_many_lines", "too_slow", "unavailable", "undecodable_text",
    "unsupported_encoding", "unsupported_type",
]  # fmt: skip


class Kind(NamedTuple):
    """The status and the title of a problem; the title is always the same."""

    status: int
    title: str


KINDS: Final[Mapping[Name, Kind]] = {
    "bad_request": Kind(400, "The request is not readable"),
    "empty_body": Kind(400, "There is no article in the request"),
    "invalid_json": Kind(400, "The body is no JSON"),
    "undecodable_text": Kind(400, "The body is not what its Content-Encoding says"),
    "token_missing": Kind(401, "A token is needed"),
    "token_unknown": Kind(401, "The token is not known"),
    "other_source": Kind(403, "The token is for another source"),
    "not_found": Kind(404, "There is nothing here"),
    "method_not_allowed": Kind(405, "This method is not allowed here"),
    "too_slow": Kind(408, "The body did not come in time"),
    "gone": Kind(410, "There is no such subscription any more"),
    "too_large": Kind(413, "The body is too large"),
    "too_many_lines": Kind(413, "There are too many lines"),
    "unsupported_type": Kind(415, "Nothing here reads this content type"),
    "unsupported_encoding": Kind(415, "Nothing here reads this content encoding"),
    "invalid_envelope": Kind(422, "The envelope breaks its contract"),
    "invalid_lines": Kind(422, "Some lines break their contract; nothing was accepted"),
    "invalid_url": Kind(422, "The address is not one of the web"),
    "rate_limited": Kind(429, "This source sends more than it may"),
    "internal": Kind(500, "A fault of ours"),
    "busy": Kind(503, "Too many requests at once"),
    "stream_full": Kind(503, "The pipeline is behind and takes no more for now"),
    "unavailable": Kind(503, "The pipeline cannot be reached"),
}
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Problem(Exception):
    """A request that is refused. `detail` is about this one; `wait`: seconds after which it may be tried again.

    `more`: further members of the document. `headers`: of the answer.
    """

    def __init__(
        self,
        name: Name,
        detail: str,
        *,
        wait: float | None = None,
        more: Mapping[str, Any] = _NOTHING,
        headers: Mapping[str, str] = _NOTHING,
    ) -> None:
        super().__init__(f"{name}: {detail}")
        self.name: Name = name
        self.detail, self.more = detail, more
        self.headers = dict(headers)
        if wait is not None:
            self.headers["Retry-After"] = str(max(1, -int(-wait // 1)))

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.name].status

    @property
    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        kind = KINDS[self.name]
        about = {"type": f"urn:newswire:problem:{self.name}", "title": kind.title, "status": kind.status}
        return {**about, "detail": self.detail[:1_000], **self.more}
