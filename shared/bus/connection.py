# Parts of the signatures of nats-py have no types.
# pyright: reportUnknownMemberType=false
"""How everybody connects to NATS: for ever, with short pings, and never as a zombie."""

import time
from typing import Any, Final

import nats
import nats.errors
from nats.aio.client import Client

from shared import telemetry
from shared.bus import cures
from shared.bus.health import Health, die
from shared.errors import DependencyDown
from shared.settings import EXIT_CONFIG, Settings

_TWICE: Final = {"max_reconnect_attempts": 1, "reconnect_time_wait": 0.1}
"""A first connection is tried like a reconnection: without a bound for two minutes, and for ever with a bound of 0."""
ERROR_LOG_EVERY = 10.0
"""Seconds between two log lines of the same connection trouble."""


def options(settings: Settings, name: str) -> dict[str, Any]:
    """Connection options shared by services and commands. Every user has an inbox of its own: permissions need it."""
    cures.install()
    chosen: dict[str, Any] = {"name": f"newswire-{name}", "ping_interval": 20, "max_outstanding_pings": 2}
    if settings.nats_nkey_file:
        chosen["nkeys_seed"] = str(settings.nats_nkey_file)
    return chosen


def inbox(name: str) -> str:
    """The inbox prefix of this user."""
    return f"_INBOX_{name}"


def refusal(settings: Settings, error: object) -> str | None:
    """What to do when the server knows nobody by this key, in a sentence; None when the error is another."""
    if "authorization violation" not in str(error).lower():
        return None
    if not settings.nats_nkey_file:
        return f"NATS at {settings.nats_url} lets nobody in without a key; NEWSWIRE_NATS_NKEY_FILE names its file"
    return (
        f"NATS at {settings.nats_url} does not know the key in {settings.nats_nkey_file}: its users were written with "
        "other keys, or it has not read them since; `docker compose up --wait`, then `docker compose restart nats`"
    )


def lasting(health: Health, settings: Settings, name: str) -> dict[str, Any]:
    """Options of a service: reconnect for ever, tell of trouble, and leave when the client gives up all the same.

    Whoever is refused leaves at once. nats-py closes for good on some protocol errors whatever it was told, and
    FastStream's pull loop then starves the event loop: only leaving helps.
    """
    last_logged = 0.0

    async def closed() -> None:
        if not health.stopping:
            die("the connection to NATS was closed for good; leaving, to be started anew")

    async def failed(error: Exception) -> None:
        nonlocal last_logged
        if why := refusal(settings, error):
            die(why, EXIT_CONFIG)
        if time.monotonic() - last_logged > ERROR_LOG_EVERY:
            last_logged = time.monotonic()
            telemetry.warn("connection.error", service=name, error=f"{type(error).__name__}: {error}"[:300])

    async def lost() -> None:
        health.ready, health.reason = False, "NATS is away"
        if not health.stopping:
            telemetry.warn("connection.lost", service=name)

    async def back() -> None:
        telemetry.log("connection.back", service=name)

    return {
        "max_reconnect_attempts": -1,
        "closed_cb": closed,
        "error_cb": failed,
        "disconnected_cb": lost,
        "reconnected_cb": back,
    }


async def connect(settings: Settings, name: str, **more: Any) -> Client:
    """Connect once, for a command; it fails at once when there is no server.

    Raises:
        ConnectionError: there is none; with a sentence for the user.
        DependencyDown: it knows nobody by this key.
    """
    met: list[Exception] = []

    async def keep(error: Exception) -> None:
        del met[:-1]
        met.append(error)

    once = {"error_cb": keep, "allow_reconnect": False, "connect_timeout": 3, **_TWICE}
    try:
        return await nats.connect(
            settings.nats_url, inbox_prefix=inbox(name).encode(), **(options(settings, name) | once | more)
        )
    except (OSError, nats.errors.Error, TimeoutError, ValueError) as error:
        why = str(met[-1] if met else error) or type(error).__name__
        if refused := refusal(settings, why):
            raise DependencyDown("dependency_down", refused) from error
        raise ConnectionError(f"no NATS server answers at {settings.nats_url} ({why})") from error
