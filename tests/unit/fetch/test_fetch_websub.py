"""Hubs in a world that answers as told: which are named, when they are asked, and how far they are relied upon."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.hosts import Hosts
from services.fetch.poll import Poller
from services.fetch.schedule.due import interval, pushed, relied
from services.fetch.web import Web
from services.fetch.websub.hubs import Pushed
from services.fetch.websub.lease import Offer, again_after, asked, form_of, noted, offer_of, step
from services.fetch.websub.leaving import Leaving, to_ask, wanted
from services.fetch.websub.pushing import Pushes
from shared.contracts import Confirmation, Feed, FeedState, Push, Pushing, Rhythm, Source, Subscription
from tests.simulation.world import START
from tests.unit.fetch.scene import FEED, PROSE, Scene, html

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HUB = "https://hub.example/"
SELF = "https://news.example/feed"
ID = "0" * 32


def link(*parts: tuple[str, str]) -> Mapping[str, str]:
    return {"Link": ", ".join(f"<{url}>; {relation}" for url, relation in parts)}


@pytest.mark.parametrize(
    ("hub", "self_url", "headers", "expected"),
    [
        (None, None, {}, None),
        (HUB, None, {}, Offer(HUB, FEED)),
        (HUB, SELF, {}, Offer(HUB, SELF)),
        (None, None, link((HUB, 'rel="hub"'), (SELF, "rel=self")), Offer(HUB, SELF)),
        ("https://other.example/", FEED, link((HUB, "rel=hub"), (SELF, 'rel="self"')), Offer(HUB, SELF)),
        (None, None, link((HUB, 'title="a, b"; rel="preload HUB"')), Offer(HUB, FEED)),
        (None, None, link(("/hub", "rel=hub")), Offer("https://gazette.example/hub", FEED)),
        (None, None, link(("javascript:x", "rel=hub")), None),
        (None, None, link((HUB, "rel=hubbub")), None),
        ("http://hub.example/", None, {}, None),  # the feed comes by TLS
        ("http://hub.example/", "http://news.example/", {}, Offer("http://hub.example/", "http://news.example/")),
    ],
)
def test_a_hub_is_found_in_the_feed_or_its_headers(
    hub: str | None, self_url: str | None, headers: Mapping[str, str], expected: Offer | None
) -> None:
    assert offer_of(hub, self_url, headers, FEED) == expected


@given(st.text(alphabet='<>;,="rel hub', max_size=300))
def test_any_header_is_read(header: str) -> None:
    offer = offer_of(None, None, {"Link": header}, FEED)
    assert offer is None or offer.hub.startswith("http")


def pushing(**update: object) -> Pushing:
    known = Pushing(id=ID, hub=HUB, topic=SELF, next_due=NOW, asked_at=NOW)
    return known.model_copy(update=update)


def told(state: str = "subscribed", lease: timedelta = timedelta(days=4), **update: object) -> Confirmation:
    until = NOW + lease if state == "subscribed" else None
    return Confirmation.model_validate(
        {"state": state, "at": NOW, "asked_at": NOW, "lease_until": until, "reason": "no", **update}
    )


def test_an_offer_makes_a_subscription_once_and_another_one_another() -> None:
    first = noted(None, Offer(HUB, SELF), ID, NOW)
    assert first == Pushing(id=ID, hub=HUB, topic=SELF, next_due=NOW)
    assert noted(first, Offer(HUB, SELF), "1" * 32, NOW) is first
    other = noted(first, Offer(HUB, FEED), "1" * 32, NOW)
    assert other
    assert (other.id, other.topic) == ("1" * 32, FEED)
    assert noted(first, None, ID, NOW) is None


def test_a_hub_is_asked_waited_for_and_asked_again_later_and_later() -> None:
    assert step(pushing(asked_at=None), None, NOW).ask
    push = asked(pushing(asked_at=None), NOW, None)
    assert not step(push, None, NOW + timedelta(minutes=9)).ask
    waits: list[timedelta] = []
    at = NOW
    for _ in range(12):
        late, ask = step(push, None, push.next_due)
        assert ask
        assert late.problem == "the hub did not confirm"
        waits.append(push.next_due - at)
        at = push.next_due
        push = asked(late, at, None)
    assert waits[:4] == [timedelta(minutes=10 * each) for each in (1, 2, 4, 8)]
    assert waits[-1] == again_after(99) == timedelta(days=1)


def test_an_answer_to_an_earlier_question_is_none() -> None:
    assert step(pushing(), told(asked_at=NOW - timedelta(days=3)), NOW + timedelta(minutes=11)).ask


def test_a_lease_is_renewed_when_three_quarters_of_it_are_over() -> None:
    push, ask = step(pushing(failures=3, problem="late"), told(), NOW + timedelta(days=1))
    assert not ask
    assert (push.next_due, push.lease_until) == (NOW + timedelta(days=3), NOW + timedelta(days=4))
    assert (push.failures, push.problem) == (0, None)
    assert step(push, told(), push.next_due).ask


def test_a_denial_ends_what_was_relied_upon_and_is_asked_about_once_a_day() -> None:
    push, ask = step(pushing(works=True, lease_until=NOW), told("denied"), NOW)
    assert not ask
    assert (push.works, push.lease_until, push.problem) == (False, None, "denied: no")
    assert step(push, told("denied"), NOW + timedelta(days=1)).ask


def test_a_refusal_is_named() -> None:
    assert asked(pushing(), NOW, "HTTP 500").problem == "HTTP 500"
    form = form_of(pushing(), "https://me.example/cb", "s")
    assert (form["hub.mode"], form["hub.callback"], form["hub.lease_seconds"]) == (
        "subscribe", "https://me.example/cb", "864000",
    )  # fmt: skip


SOURCE = Source(id="gazette", feeds=(Feed(url=FEED),))


def feed_state(**update: object) -> FeedState:
    rhythm = Rhythm(at=NOW, arrivals=24.0, hours=24.0)  # one an hour
    known = FeedState(next_due=NOW, succeeded_at=NOW, rhythm=rhythm, push=pushing(works=True))
    return known.model_copy(update=update)


def wait(state: FeedState) -> float:
    return (relied(SOURCE, SOURCE.feeds[0], state, NOW).next_due - NOW).total_seconds()


def test_what_works_makes_looks_rare_but_none_after_the_lease() -> None:
    far, soon = NOW + timedelta(days=9), NOW + timedelta(minutes=7)
    usual = interval(SOURCE, feed_state().rhythm or Rhythm(at=NOW), 0, NOW)
    assert 10 <= wait(feed_state(push=pushing(works=True, lease_until=far))) / usual <= 11
    assert wait(feed_state(push=pushing(works=True, lease_until=soon))) == 7 * 60
    for push in (None, pushing(lease_until=far), pushing(works=True), pushing(works=True, lease_until=NOW)):
        assert wait(feed_state(push=push)) == 0


def test_pushes_do_not_put_off_the_look_that_finds_out_what_they_missed() -> None:
    far, planned = NOW + timedelta(days=9), NOW + timedelta(hours=1)
    known = feed_state(next_due=planned, push=pushing(works=True, lease_until=far))
    after = pushed(SOURCE, SOURCE.feeds[0], known, [NOW], NOW + timedelta(minutes=30))
    assert after.next_due == planned
    assert after.succeeded_at == NOW + timedelta(minutes=30)
    first = pushed(SOURCE, SOURCE.feeds[0], feed_state(push=pushing(lease_until=far)), [], NOW)
    assert first.push
    assert first.push.works
    assert first.next_due > planned
    unknown = feed_state(succeeded_at=None)
    assert pushed(SOURCE, SOURCE.feeds[0], unknown, [], NOW) is unknown


class FakeHubs:
    """Subscriptions and pushes in memory."""

    def __init__(self) -> None:
        self.unread: list[Pushed] = []
        self.tended: list[Pushing] = []
        self.forgotten: list[Pushing] = []

    async def tend(self, source: str, feed: str, push: Pushing, now: datetime) -> Pushing:
        assert (source, feed) == ("gazette", FEED)
        self.tended.append(push)
        return push.model_copy(
            update={"asked_at": now, "next_due": now + timedelta(days=1), "lease_until": now + timedelta(days=2)}
        )

    async def forget(self, push: Pushing, now: datetime) -> None:
        assert push.next_due >= now or push.asked_at
        self.forgotten.append(push)

    async def pushed(self, source: str) -> Sequence[Pushed]:
        assert source == "gazette"
        return tuple(self.unread)

    async def read(self, pushes: Sequence[Pushed]) -> None:
        self.unread = [each for each in self.unread if each not in pushes]


class HubScene(Scene):
    """A scene whose feed names a hub."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.hubs = FakeHubs()
        self.feed_headers = link((HUB, "rel=hub"))
        web = Web(self, Hosts(self.book, 1.0, self.clock.seconds, self.clock.sleep), "Newswire", self.clock.seconds,
                  frozenset())  # fmt: skip
        pushes = Pushes(self.hubs, self.clock.now)
        self.poller = Poller(web, self.book, frozenset({"tdm"}), self.clock.now, pushes)

    @property
    def push(self) -> Pushing | None:
        return self.book.states["gazette"].feeds[FEED].push

    def send(self, body: bytes, feed: str = FEED) -> None:
        push = Push(feed=feed, content_type="application/rss+xml", received_at=START, body=b64encode(body))
        self.hubs.unread.append(Pushed(f"gazette.{len(self.hubs.unread)}", push))


