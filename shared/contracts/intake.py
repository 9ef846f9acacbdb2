"""Who may publish over HTTP, as the bucket `tokens` has it under the source's name."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.base import Contract, Line, Token, Utc

MB = 1024 * 1024
MOST_TOKENS = 20
"""Of one source: an old one, a new one, and some for programs that are told apart."""


class AccessToken(Contract):
    """A token as it is kept. It is random and long, so that its bare hash tells nothing. `id`: the hash's beginning."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    created_at: Utc
    note: Line = ""


class Access(Contract):
    """`tokens.<source>`: what opens a source, and how much may come in; the limits are each replica's of intake."""

    source: Token
    tokens: Annotated[tuple[AccessToken, ...], Field(max_length=MOST_TOKENS)] = ()
    messages_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 600
    bytes_per_minute: Annotated[int, Field(ge=1_000)] = 64 * MB
    max_bytes: Annotated[int, Field(ge=1_000, le=4 * MB)] = 4 * MB
    """Of one request's body, decoded."""
