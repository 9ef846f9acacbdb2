"""`newswire enrich`: see how a step went with the stored articles, and run it again where that tells something new."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.ctl.enrich.again import ELSEWHERE, NO_OUTCOME, Again, Replayer
from services.ctl.enrich.since import Since
from services.ctl.enrich.stored import CURRENT, STATES, Shelf, Stored, Went
from services.ctl.output import columns, emit, moment, plain
from services.ctl.settings import load
from shared import opensearch
from shared.bus.client import Outcomes, session
from shared.settings import Settings

AT_ONCE: Final = 16
"""Articles under way at once: enough for a few replicas, and few enough that what is new need not wait long."""
SECONDS: Final = 30
"""For OpenSearch to answer."""
INTERRUPTED: Final = 130
ABOUT: Final = {
    "done": "done by this version", "skipped": "nothing to do for this version", "left out": "skipped for a want",
    "older": "by another version", "failed": "failed", "timeout": "took too long", "never": "never run",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    step: str
    since: datetime
    sure: bool
    as_json: bool


@dataclass(slots=True)
class Tally:
    """What became of the replays, and how `version` of the step went with their articles then."""

    version: str
    outcomes: Counter[str] = field(default_factory=Counter[str])
    statuses: Counter[str] = field(default_factory=Counter[str])
    troubles: Counter[str] = field(default_factory=Counter[str])

    def add(self, again: Again, went: Went | None) -> None:
        """Count one; `went`: as `Ran` has it."""
        self.outcomes[again.outcome] += 1
        if went and went.version not in {self.version, None}:
            self.troubles[plain(f"run by version {went.version}: the replicas of enrich differ")] += 1
        elif went:
            self.statuses[went.status or "never"] += 1
        elif again.outcome != "stale":
            self.troubles[plain(f"{again.outcome}: {again.detail}" if again.detail else again.outcome)] += 1

    @property
    def well(self) -> bool:
        """Whether each article has what the step can tell of it, or a newer version came in meanwhile."""
        return not self.troubles and not (self.statuses.keys() - set(CURRENT))


@click.command()
@click.option("--only", "step", required=True, metavar="STEP", help="The step, as `enrichment` names it.")
@click.option(
    "--since", required=True, type=Since(), metavar="WHEN", help="Articles accepted since then: 24h, 7d, 2026-03-14."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; does not ask.")
def enrich(step: str, since: datetime, *, yes: bool, as_json: bool) -> None:
    """Run one step of enrichment again over stored articles that lack it, or have an older version of it.

    The replicas of enrich do it, and what builds upon the step is run with it; what the other steps found stays. Which
    version they have is learned from one article, the newest, which is run again first. An article that changes
    meanwhile is left as it is. Several of these may run at once, for one step or for more, and one that was killed is
    finished by the same command.

    Exit codes: 0 done, 1 some articles still lack the step, 2 wrong usage.
    """
    if not step.isascii() or not step.replace("_", "a").isalnum():
        raise click.BadParameter("a step is called as in `enrichment`: entities, key_sentences", param_hint="--only")
    try:
        well = asyncio.run(_run(Asked(step, since, yes or as_json, as_json)))
    except KeyboardInterrupt:
        click.echo("stopped; what is under way goes on, and the same command does the rest", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(0 if well else 1)


async def _run(asked: Asked) -> bool:
    async with _servers(asked) as (shelf, replayer):
        newest = await shelf.newest()
        if newest is None:
            click.echo(f"no article was accepted since {moment(asked.since)}", err=True)
            return True
        version = await _version(shelf, replayer, newest)
        counts = await shelf.counts(version)
        _show_counts(asked, version, counts)
        lacking = sum(counts[name] for name in STATES if name not in CURRENT)
        if not lacking:
            return True
        if not asked.sure:
            click.confirm(f"run {asked.step} again for {lacking:,} articles?", abort=True)
        tally = await _again(shelf, replayer, version, lacking)
    _show_tally(asked, tally)
    return tally.well


@asynccontextmanager
async def _servers(asked: Asked) -> AsyncGenerator[tuple[Shelf, Replayer]]:
    settings = load(Settings)
    client = opensearch.connect_as(settings, seconds=SECONDS)
    try:
        async with session(settings) as (nats, js):
            outcomes = Outcomes(nats)
            await outcomes.start()
            shelf = Shelf(client, asked.step, asked.since)
            yield shelf, Replayer(js, outcomes, shelf)
    finally:
        await client.close()


async def _version(shelf: Shelf, replayer: Replayer, newest: Stored) -> str:
    """The version that the replicas have now.

    Raises:
        ClickException: they do not run this step, or the article did not come through.
    """
    again, went = await replayer.run(newest)
    if went is None:
        advice = "is enrich running? `newswire status`" if again.outcome == NO_OUTCOME else "try again a little later"
        said = plain(f"{again.outcome}: {again.detail}")
        raise click.ClickException(f"article {newest.id} was to tell which version is run: {said}; {advice}")
    if went.version is None:
        known = ", ".join(newest.source.get("enrichment", {})) or "none"
        raise click.ClickException(f"no replica of enrich runs a step {shelf.step}; this article has: {known}")
    await shelf.shown(newest, went)
    return went.version


async def _again(shelf: Shelf, replayer: Replayer, version: str, lacking: int) -> Tally:
    """All that lack it, some at once."""
    tally, waiting = Tally(version), set[asyncio.Task[None]]()

    async def one(article: Stored) -> None:
        tally.add(*await replayer.run(article, version))
        progress.advance(task)

    async def settle(at_most: int) -> None:
        while len(waiting) > at_most:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            waiting.difference_update(done)
            for each in done:
                each.result()

    with _progress() as progress:
        task = progress.add_task(shelf.step, total=lacking)
        try:
            async for article in shelf.lacking(version):
                waiting.add(asyncio.create_task(one(article)))
                await settle(AT_ONCE - 1)
                if NO_OUTCOME in tally.outcomes:  # nobody is there to do it: more would only wait with it
                    break
            await settle(0)
        finally:
            for each in waiting:
                each.cancel()
    return tally


def _show_counts(asked: Asked, version: str, counts: dict[str, int]) -> None:
    if asked.as_json:
        emit({"step": asked.step, "version": version, "since": asked.since.isoformat(), "articles": counts})
        return
    rows = [(ABOUT[name], f"{number:,}") for name, number in counts.items() if number]
    click.echo(f"{asked.step}, version {plain(version)}; articles accepted since {moment(asked.since)}\n")
    click.echo(columns(("", "articles"), rows))


def _show_tally(asked: Asked, tally: Tally) -> None:
    if asked.as_json:
        emit({"outcomes": dict(tally.outcomes), "statuses": dict(tally.statuses), "troubles": dict(tally.troubles)})
        return
    told = ", ".join(f"{name} {number:,}" for name, number in tally.statuses.most_common()) or "none"
    aside = ((tally.outcomes["stale"], "changed meanwhile"), (tally.outcomes[ELSEWHERE], ELSEWHERE))
    click.echo("; ".join([f"run again: {told}", *(f"{number:,} {what}" for number, what in aside if number)]))
    for what, number in tally.troubles.most_common():
        click.echo(f"newswire: {number:,} not: {what}", err=True)


def _progress() -> Progress:
    """On the error output, where a person is looking."""
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*shown, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
