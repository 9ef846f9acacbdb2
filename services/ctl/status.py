"""`newswire status`: each stage's lag, each stream's fill, each source's balance, dead letters by reason."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import click

from services.ctl.output import columns, emit, plain, span
from services.ctl.settings import load
from shared import ledger
from shared.bus import JetStreamContext
from shared.bus.client import explained, session
from shared.bus.lag import Fill, Lag, fills, lags
from shared.bus.letters import letters
from shared.contracts.balance import Balance
from shared.settings import Settings

NEWEST: Final = 2_000
"""Dead letters that are looked at; the reason is in each of them."""
MB: Final = 1024 * 1024
ACCOUNTS: Final = ("raw", "replayed", "indexed", "skipped", "dead", "in_flight", "lost")


@dataclass(frozen=True, slots=True)
class Report:
    """All that `status` tells. `dead`: reasons of the newest dead letters."""

    lags: list[Lag]
    fills: list[Fill]
    balances: list[Balance]
    dead: Counter[str]


def off(balance: Balance) -> int:
    """Messages that a source published and whose whereabouts the ledger does not know; 0 is right."""
    came = balance.raw + balance.replayed
    return came - balance.indexed - balance.skipped - balance.dead - balance.in_flight - balance.lost


def troubles(report: Report) -> Iterator[str]:
    """What is wrong, a sentence each."""
    yield from (f"{each.stage}: {each.trouble}" for each in report.lags if each.trouble)
    yield from (each.trouble for each in report.fills if each.trouble)
    for each in report.balances:
        if off(each):
            yield f"{each.source} is unbalanced: {off(each):+,} messages; the keeper's log tells more"


def objects(report: Report) -> Iterator[dict[str, Any]]:
    """The report for programs; `kind` says what a line is about."""
    yield from ({"kind": "stage", **asdict(each)} for each in report.lags)
    yield from ({"kind": "stream", **asdict(each)} for each in report.fills)
    for each in report.balances:
        yield {"kind": "source", **each.model_dump(mode="json"), "unbalanced": off(each)}
    yield from ({"kind": "dead_letters", "reason": reason, "number": count} for reason, count in report.dead.items())


def text(report: Report) -> str:
    """The report for a person."""
    parts = [
        columns(("stage", "pending", "in hand", "redelivered", "oldest"), map(_lag, report.lags)),
        columns(("stream", "messages", "MB", "of MB", "full"), map(_fill, report.fills)),
    ]
    if report.balances:
        parts.append(columns(("source", *(name.replace("_", " ") for name in ACCOUNTS)), map(_source, report.balances)))
    else:
        parts.append("no balances yet: the keeper writes them once something is published")
    reasons = ", ".join(f"{reason} {count}" for reason, count in report.dead.most_common())
    bound = f" (of the newest {NEWEST:,})" if report.dead.total() >= NEWEST else ""
    parts.append(f"dead letters{bound}: {reasons}; see `newswire dlq list`" if reasons else "no dead letters")
    return "\n\n".join(parts)


def _lag(lag: Lag) -> tuple[str, ...]:
    if lag.trouble:
        return (lag.stage, "?", "?", "?", "?")
    oldest = "" if lag.oldest is None else span(lag.oldest)
    return (lag.stage, f"{lag.pending:,}", f"{lag.in_hand:,}", f"{lag.redelivered:,}", oldest)


def _fill(fill: Fill) -> tuple[str, ...]:
    share = f"{fill.bytes / fill.limit:.0%}" if fill.limit > 0 else ""
    return (fill.stream, f"{fill.messages:,}", f"{fill.bytes / MB:,.1f}", f"{fill.limit / MB:,.0f}", share)


def _source(balance: Balance) -> tuple[str, ...]:
    return (balance.source, *(f"{getattr(balance, name):,}" for name in ACCOUNTS))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def status(*, as_json: bool) -> None:
    """Show each stage's lag, each source's balance and the dead letters.

    Balances are what the keeper last wrote, seconds ago. Exit 1 when a source is unbalanced or a stage cannot work.
    """
    report = asyncio.run(_ask())
    if as_json:
        for each in objects(report):
            emit(each)
    else:
        click.echo(text(report))
    wrong = list(troubles(report))
    for sentence in wrong:
        click.echo(f"newswire: {plain(sentence, 500)}", err=True)
    sys.exit(1 if wrong else 0)


async def _ask() -> Report:
    async with session(load(Settings)) as (_, js):
        stages, streams = await lags(js), await fills(js)
        there = not any(each.trouble for each in streams)
        balances = await _balances(js) if there else []
        dead = Counter([each.about.reason async for each in letters(js, NEWEST)]) if there else Counter[str]()
        return Report(stages, streams, balances, dead)


async def _balances(js: JetStreamContext) -> list[Balance]:
    with explained("the keeper's ledger"):
        found = await ledger.balances(js)
    return [found[source] for source in sorted(found)]
