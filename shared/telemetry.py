"""Structured logs and metrics. Every name that is logged or counted stands here, once."""

import logging
import sys
from collections.abc import Iterable
from typing import Literal

import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram

Event = Literal[
    "service.started", "service.stopped", "service.unready", "service.ready", "service.refused",
    "article.published", "article.skipped", "article.dead_lettered", "article.retried",
    "dependency.down", "dependency.back", "connection.lost", "connection.back", "connection.error",
    "keeper.purged", "keeper.index_made", "keeper.advisory", "keeper.imbalance", "keeper.not_charted",
    "enrich.step_failed",
    "enrich.step_left_out", "enrich.step_reduced",
    "source.polled", "source.quiet", "source.drift", "source.failing", "source.recovered",
    "installation.deaf", "installation.recovered",
    "fetch.slowed", "fetch.stopped", "fetch.resumed", "fetch.failed", "fetch.forgot", "archive.recovered",
    "intake.failed", "intake.unreadable", "page.rendered",
    "websub.asked", "websub.confirmed", "websub.denied", "websub.ignored", "websub.left",
]  # fmt: skip

IN = Counter("newswire_messages_in", "Messages received by a stage", ["stage"])
OUT = Counter("newswire_messages_out", "Messages published by a stage", ["stage"])
SKIPPED = Counter("newswire_messages_skipped", "Messages dropped by a named rule", ["stage", "reason"])
DEAD = Counter("newswire_messages_dead", "Messages dead-lettered", ["stage", "reason"])
RETRIED = Counter("newswire_messages_retried", "Messages handed back for another delivery", ["stage", "reason"])
STAGE_SECONDS = Histogram("newswire_stage_seconds", "Seconds a message spends in a stage", ["stage"])
AGE_SECONDS = Histogram(
    "newswire_age_seconds",
    "Seconds since the raw message was accepted, when a stage is done with it",
    ["stage"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600),
)
PAUSED = Gauge("newswire_stage_paused", "1 while a stage waits for a dependency", ["stage"])
READY = Gauge("newswire_ready", "1 when the service is ready, as /readyz says")
SOURCES = Gauge("newswire_sources", "Sources that fetch looks at")
OVERDUE = Gauge("newswire_source_overdue_seconds", "Seconds for which the next source has been due")
PACE = Gauge(
    "newswire_fetch_pace", "Share of its usual pace at which fetch looks at sources: streams behind it fill up"
)
REQUESTS = Counter(
    "newswire_intake_requests", "Requests by what was answered: accepted, or a problem's name", ["answer"]
)
CONNECTIONS = Gauge("newswire_intake_connections", "Connections of publishers and hubs")
PUSHES = Counter("newswire_websub_pushes", "What hubs pushed, by what became of it", ["outcome"])
RENDERED = Counter("newswire_rendered_pages", "Pages that fetch asked render for, by what became of them", ["outcome"])
LOOKS = Counter("newswire_feed_looks", "Looks at feeds by what they came to", ["outcome"])

LINE_LIMIT = 2_000
"""Characters of one logged value: no body, no whole exception text."""


def expect_dead(stage: str, reasons: Iterable[str]) -> None:
    """Count from 0: Prometheus sees no increase in a series that begins with its first burst (NewswireDeadLetters)."""
    for reason in reasons:
        DEAD.labels(stage, reason)


def _capped(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {
        key: value[:LINE_LIMIT] if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }


def _json(event: structlog.typing.EventDict, **_options: object) -> bytes:
    return orjson.dumps(event, default=str)


def configure(level: str = "info") -> None:
    """Log one JSON object a line to stdout; for people when stdout is a terminal."""
    people = sys.stdout.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer(serializer=_json)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _capped,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory() if people else structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def log(event: Event, **fields: object) -> None:
    """One line at info."""
    structlog.get_logger().info(event, **fields)


def warn(event: Event, **fields: object) -> None:
    """One line at warning: somebody should know."""
    structlog.get_logger().warning(event, **fields)


def bug(event: Event, error: BaseException, **fields: object) -> None:
    """One line at error with the traceback: our fault, not the input's."""
    structlog.get_logger().error(event, exc_info=error, **fields)
