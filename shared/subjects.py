"""The one table of subjects, streams, consumers and buckets. No subject string stands anywhere else.

Everything else is made from it: the streams (deploy/nats), the AsyncAPI document, the permissions,
the bus. A new stage is a row in STAGES, one in STREAMS and its subjects in SUBJECTS.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts import (
    Contract,
    DeadLetter,
    EnrichedArticle,
    FetchJob,
    HealthEvent,
    IndexedEvent,
    ParsedArticle,
    RawEnvelope,
    RevisedEvent,
    SkipRecord,
    Stage,
)

HOUR: Final = 3600
DAY: Final = 24 * HOUR
MB: Final = 1024 * 1024
GB: Final = 1024 * MB

MAX_PAYLOAD: Final = 4 * MB
"""The server's max_payload."""
MAX_MESSAGE: Final = MAX_PAYLOAD - 64 * 1024
"""Headers and body of anything published; the rest is room for a dead letter's own headers."""

_TOKEN = re.compile(r"[a-z0-9_-]{1,64}")
_UNSAFE = re.compile(r"[^a-z0-9_-]+")


def token(name: str) -> str:
    """`name` as one subject token: itself, or normalised with a hash, so that two names never share a token."""
    if _TOKEN.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    readable = _UNSAFE.sub("-", name.lower()).strip("-")[:55].strip("-")
    return f"{readable}-{digest}" if readable else digest


@dataclass(frozen=True, slots=True)
class Subject:
    """A family of subjects, `prefix` plus one token (`news.raw.` + source) or, for outcomes, two."""

    pattern: str
    contract: type[Contract]
    event_type: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    about: str

    def of(self, *tokens: str) -> str:
        """The subject for these tokens, in the order of the pattern's wildcards.

        Raises:
            ValueError: a token is not one, or there are too many or too few.
        """
        for each in tokens:
            if not _TOKEN.fullmatch(each):
                raise ValueError(f"not a subject token: {each[:80]!r}")
        prefix, wanted = self.pattern.rstrip("*."), self.pattern.count("*")
        if len(tokens) != wanted:
            raise ValueError(f"{self.pattern} takes {wanted} tokens, not {len(tokens)}")
        return ".".join((prefix, *tokens))


RAW: Final = Subject(
    "news.raw.*", RawEnvelope, "news.article.raw.v1",
    ("fetch", "intake", "publishers"), ("parse",), "A raw article: a page, a text, a feed entry or our envelope",
)  # fmt: skip
PARSED: Final = Subject(
    "news.parsed.*", ParsedArticle, "news.article.parsed.v1", ("parse",), ("enrich",), "An article with evidence",
)  # fmt: skip
ENRICHED: Final = Subject(
    "news.enriched.*", EnrichedArticle, "news.article.enriched.v1", ("enrich",), ("index",), "An enriched article",
)  # fmt: skip
REPLAY_PARSE: Final = Subject(
    "news.replay.parse.*", RawEnvelope, "news.article.raw.v1", ("operators",), ("parse",), "A raw article again",
)  # fmt: skip
REPLAY_ENRICH: Final = Subject(
    "news.replay.enrich.*", ParsedArticle, "news.article.parsed.v1", ("operators",), ("enrich",), "Enrich again",
)  # fmt: skip
REPLAY_INDEX: Final = Subject(
    "news.replay.index.*", EnrichedArticle, "news.article.enriched.v1", ("operators",), ("index",), "Index again",
)  # fmt: skip
INDEXED: Final = Subject(
    "news.indexed.*", IndexedEvent, "news.article.indexed.v1", ("index",), ("keeper", "anyone"), "Searchable now",
)  # fmt: skip
REVISED: Final = Subject(
    "news.revised.*", RevisedEvent, "news.article.revised.v1", ("index",), ("anyone",), "The content changed",
)  # fmt: skip
SKIPPED: Final = Subject(
    "news.skipped.*.*", SkipRecord, "news.article.skipped.v1",
    ("fetch", "parse", "enrich", "index"), ("keeper", "anyone"), "Dropped by a named rule",
)  # fmt: skip
HEALTH: Final = Subject(
    "news.health.*", HealthEvent, "news.source.health.v1", ("keeper",), ("keeper", "anyone"),
    "A source fell silent, is read otherwise than before, cannot be had, or is well again",
)  # fmt: skip
JOBS: Final = Subject(
    "jobs.fetch.*", FetchJob, "news.job.fetch.v1",
    ("fetch", "operators"), ("fetch",), "Get this URL and publish it raw, or look at this source",
)  # fmt: skip
DLQ: Final = Subject(
    "dlq.*.*", DeadLetter, "news.article.dead.v1",
    ("fetch", "parse", "enrich", "index", "keeper"), ("keeper", "operators"), "Original bytes and the reason",
)  # fmt: skip
SUBJECTS: Final = (
    JOBS, RAW, REPLAY_PARSE, PARSED, REPLAY_ENRICH, ENRICHED, REPLAY_INDEX, INDEXED, REVISED, SKIPPED, HEALTH,
    DLQ,
)  # fmt: skip

RENDER_PAGE: Final = "render.page"
"""A question of fetch, answered by one of the replicas of render: a RenderJob, and a Rendered. In no stream."""
ALERTS_PATTERN: Final = "news.alerts.*"
"""Reserved in EVENTS; nothing publishes alerts yet."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A JetStream stream. Ages in seconds, sizes in bytes."""

    name: str
    subjects: tuple[str, ...]
    max_age: int
    max_bytes: int
    retention: Literal["limits", "workqueue"] = "limits"
    discard: Literal["new", "old"] = "old"
    compressed: bool = False
    max_message: int = MAX_PAYLOAD
    per_subject: int = -1
    duplicate_window: int = 10 * 60


