"""What hubs send, judged: https://www.w3.org/TR/websub/, sections 5.3 and 7. Pure."""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from services.intake.problems import Problem
from shared.contracts import Confirmation, Subscription

METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=90)
USUAL: Final = timedelta(days=1)
"""A lease whose length the hub does not say."""
MOST_CHALLENGE: Final = 2_000
"""Characters."""
_SIGNATURE: Final = re.compile(r"(sha[0-9]{1,3})=([0-9a-fA-F]{40,128})")


def is_signed(secret: str, body: bytes, header: str) -> bool:
    """Whether `X-Hub-Signature` (method=hexadecimal HMAC) is that of `body`; told in constant time."""
    found = _SIGNATURE.fullmatch(header.strip())
    if found is None or found[1] not in METHODS:
        return False
    wanted = hmac.new(secret.encode(), body, found[1]).hexdigest()
    return hmac.compare_digest(wanted, found[2].lower())


def confirmed(asked: Subscription, query: Mapping[str, str], now: datetime) -> tuple[Confirmation, str]:
    """What a hub's question means, and what to answer it with.

    Raises:
        Problem: `not_found`: we did not ask for that, so that it is not confirmed; `bad_request`.
    """
    mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
    if topic != asked.topic or mode not in ({"unsubscribe"} if asked.leaving else {"subscribe", "denied"}):
        raise Problem("not_found", "this was not asked for")
    if mode == "denied":
        return Confirmation(
            state="denied", at=now, asked_at=asked.asked_at, reason=query.get("hub.reason", "")[:500]
        ), ""
    challenge = query.get("hub.challenge", "")
    if not 0 < len(challenge) <= MOST_CHALLENGE:
        raise Problem("bad_request", f"hub.challenge has between 1 and {MOST_CHALLENGE:,} characters")
    if mode == "unsubscribe":
        return Confirmation(state="unsubscribed", at=now, asked_at=asked.asked_at), challenge
    lease_until = now + _lease(query)
    return Confirmation(state="subscribed", at=now, asked_at=asked.asked_at, lease_until=lease_until), challenge


def _lease(query: Mapping[str, str]) -> timedelta:
    stated = query.get("hub.lease_seconds", "")
    if not (stated.isascii() and stated.isdigit()):
        return USUAL
    return min(max(timedelta(seconds=int(stated[:9])), SHORTEST), LONGEST)