async def test_what_is_pushed_is_published_before_the_feed_is_due_and_once() -> None:
    scene = HubScene(html(PROSE))
    await scene.look()
    assert len(scene.raws) == 1
    assert len(scene.hubs.tended) == 1
    scene.room.write(scene.clock.now())
    scene.send(scene.room.rss())
    asked_before = scene.asked.count(FEED)
    await scene.look()
    assert len(scene.raws) == 2
    assert scene.hubs.unread == []
    assert scene.asked.count(FEED) == asked_before
    assert scene.push
    assert scene.push.works
    scene.send(scene.room.rss())
    await scene.look()
    assert len(scene.raws) == 2


async def test_an_article_that_no_push_brought_ends_what_was_relied_upon() -> None:
    scene = HubScene(html(PROSE))
    await scene.look()
    scene.send(scene.room.rss())
    await scene.look()
    assert scene.push
    assert scene.push.works
    scene.room.write(scene.clock.now())
    for _ in range(40):
        await scene.later()
        if len(scene.raws) == 2:
            break
    assert not scene.push.works


async def test_what_cannot_be_read_or_is_nobodys_is_done_with() -> None:
    scene = HubScene(html(PROSE))
    await scene.look()
    scene.send(b"<html>no feed</html>")
    scene.send(scene.room.rss(), feed="https://other.example/feed")
    scene.hubs.unread.append(Pushed("gazette.broken", None))
    await scene.look()
    assert scene.hubs.unread == []
    assert len(scene.raws) == 1
    assert scene.push
    assert not scene.push.works


