"""`newswire tail`: the live wire."""

import asyncio
import re
from typing import Any, Final

import click

from services.ctl.output import emit, joined, moment, plain
from services.ctl.settings import load
from shared.bus.client import Heard, listening, session
from shared.bus.events import Event, event_of, health_of
from shared.contracts import DeadLetter, HealthEvent, IndexedEvent, RevisedEvent, SkipRecord
from shared.settings import Settings
from shared.subjects import DLQ, HEALTH, INDEXED, REVISED, SKIPPED

DEFAULT: Final = (INDEXED.pattern, REVISED.pattern, SKIPPED.pattern, DLQ.pattern, HEALTH.pattern)
_PATTERN = re.compile(r"[^\s.*>\x00-\x1f]+|\*")


def checked(pattern: str) -> str:
    """A subject, perhaps with wildcards.

    Raises:
        BadParameter: it is none; the server would close the connection.
    """
    tokens = pattern.split(".")
    last = tokens.pop() if tokens[-1] == ">" else None
    good = all(_PATTERN.fullmatch(each) for each in tokens) and (tokens or last)
    if not good or len(pattern.encode()) > 500:  # noqa: PLR2004 - far under a control line's 4,096
        raise click.BadParameter(f"{pattern[:80]!r} is no subject; try 'news.indexed.*' or 'news.>'")
    return pattern


@click.command()
@click.argument("subject", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def tail(subject: str | None, *, as_json: bool) -> None:
    """Show what passes on SUBJECT until Ctrl-C; wildcards: `*` one token, `>` all that follow.

    Without SUBJECT: what is indexed, revised, skipped and dead-lettered, and how sources fare.
    """
    subjects = (checked(subject),) if subject is not None else DEFAULT
    try:
        asyncio.run(_tail(subjects, as_json=as_json))
    except KeyboardInterrupt:  # the way to end it
        click.echo(err=True)


async def _tail(subjects: tuple[str, ...], *, as_json: bool) -> None:
    async with session(load(Settings)) as (client, _), listening(client, subjects) as passing:
        click.echo(f"listening on {', '.join(subjects)}; Ctrl-C ends", err=True)
        async for heard in passing:
            event = event_of(*heard) or health_of(heard.subject, heard.body)
            if as_json:
                emit(as_object(heard, event))
            else:
                click.echo(line(heard, event))


def as_object(heard: Heard, event: Event | HealthEvent | None) -> dict[str, Any]:
    """What passed, for a program: the event's fields, or only its subject and size when it is no event."""
    known = event.model_dump(mode="json", exclude_none=True) if event else {}
    return {"subject": heard.subject, "bytes": len(heard.body), **known}


def line(heard: Heard, event: Event | HealthEvent | None) -> str:
    """What passed, for a person."""
    match event:
        case IndexedEvent():
            said = [moment(event.indexed_at), f"indexed ({event.action})", event.source, plain(event.headline)]
        case RevisedEvent():
            changed = f"changed: {', '.join(event.changed)}"
            said = [moment(event.revised_at), "revised", event.source, plain(event.headline), plain(changed)]
        case SkipRecord():
            what = plain(event.headline or event.detail)
            said = [moment(event.skipped_at), f"skipped by {event.stage}", event.source, plain(event.reason), what]
        case DeadLetter():
            why = plain(f"{event.reason}: {event.detail}")
            said = [moment(event.failed_at), f"dead letter of {event.stage}", event.source, why]
        case HealthEvent():
            why = plain(joined([event.cause, event.detail]), 300)
            return joined([moment(event.at), event.event, event.trouble, event.source, why])
        case None:
            return f"{plain(heard.subject)}  {len(heard.body):,} bytes"
    return joined([*said, event.origin])
