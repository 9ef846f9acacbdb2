"""Sources as lines for people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.ctl.output import joined, moment, plain, span
from services.ctl.sourcebook import Row
from shared.contracts import FeedState, Rhythm


def offer_line(offer: Mapping[str, Any], *, chosen: bool) -> str:
    """Something a site offers, with samples below."""
    mark = "*" if chosen else " "
    newest = f", newest {offer['newest']}" if offer["newest"] else ""
    head = (
        f"{mark} {plain(offer['url'], 500)}  {offer['form']}, {offer['entries']} entries{newest} ({offer['found_by']})"
    )
    return "\n".join([head, *(f"      {plain(each, 100)}" for each in offer["samples"])])


def row_line(row: Row) -> str:
    """A source on one line."""
    source, state = row.source, row.state
    trouble = troubles(row)
    due = "paused" if source.paused else _until(state.next_due) if state else "not looked at yet"
    return joined(
        [source.id.ljust(24), plain(source.name, 40).ljust(20), due, f"{state.published if state else 0:,} articles",
         f"! {trouble[0]}" if trouble else None]
    )  # fmt: skip


def troubles(row: Row) -> list[str]:
    """What is wrong with a source, a phrase each."""
    if row.state is None:
        return []
    found = [
        f"{each.problem}, {each.failures} times: {plain(each.detail, 200)}"
        for each in row.state.feeds.values()
        if each.problem
    ]
    hubs = (each.push for each in row.state.feeds.values())
    found += [f"hub {plain(each.hub, 100)}: {plain(each.problem, 200)}" for each in hubs if each and each.problem]
    if row.state.page_problem:
        found.append(f"pages: {row.state.page_problem}: {plain(row.state.page_detail, 200)}")
    return found


def _until(due: datetime) -> str:
    seconds = (due - datetime.now(UTC)).total_seconds()
    return f"due in {span(seconds)}" if seconds > 0 else "due"


def summary(rows: Sequence[Row]) -> str:
    """The last line of the list."""
    paused, wrong = sum(row.source.paused for row in rows), sum(bool(troubles(row)) for row in rows)
    return (
        f"{len(rows)} sources, {paused} paused, {wrong} in trouble"
        if rows
        else "no sources; `newswire sources add URL`"
    )


def described(row: Row) -> str:
    """All that is known of a source."""
    source, state = row.source, row.state
    known = source.model_dump(mode="json", exclude={"feeds"}, exclude_none=True)
    lines = [f"{name:<14} {plain(str(value), 500)}" for name, value in known.items()]
    if state:
        lines += [
            f"{'next due':<14} {moment(state.next_due)}",
            f"{'published':<14} {state.published:,} raw messages",
            *([f"{'last article':<14} {moment(state.last_article_at)}"] if state.last_article_at else []),
            *(f"{'trouble':<14} {each}" for each in troubles(row)),
        ]
    for feed in source.feeds:
        lines += ["", f"{feed.kind:<14} {plain(feed.url, 500)}", *_feed(state.feeds.get(feed.url) if state else None)]
    return "\n".join(lines)


def _feed(state: FeedState | None) -> list[str]:
    if state is None:
        return ["  not looked at yet"]
    facts = {
        "looked at": moment(state.checked_at) if state.checked_at else None,
        "went well": moment(state.succeeded_at) if state.succeeded_at else None,
        "next look": moment(state.next_due),
        "validators": joined([state.etag, state.last_modified]) or None,
        "asks for": f"{span(state.ttl)} between looks" if state.ttl else None,
        "moved to": state.moved_to,
        "rhythm": rhythm(state.rhythm) if state.rhythm else None,
    }
    return [f"  {name:<12} {plain(value, 500)}" for name, value in facts.items() if value]


def rhythm(known: Rhythm) -> str:
    """How often something new comes."""
    if known.hours <= 0:
        return "not known yet"
    return f"{known.arrivals / known.hours * 24:.1f} articles a day lately"
