"""What is known of articles: new, changed, the same in another feed, postponed, visited, gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.articles.known import Seen
from services.fetch.articles.raw import entry_message, gone_message, page_message
from services.fetch.articles.seen import MAX_KNOWN, Published, kept_work, plan, postponed, pruned, settled
from services.fetch.articles.visits import VISITS, is_gone, missed, next_visit, visited, visits
from services.fetch.core import Fetched
from services.fetch.feeds.entry import Entry, names_of
from shared.contracts import RawEnvelope

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ONE, TWO = "https://gazette.example/feed", "https://gazette.example/second"


def entry(number: int, version: int = 1, *, guid: str = "", query: str = "", age: float = 1.0) -> Entry:
    url = f"https://gazette.example/news/{number}{query}"
    at = NOW - timedelta(hours=age, minutes=number)
    return Entry(names_of(url, guid or f"g{number}"), url, f"Story {number}", f"version {version}", published_at=at)


def taken(seen: Seen, feed: str, entries: Sequence[Entry], now: datetime = NOW) -> tuple[Seen, list[str]]:
    """Publish all that a listing wants; what that was."""
    planned = plan(seen, feed, entries, now)
    seen, done = planned.seen, []
    for work in planned.works:
        seen = settled(seen, work, Published(), now)
        done.append(f"{work.kind} {work.entry.headline}")
    return seen, done


def test_an_article_is_published_once_and_each_version_once() -> None:
    seen, first = taken(Seen(), ONE, [entry(2), entry(1, age=2)])
    seen, again = taken(seen, ONE, [entry(2), entry(1, age=2)])
    seen, edited = taken(seen, ONE, [entry(2, version=2), entry(1)])
    _, over = taken(seen, ONE, [entry(2, version=2), entry(1)])

    assert first == ["new Story 1", "new Story 2"]
    assert (again, edited, over) == ([], ["changed Story 2"], [])


def test_an_article_found_late_from_a_full_feed_has_its_page_looked_at_within_the_hour() -> None:
    late, at_once, from_page = (plan(Seen(), ONE, [entry(1, age=age)], NOW) for age in (2, 0, 2))
    pages = (None, None, "the text of its page")
    works = [
        settled(each.seen, each.works[0], Published(page=page), NOW)
        for each, page in zip((late, at_once, from_page), pages, strict=True)
    ]
    waits = [(next_visit(seen) or 0) - NOW.timestamp() for seen in works]
    stages = [next(iter(seen.articles.values())).stage for seen in works]

    assert (waits[0], stages[0]) == (VISITS[0], 0)
    assert waits[1] < 1.1 * VISITS[0]
    assert waits[2] > 1.1 * VISITS[0]
    assert stages[1:] == [0, 1]


@pytest.mark.parametrize(
    "other",
    [
        entry(1, guid="another"),
        entry(1, query="?utm_source=second"),
        replace(entry(1), names=names_of(None, "g1"), url=None),
    ],
)
def test_an_article_is_known_by_either_name_and_in_any_feed(other: Entry) -> None:
    seen, _ = taken(Seen(), ONE, [entry(1)])

    assert taken(seen, ONE, [other])[1] == []
    assert taken(seen, TWO, [other])[1] == []
    assert taken(Seen(), ONE, [entry(1), other])[1] == ["new Story 1"]


def test_another_feed_with_other_words_makes_no_version() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1)])
    longer = replace(entry(1), summary="The same, at length")
    seen, adopted = taken(seen, TWO, [longer])
    seen, same = taken(seen, TWO, [longer])

    assert (adopted, same) == ([], [])
    assert taken(seen, TWO, [replace(longer, summary="Edited")])[1] == ["changed Story 1"]


def test_an_article_whose_address_changes_is_known_by_its_id_and_date() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1)])
    moved = replace(
        entry(1), url="https://gazette.example/news/1-new", names=names_of("https://gazette.example/n", "g1")
    )

    assert taken(seen, ONE, [moved])[1] == []
    assert taken(seen, ONE, [replace(moved, headline="Another", published_at=NOW)])[1] == ["new Another"]


def test_an_id_that_all_entries_share_is_none() -> None:
    listed = [entry(number, guid="https://gazette.example/") for number in range(3)]

    assert len(taken(Seen(), ONE, listed)[1]) == 3


def test_entries_without_any_name_are_told_apart() -> None:
    nameless = [Entry((), headline=text) for text in ("One", "Two", "One")]

    seen, done = taken(Seen(), ONE, nameless)
    assert done == ["new One", "new Two"]
    assert taken(seen, ONE, nameless)[1] == []


def test_history_is_known_and_not_fetched() -> None:
    seen, done = taken(Seen(), ONE, [entry(1, age=24 * 8), entry(2)])

    assert done == ["new Story 2"]
    assert taken(seen, ONE, [entry(1, age=24 * 8)])[1] == []
    assert set(taken(seen, ONE, [entry(1, 2, age=24 * 8), entry(3, age=24 * 8)])[1]) == {
        "changed Story 1",
        "new Story 3",
    }


def test_a_page_that_cannot_be_had_is_tried_again_with_what_the_feed_said() -> None:
    (work,) = plan(Seen(), ONE, [entry(1)], NOW).works
    seen = postponed(Seen(), work, NOW)

    assert taken(seen, ONE, [entry(1)])[1] == []
    assert visits(seen, NOW, 9) == []
    assert visits(seen, NOW + timedelta(seconds=300), 9) == [work.key]
    again = kept_work(seen, work.key)
    assert again
    assert (again.identity, again.tries, again.entry.headline) == (work.identity, 1, "Story 1")
    seen = settled(seen, again, Published(), NOW)
    assert kept_work(seen, work.key) is None


def test_an_article_is_visited_on_a_decaying_schedule() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1, age=0)])
    (key,) = seen.articles
    waits = []
    while (stamp := next_visit(seen)) is not None:
        waits.append(stamp - NOW.timestamp())
        seen = visited(seen, key, datetime.fromtimestamp(stamp, UTC))

    assert [round(wait / planned, 1) for wait, planned in zip(waits, VISITS, strict=True)] == [
        1.0,
        1.0,
        1.0,
        1.0,
    ] or all(planned <= wait <= 1.1 * planned for wait, planned in zip(waits, VISITS, strict=True))


def test_missed_visits_are_not_caught_up_with() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1, age=0)])
    (key,) = seen.articles
    late = visited(seen, key, NOW + timedelta(days=3))

    assert (next_visit(late) or 0) >= NOW.timestamp() + VISITS[3]


def test_gone_is_gone_when_it_is_said_twice_or_for_good() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1)])
    (key,) = seen.articles

    assert is_gone(seen.articles[key], 410)
    assert not is_gone(seen.articles[key], 404)
    once = missed(seen, key, NOW, gone=False)
    assert is_gone(once.articles[key], 404)
    assert next_visit(once) == int(NOW.timestamp()) + 900
    assert visited(once, key, NOW).articles[key].missing == 0
    gone = missed(once, key, NOW, gone=True)
    assert gone.articles[key].gone
    assert (next_visit(gone) or 0) > NOW.timestamp() + 900


def test_what_is_long_gone_from_its_feeds_is_forgotten() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1), entry(2)])
    key = next(iter(seen.articles))
    quiet = {name: each.model_copy(update={"visit": None}) for name, each in seen.articles.items()}
    seen = seen.model_copy(update={"articles": quiet})
    later = NOW + timedelta(days=20)
    seen = plan(seen, ONE, [entry(1)], later).seen

    left = pruned(seen, later)
    assert len(left.articles) == 1
    assert set(left.names.values()) == set(left.articles)
    assert pruned(left, later) is left
    many = {f"{number}": seen.articles[key] for number in range(MAX_KNOWN + 50)}
    assert len(pruned(Seen(articles=many), NOW).articles) == MAX_KNOWN


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ONE, TWO]),
            st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6, unique_by=lambda pair: pair[0]),
        ),
        max_size=12,
    )
)
def test_any_listings_publish_each_article_once(listings: list[tuple[str, list[tuple[int, bool]]]]) -> None:
    seen, new = Seen(), list[str]()
    for feed, numbers in listings:
        listed = [
            entry(number, guid="x" if odd else "", query="?utm_medium=rss" if odd else "") for number, odd in numbers
        ]
        seen, done = taken(seen, feed, listed)
        new += done
        seen = Seen.model_validate_json(seen.model_dump_json(exclude_defaults=True))

    everything = {f"new Story {number}" for _, numbers in listings for number, _ in numbers}
    assert sorted(new) == sorted(everything)


def test_a_page_travels_with_what_its_feed_says() -> None:
    listed = replace(entry(1), published="yesterday", authors=("Ann Reed",), keywords=("Fire",))
    page = Fetched(
        "https://gazette.example/news/1", 200, {"Content-Type": "text/html; charset=utf-8"}, "<p>Mühle".encode(), NOW
    )

    message = page_message(listed, page, "key:version")
    envelope = RawEnvelope.model_validate_json(message.body)
    assert (envelope.body, envelope.headline, envelope.published_at) == ("<p>Mühle", "Story 1", "yesterday")
    assert message.headers["Newswire-Article"] == "key:version"
    legacy = replace(page, headers={"Content-Type": "text/html; charset=windows-1251"}, body=b"\xcc")
    assert RawEnvelope.model_validate_json(page_message(listed, legacy, "k").body).body_base64 == "zA=="


def test_a_feeds_own_text_travels_as_it_is() -> None:
    fetched = Fetched("", 200, {}, b"", NOW)

    assert entry_message(replace(entry(1), item="<item/>"), "k", fetched).body == b"<item/>"
    envelope = RawEnvelope.model_validate_json(entry_message(replace(entry(1), text="<p>Text"), "k", fetched).body)
    assert "<p>Text" in (envelope.body or "")


def test_what_was_taken_away_is_told_without_a_body() -> None:
    seen, _ = taken(Seen(), ONE, [entry(1)])
    (known,) = seen.articles.values()
    message = gone_message(known, "k", Fetched("", 410, {}, b"", NOW))

    envelope = RawEnvelope.model_validate_json(message.body)
    assert (envelope.status, envelope.url, envelope.body) == ("canceled", "https://gazette.example/news/1", None)
    assert message.headers["Newswire-Http-Status"] == "410"
