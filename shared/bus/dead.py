"""Dead letters: the original bytes, and why they could not be processed."""

from datetime import UTC, datetime

from nats.js import JetStreamContext

from shared import telemetry
from shared.bus import publish, wire
from shared.bus.message import Inbound
from shared.contracts import DeadLetter, Stage
from shared.errors import Outcome
from shared.failpoints import failpoint
from shared.subjects import DLQ


async def bury(js: JetStreamContext, stage: Stage, inbound: Inbound, why: Outcome, place: tuple[str, int]) -> None:
    """Publish the dead letter of `inbound`, found at `place` (stream, sequence). Returns after its PubAck.

    Raises:
        DependencyDown: it could not be stored; the original must not be settled.
    """
    now = datetime.now(UTC)
    letter = DeadLetter(
        stage=stage,
        source=inbound.source[:64],
        reason=why.reason,
        detail=why.detail[:500].encode("utf-8", "replace").decode(),
        origin=str(inbound.origin),
        subject=inbound.subject[:500],
        stream=place[0],
        sequence=place[1],
        observed_at=inbound.observed_at,
        failed_at=now,
        attempt=inbound.attempt,
        trace_id=inbound.trace_id,
    )
    headers = wire.dead_letter_headers(letter, inbound.headers, now, DLQ, inbound.all_retries)
    await publish.publish(js, DLQ.of(stage, inbound.source), inbound.body, headers, dead=True)
    failpoint("after_dlq")
    telemetry.DEAD.labels(stage, why.reason).inc()
    telemetry.warn("article.dead_lettered", **letter.model_dump(mode="json", exclude={"failed_at"}))
