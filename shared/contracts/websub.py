"""What fetch and intake tell each other of WebSub subscriptions: https://www.w3.org/TR/websub/."""

from typing import Annotated, Literal

from pydantic import Base64Bytes, Field, StringConstraints

from shared.contracts.base import Contract, Line, Token, Url, Utc

CallbackId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""The last part of a callback's address, which nobody can guess."""


class Subscription(Contract):
    """`websub.asked.<id>`: what fetch asked a hub for. `feed`: the source's own address of what `topic` is."""

    id: CallbackId
    source: Token
    feed: Url
    hub: Url
    topic: Url
    secret: Line
    asked_at: Utc
    leaving: Annotated[int, Field(ge=0)] = 0
    """How often the hub was asked to end it; 0: it is wanted."""


class Confirmation(Contract):
    """`websub.confirmed.<id>`: what the hub told intake. `asked_at`: of the question that it answers.

    `unsubscribed`: it was ended as it was asked for.
    """

    state: Literal["subscribed", "denied", "unsubscribed"]
    at: Utc
    asked_at: Utc
    lease_until: Utc | None = None
    reason: Line = ""


class Push(Contract):
    """`pushes.<source>.<id>-<n>`: what a hub sent, signed with the subscription's secret; compressed with zstd."""

    feed: Url
    content_type: Line = ""
    received_at: Utc
    body: Base64Bytes
