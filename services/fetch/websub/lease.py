"""Which hub a feed names, and what is to be done for a subscription: https://www.w3.org/TR/websub/. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from shared.contracts import Confirmation, Pushing, Subscription
from shared.url import web_url

ASKED_FOR: Final = timedelta(days=10)
"""The lease that hubs are asked for; they may give another."""
RENEWED_AT: Final = 0.75
"""Share of a lease after which it is renewed."""
FIRST_AGAIN, LONGEST_AGAIN = timedelta(minutes=10), timedelta(days=1)
"""Until a hub that did not confirm, or refused, is asked again."""
_LINK: Final = re.compile(r"<([^<>]{1,4096})>([^<]{0,2000})")
_REL: Final = re.compile(r"\brel\s{0,9}=\s{0,9}(?:\"([^\"]{0,200})\"|([^\s;,\"]{1,200}))", re.IGNORECASE)


class Offer(NamedTuple):
    """A hub, and what the feed is called there."""

    hub: str
    topic: str


def offer_of(hub: str | None, self_url: str | None, headers: Mapping[str, str], url: str) -> Offer | None:
    """What a feed offers, by its own links and those of its answer's headers, which count first.

    A hub that is reached without TLS is not taken where the feed itself is safer.
    """
    linked = _linked(headers.get("Link", ""), url)
    found, topic = linked.get("hub") or hub, linked.get("self") or self_url or url
    if found is None or (urlsplit(topic).scheme, urlsplit(found).scheme) == ("https", "http"):
        return None
    return Offer(found, topic)


def _linked(header: str, base: str) -> dict[str, str]:
    """The first address of each relation (RFC 8288)."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header[:8_000]):
        relation = _REL.search(parameters)
        address = web_url(target, base)
        if relation and address:
            for name in (relation[1] or relation[2] or "").lower().split():
                found.setdefault(name, address)
    return found


def noted(known: Pushing | None, offer: Offer | None, identity: str, now: datetime) -> Pushing | None:
    """The subscription after a look at the feed: as before, another one that is due at once, or none.

    `identity`: of a new callback.
    """
    if offer is None or (known and (known.hub, known.topic) == offer):
        return known if offer else None
    return Pushing(id=identity, hub=offer.hub, topic=offer.topic, next_due=now)


class Step(NamedTuple):
    """A subscription as it is now known, and whether its hub is to be asked (again)."""

    push: Pushing
    ask: bool


def step(push: Pushing, told: Confirmation | None, now: datetime) -> Step:
    """What is to be done for a subscription. `told`: the hub's last word to the intake."""
    if push.asked_at is None:
        return Step(push, ask=True)
    if told is None or told.asked_at != push.asked_at:
        return _unanswered(push, push.asked_at, now)
    if told.state == "denied" or told.lease_until is None:
        denied = push.model_copy(
            update={"works": False, "lease_until": None, "problem": f"denied: {told.reason}"[:500],
                    "next_due": told.at + LONGEST_AGAIN}
        )  # fmt: skip
        return Step(denied, ask=now >= denied.next_due)
    renew = told.at + RENEWED_AT * (told.lease_until - told.at)
    kept = push.model_copy(
        update={"lease_until": told.lease_until, "next_due": renew, "failures": 0, "problem": None}
    )  # fmt: skip
    return Step(kept, ask=now >= renew)


def _unanswered(push: Pushing, asked_at: datetime, now: datetime) -> Step:
    again = asked_at + again_after(push.failures)
    if now < again:
        return Step(push.model_copy(update={"next_due": again}), ask=False)
    late = {"failures": push.failures + 1, "problem": push.problem or "the hub did not confirm"}
    return Step(push.model_copy(update=late), ask=True)


def again_after(failures: int) -> timedelta:
    """How long a hub is waited for, after so many times in a row without success."""
    return min(FIRST_AGAIN * (1 << min(failures, 12)), LONGEST_AGAIN)


def asked(push: Pushing, now: datetime, problem: str | None) -> Pushing:
    """The subscription when its hub was asked just now. `problem`: why it did not take that."""
    after = push.model_copy(update={"asked_at": now, "next_due": now + again_after(push.failures)})
    return after.model_copy(update={"problem": problem}) if problem else after


def reset(push: Pushing, now: datetime) -> Pushing:
    """The subscription when it was ended: due at once, should its feed be wanted again."""
    return Pushing(id=push.id, hub=push.hub, topic=push.topic, next_due=now)


def ending(subscription: Subscription, callback: str) -> dict[str, str]:
    """What a hub is asked with to end a subscription."""
    return {"hub.mode": "unsubscribe", "hub.topic": subscription.topic, "hub.callback": callback}


def form_of(push: Pushing, callback: str, secret: str) -> dict[str, str]:
    """What a hub is asked with."""
    return {
        "hub.mode": "subscribe",
        "hub.topic": push.topic,
        "hub.callback": callback,
        "hub.secret": secret,
        "hub.lease_seconds": str(int(ASKED_FOR.total_seconds())),
    }
