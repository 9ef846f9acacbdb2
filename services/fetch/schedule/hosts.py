"""How a web server is shared: one replica talks to it at a time, at a distance between requests. Pure.

A server that asks to be left alone is left alone by the path that it refused, as long as it says. All of its paths
wait only when it refused two of them, and not for long: on a shared host one bad path must not hold up the others.
"""

from typing import Final

from pydantic import Field

from shared.contracts import Contract, Line

HOLD: Final = 90.0
"""Seconds for which a replica may keep a server; it says so again while it needs it."""
LONGEST_PAUSE: Final = 900.0
"""Seconds that all paths wait at most."""
PATHS: Final = 20
"""Paths that are remembered as refused."""


class Host(Contract):
    """`hosts.<name>`. Times in seconds of the epoch. `limits`: refused paths, and until when they are left alone."""

    holder: Line = ""
    until: float = 0.0
    free_at: float = 0.0
    limits: dict[str, float] = Field(default_factory=dict)


def claimed(host: Host, holder: str, now: float) -> Host | None:
    """The server held by `holder` from now on; None while another holds it."""
    if host.holder not in {"", holder} and host.until > now:
        return None
    limits = {path: until for path, until in host.limits.items() if until > now}
    return host.model_copy(update={"holder": holder, "until": now + HOLD, "limits": limits})


def released(host: Host, free_at: float) -> Host:
    """The server free for any replica, with its next request not before `free_at`."""
    return host.model_copy(update={"holder": "", "until": 0.0, "free_at": free_at})


def limited(host: Host, path: str, until: float) -> Host:
    """The server after it refused `path` until then."""
    limits = dict(sorted({**host.limits, path: until}.items(), key=lambda pair: pair[1])[-PATHS:])
    return host.model_copy(update={"limits": limits})


def paused_until(host: Host, path: str, now: float) -> float:
    """Until when `path` is left alone; 0 when it is not."""
    running = sorted((until for until in host.limits.values() if until > now), reverse=True)
    shared = min(running[1], now + LONGEST_PAUSE) if len(running) > 1 else 0.0
    own = host.limits.get(path, 0.0)
    return max(shared, own if own > now else 0.0)
