"""`newswire trace`: where an article is, and how it got there."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import click

from services.ctl.output import emit, joined, moment, plain
from services.ctl.settings import load
from shared import opensearch
from shared.bus import JetStreamContext
from shared.bus.client import session
from shared.bus.journey import LOOKS, NEWEST, Step, journey, raw_of, told_of
from shared.bus.letters import letter
from shared.contracts import DeadLetter, IndexedEvent, Origin, RevisedEvent, SkipRecord
from shared.errors import DependencyDown
from shared.indices import ARTICLES_ALIAS, REVISIONS
from shared.settings import Settings

REVISIONS_SHOWN: Final = 100
_NUMBER = re.compile(r"[1-9]\d{0,17}")
_ORIGIN = re.compile(r"\d+:\d+(:\d+)?")
_STAGES: Final = {"RAW": "parse", "PARSED": "enrich", "ENRICHED": "index"}
"""Who reads a stream."""
_FIELDS: Final = (
    "article_id", "revision_id", "source", "headline", "url", "origin", "trace_id", "published_at", "observed_at",
    "first_seen_at", "indexed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """What was found. `notes`: what was not, and why; `documents` and `revisions` as the index has them."""

    origin: Origin | None = None
    steps: list[Step] = field(default_factory=list[Step])
    documents: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    revisions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    notes: list[str] = field(default_factory=list[str])


class Index:
    """Looks up what OpenSearch has; says once when it is away."""

    def __init__(self, settings: Settings, notes: list[str]) -> None:
        self._client, self._notes = opensearch.connect_as(settings, seconds=5), notes

    async def close(self) -> None:
        """Close its connection."""
        await self._client.close()

    async def find(self, index: str, *terms: tuple[str, str | None]) -> list[dict[str, Any]]:
        """Documents in which one of these fields has this value, the oldest origin first."""
        known = [{"term": {name: value}} for name, value in terms if value]
        if not known:  # no condition would find everything
            return []
        query = {"query": {"bool": {"should": known, "minimum_should_match": 1}}, "_source": list(_FIELDS)}
        try:
            answer = await opensearch.ask(
                self._client, "POST", f"/{index}/_search", {**query, "size": REVISIONS_SHOWN, "sort": ["observed_at"]}
            )
        except DependencyDown as down:
            if down.detail not in self._notes:
                self._notes.append(down.detail)
            return []
        return [{"index": hit["_index"], **hit["_source"]} for hit in answer["hits"]["hits"]] if answer else []


async def tell(js: JetStreamContext, index: Index, identity: str, notes: list[str]) -> Story:
    """The story of this id.

    Raises:
        DependencyDown: NATS did not answer.
        ClickException: there is nothing by this id.
    """
    documents: list[dict[str, Any]] = []
    if not (_NUMBER.fullmatch(identity) or _ORIGIN.fullmatch(identity)):
        terms = [("article_id", identity), ("trace_id", identity)]
        documents = await index.find(ARTICLES_ALIAS, *terms) or await index.find(REVISIONS, *terms)
    origin = await origin_of(js, identity, documents)
    raw = await raw_of(js, origin)
    steps = [raw] if raw else []
    documents = documents or await index.find(ARTICLES_ALIAS, ("origin", str(origin)))
    source, since = _start(raw, documents)
    if source and since:
        steps += await journey(js, origin, source, since)
    article = next((each["article_id"] for each in documents), None) or _article(steps)
    documents = documents or await index.find(ARTICLES_ALIAS, ("article_id", article))
    revisions = await index.find(REVISIONS, ("article_id", article)) if article else []
    if not steps and not documents:
        raise click.ClickException(f"nothing is stored of {identity}: it expired, or there never was such a message")
    if not raw:
        notes.append(f"the raw message {origin} is not in its stream any more")
    return Story(origin, steps, documents, revisions, notes)


async def origin_of(js: JetStreamContext, identity: str, documents: list[dict[str, Any]]) -> Origin:
    """The origin that this id means.

    Raises:
        ClickException: there is none by this id.
    """
    if _ORIGIN.fullmatch(identity):
        try:
            return Origin.parse(identity if identity.count(":") == 2 else f"{identity}:0")  # noqa: PLR2004 - its parts
        except ValueError as error:
            raise click.ClickException(f"{error}; an origin is EPOCH:SEQUENCE:GENERATION") from error
    if _NUMBER.fullmatch(identity):
        dead = await letter(js, int(identity))
        if dead and dead.about.stage != "fetch":
            return Origin.parse(dead.about.origin)
        what = "it is a fetch job's; see `newswire dlq show`" if dead else "`newswire dlq list` shows those there are"
        raise click.ClickException(f"dead letter {identity} leads to no article: {what}")
    if documents:
        return Origin.parse(documents[-1]["origin"])
    if event := await told_of(js, identity):
        return Origin.parse(event.origin)
    where = f"not in the index, nor in the newest {NEWEST:,} events and dead letters"
    raise click.ClickException(
        f"{plain(identity)} is {where}; an article under way is found by its origin (`newswire publish` prints it)"
    )


def _start(raw: Step | None, documents: list[dict[str, Any]]) -> tuple[str | None, datetime | None]:
    """The source, and from when on to look for what came of it."""
    if raw:
        return raw.subject.rpartition(".")[2], raw.at
    for each in documents:
        return each["source"], datetime.fromisoformat(each["observed_at"])
    return None, None


def _article(steps: list[Step]) -> str | None:
    return next((found for step in steps if (found := getattr(step.event, "article_id", None))), None)


def place(story: Story) -> str:
    """Where it is now, in a sentence."""
    last = story.steps[-1] if story.steps else None
    match last.event if last else None:
        case DeadLetter() as dead:
            number = f"number {last.sequence}" if last else ""
            return f"a dead letter of {dead.stage}, {number}: {plain(f'{dead.reason}: {dead.detail}')}"
        case SkipRecord() as skip:
            return f"skipped by {skip.stage}: {plain(f'{skip.reason} {skip.detail}'.strip())}"
        case IndexedEvent() | RevisedEvent():
            return "in the index" if story.documents else "written to the index, and not found there now"
        case None if last and last.stream in _STAGES:
            return f"under way: {last.stream} keeps it for {_STAGES[last.stream]}; see `newswire status`"
        case _:
            return "in the index"


def line(step: Step) -> str:
    """A step on one line."""
    at = moment(step.at) if step.at else ""
    where = f"{step.stream} {step.sequence}"
    match step.event:
        case IndexedEvent() as event:
            what = f"indexed ({event.action}) as {event.article_id} in {event.index}"
        case RevisedEvent() as event:
            what = f"revised: {', '.join(event.changed)}"
        case SkipRecord() as event:
            what = f"skipped by {event.stage}: {event.reason} {event.detail}"
        case DeadLetter() as event:
            what = f"dead letter of {event.stage}, attempt {event.attempt}: {event.reason}: {event.detail}"
        case None:
            what = f"{step.subject}, {step.bytes:,} bytes"
    return joined([at, where.ljust(16), str(step.origin or ""), plain(what, 400)])


def as_objects(story: Story) -> list[dict[str, Any]]:
    """The story for programs: `kind` says what a line is about."""
    steps = [
        {
            "kind": "message", "at": step.at, "stream": step.stream, "sequence": step.sequence,
            "subject": step.subject, "origin": str(step.origin) if step.origin else None, "bytes": step.bytes,
            "event": step.event.model_dump(mode="json", exclude_none=True) if step.event else None,
        }
        for step in story.steps
    ]  # fmt: skip
    documents = [{"kind": "document", **each} for each in story.documents]
    revisions = [{"kind": "revision", **each} for each in story.revisions]
    return [{"kind": "place", "origin": str(story.origin), "now": place(story)}, *steps, *documents, *revisions]


def text(story: Story) -> str:
    """The story for a person."""
    lines = [f"{story.origin} is {place(story)}", "", *map(line, story.steps)]
    for each in story.documents:
        headline = plain(str(each.get("headline", "")))
        lines += ["", f"document {each['article_id']} in {each['index']}, origin {each['origin']}: {headline}"]
    for each in story.revisions:
        lines.append(f"content version {each['revision_id'][:12]}, origin {each['origin']}, {each.get('observed_at')}")
    lines += ["", f"looked at up to {LOOKS:,} messages of the source in each stream, from the raw message on"]
    return "\n".join(lines)


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def trace(identity: str, *, as_json: bool) -> None:
    """Show where an article is, and how it got there.

    ID is an origin (1060:12:0, as publish prints it), a trace id, an article id, or a dead letter's number.
    """
    story = asyncio.run(_ask(identity.strip()))
    for each in as_objects(story) if as_json else ():
        emit(each)
    if not as_json:
        click.echo(text(story))
    for note in story.notes:
        click.echo(f"newswire: {plain(note, 500)}", err=True)


async def _ask(identity: str) -> Story:
    if not identity or len(identity) > 500:  # noqa: PLR2004 - no id of ours comes near it
        raise click.BadParameter("give an origin, a trace id, an article id or a dead letter's number", param_hint="ID")
    settings, notes = load(Settings), list[str]()
    index = Index(settings, notes)
    try:
        async with session(settings) as (_, js):
            return await tell(js, index, identity, notes)
    finally:
        await index.close()