ADVISORIES: Final = (
    "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
    "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>",
)
STREAMS: Final = (
    Stream("RAW", (RAW.pattern, REPLAY_PARSE.pattern), 72 * HOUR, 4 * GB, discard="new", max_message=MAX_MESSAGE),
    Stream("PARSED", (PARSED.pattern, REPLAY_ENRICH.pattern), 72 * HOUR, 2 * GB, discard="new", compressed=True,
           max_message=MAX_MESSAGE),
    Stream("ENRICHED", (ENRICHED.pattern, REPLAY_INDEX.pattern), 7 * DAY, 4 * GB, discard="new", compressed=True,
           max_message=MAX_MESSAGE),
    Stream("EVENTS", (INDEXED.pattern, REVISED.pattern, ALERTS_PATTERN, HEALTH.pattern, "news.skipped.>"), 7 * DAY,
           2 * GB),
    Stream("JOBS", (JOBS.pattern,), 6 * HOUR, 64 * MB, retention="workqueue", discard="new", per_subject=1),
    Stream("DLQ", ("dlq.>",), 30 * DAY, 4 * GB, discard="new"),
    Stream("ADVISORY", ADVISORIES, 7 * DAY, 256 * MB),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable pull consumer, shared by a service's replicas. Times in seconds."""

    durable: str
    stream: str
    filters: tuple[str, ...]
    ack_wait: int = 60
    max_deliver: int = 20
    """Only a safety net: the bus dead-letters before."""
    max_ack_pending: int = 1_000


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: what it consumes, what it publishes, and where its dead letters are replayed to."""

    name: Stage
    consumer: Consumer
    output: Subject
    replay: Subject | None = None
    attempts: int = 8
    """Deliveries before a message that keeps failing is dead-lettered."""


def _row(name: Stage, stream: str, consumed: Subject, output: Subject, replay: Subject | None) -> StageRow:
    filters = (consumed.pattern,) if replay is None else (consumed.pattern, replay.pattern)
    return StageRow(name, Consumer(name, stream, filters), output, replay)


STAGES: Final[dict[Stage, StageRow]] = {
    row.name: row
    for row in (
        _row("fetch", "JOBS", JOBS, RAW, None),
        _row("parse", "RAW", RAW, PARSED, REPLAY_PARSE),
        _row("enrich", "PARSED", PARSED, ENRICHED, REPLAY_ENRICH),
        _row("index", "ENRICHED", ENRICHED, INDEXED, REPLAY_INDEX),
    )
}

KEEPER_ADVISORIES: Final = Consumer("keeper-advisories", "ADVISORY", ADVISORIES, max_deliver=-1)
"""Delivered for ever: while the dead letter cannot be stored, the advisory must stay."""
LEDGER_READER: Final = "keeper-ledger"
CHARTS_READER: Final = "keeper-charts"
HEALTH_READER: Final = "keeper-health"
"""Consumers that the keeper makes for itself, by these names only."""
CONSUMERS: Final = (*(row.consumer for row in STAGES.values()), KEEPER_ADVISORIES)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A key-value bucket, read directly (no consumer needed)."""

    name: str
    about: str
    history: int = 1
    max_bytes: int = 256 * MB
    max_age: int = 0
    """Seconds after which a value is forgotten; 0: never."""


LEDGER: Final = Bucket("ledger", "Each source's balance and the positions it was read to")
SOURCES: Final = Bucket("sources", "Sources as operators want them")
SOURCE_STATE: Final = Bucket("source-state", "What is known of each source: when it is due, its rhythm, its troubles")
HEALTHS: Final = Bucket("health", "How each source fares, and what is known of its rhythm and its articles")
SEEN: Final = Bucket("seen", "Each source's articles: versions, and when they are looked at again", max_bytes=2 * GB)
HOSTS: Final = Bucket("hosts", "Web servers: which replica of fetch talks to them, and who asked to be left alone")
TOKENS: Final = Bucket("tokens", "Who may publish over HTTP: hashes of tokens, and limits", max_bytes=32 * MB)
WEBSUB: Final = Bucket("websub", "WebSub subscriptions: what fetch asked for, what hubs confirmed", max_age=100 * DAY)
"""Longer than the longest lease: what is not renewed any more is forgotten."""
PUSHES: Final = Bucket("pushes", "What hubs pushed, until fetch has read it", max_age=DAY)
"""What nobody reads for a day is found by looking at the feed."""
BUCKETS: Final = (LEDGER, SOURCES, SOURCE_STATE, SEEN, HOSTS, HEALTHS, TOKENS, WEBSUB, PUSHES)
ASKED, CONFIRMED = "asked", "confirmed"
"""The two kinds of keys in `websub`: fetch writes the one, intake the other."""

EPOCH_KEY: Final = "newswire-epoch"
"""The key in the metadata of RAW (and JOBS) that holds the epoch of origins; grows when the stream is made anew."""


def stream_of(subject: Subject) -> Stream:
    """The stream that keeps `subject`."""
    wanted = subject.pattern
    for stream in STREAMS:
        if any(wanted == each or (each.endswith(">") and wanted.startswith(each[:-1])) for each in stream.subjects):
            return stream
    raise LookupError(f"no stream keeps {wanted}")
