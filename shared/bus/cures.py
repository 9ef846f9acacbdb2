# ruff: noqa: SLF001 - the faults are inside the library, and so are their cures
# pyright: reportPrivateUsage=false
r"""Faults of nats-py 2.16 that a publisher could use against us, cured once for every process.

A subject is bytes to the server, and UTF-8 to the client: a publisher's `news.raw.\\xff` ended the read loop of whoever
was given the message, over and over. Here such bytes are shown escaped, so that the message is handled like any other.
"""

from typing import Any

from nats.aio.client import Client
from nats.js.client import JetStreamContext

from shared.bus import pull

_build_message: Any = Client._build_message


def _build_escaped(self: Client, sid: int, subject: bytes, reply: bytes, data: bytes, headers: Any) -> Any:
    shown = bytes(subject).decode("utf-8", "backslashreplace").encode()
    return _build_message(self, sid, shown, reply, data, headers)


def install() -> None:
    """Cure the client in this process; doing it again changes nothing."""
    Client._build_message = _build_escaped  # type: ignore[method-assign]
    JetStreamContext.PullSubscription.fetch = pull.fetch  # type: ignore[method-assign]