async def test_a_feed_without_its_hub_is_polled_alone_again() -> None:
    scene = HubScene(html(PROSE))
    await scene.look()
    kept = scene.push
    scene.feed_headers = {}
    scene.room.write(scene.clock.now())
    for _ in range(40):
        await scene.later()
        if scene.push is None:
            break
    assert scene.push is None
    assert [each.id for each in scene.hubs.forgotten] == [kept.id if kept else ""]


async def test_where_websub_is_off_no_hub_is_relied_upon() -> None:
    scene = HubScene(html(PROSE))
    await scene.look()
    assert scene.push
    off = Scene(html(PROSE))
    off.book, off.clock = scene.book, scene.clock
    web = Web(off, Hosts(off.book, 1.0, off.clock.seconds, off.clock.sleep), "Newswire", off.clock.seconds, frozenset())
    off.poller = Poller(web, off.book, frozenset(), off.clock.now)
    await off.later()
    assert scene.push is None


def test_a_subscription_is_wanted_as_long_as_its_source_has_its_feed() -> None:
    each = Subscription(id="0" * 32, source="gazette", feed=FEED, hub=HUB, topic=FEED, secret="s", asked_at=START)
    assert wanted(each, (FEED,))
    assert not wanted(each, ("https://gazette.example/other",))
    assert not wanted(each, ())
    assert not wanted(each.model_copy(update={"leaving": 1}), (FEED,))


@pytest.mark.parametrize(
    ("leaving", "minutes", "ask"),
    [(0, 0, True), (1, 9, False), (1, 10, True), (2, 19, False), (2, 20, True), (5, 9_999, False)],
)
def test_a_hub_that_does_not_end_it_is_asked_later_and_later_and_not_for_ever(
    leaving: int,
    minutes: int,
    ask: bool,  # noqa: FBT001
) -> None:
    each = Subscription(
        id="0" * 32, source="gazette", feed=FEED, hub=HUB, topic=FEED, secret="s", asked_at=START, leaving=leaving
    )
    assert to_ask(each, START + timedelta(minutes=minutes)) == ask


class Followed:
    """A scheduler, of which only what it knows of sources matters."""

    def __init__(self) -> None:
        self.followed, self.known = 0, {"gazette": (FEED,)}

    def feeds(self, source: str) -> tuple[str, ...]:
        return self.known.get(source, ())


async def test_no_hub_is_asked_to_end_what_may_be_wanted_by_a_source_that_is_not_read_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    each = Subscription(id=ID, source="gazette", feed=FEED, hub=HUB, topic=FEED, secret="s", asked_at=START)
    sources, left = Followed(), list[str]()
    leaving = Leaving(None, None, sources, lambda: START)  # type: ignore[arg-type]

    async def asked_for() -> None:
        leaving._asked[ID] = each, 1

    async def leave(known: Subscription, revision: int) -> None:
        del revision
        left.append(known.id)

    monkeypatch.setattr(leaving, "_follow", asked_for)
    monkeypatch.setattr(leaving, "_leave", leave)
    sources.known.clear()
    for followed in (0, 0, 1, 1):
        sources.followed = followed
        await leaving.round()
    assert left == []

    sources.known["gazette"] = (FEED,)
    await leaving.round()
    sources.known.clear()
    for followed in (1, 2, 3):
        sources.followed = followed
        await leaving.round()
    assert left == [ID]
